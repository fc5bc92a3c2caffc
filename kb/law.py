"""Asks the database what holds where, for the rules of kb.regulation to decide."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet
from django.utils import timezone

from kb import law_ledger, regulation
from kb.choices import State
from kb.dates import PartialDate
from kb.gazetteer.spoken import spoken_order
from kb.models import Alkaloid, Region, RegulatoryStatus, Source, Substance
from kb.places import RegionTree
from kb.regulation import ROW_FIELDS, Book, EffectiveStatus, Rule

Subject = Substance | Alkaloid


def today() -> datetime.date:
    return timezone.localdate()


@dataclass(frozen=True, slots=True)
class Moment:
    """The two clocks of a question: the law of which day, and as recorded when.

    Neither: the law today, as it is known today. Who asks only what was recorded here
    on a day means the law of that day.
    """

    on: datetime.date | None = None
    as_of: datetime.date | None = None

    @property
    def day(self) -> datetime.date:
        return self.on or self.as_of or today()

    @property
    def known_on(self) -> datetime.date:
        """The day from which a check is old or fresh."""
        return self.as_of or today()

    @property
    def asked(self) -> dict[str, str]:
        """The parameters that ask for it again: {"on": "2024-05-01"}."""
        days = {"on": self.on, "as_of": self.as_of}
        return {name: day.isoformat() for name, day in days.items() if day}

    def __bool__(self) -> bool:
        return self.on is not None or self.as_of is not None


NOW = Moment()


class Holding(NamedTuple):
    """What holds for a subject in a region on a day."""

    subject: Subject
    region: Region
    effective: EffectiveStatus


# Rules as plain values, without a model instance a row.

_COLUMNS = (
    "substance__slug alkaloid__slug region__code region__name region__kind"
    " source__slug source__state source__name source__published"
).split()


def read_rules(rows: QuerySet[RegulatoryStatus]) -> list[Rule]:
    """Return rows as plain values, as their `as_rule` would: 1 query."""
    return [rule for _, rule in _read_with_pks(rows)]


def _read_with_pks(rows: QuerySet[RegulatoryStatus]) -> list[tuple[int, Rule]]:
    found = []
    for pk, *values in rows.values_list("pk", *_COLUMNS, *ROW_FIELDS):
        substance, alkaloid, code, place, kind, source, state, title, published = (
            values[:9]
        )
        rule = Rule(
            subject=f"substance:{substance}" if substance else f"alkaloid:{alkaloid}",
            region=code,
            region_name=place,
            region_kind=kind,
            source_slug=source if state == State.PUBLISHED else "",
            source_title=title,
            source_published=published,
            **dict(zip(ROW_FIELDS, values[9:], strict=True)),
        )
        found.append((pk, rule))
    return found


def rules_bearing_on(
    subject: Subject, *, as_of: datetime.date | None = None
) -> list[Rule]:
    """Return all rules about a subject, those that reach it included: 1 query.

    as_of asks for them as they were recorded here on that day.
    """
    if as_of is not None:
        return law_ledger.rules_as_of(subject, as_of)
    return read_rules(RegulatoryStatus.objects.bearing_on(subject).of_published())


def all_rules() -> list[Rule]:
    """Return every rule about a published subject: 1 query."""
    return read_rules(RegulatoryStatus.objects.of_published())


# What says how long a check of a rule lasts, in the order of the index that holds it.
AGEING = "region_id verified_on status layer is_pending expires_on since until".split()


def count_due(*, today: datetime.date) -> int:
    """Return how many rules have to be checked again: 3 queries, a row for each age.

    As long as the queue of kb.rechecks, without reading each rule: many are alike, and an
    index holds all that tells. Whether a source has a date is not in it, so those without
    are counted by themselves.
    """
    shown = RegulatoryStatus.objects.of_published_without_joins().order_by()
    dated = Source.objects.exclude(published=None)
    codes = dict(Region.objects.order_by().values_list("pk", "code"))
    alike = _alike(shown)
    alike_undated = _alike(shown.exclude(source__in=dated.values("pk")))
    due = 0
    for age, count in alike.items():
        without = alike_undated.get(age, 0)
        region, *values = age
        rule = Rule(
            key="",
            subject="",
            region=codes[region],
            region_name="",
            region_kind="",
            source_published=PartialDate.of(today),
            **dict(zip(AGEING[1:], values, strict=True)),
        )
        if count > without and regulation.staleness(rule, today=today).is_stale:
            due += count - without
        rule = replace(rule, source_published=None)
        if without and regulation.staleness(rule, today=today).is_stale:
            due += without
    return due


def _alike(rows: QuerySet[RegulatoryStatus]) -> dict[tuple[Any, ...], int]:
    counted = rows.values_list(*AGEING).annotate(Count("pk"))
    return {tuple(age): count for *age, count in counted}


def rules_by_subject() -> dict[str, list[Rule]]:
    """Return the rules that bear on each subject, by its record key: 2 queries."""
    through = RegulatoryStatus.reaches.through.objects.filter(
        substance__state=State.PUBLISHED
    )
    reached: dict[int, list[str]] = defaultdict(list)
    for pk, slug in through.values_list("regulatorystatus_id", "substance__slug"):
        reached[pk].append(f"substance:{slug}")
    found: dict[str, list[Rule]] = defaultdict(list)
    for pk, rule in _read_with_pks(RegulatoryStatus.objects.of_published()):
        for subject in {rule.subject, *reached[pk]}:
            found[subject].append(rule)
    return found


# What holds


def _book(rules: Iterable[Rule], subject: Subject, moment: Moment) -> Book:
    return Book(rules, subject=subject.record_key, on=moment.day, today=moment.known_on)


def effective_in(
    subject: Subject,
    region: Region,
    *,
    on: datetime.date | None = None,
    as_of: datetime.date | None = None,
) -> EffectiveStatus:
    """Return what holds for a subject in a region on a day (today): 2 queries.

    as_of asks what was recorded here on another day.
    """
    rules = rules_bearing_on(subject, as_of=as_of)
    return effective_with(
        subject, region, on=on, as_of=as_of, rules=rules, tree=RegionTree()
    )


def effective_with(
    subject: Subject,
    region: Region,
    *,
    rules: Sequence[Rule],
    tree: RegionTree,
    on: datetime.date | None = None,
    as_of: datetime.date | None = None,
) -> EffectiveStatus:
    """Return the same from rules and regions that are at hand: no query."""
    chain = tree.chain(region)
    bearing = [rule for rule in rules if rule.region in chain]
    return _book(bearing, subject, Moment(on, as_of)).effective(chain)


def everywhere(
    subject: Subject,
    *,
    on: datetime.date | None = None,
    as_of: datetime.date | None = None,
    tree: RegionTree | None = None,
    rules: Sequence[Rule] | None = None,
) -> list[Holding]:
    """Return what holds in each region that has a rule of its own: 2 queries.

    A region without one has what holds above it; `effective_in` tells.
    """
    tree = tree or RegionTree()
    rules = rules_bearing_on(subject, as_of=as_of) if rules is None else rules
    book = _book(rules, subject, Moment(on, as_of))
    regions = [tree.by_code[code] for code in book.places() if code in tree.by_code]
    return sorted(
        (Holding(subject, each, book.effective(tree.chain(each))) for each in regions),
        key=lambda holding: order_of(holding.region, tree),
    )


def in_regions(
    subject: Subject,
    regions: Iterable[Region],
    *,
    on: datetime.date | None = None,
    as_of: datetime.date | None = None,
    tree: RegionTree | None = None,
    rules: Sequence[Rule] | None = None,
) -> list[Holding]:
    """Return what holds for a subject in each of some regions, in their order: 2 queries.

    Unlike `everywhere`, regions without a rule of their own are answered as well.
    """
    tree = tree or RegionTree()
    rules = rules_bearing_on(subject, as_of=as_of) if rules is None else rules
    book = _book(rules, subject, Moment(on, as_of))
    return [
        Holding(subject, region, book.effective(tree.chain(region)))
        for region in regions
    ]


def table(
    subjects: Iterable[Subject],
    regions: Iterable[Region],
    *,
    on: datetime.date | None = None,
    tree: RegionTree | None = None,
) -> Iterator[list[Holding]]:
    """Yield for each subject what holds in each of some regions: 3 queries in all."""
    tree, moment = tree or RegionTree(), Moment(on)
    rules = rules_by_subject()
    chains = [(region, tree.chain(region)) for region in regions]
    for subject in subjects:
        book = _book(rules.get(subject.record_key, ()), subject, moment)
        yield [
            Holding(subject, region, book.effective(chain)) for region, chain in chains
        ]


def order_of(region: Region, tree: RegionTree) -> tuple[str, ...]:
    """Sort regions by name, places below a region right after it."""
    codes = reversed(tree.chain(region))
    return tuple(spoken_order(tree.spoken(code)) for code in codes)


def in_region(
    region: Region,
    *,
    on: datetime.date | None = None,
    as_of: datetime.date | None = None,
    tree: RegionTree | None = None,
) -> list[Holding]:
    """Return what holds for every subject that has a rule there or above: 4 queries."""
    tree = tree or RegionTree()
    chain = tree.chain(region)
    by_subject: dict[Subject, list[Rule]] = defaultdict(list)
    if as_of is None:
        for row in rows_in(chain).prefetch_related("reaches"):
            rule = row.as_rule()
            for subject in (row.subject, *row.reaches.all()):
                by_subject[subject].append(rule)
    else:
        for rule, subjects in law_ledger.rules_in(chain, as_of):
            for subject in subjects:
                by_subject[subject].append(rule)
    moment = Moment(on, as_of)
    holdings = [
        Holding(subject, region, _book(rules, subject, moment).effective(chain))
        for subject, rules in by_subject.items()
        if subject.is_published
    ]
    return sorted(holdings, key=_strictest_first)


def rows_in(chain: Sequence[str]) -> QuerySet[RegulatoryStatus]:
    """Return the rows of some regions, with what they are about: 1 query."""
    rows = RegulatoryStatus.objects.for_page().of_published()
    return rows.filter(region__code__in=chain)


def _strictest_first(holding: Holding) -> tuple[int, str, str]:
    order = [str(each) for each in regulation.STRICTNESS]
    status = holding.effective.status
    place = order.index(status) if status in order else len(order)
    return place, holding.subject.name, holding.subject.KIND


def history(rules: Iterable[Rule]) -> list[Rule]:
    """Return rules in the order they began, undated ones first, pending ones last."""
    return sorted(rules, key=lambda rule: (rule.is_pending, rule.since or "", rule.key))
