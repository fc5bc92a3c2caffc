"""Filters and facet counts over the documents of one reading, in arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from search.engine import FacetValue, Query
from search.engine.whoosh_reading import Reading

FACETS = ("kind", "level", "region", "status", "tag")


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

    def _places(
        self, regions: tuple[str, ...], statuses: tuple[str, ...]
    ) -> np.ndarray:
        """Return which values "REGION=STATUS" the two filters let through."""
        region_ok = np.array([not regions or r in regions for r in self.regions], bool)
        status_ok = np.array(
            [not statuses or s in statuses for s in self.statuses], bool
        )
        return region_ok[self._region_of] & status_ok[self._status_of]

    def _placed(
        self, regions: tuple[str, ...], statuses: tuple[str, ...]
    ) -> np.ndarray:
        mask = np.zeros(self.size, dtype=bool)
        if len(self.place.docs):
            mask[self.place.docs[self._places(regions, statuses)[self.place.codes]]] = (
                True
            )
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
        found["region"] = self._count_places(
            mask, (), query.statuses, self._region_of, self.regions, query.regions
        )
        found["status"] = self._count_places(
            mask, query.regions, (), self._status_of, self.statuses, query.statuses
        )
        return {name: found[name] for name in FACETS}

    def _count_places(
        self,
        mask: np.ndarray,
        regions: tuple[str, ...],
        statuses: tuple[str, ...],
        side: np.ndarray,
        names: list[str],
        wanted: tuple[str, ...],
    ) -> list[FacetValue]:
        if not len(self.place.docs):
            return in_order({}, wanted)
        docs, codes = self.place.docs, self.place.codes
        chosen = mask[docs] & self._places(regions, statuses)[codes]
        # A document has many regions of one status, and counts once.
        width = len(names)
        keys = np.unique(docs[chosen].astype(np.int64) * width + side[codes[chosen]])
        counts = np.bincount(keys % width, minlength=width)
        return in_order(dict(zip(names, counts.tolist(), strict=True)), wanted)
