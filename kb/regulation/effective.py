"""What holds for a subject in a place on a day: the strictest rule that binds the holder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from kb.choices import Confidence, LocalRules, Permission, RegionKind, Status
from kb.dates import PartialDate
from kb.regulation import reasons
from kb.regulation.rules import (
    CONFIDENCE_PLACE,
    DECIDING_PLACE,
    NOT_CHECKED,
    PERMISSIONS,
    STRICT_PLACE,
    Rule,
    first_day,
    in_force,
    last_day,
)
from kb.regulation.staleness import Freshness, Staleness, staleness


@dataclass(frozen=True, slots=True)
class Decision:
    """What the rules of some places come to on a day.

    All regions share it that lie below the same places with rules.
    """

    subject: str
    on: date
    today: date
    status: str  # a Status, or NOT_CHECKED
    rule: Rule | None  # the one that decides
    layers: tuple[Rule, ...]  # all in force that day, strictest first
    change_coming: tuple[Rule, ...]
    barred: tuple[tuple[Rule, Rule], ...]  # without effect, and what bars it
    unclear: frozenset[str]  # keys of rules that can only count as unclear
    places: tuple[str, ...]  # those with a row on it, a past or a pending one too
    is_stale: bool = False
    staleness: str = ""


class EffectiveStatus(NamedTuple):  # a tuple is made in a third of the time
    """What holds in a region on a day, and why."""

    region: str  # that which was asked about
    decision: Decision

    @property
    def subject(self) -> str:
        return self.decision.subject

    @property
    def on(self) -> date:
        return self.decision.on

    @property
    def status(self) -> str:
        """A Status, or NOT_CHECKED."""
        return self.decision.status

    @property
    def rule(self) -> Rule | None:
        """The rule that decides."""
        return self.decision.rule

    @property
    def layers(self) -> tuple[Rule, ...]:
        """All rules in force that day, strictest first."""
        return self.decision.layers

    @property
    def change_coming(self) -> tuple[Rule, ...]:
        return self.decision.change_coming

    @property
    def is_own_checked(self) -> bool:
        """Tell whether anything was ever recorded for the region itself."""
        return self.region in self.decision.places

    @property
    def because(self) -> tuple[str, ...]:
        """The chain of reasons, a sentence a rule; put into words when asked for."""
        return reasons.because(self.decision, self.region)

    @property
    def inherited_from(self) -> str | None:
        """The code of the region above that it comes from."""
        rule = self.decision.rule
        return None if rule is None or rule.region == self.region else rule.region

    @property
    def via(self) -> str | None:
        """The slug of the alkaloid whose law reaches the subject."""
        rule = self.decision.rule
        return reasons.via_of(rule, self.decision.subject) if rule else None

    @property
    def is_stale(self) -> bool:
        return self.decision.is_stale

    @property
    def staleness(self) -> str:
        return self.decision.staleness

    @property
    def schedule(self) -> str:
        return self.rule.schedule if self.rule else ""

    @property
    def min_age(self) -> int | None:
        return self.rule.min_age if self.rule else None

    @property
    def form(self) -> str:
        return self.rule.form if self.rule else ""

    @property
    def threshold(self) -> float | None:
        return self.rule.threshold if self.rule else None

    @property
    def threshold_unit(self) -> str:
        return self.rule.threshold_unit if self.rule else ""

    @property
    def since(self) -> PartialDate | None:
        return self.rule.since if self.rule else None

    @property
    def until(self) -> PartialDate | None:
        return self.rule.until if self.rule else None

    @property
    def possession(self) -> str:
        return self._activity("possession", Permission.UNCLEAR)

    @property
    def sale(self) -> str:
        return self._activity("sale", Permission.UNCLEAR)

    @property
    def importing(self) -> str:
        return self._activity("importing", Permission.NOT_STATED)

    @property
    def prescribing(self) -> str:
        return self._activity("prescribing", Permission.NOT_STATED)

    @property
    def cultivation(self) -> str:
        return self._activity("cultivation", Permission.NOT_STATED)

    def _activity(self, name: str, unknown: Permission) -> str:
        """Return what the deciding rule says of it; where that is silent, the strictest
        that another rule in force says: an age limit of a state leaves federal law on
        import. Not where holding is an offence: milder words of others mislead there."""
        rule = self.decision.rule
        if rule is None:
            return unknown
        said = _permission(rule, name, self.decision)
        if said != Permission.NOT_STATED or rule.possession == Permission.ILLEGAL:
            return said
        others = [_permission(rule, name, self.decision) for rule in self.layers]
        return min(others, key=PERMISSIONS.index, default=said)


def _permission(rule: Rule, activity: str, decision: Decision) -> str:
    """What an outdated row says of an activity is as doubtful as its status."""
    value: str = getattr(rule, activity)
    if rule.key in decision.unclear and value != Permission.NOT_STATED:
        return Permission.UNCLEAR
    return value


class Book:
    """The rules on one subject, read for one day.

    Each rule is judged once, however many regions are asked about, and each place with
    rules is decided once for all that lie below it: the chains must be of one tree.
    today is the day from which it is judged how old a check is: another than the real
    one where the question is what the site said then.
    """

    def __init__(
        self, rules: Iterable[Rule], *, subject: str, on: date, today: date
    ) -> None:
        self.subject, self.on, self.today = subject, on, today
        self._rules: dict[str, list[Rule]] = defaultdict(list)
        for rule in rules:
            self._rules[rule.region].append(rule)
        self._read: dict[str, list[_Reading]] = {}
        self._decisions: dict[str, Decision] = {}  # by the nearest place with rules

    def places(self) -> list[str]:
        """Return the codes of the regions that have a rule, a past one too."""
        return list(self._rules)

    def effective(self, chain: Sequence[str]) -> EffectiveStatus:
        """Return what holds in `chain[0]`; chain is the region and those above it."""
        for nearest in chain:
            if nearest in self._rules:
                break
        else:
            nearest = ""  # all without a rule share one decision
        decision = self._decisions.get(nearest)
        if decision is None:
            places = tuple(code for code in chain if code in self._rules)
            decision = self._decisions[nearest] = self._decide(places)
        return EffectiveStatus(chain[0], decision)

    def _readings(self, place: str) -> list[_Reading]:
        if place not in self._read:
            self._read[place] = [
                _read(rule, self.subject, today=self.today, on=self.on)
                for rule in self._rules[place]
                if in_force(rule, self.on)
            ]
        return self._read[place]

    def _decide(self, places: tuple[str, ...]) -> Decision:
        current = [each for place in places for each in self._readings(place)]
        nearness = {code: near for near, code in enumerate(places)}
        barred = _barred(current, nearness)
        holding = [each for each in current if each.rule.key not in barred]
        layers = sorted(
            holding,
            key=lambda each: (each.strict, nearness[each.rule.region], each.rest),
        )
        coming = _change_coming(
            [rule for place in places for rule in self._rules[place]],
            nearness,
            on=self.on,
            today=self.today,
        )
        decider = min(
            holding,
            key=lambda each: (each.deciding, nearness[each.rule.region], each.rest),
            default=None,
        )
        return Decision(
            self.subject,
            self.on,
            self.today,
            decider.status if decider else NOT_CHECKED,
            decider.rule if decider else None,
            tuple(each.rule for each in layers),
            coming,
            tuple(sorted(barred.values(), key=lambda pair: pair[0].key)),
            frozenset(
                each.rule.key for each in current if each.status != each.rule.status
            ),
            places,
            decider.age.is_stale if decider else False,
            decider.age.sentence if decider else "",
        )


def effective_status(
    rules: Iterable[Rule],
    *,
    subject: str,
    chain: Sequence[str],
    on: date,
    today: date,
) -> EffectiveStatus:
    """Return what holds for a subject in `chain[0]` on a day.

    chain is the region and those above it: ["US-AL", "US"]. rules are about the
    subject, or about alkaloids whose law reaches it; other regions are ignored. Where
    many regions are asked about, a `Book` is read once for all of them.
    """
    return Book(rules, subject=subject, on=on, today=today).effective(chain)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A rule in force, with what it can still stand for and where it ranks."""

    rule: Rule
    age: Staleness
    status: Status
    strict: int
    deciding: int
    rest: tuple[int, bool, int, str]  # surer, its own, newer; then the key


