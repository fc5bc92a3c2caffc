"""Filters and facet counts over the documents of one reading, in arrays."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from search.engine import Counted, Query
from search.engine.ragged import ranges
from search.engine.whoosh_reading import Reading

_MOST_HELD = 200


@dataclass(frozen=True, slots=True)
class Column:
    """The values of each document, as places in `values`: those of document n are
    codes[start[n]:start[n + 1]]."""

    values: list[str]
    start: np.ndarray
    codes: np.ndarray

    @classmethod
    def of(cls, reading: Reading, field: str) -> Column:
        values = sorted(
            {v for leaf in reading.leaves for v in leaf.arrays.about[field]}
        )
        place_of = {value: place for place, value in enumerate(values)}
        starts, codes = [np.zeros(1, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
        if len(reading.leaves) == 1:  # as they lie in the file
            arrays = reading.leaves[0].arrays
            return cls(values, arrays[f"{field}.start"], arrays[f"{field}.codes"])
        end = 0
        for leaf in reading.leaves:
            places = [place_of[value] for value in leaf.arrays.about[field]]
            known = np.array(places, dtype=np.int64)
            codes.append(known[leaf.arrays[f"{field}.codes"]])
            starts.append(leaf.arrays[f"{field}.start"][1:].astype(np.int64) + end)
            end += len(codes[-1])
        return cls(values, np.concatenate(starts), np.concatenate(codes))

    @property
    def docs(self) -> np.ndarray:
        """The document of each code."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    def having(self, wanted: tuple[str, ...]) -> np.ndarray:
        mask = np.zeros(len(self.start) - 1, dtype=bool)
        chosen = np.array([value in wanted for value in self.values], dtype=bool)
        if chosen.any():
            mask[self.docs[chosen[self.codes]]] = True
        return mask

    def count(self, docs: np.ndarray) -> np.ndarray:
        """Return how many of these documents have each value."""
        first = self.start[docs].astype(np.int64)
        codes = self.codes[ranges(first, self.start[docs + 1] - first)]
        return np.bincount(codes, minlength=len(self.values))

    def counts(self, docs: np.ndarray, wanted: tuple[str, ...]) -> Counted:
        return in_order(self.values, self.count(docs), wanted)


def in_order(values: list[str], counts: np.ndarray, wanted: tuple[str, ...]) -> Counted:
    """Return the values that have a count, most first; a chosen one is never hidden.
    `values` are in order themselves."""
    order = (-counts).argsort(kind="stable")[: np.count_nonzero(counts)]
    shown = [values[place] for place in order.tolist()]
    found = list(zip(shown, counts[order].tolist(), strict=True))
    missing = sorted(set(wanted).difference(shown)) if wanted else ()
    return [*found, *((value, 0) for value in missing)]


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
        self.kind = Column.of(reading, "kind")
        self.level = Column.of(reading, "level")
        self.tag = Column.of(reading, "tag")
        self.place = Column.of(reading, "place")
        # A document with several rules of a status, or of a region, counts once.
        self.region = Column.of(reading, "region")
        self.status = Column.of(reading, "status")
        pairs = [value.partition("=") for value in self.place.values]
        region_code = {region: n for n, region in enumerate(self.region.values)}
        status_code = {status: n for n, status in enumerate(self.status.values)}
        # The region and status of each value "US-AL=controlled", as numbers.
        self._region_of = np.array([region_code[p[0]] for p in pairs], dtype=np.int64)
        self._status_of = np.array([status_code[p[2]] for p in pairs], dtype=np.int64)
        self._held: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    @cached_property
    def _place_docs(self) -> np.ndarray:
        return self.place.docs

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
        place = bisect_left(self.region.values, region)
        if self.region.values[place : place + 1] != [region]:
            return np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int64)
        chosen = (self._region_of == place)[self.place.codes]
        return self._place_docs[chosen], self._status_of[self.place.codes[chosen]]

    def _status_numbers(self, statuses: tuple[str, ...]) -> list[int]:
        return [
            n
            for n, status in enumerate(self.status.values)
            if not statuses or status in statuses
        ]

    def _placed(
        self, regions: tuple[str, ...], statuses: tuple[str, ...]
    ) -> np.ndarray:
        mask = np.zeros(self.size, dtype=bool)
        if not len(self._place_docs):
            return mask
        wanted = self._status_numbers(statuses)
        if not regions:
            mask[
                self._place_docs[np.isin(self._status_of, wanted)[self.place.codes]]
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
                masks[name] = getattr(self, name).having(wanted)
        if query.regions or query.statuses:
            masks["place"] = self._placed(query.regions, query.statuses)
        return masks

    def counts(
        self, query: Query, docs: np.ndarray, masks: dict[str, np.ndarray]
    ) -> dict[str, Counted]:
        """Count the values among the matching documents; no filter narrows its own
        counts. The regions are counted for the statuses asked for, and the other way
        round.
        """

        def without(own: str) -> np.ndarray:
            kept = docs
            for name, mask in masks.items():
                if name != own:
                    kept = kept[mask[kept]]
            return kept

        chosen = without("place")
        return {
            "kind": self.kind.counts(without("kind"), query.kinds),
            "level": self.level.counts(without("level"), query.levels),
            "region": self._count_regions(chosen, query),
            "status": self._count_statuses(chosen, query),
            "tag": self.tag.counts(without("tag"), query.tags),
        }

    def _count_regions(self, docs: np.ndarray, query: Query) -> Counted:
        """Count the documents with a rule of each region itself; of a chosen one also
        those for which the rule above it holds."""
        names = self.region.values
        if query.statuses:
            wanted = np.isin(self._status_of, self._status_numbers(query.statuses))
            chosen = self._mask(docs)[self._place_docs] & wanted[self.place.codes]
            found = self._once(
                self._place_docs[chosen],
                self._region_of[self.place.codes[chosen]],
                names,
            )
        else:
            found = self.region.count(docs)
        if not query.regions:
            return in_order(names, found, ())
        counts = dict(zip(names, found.tolist(), strict=True))
        for region in query.regions:
            counts[region] = int(self._placed((region,), query.statuses)[docs].sum())
        names = sorted(counts)
        return in_order(names, np.array([*map(counts.get, names)]), query.regions)

    def _count_statuses(self, docs: np.ndarray, query: Query) -> Counted:
        if not query.regions:
            return self.status.counts(docs, query.statuses)
        held = [self.held_in(region) for region in query.regions]
        held_docs = np.concatenate([docs for docs, _ in held])
        statuses = np.concatenate([statuses for _, statuses in held])
        chosen = self._mask(docs)[held_docs]
        counts = self._once(held_docs[chosen], statuses[chosen], self.status.values)
        return in_order(self.status.values, counts, query.statuses)

    def _mask(self, docs: np.ndarray) -> np.ndarray:
        mask = np.zeros(self.size, dtype=bool)
        mask[docs] = True
        return mask

    @staticmethod
    def _once(docs: np.ndarray, numbers: np.ndarray, names: list[str]) -> np.ndarray:
        """Count documents by number: one that has many regions of a status counts once."""
        width = len(names)
        keys = np.unique(docs.astype(np.int64) * width + numbers)
        return np.bincount(keys % width, minlength=width)
