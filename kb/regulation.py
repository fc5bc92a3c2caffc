"""The status in force: subject, region, day.

Plain values in, plain values out; who calls has fetched the rules. The rule book is
docs/method.md, "What the law says". Nothing here ever turns silence into "allowed": no
row is `not-checked`, and what may have changed unseen is `unclear`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from kb.choices import (
    Confidence,
    Layer,
    LocalRules,
    Permission,
    RegionKind,
    Status,
)
from kb.dates import PartialDate

NOT_CHECKED = "not-checked"

# Strictest first. `unclear` stands where it wins: above all that is milder than a ban.
STRICTNESS: tuple[Status, ...] = (
    Status.CONTROLLED,
    Status.BANNED,
    Status.UNCLEAR,
    Status.PRESCRIPTION_ONLY,
    Status.NO_AUTHORISED_PRODUCT,
    Status.REGULATED_SALE,
    Status.AGE_LIMIT,
    Status.UNCONTROLLED,
)
# Product law does not bind the person who holds it: it decides where nothing else does.
DECIDING: tuple[Status, ...] = (
    *(status for status in STRICTNESS[:-1] if status != Status.NO_AUTHORISED_PRODUCT),
    Status.NO_AUTHORISED_PRODUCT,
    Status.UNCONTROLLED,
)
CONFIDENCE_ORDER = (Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW)
SETTLED_DAYS = 2 * 365

# What a person may do with it; each has its own value on a rule.
ACTIVITIES = ("possession", "sale", "importing", "prescribing", "cultivation")
PERMISSIONS = (
    Permission.ILLEGAL,
    Permission.UNCLEAR,
    Permission.RESTRICTED,
    Permission.LEGAL,
    Permission.NOT_STATED,
)

_STRICT_PLACE = {str(status): place for place, status in enumerate(STRICTNESS)}
_DECIDING_PLACE = {str(status): place for place, status in enumerate(DECIDING)}
_CONFIDENCE_PLACE = {str(each): place for place, each in enumerate(CONFIDENCE_ORDER)}


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of law, as kb.schemas.regulation means its fields."""

    key: str
    subject: str  # "substance:kratom"
    region: str  # "US-AL"
    region_name: str
    region_kind: str
    status: str
    layer: str = Layer.ANY
    is_pending: bool = False
    schedule: str = ""
    min_age: int | None = None
    possession: str = Permission.UNCLEAR
    sale: str = Permission.UNCLEAR
    importing: str = Permission.NOT_STATED
    prescribing: str = Permission.NOT_STATED
    cultivation: str = Permission.NOT_STATED
    form: str = ""
    threshold: float | None = None
    threshold_unit: str = ""
    since: PartialDate | None = None
    until: PartialDate | None = None
    expires_on: PartialDate | None = None
    instrument: str = ""
    summary: str = ""
    local_rules: str = LocalRules.NOT_STATED
    source_slug: str = ""
    source_title: str = ""
    source_published: PartialDate | None = None
    confidence: str = Confidence.MEDIUM
    verified_on: PartialDate | None = None

    @property
    def threshold_text(self) -> str:
        """Return "above 0.05 % by weight", or "" where no figure is set."""
        if self.threshold is None:
            return ""
        return f"above {self.threshold:g} {self.threshold_unit}"

    @property
    def scope_text(self) -> str:
        """Return what it is limited to: its form, and its figure."""
        return ", ".join(part for part in (self.form, self.threshold_text) if part)


# What a row of law holds itself; the rest comes from its subject, region and source.
ROW_FIELDS = tuple(
    field.name
    for field in fields(Rule)
    if not field.name.startswith(("region", "source", "subject"))
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
    def because(self) -> tuple[str, ...]:
        """The chain of reasons, a sentence a rule; put into words when asked for."""
        return _because(self.decision)

    @property
    def inherited_from(self) -> str | None:
        """The code of the region above that it comes from."""
        rule = self.decision.rule
        return None if rule is None or rule.region == self.region else rule.region

    @property
    def via(self) -> str | None:
        """The slug of the alkaloid whose law reaches the subject."""
        rule = self.decision.rule
        return _via(rule, self.decision.subject) if rule else None

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


@lru_cache(maxsize=16384)
def first_day(day: PartialDate) -> date:
    """Return the first day it can mean; the same few dates are asked for all the time."""
    return day.earliest


@lru_cache(maxsize=16384)
def last_day(day: PartialDate) -> date:
    return day.latest


def in_force(rule: Rule, on: date) -> bool:
    """Tell whether the rule is law that day. A year alone counts from its first day
    to its last; an unknown start or end is taken as always."""
    if rule.is_pending:
        return False
    has_begun = rule.since is None or first_day(rule.since) <= on
    has_ended = rule.until is not None and last_day(rule.until) < on
    return has_begun and not has_ended


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


class Book:
    """The rules on one subject, read for one day.

    Each rule is judged once, however many regions are asked about. today is the day
    from which it is judged how old a check is: another than the real one where the
    question is what the site said then.
    """

    def __init__(
        self, rules: Iterable[Rule], *, subject: str, on: date, today: date
    ) -> None:
        self.subject, self.on, self.today = subject, on, today
        self._rules: dict[str, list[Rule]] = defaultdict(list)
        for rule in rules:
            self._rules[rule.region].append(rule)
        self._read: dict[str, list[_Reading]] = {}
        self._decisions: dict[tuple[str, ...], Decision] = {}

    def places(self) -> list[str]:
        """Return the codes of the regions that have a rule, a past one too."""
        return list(self._rules)

    def effective(self, chain: Sequence[str]) -> EffectiveStatus:
        """Return what holds in `chain[0]`; chain is the region and those above it."""
        known = self._rules
        places = tuple([code for code in chain if code in known])
        decision = self._decisions.get(places)
        if decision is None:
            decision = self._decisions[places] = self._decide(places)
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
        age = staleness(decider.rule, today=self.today, on=self.on) if decider else None
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
            age.is_stale if age else False,
            age.sentence if age else "",
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
        status,
        _STRICT_PLACE[status],
        _DECIDING_PLACE[status],
        (
            _CONFIDENCE_PLACE[rule.confidence],
            rule.subject != subject,
            -first_day(rule.since).toordinal() if rule.since else 0,
            rule.key,
        ),
    )


