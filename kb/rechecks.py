"""Which rules of law somebody should look at again, and how much of it all is fresh.

How long a check lasts is said in kb.regulation; here the rows are counted and queued.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from django.utils.translation import gettext_noop as _

from kb.choices import Confidence
from kb.regulation import Freshness, Rule, Staleness, first_day, last_day, staleness


class Urgency(IntEnum):
    """Why a rule is due, worst first."""

    EXPIRED = 0, _("Its day of expiry has passed unchecked")
    WORN = 1, _("Past twice its limit and low confidence: it counts as unclear")
    VERY_STALE = 2, _("Past twice its limit")
    STALE = 3, _("Past its limit")
    NEVER = 4, _("Nobody noted when it was checked")
    UNDATED = 5, _("Its source carries no date")
    ENDED = 6, _("It has ended, and was not checked after that")

    label: str

    def __new__(cls, value: int, label: str) -> Urgency:
        member = int.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


@dataclass(frozen=True, slots=True)
class Due:
    rule: Rule
    urgency: Urgency
    staleness: Staleness
    overdue_days: int  # since its check wore out; 0 where there was none


def queue(rules: Iterable[Rule], *, today: date) -> list[Due]:
    """Return the rules that need checking, worst first; what is fresh is left out."""
    found = [due for rule in rules if (due := due_of(rule, today=today)) is not None]
    return sorted(found, key=lambda due: (due.urgency, -due.overdue_days, due.rule.key))


def due_of(rule: Rule, *, today: date) -> Due | None:
    """Return why a rule needs checking, or None where its check still holds."""
    age = staleness(rule, today=today)
    if not age.is_stale:
        return None
    checked = rule.verified_on
    overdue = (today - first_day(checked)).days - age.limit_days if checked else 0
    return Due(rule, _urgency(rule, age, overdue, today), age, max(overdue, 0))


def _urgency(rule: Rule, age: Staleness, overdue: int, today: date) -> Urgency:
    if rule.until is not None and last_day(rule.until) < today:
        return Urgency.ENDED
    if age.is_expired:
        return Urgency.EXPIRED
    if age.freshness == Freshness.VERY_STALE:
        is_low = rule.confidence == Confidence.LOW
        return Urgency.WORN if is_low else Urgency.VERY_STALE
    if rule.verified_on is None:
        return Urgency.NEVER
    return Urgency.STALE if overdue > 0 else Urgency.UNDATED


@dataclass(frozen=True, slots=True)
class Share:
    """How many of some rules were checked within their limits."""

    total: int = 0
    fresh: int = 0
    stale: int = 0
    very_stale: int = 0  # past twice the limit, or expired unchecked

    def percent(self, part: int) -> int:
        """Return a whole percentage, rounded down: 100 means all of them."""
        return part * 100 // self.total if self.total else 0

    @property
    def fresh_percent(self) -> int:
        return self.percent(self.fresh)


def share(rules: Iterable[Rule], *, today: date) -> Share:
    """Count the rules that are in force, or coming; what has ended does not wear out."""
    total = fresh = stale = 0
    for rule in rules:
        if rule.until is not None and last_day(rule.until) < today:
            continue
        age = staleness(rule, today=today)
        total += 1
        if not age.is_stale:
            fresh += 1
        elif not age.is_expired and age.freshness == Freshness.STALE:
            stale += 1
    return Share(total, fresh, stale, total - fresh - stale)


def shares_by_country(
    rules: Iterable[Rule], chains: Mapping[str, Sequence[str]], *, today: date
) -> dict[str, Share]:
    """Return the share of each country, its parts included: {"US": Share(…)}.

    chains gives for each code of a region itself and those above it.
    """
    grouped: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        grouped[chains[rule.region][-1]].append(rule)
    return {code: share(each, today=today) for code, each in grouped.items()}
