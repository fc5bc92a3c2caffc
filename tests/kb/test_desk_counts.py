"""Counts of the front page that read many rows: right, kept, and true after a change."""

from __future__ import annotations

import datetime

import pytest

from kb import law, links, rechecks
from kb.admin import needs
from kb.models import Alkaloid, LinkCheck
from tests import make

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 24)
PLAIN = "Alkaloids without a plain summary"


def counts(user):
    return {
        row["title"]: row["count"]
        for group in needs.for_person(user)
        for row in group["rows"]
    }


@pytest.mark.parametrize(
    "values",
    [
        {"verified_on": "2026-11-01"},
        {"verified_on": "2025-01-01"},
        {"verified_on": None},
        {"verified_on": "2026-07-10"},
        {"verified_on": "2026-11-01", "expires_on": "2026-10-01"},
        {"verified_on": "2026-09-01", "is_pending": True},
        {"verified_on": "2026-01-01", "since": "2016", "layer": "drug-law"},
        {"verified_on": "2026-11-01", "since": "2015", "until": "2020"},
    ],
)
@pytest.mark.parametrize("code", ["US-AL", "DE"])
def test_as_many_rules_are_due_as_the_queue_holds(code, values):
    region = make.region(code=code)
    for _ in range(2):
        make.status(region=region, **values)
    make.status(region=region, source=make.source(published=None), **values)
    make.status(region=region, alkaloid=make.alkaloid(), **values)
    make.status(region=region, verified_on="2025-01-01")

    due = law.count_due(today=TODAY)

    assert due == len(rechecks.queue(law.all_rules(), today=TODAY))


def test_a_draft_wears_out_for_nobody():
    make.status(substance=make.substance(state="draft"), verified_on="2020-01-01")
    make.status(alkaloid=make.alkaloid(state="draft"), verified_on="2020-01-01")

    assert law.count_due(today=TODAY) == 0


def test_a_count_is_true_after_the_next_change():
    boss = make.user(is_staff=True, is_superuser=True)
    record = make.alkaloid()
    before = counts(boss).get(PLAIN, 0)

    Alkaloid.objects.get(pk=record.pk).delete()

    assert before == 1
    assert counts(boss).get(PLAIN, 0) == 0


def test_only_the_address_that_readers_get_makes_a_source_dead():
    dead = {
        "state": "dead",
        "checked_at": datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC),
    }
    for address in ("https://doi.org/10.1/a", "https://a.test/b"):
        LinkCheck.objects.create(address=address, **dead)
    gone = make.source(doi="10.1/a", url="https://a.test/fine")
    make.source(doi="10.1/c", url="https://a.test/b")
    alone = make.source(url="https://a.test/b")

    assert set(links.dead_sources()) == {gone.pk, alone.pk}