# Time


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


def written_code(text: str) -> str:
    """Return a code of a region as it is written: "us-oh" as "US-OH"."""
    country, slash, place = text.strip().strip("/").partition("/")
    return country.upper() + slash + place.lower()


# Words


def _via(rule: Rule, subject: str) -> str | None:
    return rule.subject.partition(":")[2] if rule.subject != subject else None


def _rule_text(rule: Rule, subject: str) -> str:
    """'Alabama, by its law on mitragynine: controlled drug, Schedule I, since 2016'."""
    via = _via(rule, subject)
    where = f"{rule.region_name}, by its law on {via}" if via else rule.region_name
    parts = [Status(rule.status).label.lower(), rule.schedule]
    parts.append(f"for {rule.form}" if rule.form else "")
    parts.append(rule.threshold_text)
    parts.append(f"buyers from age {rule.min_age}" if rule.min_age else "")
    parts.append(f"since {rule.since}" if rule.since else "")
    parts.append(f"until {rule.until}" if rule.until else "")
    return f"{where}: {', '.join(part for part in parts if part)}."


def _because(decision: Decision) -> tuple[str, ...]:
    """Return a sentence for each rule: the deciding one first, then by what they weigh."""
    because = []
    if decision.rule is None:
        because.append(
            f"No rule is recorded for {decision.on.isoformat()}, here or in the places "
            "above: not checked. That says nothing about what is allowed."
        )
    else:
        because.append(_layer_sentence(decision.rule, decision))
    others = [rule for rule in decision.layers if rule is not decision.rule]
    because += [
        _layer_sentence(rule, decision)
        for rule in sorted(
            others, key=lambda rule: _DECIDING_PLACE[_standing(rule, decision)]
        )
    ]
    because += [_barred_sentence(rule, above) for rule, above in decision.barred]
    because += [
        _coming_sentence(rule, decision.subject) for rule in decision.change_coming
    ]
    return tuple(because)


def _standing(rule: Rule, decision: Decision) -> str:
    return Status.UNCLEAR if rule.key in decision.unclear else rule.status


def _layer_sentence(rule: Rule, decision: Decision) -> str:
    status = _standing(rule, decision)
    text = _rule_text(rule, decision.subject)
    if status != rule.status:
        age = staleness(rule, today=decision.today, on=decision.on)
        text += f" {age.sentence} It counts as unclear."
    if rule is not decision.rule:
        if status == Status.NO_AUTHORISED_PRODUCT:
            return f"{text} In force as well: product law, which binds those who sell."
        return f"{text} In force as well; it does not change the result."
    if status == Status.UNCLEAR:
        return f"{text} This decides: a change may have come unseen."
    if status == Status.NO_AUTHORISED_PRODUCT:
        return f"{text} This decides: no rule that binds who holds it says more."
    if status == Status.UNCONTROLLED:
        return f"{text} This decides: no recorded rule says more."
    return f"{text} This decides: the strictest rule that binds who holds it."


def _barred_sentence(rule: Rule, above: Rule) -> str:
    act = f" ({above.instrument})" if above.instrument else ""
    return (
        f"{rule.region_name}: its own rule, {Status(rule.status).label.lower()}, "
        f"has no effect, because {above.region_name} bars local rules{act}."
    )


def _coming_sentence(rule: Rule, subject: str) -> str:
    kind = "proposed, not law" if rule.is_pending else "passed, not yet in force"
    return f"Change coming ({kind}): {_rule_text(rule, subject)}"
