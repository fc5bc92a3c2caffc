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

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from kb.choices import LocalRules, Permission, RegionKind, Status
from kb.dates import PartialDate
from kb.languages import current, is_english
from kb.pages import local
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
    Kind.OVERLAP: _("Two rules of one kind at the same time"),
    Kind.NO_END: _("A rule that a newer one seems to have replaced has no end"),
    Kind.AGE_WITHOUT_RULE: _("An age limit where no rule is said to be found"),
    Kind.OFFENCE_WITHOUT_RULE: _("An offence where no rule is said to be found"),
    Kind.BARRED_LOCAL: _("A local rule where local rules are barred"),
    Kind.BILL_PASSED: _("A proposal whose day has come"),
    Kind.BEFORE_ACT: _("A rule that began before its act was made"),
    Kind.UNSEEN_START: _("A rule that nobody has looked at since it began"),
    Kind.OLD_SOURCE: _("A rule much younger than its source"),
    Kind.CHECKED_TOO_EARLY: _("A check before the source was published"),
    Kind.EXPIRES_FIRST: _("A rule that expires before it begins"),
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
                gettext(
                    "It says that no specific rule was found, and that buyers must be"
                    " %(age)s."
                )
                % {"age": rule.min_age},
            )
        offences = [
            word
            for word, value in (
                (_("holding"), rule.possession),
                (_("selling"), rule.sale),
                (_("bringing in"), rule.importing),
                (_("growing"), rule.cultivation),
            )
            if value == Permission.ILLEGAL
        ]
        if offences:
            yield at_odds(
                Kind.OFFENCE_WITHOUT_RULE,
                gettext(
                    "It says that no specific rule was found, and that it is an offence:"
                    " %(offences)s."
                )
                % {"offences": ", ".join(map(gettext, offences))},
            )
    if (
        rule.is_pending
        and rule.since
        and not rule.until
        and last_day(rule.since) < today
    ):
        yield at_odds(
            Kind.BILL_PASSED,
            gettext(
                "It is entered as a proposal, but its first day, %(since)s, has passed."
            )
            % {"since": _day(rule.since)},
        )
    if rule.since is not None:
        yield from _start(rule, today)
    source, checked = rule.source_published, rule.verified_on
    if source and checked and last_day(checked) < first_day(source):
        yield at_odds(
            Kind.CHECKED_TOO_EARLY,
            gettext("It was checked on %(checked)s, but its source is from %(source)s.")
            % {"checked": _day(checked), "source": _day(source)},
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
            gettext(
                "It is in force since %(since)s, but its instrument is of %(year)s"
                " (%(instrument)s)."
            )
            % {
                "since": _day(rule.since),
                "year": min(years),
                "instrument": rule.instrument,
            },
        )
    has_begun = in_force(rule, today) and last_day(rule.since) < today
    if has_begun and rule.verified_on and last_day(rule.verified_on) < began:
        yield Contradiction(
            Kind.UNSEEN_START,
            (rule,),
            gettext(
                "It was last checked on %(checked)s, before its first day, %(since)s:"
                " nobody has seen that it came into force."
            )
            % {"checked": _day(rule.verified_on), "since": _day(rule.since)},
        )
    if (
        not rule.is_pending
        and rule.source_published
        and last_day(rule.source_published) + FORESIGHT < began
    ):
        yield Contradiction(
            Kind.OLD_SOURCE,
            (rule,),
            gettext(
                "It is in force since %(since)s, but its source is from %(source)s, more"
                " than a year before: it cannot have seen it."
            )
            % {"since": _day(rule.since), "source": _day(rule.source_published)},
        )
    if rule.expires_on and last_day(rule.expires_on) < began:
        yield Contradiction(
            Kind.EXPIRES_FIRST,
            (rule,),
            gettext("It expires on %(expires)s, before its first day, %(since)s.")
            % {"expires": _day(rule.expires_on), "since": _day(rule.since)},
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
    both = {"one": _said(one), "other": _said(other)}
    if one.until is None and other.since is not None and one.since != other.since:
        yield Contradiction(
            Kind.NO_END,
            (one, other),
            gettext(
                "Both hold at once: %(one)s and %(other)s. If the newer one replaces the"
                " older, the older needs a last day."
            )
            % both,
        )
        return
    text = gettext("Both hold at once: %(one)s and %(other)s.") % both
    yield Contradiction(Kind.OVERLAP, (one, other), text)


def _surely_before(one: Rule, other: Rule) -> bool:
    """Tell whether `one` began, at the latest, on a day on which `other` still held."""
    if one.since is None or other.until is None:
        return True
    return last_day(one.since) <= first_day(other.until)


def _day(date: PartialDate | None) -> str:
    """Return a day as the language writes it; the desk and the API know it as recorded."""
    return str(date or "") if is_english() else local.day(date)


def _status(rule: Rule) -> str:
    label = gettext(str(Status(rule.status).label))
    return (
        label if current() == "de" else label.lower()
    )  # German nouns stay as they are


def _said(rule: Rule) -> str:
    """Return "controlled drug since 2016 until 2018"."""
    named = {
        "status": _status(rule),
        "since": _day(rule.since),
        "until": _day(rule.until),
    }
    if rule.until:
        if rule.since:
            return gettext("%(status)s since %(since)s until %(until)s") % named
        return gettext("%(status)s since a day not known until %(until)s") % named
    if rule.since:
        return gettext("%(status)s since %(since)s") % named
    return gettext("%(status)s since a day not known") % named


def _barred(rule: Rule, above: Rule) -> str:
    said = gettext(
        "%(place)s has a rule of its own (%(status)s), but %(above)s bars local rules."
    )
    if above.instrument:
        said = gettext(
            "%(place)s has a rule of its own (%(status)s), but %(above)s bars local rules"
            " (%(instrument)s)."
        )
    return said % {
        "place": rule.spoken_region,
        "status": _status(rule),
        "above": above.spoken_region,
        "instrument": above.instrument,
    }


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
                    _barred(rule, above),
                )
