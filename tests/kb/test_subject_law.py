"""The law on one subject: counts on its page, and a page of all of it."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def kratom():
    us = make.region("US", name="United States")
    ohio = make.region("US-OH", name="Ohio", parent=us)
    parma = make.region("US-OH/parma", name="Parma", parent=ohio, kind="local")
    found = make.substance(slug="kratom", name="Kratom")
    make.status(
        substance=found, region=us, status="uncontrolled", since=None, layer="food-law"
    )
    make.status(substance=found, region=ohio, status="banned", since="2019-05")
    make.status(
        substance=found, region=parma, status="banned", verified_on="2020-01-01"
    )
    make.status(
        substance=found, region=make.region("TH", name="Thailand"), status="controlled"
    )
    return found


def test_places_stand_under_their_status_and_country(client, kratom):
    groups = client.get("/substances/kratom/law/").context["groups"]

    assert [(group["label"], group["places"]) for group in groups] == [
        (
            "Controlled drug: 1",
            [
                {
                    "within": "",
                    "places": [
                        {"name": "Thailand", "url": "/regions/TH/", "note": " 2016"}
                    ],
                }
            ],
        ),
        (
            "Banned supply: 2",
            [
                {
                    "within": "United States",
                    "places": [
                        {"name": "Ohio", "url": "/regions/US-OH/", "note": " 2019"},
                        {
                            "name": "Parma (Ohio)",
                            "url": "/regions/US-OH/parma/",
                            "note": " 2016*",
                        },
                    ],
                }
            ],
        ),
        (
            "No specific rule found: 1",
            [
                {
                    "within": "",
                    "places": [
                        {"name": "United States", "url": "/regions/US/", "note": ""}
                    ],
                }
            ],
        ),
    ]


def test_its_own_page_counts_them_and_leads_to_each(client, kratom):
    page = client.get("/substances/kratom/")

    assert [
        (row["label"], row["countries"], row["parts"])
        for row in page.context["law_tally"]
    ] == [
        ("Controlled drug", 1, 0),
        ("Banned supply", 0, 2),
        ("No specific rule found", 1, 0),
    ]
    assert 'href="/substances/kratom/law/#status-banned"' in page.text
    assert 'id="status-banned"' in client.get("/substances/kratom/law/").text


def test_the_map_is_a_picture_that_leads_to_the_map(client, kratom):
    page = client.get("/substances/kratom/?in=US-OH&on=2020-01-01").text
    address = "/substances/kratom/law/map-us.svg?on=2020-01-01&amp;in=US-OH"
    assert f'src="{address}"' in page

    picture = client.get(address.replace("&amp;", "&"))

    assert picture["Content-Type"] == "image/svg+xml"
    assert 'class="map__area map__area--banned is-here"' in picture.text
    assert client.get("/substances/kratom/law/map-moon.svg").status_code == 404


def test_a_picture_of_a_map_speaks_the_language_of_its_page(client, kratom):
    page = client.get("/de/substances/kratom/").text
    [address] = re.findall(r'src="([^"]*/map-us.svg[^"]*)"', page)

    german, english = client.get(address), client.get(address.removeprefix("/de"))

    assert address.startswith("/de/")
    assert "In den Vereinigten Staaten" in german.text
    assert "In the United States" in english.text


def test_the_policy_of_a_picture_lets_in_its_own_style(client, kratom):
    picture = client.get("/substances/kratom/law/map-us.svg")

    [style] = re.findall(r"<style>(.*?)</style>", picture.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in picture["Content-Security-Policy"]


def test_the_page_leads_to_the_whole_table(client, kratom):
    assert (
        'href="/substances/kratom/law/"'
        in client.get("/substances/kratom/").content.decode()
    )

    page = client.get("/substances/kratom/law/")

    assert [row["name"] for row in page.context["rows"]] == [
        "Thailand",
        "United States",
        "Ohio",
        "Parma",
    ]
    assert "Act 2016-1" in page.content.decode()


def test_the_whole_table_knows_a_place_and_a_day(client, kratom):
    page = client.get("/substances/kratom/law/?in=ohio&on=2018-01-01").content.decode()

    assert "In Ohio on 1 January 2018: no specific rule found" in page
    assert 'href="/substances/kratom/law/?in=US-OH#law">Back to today</a>' in page


def test_an_alkaloid_has_one_too_and_a_draft_has_none(client):
    make.alkaloid(slug="mitragynine")
    make.substance(slug="hidden", state="draft")

    assert client.get("/alkaloids/mitragynine/law/").status_code == 200
    assert client.get("/substances/hidden/law/").status_code == 404


def test_it_asks_no_more_for_many_places_than_for_few(
    client, kratom, django_assert_max_num_queries
):
    for number in range(20):
        make.status(substance=kratom, region=make.region(name=f"Place {number}"))

    # the version, the subject, the regions, its rules
    with django_assert_max_num_queries(4):
        client.get("/substances/kratom/law/")
