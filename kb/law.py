"""Asks the database what holds where, for the rules of kb.regulation to decide."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone

from kb import regulation
from kb.models import Alkaloid, Region, RegulatoryStatus, Substance
from kb.regulation import EffectiveStatus, Rule

Subject = Substance | Alkaloid


def today() -> datetime.date:
    return timezone.localdate()


@dataclass(frozen=True, slots=True)
class Holding:
    """What holds for a subject in a region on a day."""

    subject: Subject
    region: Region
    effective: EffectiveStatus


class RegionTree:
    """All regions, read once: 1 query."""

    def __init__(self) -> None:
        self.by_pk = {region.pk: region for region in Region.objects.all()}
        self.by_code = {region.code: region for region in self.by_pk.values()}
        self.names = {code: region.name for code, region in self.by_code.items()}
        self._chains: dict[str, list[str]] = {}

    def chain(self, region: Region) -> list[str]:
        """Return its code and those above it, nearest first."""
        if region.code in self._chains:
            return self._chains[region.code]
        codes = []
        above: Region | None = region
        while above is not None and above.code not in codes:
            codes.append(above.code)
            above = self.by_pk.get(above.parent_id) if above.parent_id else None
        self._chains[region.code] = codes
        return codes

    def below(self, region: Region) -> Iterator[Region]:
        for each in self.by_pk.values():
            if each != region and region.code in self.chain(each):
                yield each


_kept_trees: dict[int, RegionTree] = {}


def region_tree(data_version: int | None = None) -> RegionTree:
    """Return all regions: 1 query, or none where they were read at this version before.

    data_version is that of kb.version, read in this request; None reads anew.
    """
    if data_version is None:
        return RegionTree()
    if data_version not in _kept_trees:
        tree = RegionTree()
        _kept_trees.clear()
        _kept_trees[data_version] = tree
    return _kept_trees[data_version]


def rules_bearing_on(subject: Subject) -> list[Rule]:
    """Return all rules about a subject, those that reach it included: 1 query."""
    rows = RegulatoryStatus.objects.bearing_on(subject).of_published().for_page()
    return [row.as_rule() for row in rows]


def effective_in(
    subject: Subject, region: Region, *, on: datetime.date | None = None
) -> EffectiveStatus:
    """Return what holds for a subject in a region on a day (today): 2 queries."""
    return effective_with(
        subject, region, on=on, rules=rules_bearing_on(subject), tree=RegionTree()
    )


def effective_with(
    subject: Subject,
    region: Region,
    *,
    rules: Sequence[Rule],
    tree: RegionTree,
    on: datetime.date | None = None,
) -> EffectiveStatus:
    """Return the same from rules and regions that are at hand: no query."""
    chain = tree.chain(region)
    return regulation.effective_status(
        [rule for rule in rules if rule.region in chain],
        subject=subject.record_key,
        chain=chain,
        on=on or today(),
        today=today(),
    )


def everywhere(
    subject: Subject,
    *,
    on: datetime.date | None = None,
    tree: RegionTree | None = None,
    rules: Sequence[Rule] | None = None,
) -> list[Holding]:
    """Return what holds in each region that has a rule of its own: 2 queries.

    A region without one has what holds above it; `effective_in` tells.
    """
    tree = tree or RegionTree()
    rules = rules_bearing_on(subject) if rules is None else rules
    by_region: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        by_region[rule.region].append(rule)
    holdings = []
    for code in by_region:
        region = tree.by_code[code]
        chain = tree.chain(region)
        bearing = [rule for above in chain for rule in by_region.get(above, ())]
        effective = regulation.effective_status(
            bearing, subject=subject.record_key, chain=chain, on=on or today(), today=today()
        )
        holdings.append(Holding(subject, region, effective))
    return sorted(holdings, key=lambda holding: order_of(holding.region, tree))


def order_of(region: Region, tree: RegionTree) -> tuple[str, ...]:
    """Sort regions by name, places below a region right after it."""
    return tuple(tree.by_code[code].name for code in reversed(tree.chain(region)))


def in_region(
    region: Region, *, on: datetime.date | None = None, tree: RegionTree | None = None
) -> list[Holding]:
    """Return what holds for every subject that has a rule there or above: 4 queries."""
    tree = tree or RegionTree()
    chain = tree.chain(region)
    rows = (
        RegulatoryStatus.objects.for_page()
        .of_published()
        .filter(region__code__in=chain)
        .prefetch_related("reaches")
    )
    by_subject: dict[Subject, list[Rule]] = defaultdict(list)
    for row in rows:
        rule = row.as_rule()
        for subject in (row.subject, *row.reaches.all()):
            by_subject[subject].append(rule)
    holdings = [
        Holding(
            subject,
            region,
            regulation.effective_status(
                rules,
                subject=subject.record_key,
                chain=chain,
                on=on or today(),
                today=today(),
            ),
        )
        for subject, rules in by_subject.items()
        if subject.is_published
    ]
    return sorted(holdings, key=_strictest_first)


def _strictest_first(holding: Holding) -> tuple[int, str, str]:
    order = [*regulation.STRICTNESS]
    status = holding.effective.status
    place = order.index(status) if status in order else len(order)
    return place, holding.subject.name, holding.subject.KIND


def history(rules: Iterable[Rule]) -> list[Rule]:
    """Return rules in the order they began, undated ones first, pending ones last."""
    return sorted(rules, key=lambda rule: (rule.is_pending, rule.since or "", rule.key))
