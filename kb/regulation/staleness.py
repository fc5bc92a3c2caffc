"""How far a rule can still be relied on: the clock that runs since its last check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kb.choices import Layer, Status
from kb.dates import PartialDate
from kb.regulation.rules import Rule, first_day, last_day

SETTLED_DAYS = 2 * 365


class Freshness(StrEnum):
    FRESH = "fresh"
    STALE = "stale"
    VERY_STALE = "very-stale"


@dataclass(frozen=True, slots=True)
class Staleness:
    freshness: Freshness
    limit_days: int
    is_expired: bool
    sentence: str

    @property
    def is_stale(self) -> bool:
        return self.is_expired or self.freshness != Freshness.FRESH


def staleness(rule: Rule, *, today: date, on: date | None = None) -> Staleness:
    """Tell how far a rule can be relied on today, for the day that is asked about."""
    limit = _limit_days(rule, today)
    expired = _is_expired(rule, on or today)
    checked = rule.verified_on
    if checked is None:
        sentence = "May be out of date: no day is known on which it was checked."
        freshness = Freshness.STALE
    else:
        age = (today - first_day(checked)).days
        freshness, sentence = _freshness(rule, checked, age, limit)
    if expired:
        sentence = (
            f"It was due to end on {rule.expires_on} and was not checked after that: "
            "whether it still holds is unclear."
        )
    return Staleness(freshness, limit, expired, sentence)


def _limit_days(rule: Rule, today: date) -> int:
    """Return after how many days without a check a rule may be out of date."""
    if rule.is_pending or rule.expires_on:
        return 30
    if (
        rule.status == Status.CONTROLLED
        and rule.layer == Layer.DRUG_LAW
        and rule.since
        and (today - last_day(rule.since)).days > SETTLED_DAYS
    ):
        return 365
    if rule.region.startswith("US-"):
        return 60 if today.month <= 7 else 120  # state parliaments sit until July
    return 180


def _is_expired(rule: Rule, day: date) -> bool:
    if rule.expires_on is None or day <= last_day(rule.expires_on):
        return False
    checked = rule.verified_on
    return checked is None or first_day(checked) <= last_day(rule.expires_on)


def _freshness(
    rule: Rule, checked: PartialDate, age: int, limit: int
) -> tuple[Freshness, str]:
    if (
        rule.until
        and first_day(checked) > last_day(rule.until)
        and rule.source_published
    ):
        return Freshness.FRESH, f"It ended on {rule.until}; checked on {checked}."
    if age > 2 * limit:
        freshness = Freshness.VERY_STALE
    elif age > limit or rule.source_published is None:
        freshness = Freshness.STALE
    else:
        return Freshness.FRESH, f"Checked on {checked}."
    if age > limit:
        why = f"last checked on {checked}, and such a rule is due after {limit} days"
    else:
        why = f"checked on {checked}, but its source carries no date"
    return freshness, f"May be out of date: {why}."
