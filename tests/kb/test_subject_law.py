"""The law on one subject: groups on its page, and a page of all of it."""

from __future__ import annotations

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
    groups = client.get("/substances/kratom/").context["law_groups"]

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
