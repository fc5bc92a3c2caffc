"""The page of a region, the list of them, and where help is."""

from __future__ import annotations

import pytest

from tests import make

pytestmark = pytest.mark.django_db


def test_a_region_shows_what_holds_and_every_rule_with_source_and_day(read):
    us = make.region("US", name="United States")
    ohio = make.region("US-OH", name="Ohio", parent=us)
    kratom = make.substance(name="Kratom")
    make.status(substance=kratom, region=us, status="no-authorised-product")
    make.status(
        substance=kratom,
        region=ohio,
        status="banned",
        since="2026-02",
        source=make.source(name="Ohio register"),
        verified_on="2026-11-01",
    )

    text = read(ohio).text

    assert "in United States" in text
    assert "Banned supply" in text
    assert "Since February 2026" in text
    assert "Ohio register" in text
    assert "checked on 1 November 2026" in text


def test_a_region_that_nobody_checked_says_so(read):
    text = read(make.region()).text

    assert "Nobody has checked the law here yet. Not checked is not the same" in text
    assert "No helpline on record here" in text


def test_a_region_names_nothing_that_is_not_published(read):
    region = make.region()
    hidden = make.substance(name="Secretum", state="draft")
    make.status(substance=hidden, region=region, summary="Hidden law.")

    assert "Hidden law." not in read(region).text
    assert "Secretum" not in read(region).text


def test_a_code_in_small_letters_leads_to_the_region(client):
    make.region("US-OH", name="Ohio")

    response = client.get("/regions/us-oh/")

    assert (response.status_code, response["Location"]) == (301, "/regions/US-OH/")


def test_a_place_below_a_region_has_a_page(read):
    california = make.region("US-CA", name="California")
    city = make.region("US-CA/san-diego", name="San Diego", parent=california)
    make.status(region=city)

    assert "San Diego" in read("/regions/US-CA/san-diego/").text
    assert city.get_absolute_url() in read(california).links


def test_the_list_of_regions_tells_checked_from_unchecked(read):
    make.status(region=make.region(name="Checkedland"))
    make.region(name="Otherland")

    text = read("/regions/").text

    assert (
        text.index("Checkedland")
        < text.index("Not checked #")
        < text.index("Otherland")
    )


def test_help_shows_a_number_only_if_somebody_saw_it(read):
    region = make.region(name="Ohio")
    make.help_resource(region=region, phone="111 111", verification="verified")
    make.help_resource(
        region=region, name="Dubious line", phone="222 222", verification="unverified"
    )

    for page in (read(region), read("/help/")):
        assert "111 111" in page.text
        assert "tel:111111" in page.links
        assert "Dubious line" in page.text
        assert "222 222" not in page.text


def test_help_marks_a_number_that_was_seen_only_on_another_page(read):
    """As kb.schemas.regulation says: `partial` only with a mark."""
    region = make.region()
    make.help_resource(region=region, phone="333 333", verification="partial")

    assert "333 333" in read(region).text
    assert "Seen in part" in read(region).text
