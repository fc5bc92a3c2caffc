"""The figures of quality: what they count, where they are shown, how they are kept."""

from __future__ import annotations

import datetime
import io

import pytest
from django.core.management import call_command
from django.utils import timezone

from kb import quality, retraction
from kb.models import QualityDay
from tests import make

pytestmark = pytest.mark.django_db


def shares():
    """Return {"rules-fresh": (part, total), …}."""
    return {each.name: (each.part, each.total) for each in quality.figures()}


def test_a_claim_without_a_source_is_the_only_statement_that_lacks_one():
    make.claim(sources=[make.source(), make.source()])
    make.claim()
    make.safety_note()
    make.status()

    assert shares()["statements-with-a-source"] == (3, 4)


def test_what_was_seen_in_part_was_not_seen_in_its_source():
    for verification in ("verified", "partial", "unverified"):
        make.occurrence(verification=verification)

    assert shares()["facts-seen-in-their-source"] == (1, 3)


@pytest.mark.parametrize(("days", "counts"), [(0, 1), (90, 1), (91, 0)])
def test_a_rule_was_checked_lately_up_to_ninety_days(days, counts):
    checked = timezone.localdate() - datetime.timedelta(days=days)
    make.status(verified_on=checked.isoformat())

    assert shares()["rules-checked-in-90-days"] == (counts, 1)


def test_drafts_count_for_nothing():
    make.source(state="draft", reviewed_on="2026-11-01")
    make.claim(state="draft")

    found = shares()
    assert found["records-read-by-a-second-person"] == (0, 0)
    assert found["sources-that-can-be-opened"] == (0, 0)


def test_a_retraction_is_seen_in_the_figures():
    source = make.source()
    make.evidence_item(source=source)
    before = shares()
    retraction.mark(source)
    after = shares()

    assert before["levels-not-under-re-check"] == (1, 1)
    assert after["levels-not-under-re-check"] == (0, 1)
    assert after["sources-that-stand"][0] == before["sources-that-stand"][0] - 1


@pytest.mark.parametrize(
    ("part", "total", "percent"), [(0, 0, None), (0, 3, 0), (2, 3, 66.6), (3, 3, 100)]
)
def test_a_hundred_percent_means_all_of_them(part, total, percent):
    assert quality.Figure("x", "X", part, total).percent == percent
    assert quality.Figure("x", "X", 9_999, 10_000).percent == 99.9


def test_page_and_api_say_the_same(read, client):
    make.claim()
    quality.record()

    text = read("/quality/").text
    reply = client.get("/api/v1/quality").json()

    assert "Statements with a source 0 % 0 of 1" in text
    by_name = {each["name"]: each for each in reply["figures"]}
    assert by_name["statements-with-a-source"]["percent"] == 0
    assert reply["days"][0]["figures"]["statements-with-a-source"] == [0, 1]


def test_where_there_is_nothing_to_count_it_says_so(read):
    text = read("/quality/").text

    assert "There is nothing to count yet." in text
    assert "Nothing kept yet" in text


def test_the_figures_of_a_day_are_kept_once():
    quality.record(datetime.date(2026, 11, 1))
    make.claim()
    quality.record(datetime.date(2026, 11, 1))
    quality.record(datetime.date(2026, 11, 2))

    assert [str(row) for row in QualityDay.objects.all()] == [
        "2026-11-02",
        "2026-11-01",
    ]
    assert QualityDay.objects.last().figures["statements-with-a-source"] == [0, 1]


def test_the_command_prints_them_and_keeps_them_where_asked():
    make.claim()
    said = io.StringIO()

    call_command("quality", stdout=said)
    assert "0 of 1      Statements with a source" in said.getvalue()
    assert not QualityDay.objects.exists()

    call_command("quality", "--record", stdout=said)
    assert QualityDay.objects.get().day == timezone.localdate()


def test_the_page_asks_as_often_for_many_as_for_few(
    client, django_assert_max_num_queries
):
    for _ in range(5):
        make.claim(sources=[make.source()])
        make.status()

    # version; counts of 7 kinds of facts twice, of records, law, sources, addresses,
    # plain summaries; days kept
    with django_assert_max_num_queries(53):
        client.get("/quality/")
