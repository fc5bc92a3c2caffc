"""Which rules need checking, worst first, and how much of all is fresh."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kb import law, rechecks
from kb.dates import PartialDate
from kb.rechecks import Share, Urgency
from kb.regulation import Rule
from tests import make

TODAY = date(2026, 11, 22)
DATES = {"until", "expires_on", "verified_on", "source_published"}


def rule(key: str, region: str = "SE", **values) -> Rule:
    """A rule that stays fresh for 180 days."""
    defaults = {"verified_on": "2026-11-01", "source_published": "2026"}
    dated = {
        name: PartialDate(value) if name in DATES and value else value
        for name, value in (defaults | values).items()
    }
    return Rule(
        key=key,
        subject="substance:kratom",
        region=region,
        region_name=region,
        region_kind="country",
        status="banned",
        **dated,
    )


FRESH = rule("fresh")
EXPIRED = rule("expired", expires_on="2026-11-10")
WORN = rule("worn", verified_on="2025-01-01", confidence="low")
VERY_STALE = rule("very-stale", verified_on="2025-01-01")
STALER = rule("staler", verified_on="2026-01-01")
STALE = rule("stale", verified_on="2026-05-01")
NEVER = rule("never", verified_on=None)
UNDATED = rule("undated", source_published=None)
ENDED = rule("ended", until="2025", verified_on="2020")


def test_the_queue_is_worst_first_and_leaves_out_what_is_fresh():
    rules = [
        FRESH, UNDATED, ENDED, STALE, NEVER, VERY_STALE, STALER, EXPIRED, WORN,
    ]  # fmt: skip

    due = rechecks.queue(rules, today=TODAY)

    assert [(each.rule.key, each.urgency) for each in due] == [
        ("expired", Urgency.EXPIRED),
        ("worn", Urgency.WORN),
        ("very-stale", Urgency.VERY_STALE),
        ("staler", Urgency.STALE),
        ("stale", Urgency.STALE),
        ("never", Urgency.NEVER),
        ("undated", Urgency.UNDATED),
        ("ended", Urgency.ENDED),
    ]


def test_the_share_counts_what_is_in_force_or_to_come():
    rules = [FRESH, STALE, VERY_STALE, EXPIRED, ENDED, NEVER]

    share = rechecks.share(rules, today=TODAY)

    assert share == Share(total=5, fresh=1, stale=2, very_stale=2)
    assert share.fresh_percent == 20


@pytest.mark.parametrize(
    ("days", "urgency"),
    [
        (180, None),
        (181, Urgency.STALE),
        (360, Urgency.STALE),
        (361, Urgency.VERY_STALE),
    ],
)
def test_a_rule_is_due_on_the_day_after_its_limit(days, urgency):
    checked = (TODAY - timedelta(days=days)).isoformat()

    due = rechecks.queue([rule("one", verified_on=checked)], today=TODAY)

    assert [each.urgency for each in due] == ([urgency] if urgency else [])


def test_a_country_counts_its_parts():
    chains = {"SE": ["SE"], "US-OH": ["US-OH", "US"], "US": ["US"]}
    rules = [FRESH, rule("ohio", "US-OH"), rule("federal", "US", verified_on=None)]

    found = rechecks.shares_by_country(rules, chains, today=TODAY)

    assert found == {"SE": Share(1, 1, 0, 0), "US": Share(2, 1, 1, 0)}


def test_no_rule_is_no_share():
    assert rechecks.share([], today=TODAY).fresh_percent == 0


# Pages and API


@pytest.fixture
def some_law():
    us = make.region("US", name="United States")
    ohio = make.region("US-OH", name="Ohio", parent=us)
    long_ago = (law.today() - timedelta(days=4000)).isoformat()
    make.status(region=ohio)
    make.status(region=us, status="banned", verified_on=long_ago)
    make.status(subject=make.substance(state="draft"), region=us)


@pytest.mark.django_db
@pytest.mark.usefixtures("some_law")
def test_the_public_figure_on_the_page_and_as_json(client):
    page = client.get("/law/fresh/").content.decode()
    reply = client.get("/api/v1/law/freshness").json()

    assert "1 of 2, on" in page
    assert "United States" in page
    assert 'href="/api/v1/law/freshness"' in page
    assert reply == {
        "on": law.today().isoformat(),
        "total": 2,
        "fresh": 1,
        "stale": 0,
        "very_stale": 1,
        "countries": [
            {
                "region": {"code": "US", "name": "United States"},
                "total": 2,
                "fresh": 1,
                "stale": 0,
                "very_stale": 1,
            }
        ],
    }


@pytest.mark.django_db
def test_an_empty_site_has_a_page_too(client):
    assert "No rule is on record yet." in client.get("/law/fresh/").content.decode()


@pytest.mark.django_db
def test_the_desk_lists_what_needs_checking_worst_first(admin_client):
    day = law.today()

    def ago(days):
        return (day - timedelta(days=days)).isoformat()

    kwargs = {"status": "banned"}
    fresh = make.status(**kwargs)
    stale = make.status(verified_on=ago(200), **kwargs)
    worn = make.status(verified_on=ago(900), confidence="low", **kwargs)
    never = make.status(verified_on=None, **kwargs)

    page = admin_client.get("/admin/kb/regulatorystatus/", {"check": "due"})
    found = [row.key for row in page.context["cl"].result_list]

    assert found == [worn.key, stale.key, never.key]
    assert fresh.key not in found
    assert Urgency.WORN.label in page.content.decode()
