"""Filters and facet counts over the documents of one reading, in arrays."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from search.engine import FacetValue, Query
from search.engine.whoosh_reading import Reading

FACETS = ("kind", "level", "region", "status", "tag")
_MOST_HELD = 200


@dataclass(frozen=True, slots=True)
class Column:
    """Which document has which value: pairs of document and place in `values`."""

    values: list[str]
    docs: np.ndarray
    codes: np.ndarray

    @classmethod
    def of(cls, found: list[tuple[str, np.ndarray]]) -> Column:
        codes = [
            np.full(len(docs), n, dtype=np.int32) for n, (_, docs) in enumerate(found)
        ]
        none = [np.empty(0, dtype=np.int32)]
        return cls(
            [value for value, _ in found],
            np.concatenate([docs for _, docs in found] or none),
            np.concatenate(codes or none),
        )

    def having(self, wanted: tuple[str, ...], size: int) -> np.ndarray:
        mask = np.zeros(size, dtype=bool)
        chosen = np.array([value in wanted for value in self.values], dtype=bool)
        if chosen.any():
            mask[self.docs[chosen[self.codes]]] = True
        return mask

    def counts(self, mask: np.ndarray, wanted: tuple[str, ...]) -> list[FacetValue]:
        counts = np.bincount(self.codes[mask[self.docs]], minlength=len(self.values))
        return in_order(dict(zip(self.values, counts.tolist(), strict=True)), wanted)


def in_order(counts: dict[str, int], wanted: tuple[str, ...]) -> list[FacetValue]:
    """Return the values that have a count, most first; a chosen one is never hidden."""
    shown = {value: count for value, count in counts.items() if count}
    for value in wanted:
        shown.setdefault(value, 0)
    ordered = sorted(shown.items(), key=lambda pair: (-pair[1], pair[0]))
    return [FacetValue(value, count) for value, count in ordered]


def above(region: str) -> Iterator[str]:
    """Yield the regions around one: "US-CA" and "US" for "US-CA/san-diego"."""
    for mark in "/-":
        if mark in region:
            region = region.partition(mark)[0]
            yield region


class Facets:
    """The filter fields of one reading. Its lock must be held to make one."""

    def __init__(self, reading: Reading) -> None:
        self.size = reading.size
        self.kind = Column.of(reading.values("kind"))
        self.level = Column.of(reading.values("level"))
        self.tag = Column.of(reading.values("tag"))
        places = reading.values("place")
        self.place = Column.of(places)
        pairs = [value.partition("=") for value, _ in places]
        self.regions = sorted({region for region, _, _ in pairs})
        self.statuses = sorted({status for _, _, status in pairs})
        region_code = {region: n for n, region in enumerate(self.regions)}
        status_code = {status: n for n, status in enumerate(self.statuses)}
        # The region and status of each value "US-AL=controlled", as numbers.
        self._region_of = np.array([region_code[p[0]] for p in pairs], dtype=np.int64)
        self._status_of = np.array([status_code[p[2]] for p in pairs], dtype=np.int64)

        self._held: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    def held_in(self, region: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the documents with a status in a region, and which, as numbers.

        Where a document has none of its own there, that of the region above holds.
        """
        if region not in self._held:
            docs_of, statuses_of = [], []
            seen = np.zeros(self.size, dtype=bool)
            for code in (region, *above(region)):
                docs, statuses = self._own(code)
                new = ~seen[docs]
                docs_of.append(docs[new])
                statuses_of.append(statuses[new])
                seen[docs] = True
            self._held[region] = np.concatenate(docs_of), np.concatenate(statuses_of)
            if len(self._held) > _MOST_HELD:
                self._held.pop(next(iter(self._held)))
        return self._held[region]

    def _own(self, region: str) -> tuple[np.ndarray, np.ndarray]:
        place = bisect_left(self.regions, region)
        if self.regions[place : place + 1] != [region]:
            return np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int64)
        chosen = (self._region_of == place)[self.place.codes]
        return self.place.docs[chosen], self._status_of[self.place.codes[chosen]]

    def _status_numbers(self, statuses: tuple[str, ...]) -> list[int]:
        return [n for n, s in enumerate(self.statuses) if not statuses or s in statuses]

    def _placed(
        self, regions: tuple[str, ...], statuses: tuple[str, ...]
    ) -> np.ndarray:
        mask = np.zeros(self.size, dtype=bool)
        if not len(self.place.docs):
            return mask
        wanted = self._status_numbers(statuses)
        if not regions:
            mask[
                self.place.docs[np.isin(self._status_of, wanted)[self.place.codes]]
            ] = True
        for region in regions:
            docs, held = self.held_in(region)
            mask[docs[np.isin(held, wanted)]] = True
        return mask

    def masks(self, query: Query) -> dict[str, np.ndarray]:
        """Return for each filter in use which documents it lets through."""
        masks = {}
        for name, wanted in (
            ("kind", query.kinds),
            ("level", query.levels),
            ("tag", query.tags),
        ):
            if wanted:
                masks[name] = getattr(self, name).having(wanted, self.size)
        if query.regions or query.statuses:
            masks["place"] = self._placed(query.regions, query.statuses)
        return masks

    def counts(
        self, query: Query, matching: np.ndarray, masks: dict[str, np.ndarray]
    ) -> dict[str, list[FacetValue]]:
        """Count the values among `matching`; no filter narrows its own counts.

        The regions are counted for the statuses asked for, and the other way round.
        """

        def without(own: str) -> np.ndarray:
            mask = matching
            for name, other in masks.items():
                if name != own:
                    mask = mask & other
            return mask

        found = {
            "kind": self.kind.counts(without("kind"), query.kinds),
            "level": self.level.counts(without("level"), query.levels),
            "tag": self.tag.counts(without("tag"), query.tags),
        }
        mask = without("place")
        found["region"] = self._count_regions(mask, query)
        found["status"] = self._count_statuses(mask, query)
        return {name: found[name] for name in FACETS}

    def _count_regions(self, mask: np.ndarray, query: Query) -> list[FacetValue]:
        """Count the documents with a rule of each region itself; of a chosen one also
        those for which the rule above it holds."""
        counts: dict[str, int] = {}
        if len(self.place.docs):
            wanted = np.isin(self._status_of, self._status_numbers(query.statuses))
            docs, codes = self.place.docs, self.place.codes
            chosen = mask[docs] & wanted[codes]
            found = self._once(
                docs[chosen], self._region_of[codes[chosen]], self.regions
            )
            counts = dict(zip(self.regions, found, strict=True))
        for region in query.regions:
            counts[region] = int((self._placed((region,), query.statuses) & mask).sum())
        return in_order(counts, query.regions)

    def _count_statuses(self, mask: np.ndarray, query: Query) -> list[FacetValue]:
        if not len(self.place.docs):
            return in_order({}, query.statuses)
        if query.regions:
            held = [self.held_in(region) for region in query.regions]
            docs = np.concatenate([docs for docs, _ in held])
            statuses = np.concatenate([statuses for _, statuses in held])
        else:
            docs, statuses = self.place.docs, self._status_of[self.place.codes]
        chosen = mask[docs]
        counts = self._once(docs[chosen], statuses[chosen], self.statuses)
        return in_order(dict(zip(self.statuses, counts, strict=True)), query.statuses)

    @staticmethod
    def _once(docs: np.ndarray, numbers: np.ndarray, names: list[str]) -> list[int]:
        """Count documents by number: one that has many regions of a status counts once."""
        width = len(names)
        keys = np.unique(docs.astype(np.int64) * width + numbers)
        counts: list[int] = np.bincount(keys % width, minlength=width).tolist()
        return counts