def _read(rule: Rule, subject: str, *, today: date, on: date) -> _Reading:
    age = staleness(rule, today=today, on=on)
    is_worn = (
        age.freshness == Freshness.VERY_STALE and rule.confidence == Confidence.LOW
    )
    status = Status.UNCLEAR if age.is_expired or is_worn else Status(rule.status)
    return _Reading(
        rule,
        age,
        status,
        STRICT_PLACE[status],
        DECIDING_PLACE[status],
        (
            CONFIDENCE_PLACE[rule.confidence],
            rule.subject != subject,
            -first_day(rule.since).toordinal() if rule.since else 0,
            rule.key,
        ),
    )


# Place


def _barred(
    current: list[_Reading], nearness: dict[str, int]
) -> dict[str, tuple[Rule, Rule]]:
    """Return the local rules that a rule of a place above leaves without effect.

    A rule that is itself unclear bars nothing: the local one then stays in sight.
    """
    barring = [
        each.rule
        for each in current
        if each.rule.local_rules == LocalRules.BARRED and each.status != Status.UNCLEAR
    ]
    found = {}
    for rule in (each.rule for each in current) if barring else ():
        if rule.region_kind != RegionKind.LOCAL:
            continue
        above = [
            other
            for other in barring
            if other.subject == rule.subject
            and nearness[other.region] > nearness[rule.region]
        ]
        if above:
            found[rule.key] = rule, min(above, key=lambda other: other.key)
    return found


def _change_coming(
    rules: list[Rule], nearness: dict[str, int], *, on: date, today: date
) -> tuple[Rule, ...]:
    """Return proposals, and acts whose first day is still ahead."""
    coming = [
        rule
        for rule in rules
        if (rule.until is None or last_day(rule.until) >= on)
        and (
            rule.is_pending
            or (rule.since is not None and first_day(rule.since) > max(on, today))
        )
    ]
    return tuple(
        sorted(coming, key=lambda r: (nearness[r.region], r.since or "9999", r.key))
    )
