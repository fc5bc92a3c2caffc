"""Regions in their tree: which place a code means, and what it lies in."""

from __future__ import annotations

from collections.abc import Iterator

from kb.models import Region
from kb.regulation import written_code
from kb.version import Version


class RegionTree:
    """All regions, read once: 1 query."""

    def __init__(self) -> None:
        self.by_pk = {region.pk: region for region in Region.objects.all()}
        self.by_code = {region.code: region for region in self.by_pk.values()}
        self.names = {code: region.name for code, region in self.by_code.items()}
        self.retired = {
            code: region
            for region in self.by_pk.values()
            for code in region.retired_codes
        }
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

    def chains(self) -> dict[str, list[str]]:
        """Return the chain of every region: {"US-AL": ["US-AL", "US"]}."""
        return {code: self.chain(region) for code, region in self.by_code.items()}

    def find(self, text: str) -> Region | None:
        """Return the region of a code in any letters, one no longer in use included."""
        code = written_code(text)
        return self.by_code.get(code) or self.retired.get(code)

    def below(self, region: Region) -> Iterator[Region]:
        for each in self.by_pk.values():
            if each != region and region.code in self.chain(each):
                yield each


_kept_trees: dict[Version, RegionTree] = {}


def find_region(text: str) -> Region | None:
    """Return the region of a code in any letters: 1 query, or 2 for a retired code."""
    code = written_code(text)
    found = Region.objects.filter(code=code).first()
    if found is None:
        retired = Region.objects.exclude(retired_codes=[])
        found = next((each for each in retired if code in each.retired_codes), None)
    return found


def region_tree(data_version: Version | None = None) -> RegionTree:
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
