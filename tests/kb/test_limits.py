"""What is sent is counted for all processes together, and nobody is written down."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from kb import limits
from kb.limits import Limit
from kb.models import RecentCount
from kb.tasks import forget_counts

pytestmark = pytest.mark.django_db
HOME = "192.0.2.0/24"
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def clock(monkeypatch):
    """A clock that a test sets by hand: clock(minutes=5) is that much later."""
    noon = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)

    def later(**span):
        now = noon + datetime.timedelta(**span)
        monkeypatch.setattr(timezone, "now", lambda: now)

    later()
    return later


def test_another_process_goes_on_counting(clock):
    first, second = Limit("report", 2, 3600), Limit("report", 2, 3600)

    assert [first.wait_s(HOME), second.wait_s(HOME)] == [0, 0]
    assert first.wait_s(HOME) == second.wait_s(HOME) == 3600


def test_after_the_span_more_is_taken(clock):
    limit = Limit("report", 1, 3600)
    assert limit.wait_s(HOME) == 0
    clock(minutes=59)
    assert limit.wait_s(HOME) == 60

    clock(minutes=60)

    assert limit.wait_s(HOME) == 0


def test_each_thing_and_each_neighbourhood_is_counted_by_itself(clock):
    assert Limit("report", 1, 3600).wait_s(HOME) == 0
    assert Limit("check", 1, 3600).wait_s(HOME) == 0
    assert Limit("report", 1, 3600).wait_s("198.51.100.0/24") == 0
    assert Limit("report", 1, 3600).wait_s(HOME)


def test_many_neighbourhoods_together_are_bounded(clock):
    limit = Limit("report", 5, 3600, of_all=3)

    waits = [limit.wait_s(f"192.0.{number}.0/24") for number in range(5)]

    assert waits == [0, 0, 0, 3600, 3600]


def test_what_is_refused_neither_counts_nor_leaves_a_row(clock):
    limit = Limit("report", 5, 3600, of_all=1)
    limit.wait_s(HOME)
    before = set(RecentCount.objects.values_list("mark", "count"))

    for number in range(9):
        limit.wait_s(f"198.51.{number}.0/24")

    counted = set(RecentCount.objects.filter(count__gt=0).values_list("mark", "count"))
    assert counted == before


def test_a_clock_that_was_set_back_locks_nobody_out(clock):
    limit = Limit("report", 1, 3600)
    clock(hours=11)
    limit.wait_s(HOME)

    clock(hours=2)

    assert limit.wait_s(HOME) == 0


def test_no_row_says_who_it_was_and_tomorrow_it_is_another(clock, settings):
    limit = Limit("report", 5, 3600)

    def mark():
        RecentCount.objects.all().delete()
        limit.wait_s(HOME)
        return RecentCount.objects.get().mark

    today = mark()
    assert today == mark()
    assert "192" not in today
    settings.SECRET_KEY = "another secret, of another site altogether"
    assert mark() != today
    clock(days=1)
    assert mark() != today


@pytest.mark.parametrize("by", ["the next count", "the daily task"])
def test_what_bounds_nothing_any_more_is_deleted(clock, by):
    Limit("report", 5, 3600).wait_s(HOME)
    clock(minutes=61)

    if by == "the daily task":
        forget_counts()
        assert not RecentCount.objects.exists()
    else:
        Limit("check", 5, 60).wait_s("198.51.100.0/24")
        assert RecentCount.objects.count() == 1


def test_the_page_and_the_api_count_checked_texts_together(client, monkeypatch):
    monkeypatch.setattr("articles.views.CHECKS", Limit("check", 1, 60))
    sent = {"text": "Kratom cures pain."}

    assert client.post("/check/", sent).status_code == 200
    refused = client.post("/check/", sent)

    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 60
    assert "Kratom cures pain." in refused.text
    assert limits.RecentCount.objects.count() == 1
