"""How a rule begins, wears out and ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kb.choices import Layer, Permission
from kb.regulation import (
    Freshness,
    in_force,
    staleness,
)
from tests.kb.legal_rules import TODAY, found, rule


@pytest.mark.parametrize(
    ("since", "until", "on", "holds"),
    [
        (None, None, date(1900, 1, 1), True),
        ("2016", None, date(2015, 12, 31), False),
        ("2016", None, date(2016, 1, 1), True),
        ("2016-05", None, date(2016, 4, 30), False),
        ("2016-05", None, date(2016, 5, 1), True),
        ("2016-05-10", None, date(2016, 5, 9), False),
        ("2016-05-10", None, date(2016, 5, 10), True),
        (None, "2016", date(2016, 12, 31), True),
        (None, "2016", date(2017, 1, 1), False),
        (None, "2016-02", date(2016, 2, 29), True),
        (None, "2016-02", date(2016, 3, 1), False),
        ("2016", "2016", date(2016, 7, 1), True),
    ],
)
def test_a_partial_date_holds_from_its_first_day_to_its_last(since, until, on, holds):
    assert in_force(rule("banned", since=since, until=until), on) is holds


SUMMER = date(2026, 7, 31)
SETTLED = {"layer": Layer.DRUG_LAW, "since": "2016"}


@pytest.mark.parametrize(
    ("given_rule", "today", "limit"),
    [
        (rule("banned", "US-OH"), SUMMER, 60),
        (rule("banned", "US-OH"), date(2026, 8, 1), 120),
        (rule("banned", "US-NE/lincoln"), date(2027, 1, 1), 60),
        (rule("banned", "US"), SUMMER, 180),
        (rule("banned", "SE"), SUMMER, 180),
        (rule("banned", "SE", expires_on="2027"), SUMMER, 30),
        (rule("banned", "SE", is_pending=True), SUMMER, 30),
        (rule("controlled", "US-AL", **SETTLED), SUMMER, 365),
        (rule("controlled", "SE", **SETTLED, expires_on="2027"), SUMMER, 30),
        (rule("controlled", "SE", **(SETTLED | {"since": "2025-03"})), SUMMER, 180),
        (rule("controlled", "SE", since="2016"), SUMMER, 180),
        (rule("banned", "SE", **SETTLED), SUMMER, 180),
    ],
)
def test_how_long_a_check_lasts(given_rule, today, limit):
    assert staleness(given_rule, today=today).limit_days == limit


@pytest.mark.parametrize(
    ("days", "freshness"),
    [
        (0, Freshness.FRESH),
        (180, Freshness.FRESH),
        (181, Freshness.STALE),
        (360, Freshness.STALE),
        (361, Freshness.VERY_STALE),
    ],
)
def test_a_check_wears_out(days, freshness):
    swedish = rule("banned", "SE", verified_on="2026-01-01")
    today = date(2026, 1, 1) + timedelta(days=days)

    assert staleness(swedish, today=today).freshness == freshness


@pytest.mark.parametrize("missing", ["source_published", "verified_on"])
def test_without_a_date_it_is_stale_at_once(missing):
    age = staleness(rule("banned", **{missing: None}), today=TODAY)

    assert (age.freshness, age.is_stale) == (Freshness.STALE, True)
    assert age.sentence.startswith("May be out of date: ")


def test_a_rule_that_ended_before_it_was_checked_does_not_wear_out():
    ended = rule("banned", until="2016", verified_on="2020", confidence="low")

    assert not staleness(ended, today=TODAY).is_stale
    assert found(ended, on=date(2016, 3, 1)).status == "banned"


@pytest.mark.parametrize(
    ("confidence", "status"), [("low", "unclear"), ("medium", "banned")]
)
def test_a_long_outdated_row_of_low_confidence_turns_unclear(confidence, status):
    worn = rule(
        "banned",
        verified_on="2026-01-01",
        confidence=confidence,
        possession=Permission.LEGAL,
    )

    result = found(worn)

    assert (result.status, result.is_stale) == (status, True)
    assert result.possession == ("unclear" if confidence == "low" else "legal")


def test_a_worn_row_wins_over_a_milder_one_as_unclear():
    worn = rule("uncontrolled", verified_on="2025", confidence="low")

    result = found(worn, rule("regulated-sale", "US"))

    assert (result.status, result.rule) == ("unclear", worn)
    assert "It counts as unclear." in result.because[0]


@pytest.mark.parametrize(
    ("verified_on", "on", "status"),
    [
        ("2026-05-01", date(2026, 6, 10), "banned"),
        ("2026-05-01", date(2026, 6, 11), "unclear"),
        ("2026-06-10", TODAY, "unclear"),
        ("2026-06", TODAY, "unclear"),
        (None, TODAY, "unclear"),
        ("2026-06-11", TODAY, "banned"),
    ],
)
def test_an_expiry_that_passes_unchecked_turns_it_unclear(verified_on, on, status):
    temporary = rule("banned", expires_on="2026-06-10", verified_on=verified_on)

    result = found(temporary, on=on)

    assert result.status == status
    assert result.is_stale


def test_an_expiry_ahead_is_unclear_for_the_days_after_it():
    temporary = rule("banned", expires_on="2026-12-10")

    assert found(temporary).status == "banned"
    assert found(temporary, on=date(2026, 12, 11)).status == "unclear"
