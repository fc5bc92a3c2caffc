"""The law on a day, as the API tells it."""

from __future__ import annotations

import pytest

from kb.models import RegulatoryStatus
from kb.regulation import NOT_CHECKED
from tests.exchange.asking import get, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def test_the_status_on_a_day_says_why(client):
    reply = get(
        client, "/api/v1/substances/kratom/regulation?region=US-AL&on=2026-01-01"
    )

    assert reply["subject"]["slug"] == "kratom"
    assert reply["region"]["code"] == "US-AL"
    assert (reply["on"], reply["status"]) == ("2026-01-01", "controlled")
    assert reply["layers"][0]["key"] == "mitragynine.US-AL.2016-05-10.controlled"
    assert reply["because"]
    assert reply["change_coming"] == []


def test_before_the_law_nothing_is_known_not_allowed(client):
    reply = get(
        client, "/api/v1/alkaloids/mitragynine/regulation?region=us-al&on=2010-01-01"
    )

    assert (reply["status"], reply["source"]) == (NOT_CHECKED, None)
    assert (reply["possession"], reply["sale"]) == ("unclear", "unclear")
    assert reply["status_label"] == "Not checked"


def test_a_proposal_is_a_change_coming(client):
    row = RegulatoryStatus.objects.get()
    row.is_pending = True
    row.save()

    reply = get(client, "/api/v1/substances/kratom/regulation?region=US-AL")

    assert reply["status"] == NOT_CHECKED
    assert reply["change_coming"][0]["is_pending"] is True


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("", "region"),
        ("region=Alabama", "region"),
        ("region=US-AL&on=2026-13-40", "on"),
        ("region=US-AL&on=2026", "on"),
        ("region=US-AL&on=20260101", "on"),
    ],
)
def test_a_bad_question_about_the_law_is_told_what_it_takes(client, query, parameter):
    body = refused(client, f"/api/v1/substances/kratom/regulation?{query}", 400)

    (error,) = body["errors"]
    assert error["parameter"] == parameter
    assert "takes" in error["detail"]


def test_an_unknown_region_is_not_found(client):
    refused(client, "/api/v1/substances/kratom/regulation?region=XX-99", 404)
