"""Regions: codes in any letters, retired codes, names people type; and their pages."""

from __future__ import annotations

import pytest

from kb.models import Region
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    us = make.region(
        "US", name="United States", synonyms=[("U.S.", "abbreviation"), "USA"]
    )
    return {
        "us": us,
        "oh": make.region("US-OH", name="Ohio", parent=us),
        "ga": make.region("US-GA", name="Georgia", parent=us),
        "ge": make.region("GE", name="Georgia"),
        "de": make.region(
            "DE", name="Germany", synonyms=["Deutschland"], retired_codes=["DD"]
        ),
        "mm": make.region(
            "MM", name="Myanmar", synonyms=["Burma"], retired_codes=["BU"]
        ),
        "parma": make.region("US-OH/parma", name="Parma", parent=us, kind="local"),
    }


@pytest.fixture
def kratom():
    return make.substance(slug="kratom", name="Kratom")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("US-OH", "Ohio"),
        ("us-oh", "Ohio"),
        (" ohio ", "Ohio"),
        ("US-OH/Parma", "Parma"),
        ("DD", "Germany"),
        ("dd", "Germany"),
        ("deutschland", "Germany"),
        ("usa", "United States"),
        ("us", "United States"),
        ("Burma", "Myanmar"),
    ],
)
def test_a_place_is_found_however_it_is_typed(client, world, kratom, typed, name):
    page = client.get("/substances/kratom/", {"in": typed})

    assert page.status_code == 200
    assert page.context["region"].name == name


@pytest.mark.parametrize(
    ("typed", "sentences"),
    [
        (
            "Georgia",
            [
                "is the name of more than one place",
                "GE (Georgia)",
                "US-GA (Georgia, United",
            ],
        ),
        ("Germny", ["there is no region", "Did you mean DE (Germany)?"]),
        ("Atlantis", ["there is no region", "Give an ISO 3166 code"]),
        ("X" * 500, ["there is no region"]),
    ],
)
def test_what_is_no_place_is_told_with_those_near_it(
    client, world, kratom, typed, sentences
):
    page = client.get("/substances/kratom/", {"in": typed})

    assert page.status_code == 400
    for sentence in sentences:
        assert sentence in page.context["message"]


@pytest.mark.parametrize(
    ("address", "now"),
    [
        ("/regions/BU/", "/regions/MM/"),
        ("/regions/bu/", "/regions/MM/"),
        ("/regions/dd/", "/regions/DE/"),
        ("/regions/us-oh/", "/regions/US-OH/"),
    ],
)
def test_an_old_code_leads_to_the_place_of_today(client, world, address, now):
    page = client.get(address)

    assert (page.status_code, page["Location"]) == (301, now)


def test_the_api_takes_an_old_code_too(client, world, kratom):
    region = client.get("/api/v1/regions/bu").json()
    reply = client.get("/api/v1/substances/kratom/regulation", {"region": "dd"}).json()

    assert region["code"] == "MM"
    assert reply["region"]["code"] == "DE"


def test_a_code_in_use_wins_over_one_that_is_retired(client, world):
    make.region("TP", name="New place")
    Region.objects.filter(code="DE").update(retired_codes=["TP"])

    assert client.get("/regions/TP/").status_code == 200


def test_a_region_shows_all_that_is_known_there(client, world, kratom):
    ohio = world["oh"]
    make.status(
        subject=kratom,
        region=ohio,
        status="regulated-sale",
        possession="legal",
        sale="restricted",
        cultivation="unclear",
        importing="illegal",
        form="extract",
        threshold=0.05,
        threshold_unit="% by weight",
        since="2025-12-12",
        expires_on="2099-06-10",
    )
    make.status(subject=kratom, region=world["us"], prescribing="restricted")
    make.help_resource(region=world["us"], name="The line")

    text = client.get("/regions/US-OH/").content.decode()

    assert "extract, above 0.05 % by weight" in text
    assert "Growing: unclear" in text
    assert "Bringing in: an offence" in text
    assert "<td>only under conditions</td>" in text  # federal law on prescribing
    assert "due to expire on 10 June 2099" in text
    assert "1 of the 1 rule recorded for Ohio itself was checked" in text
    assert "The line" in text
    assert "timeline" in text


def test_no_rule_found_says_when_somebody_looked(client, world, kratom):
    make.status(
        subject=kratom,
        region=world["oh"],
        status="uncontrolled",
        possession="legal",
        sale="legal",
        verified_on="2026-11-22",
    )

    region = client.get("/regions/US-OH/").content.decode()
    subject = client.get("/substances/kratom/", {"in": "US-OH"}).content.decode()

    assert "No specific rule found" in region
    assert "checked on 22 November 2026" in region
    assert "In Ohio: no specific rule found (checked on 22 November 2026)" in subject
    assert "Verified on 22 November 2026." in subject
    for text in (region, subject):
        assert ">Legal<" not in text


def test_local_rules_that_differ_are_flagged_above(client, world, kratom):
    make.status(subject=kratom, region=world["us"], status="uncontrolled")
    make.status(subject=kratom, region=world["oh"], status="banned")

    assert "Local rules differ" in client.get("/regions/US/").content.decode()
    assert "Local rules differ" not in client.get("/regions/US-OH/").content.decode()
