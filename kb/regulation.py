"""The status in force: subject, region, day.

Plain values in, plain values out; who calls has fetched the rules. The rule book is
docs/method.md, "What the law says". Nothing here ever turns silence into "allowed": no
row is `not-checked`, and what may have changed unseen is `unclear`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

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
class EffectiveStatus:
    """What holds in a region on a day, and why; `chain[0]` was asked about."""

    subject: str
    region: str
    on: date
    status: str  # a Status, or NOT_CHECKED
    layers: tuple[Rule, ...]  # all in force that day, strictest first
    change_coming: tuple[Rule, ...]
    because: tuple[str, ...]
    rule: Rule | None = None  # the one that decides
    inherited_from: str | None = None  # the region above that it comes from
    via: str | None = None  # slug of the alkaloid whose law reaches the subject
    is_stale: bool = False
    staleness: str = ""
    schedule: str = ""
    min_age: int | None = None
    possession: str = Permission.UNCLEAR
    sale: str = Permission.UNCLEAR
    since: PartialDate | None = None
    until: PartialDate | None = None


def in_force(rule: Rule, on: date) -> bool:
    """Tell whether the rule is law that day. A year alone counts from its first day
    to its last; an unknown start or end is taken as always."""
    if rule.is_pending:
        return False
    has_begun = rule.since is None or rule.since.earliest <= on
    has_ended = rule.until is not None and rule.until.latest < on
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
        age = (today - checked.earliest).days
        freshness, sentence = _freshness(rule, checked, age, limit)
    if expired:
        sentence = (
            f"It was due to end on {rule.expires_on} and was not checked after that: "
            "whether it still holds is unclear."
        )
    return Staleness(freshness, limit, expired, sentence)


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
    subject, or about alkaloids whose law reaches it; other regions are ignored.
    """
    places = [rule for rule in rules if rule.region in chain]
    current = [rule for rule in places if in_force(rule, on)]
    read = {rule.key: _reading(rule, today=today, on=on) for rule in current}
    barred = {rule.key: _bar(rule, current, chain, read) for rule in current}
    holding = [rule for rule in current if barred[rule.key] is None]

    def order(rule: Rule, strictness: Sequence[Status]) -> tuple[int | str | bool, ...]:
        latest = rule.since.earliest.toordinal() if rule.since else 0
        return (
            strictness.index(read[rule.key]),
            chain.index(rule.region),
            CONFIDENCE_ORDER.index(Confidence(rule.confidence)),
            rule.subject != subject,
            -latest,
            rule.key,
        )

    layers = tuple(sorted(holding, key=lambda rule: order(rule, STRICTNESS)))
    decider = min(holding, key=lambda rule: order(rule, DECIDING), default=None)
    coming = _change_coming(places, chain, on=on, today=today)
    because = [
        _layer_sentence(rule, decider, subject, read, today=today, on=on)
        for rule in sorted(layers, key=lambda rule: order(rule, DECIDING))
    ]
    because += [
        _barred_sentence(rule, above)
        for rule in sorted(current, key=lambda rule: rule.key)
        if (above := barred[rule.key])
    ]
    because += [_coming_sentence(rule, subject) for rule in coming]
    if decider is None:
        because.insert(
            0,
            f"No rule is recorded for {on.isoformat()}, here or in the places above: "
            "not checked. That says nothing about what is allowed.",
        )
    found = EffectiveStatus(
        subject, chain[0], on, NOT_CHECKED, layers, coming, tuple(because)
    )
    if decider is None:
        return found
    age = staleness(decider, today=today, on=on)
    status = read[decider.key]
    # What an outdated row says of holding and selling is as doubtful as its status.
    is_doubtful = status != decider.status
    return replace(
        found,
        status=status,
        rule=decider,
        inherited_from=decider.region if decider.region != chain[0] else None,
        via=_via(decider, subject),
        is_stale=age.is_stale,
        staleness=age.sentence,
        schedule=decider.schedule,
        min_age=decider.min_age,
        possession=Permission.UNCLEAR if is_doubtful else decider.possession,
        sale=Permission.UNCLEAR if is_doubtful else decider.sale,
        since=decider.since,
        until=decider.until,
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
        and (today - rule.since.latest).days > SETTLED_DAYS
    ):
        return 365
    if rule.region.startswith("US-"):
        return 60 if today.month <= 7 else 120  # state parliaments sit until July
    return 180


def _is_expired(rule: Rule, day: date) -> bool:
    if rule.expires_on is None or day <= rule.expires_on.latest:
        return False
    checked = rule.verified_on
    return checked is None or checked.earliest <= rule.expires_on.latest


def _freshness(
    rule: Rule, checked: PartialDate, age: int, limit: int
) -> tuple[Freshness, str]:
    if rule.until and checked.earliest > rule.until.latest and rule.source_published:
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


def _reading(rule: Rule, *, today: date, on: date) -> Status:
    """Return the status that the row can still stand for."""
    age = staleness(rule, today=today, on=on)
    is_worn = (
        age.freshness == Freshness.VERY_STALE and rule.confidence == Confidence.LOW
    )
    return Status.UNCLEAR if age.is_expired or is_worn else Status(rule.status)


# Place


def _bar(
    rule: Rule, current: list[Rule], chain: Sequence[str], read: dict[str, Status]
) -> Rule | None:
    """Return the rule of a place above that leaves this local one without effect.

    A rule that is itself unclear bars nothing: the local one then stays in sight.
    """
    if rule.region_kind != RegionKind.LOCAL:
        return None
    above = [
        other
        for other in current
        if other.local_rules == LocalRules.BARRED
        and other.subject == rule.subject
        and chain.index(other.region) > chain.index(rule.region)
        and read[other.key] != Status.UNCLEAR
    ]
    return min(above, key=lambda other: other.key, default=None)


def _change_coming(
    places: list[Rule], chain: Sequence[str], *, on: date, today: date
) -> tuple[Rule, ...]:
    """Return proposals, and acts whose first day is still ahead."""
    coming = [
        rule
        for rule in places
        if (rule.until is None or rule.until.latest >= on)
        and (
            rule.is_pending
            or (rule.since is not None and rule.since.earliest > max(on, today))
        )
    ]
    return tuple(
        sorted(coming, key=lambda r: (chain.index(r.region), r.since or "9999", r.key))
    )


# Words


def _via(rule: Rule, subject: str) -> str | None:
    return rule.subject.partition(":")[2] if rule.subject != subject else None


def _rule_text(rule: Rule, subject: str) -> str:
    """'Alabama, by its law on mitragynine: controlled drug, Schedule I, since 2016'."""
    via = _via(rule, subject)
    where = f"{rule.region_name}, by its law on {via}" if via else rule.region_name
    parts = [Status(rule.status).label.lower(), rule.schedule]
    parts.append(f"for {rule.form}" if rule.form else "")
    parts.append(f"buyers from age {rule.min_age}" if rule.min_age else "")
    parts.append(f"since {rule.since}" if rule.since else "")
    parts.append(f"until {rule.until}" if rule.until else "")
    return f"{where}: {', '.join(part for part in parts if part)}."


def _layer_sentence(
    rule: Rule,
    decider: Rule | None,
    subject: str,
    read: dict[str, Status],
    *,
    today: date,
    on: date,
) -> str:
    status = read[rule.key]
    text = _rule_text(rule, subject)
    if status != rule.status:
        age = staleness(rule, today=today, on=on)
        text += f" {age.sentence} It counts as unclear."
    if rule is not decider:
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
