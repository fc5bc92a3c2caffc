"""How far a rule can still be relied on: the clock that runs since its last check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_noop as _

from kb.choices import Layer, Status
from kb.dates import PartialDate
from kb.regulation.rules import Rule, first_day, last_day

SETTLED_DAYS = 2 * 365


PARLIAMENTS_SIT_UNTIL = 7  # state parliaments of the US, the month of July


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a check holds for a kind of rule; `says` is for readers."""

    says: str
    days: int
    holds: Callable[[Rule, date], bool]


def _may_change_soon(rule: Rule, today: date) -> bool:
    return rule.is_pending or rule.expires_on is not None


def _has_long_stood(rule: Rule, today: date) -> bool:
    return (
        rule.status == Status.CONTROLLED
        and rule.layer == Layer.DRUG_LAW
        and rule.since is not None
        and (today - last_day(rule.since)).days > SETTLED_DAYS
    )


def _is_of_a_state(rule: Rule, today: date) -> bool:
    return rule.region.startswith("US-")


def _is_of_a_state_that_sits(rule: Rule, today: date) -> bool:
    return _is_of_a_state(rule, today) and today.month <= PARLIAMENTS_SIT_UNTIL


# The first that holds counts; /method/ shows them.
LIMITS: tuple[Limit, ...] = (
    Limit(_("temporary or pending, or with a day of expiry"), 30, _may_change_soon),
    Limit(_("a drug schedule that has stood for two years"), 365, _has_long_stood),
    Limit(
        _("of a US state or city, while state parliaments sit (January to July)"),
        60,
        _is_of_a_state_that_sits,
    ),
    Limit(_("of a US state or city, in the rest of the year"), 120, _is_of_a_state),
    Limit(_("any other"), 180, lambda rule, today: True),
)


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
    return next(limit.days for limit in LIMITS if limit.holds(rule, today))


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
