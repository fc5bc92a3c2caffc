"""Rows of law that cannot all be right, or that nobody can have seen.

Soft: nothing is refused for it. A curator is told on the row's page, readers find all of
them on /law/contradictions/. Plain values in, plain values out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import combinations

from kb.choices import LocalRules, Permission, RegionKind, Status
from kb.regulation import Rule, first_day, in_force, last_day

YEAR = re.compile(r"\b(?:19|20)\d\d\b")
FORESIGHT = timedelta(days=366)  # a source may announce a rule a year ahead


class Kind(StrEnum):
    OVERLAP = "overlap"
    NO_END = "no-end"
    AGE_WITHOUT_RULE = "age-without-rule"
    OFFENCE_WITHOUT_RULE = "offence-without-rule"
    BARRED_LOCAL = "barred-local"
    BILL_PASSED = "bill-passed"
    BEFORE_ACT = "before-act"
    UNSEEN_START = "unseen-start"
    OLD_SOURCE = "old-source"
    CHECKED_TOO_EARLY = "checked-too-early"
    EXPIRES_FIRST = "expires-first"


LABELS = {
    Kind.OVERLAP: "Two rules of one kind at the same time",
    Kind.NO_END: "A rule that a newer one seems to have replaced has no end",
    Kind.AGE_WITHOUT_RULE: "An age limit where no rule is said to be found",
    Kind.OFFENCE_WITHOUT_RULE: "An offence where no rule is said to be found",
    Kind.BARRED_LOCAL: "A local rule where local rules are barred",
    Kind.BILL_PASSED: "A proposal whose day has come",
    Kind.BEFORE_ACT: "A rule that began before its act was made",
    Kind.UNSEEN_START: "A rule that nobody has looked at since it began",
    Kind.OLD_SOURCE: "A rule much younger than its source",
    Kind.CHECKED_TOO_EARLY: "A check before the source was published",
    Kind.EXPIRES_FIRST: "A rule that expires before it begins",
}


@dataclass(frozen=True, slots=True)
class Contradiction:
    kind: Kind
    rules: tuple[Rule, ...]  # the row it is about, then the one it does not agree with
    sentence: str


def find(
    rules: Iterable[Rule], chains: Mapping[str, Sequence[str]], *, today: date
) -> list[Contradiction]:
    """Return what does not agree, by kind, place and key.

    chains gives for each code of a region itself and those above it.
    """
    rules = list(rules)
    found = [each for rule in rules for each in _alone(rule, today)]
    same_law: dict[tuple[str, str, str, str], list[Rule]] = defaultdict(list)
    for rule in rules:
        if not rule.is_pending:
            place = (rule.subject, rule.region, rule.layer, rule.form.casefold())
            same_law[place].append(rule)
    for group in same_law.values():
        for one, other in combinations(sorted(group, key=_by_start), 2):
            found += _together(one, other)
    found += _against_pre_emption(rules, chains, today)
    order = list(Kind)
    return sorted(
        found,
        key=lambda each: (
            order.index(each.kind),
            each.rules[0].region_name,
            *(rule.key for rule in each.rules),
        ),
    )


def about(
    rule: Rule,
    others: Iterable[Rule],
    chains: Mapping[str, Sequence[str]],
    *,
    today: date,
) -> list[Contradiction]:
    """Return what does not agree with one rule; others may hold the rule itself."""
    rules = [rule, *(other for other in others if other.key != rule.key)]
    keys = (found for found in find(rules, chains, today=today))
    return [found for found in keys if rule.key in {each.key for each in found.rules}]


# One row alone


def _alone(rule: Rule, today: date) -> Iterator[Contradiction]:
    def at_odds(kind: Kind, sentence: str) -> Contradiction:
        return Contradiction(kind, (rule,), sentence)

    if rule.status == Status.UNCONTROLLED and not rule.is_pending:
        if rule.min_age is not None:
            yield at_odds(
                Kind.AGE_WITHOUT_RULE,
                f"It says that no specific rule was found, and that buyers must be"
                f" {rule.min_age}.",
            )
        offences = [
            word
            for word, value in (
                ("holding", rule.possession),
                ("selling", rule.sale),
                ("bringing in", rule.importing),
                ("growing", rule.cultivation),
            )
            if value == Permission.ILLEGAL
        ]
        if offences:
            yield at_odds(
                Kind.OFFENCE_WITHOUT_RULE,
                "It says that no specific rule was found, and that"
                f" {' and '.join(offences)} it is an offence.",
            )
    if (
        rule.is_pending
        and rule.since
        and not rule.until
        and last_day(rule.since) < today
    ):
        yield at_odds(
            Kind.BILL_PASSED,
            f"It is entered as a proposal, but its first day, {rule.since}, has passed.",
        )
    if rule.since is not None:
        yield from _start(rule, today)
    source, checked = rule.source_published, rule.verified_on
    if source and checked and last_day(checked) < first_day(source):
        yield at_odds(
            Kind.CHECKED_TOO_EARLY,
            f"It was checked on {checked}, but its source is from {source}.",
        )


def _start(rule: Rule, today: date) -> Iterator[Contradiction]:
    """Yield what does not agree with the first day of a rule that has one."""
    if rule.since is None:
        return
    began = first_day(rule.since)
    years = [int(year) for year in YEAR.findall(rule.instrument)]
    if years and not rule.is_pending and min(years) > last_day(rule.since).year:
        yield Contradiction(
            Kind.BEFORE_ACT,
            (rule,),
            f"It is in force since {rule.since}, but its instrument is of {min(years)}"
            f" ({rule.instrument}).",
        )
    has_begun = in_force(rule, today) and last_day(rule.since) < today
    if has_begun and rule.verified_on and last_day(rule.verified_on) < began:
        yield Contradiction(
            Kind.UNSEEN_START,
            (rule,),
            f"It was last checked on {rule.verified_on}, before its first day,"
            f" {rule.since}: nobody has seen that it came into force.",
        )
    if (
        not rule.is_pending
        and rule.source_published
        and last_day(rule.source_published) + FORESIGHT < began
    ):
        yield Contradiction(
            Kind.OLD_SOURCE,
            (rule,),
            f"It is in force since {rule.since}, but its source is from"
            f" {rule.source_published}, more than a year before: it cannot have seen it.",
        )
    if rule.expires_on and last_day(rule.expires_on) < began:
        yield Contradiction(
            Kind.EXPIRES_FIRST,
            (rule,),
            f"It expires on {rule.expires_on}, before its first day, {rule.since}.",
        )


# Two rows


def _by_start(rule: Rule) -> tuple[date, str]:
    return (first_day(rule.since) if rule.since else date.min, rule.key)


def _together(one: Rule, other: Rule) -> Iterator[Contradiction]:
    """Compare two rules of one law on the same thing; `one` began first.

    Only what surely overlaps counts: until 2018 and since 2018 does not.
    """
    if not (_surely_before(one, other) and _surely_before(other, one)):
        return
    said = f"{_status(one)} {_span(one)} and {_status(other)} {_span(other)}"
    if one.until is None and other.since is not None and one.since != other.since:
        yield Contradiction(
            Kind.NO_END,
            (one, other),
            f"Both hold at once: {said}. If the newer one replaces the older, the older"
            f" needs a last day.",
        )
        return
    yield Contradiction(Kind.OVERLAP, (one, other), f"Both hold at once: {said}.")


def _surely_before(one: Rule, other: Rule) -> bool:
    """Tell whether `one` began, at the latest, on a day on which `other` still held."""
    if one.since is None or other.until is None:
        return True
    return last_day(one.since) <= first_day(other.until)


def _status(rule: Rule) -> str:
    return str(Status(rule.status).label).lower()


def _span(rule: Rule) -> str:
    start = f"since {rule.since}" if rule.since else "since a day not known"
    return f"{start} until {rule.until}" if rule.until else start


def _against_pre_emption(
    rules: Sequence[Rule], chains: Mapping[str, Sequence[str]], today: date
) -> Iterator[Contradiction]:
    """Yield local rules in force below a rule of the same subject that bars them."""
    barring: dict[tuple[str, str], list[Rule]] = defaultdict(list)
    for rule in rules:
        if rule.local_rules == LocalRules.BARRED and in_force(rule, today):
            barring[rule.subject, rule.region].append(rule)
    for rule in rules:
        if rule.region_kind != RegionKind.LOCAL or not in_force(rule, today):
            continue
        for code in chains[rule.region][1:]:
            for above in barring[rule.subject, code]:
                yield Contradiction(
                    Kind.BARRED_LOCAL,
                    (rule, above),
                    f"{rule.region_name} has a rule of its own ({_status(rule)}), but"
                    f" {above.region_name} bars local rules"
                    f"{f' ({above.instrument})' if above.instrument else ''}.",
                )
