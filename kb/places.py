"""Regions in their tree: which place a code or a name means, and what it lies in.

Most places have no record: a record is made when somebody writes down a rule there. The
others come from kb.gazetteer, as a `Region` that is not saved and lies below the nearest
place with a record. So they are answered by what holds above, and nothing is stored.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping

from django.db import transaction

from kb import gazetteer
from kb.choices import RegionKind
from kb.gazetteer import plain
from kb.gazetteer.spoken import other_languages, spoken_name, spoken_order
from kb.models import Region, Synonym
from kb.regulation import written_code
from kb.version import Version

NEAR = 0.75  # how alike a name must be to be offered, 1 being the same


class RegionTree:
    """All recorded regions, read once: 1 query, and 1 when first asked for a name."""

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
        self._called: dict[str, list[Region]] = {}

    def chain(self, region: Region) -> list[str]:
        """Return its code and those of recorded regions above it, nearest first."""
        if region.code in self._chains:
            return self._chains[region.code]
        codes = []
        above: Region | None = region
        while above is not None and above.code not in codes:
            codes.append(above.code)
            above = self.by_pk.get(above.parent_id) if above.parent_id else None
        self._chains[region.code] = codes
        return codes

    def spoken(self, code: str) -> str:
        """Return the name of a recorded region in the language of the page."""
        return spoken_name(code, self.names.get(code, code))

    def chains(self) -> dict[str, list[str]]:
        """Return the chain of every recorded region: {"US-AL": ["US-AL", "US"]}."""
        return {code: self.chain(region) for code, region in self.by_code.items()}

    def find(self, text: str) -> Region | None:
        """Return the region of a code in any letters, one no longer in use or without a
        record included."""
        code = written_code(text)
        found = self.by_code.get(code) or self.retired.get(code)
        return found or unrecorded(code, self.by_code)

    def below(self, region: Region) -> Iterator[Region]:
        for each in self.by_pk.values():
            if each.code != region.code and region.code in self.chain(each):
                yield each

    def above(self, region: Region) -> list[Region]:
        """Return all that a region lies in, nearest first, unrecorded parts included."""
        codes = self.chain(region)[1:]
        if not region.is_recorded:
            codes = gazetteer.above(region.code)
        found = (self.find(code) for code in codes)
        return [each for each in found if each is not None]

    def full_name(self, region: Region) -> str:
        """Return "Ohio, United States"; `named` takes it back."""
        return ", ".join(each.spoken_name for each in (region, *self.above(region)))

    def named(self, text: str) -> list[Region]:
        """Return every region of a name: "Ohio", "Deutschland", "Georgia, United States".

        Recorded ones go before those that nobody recorded, the whole before its parts.
        """
        first, _, rest = text.partition(",")
        found = self._bearing(plain(text)) or self._bearing(plain(first))
        for name in filter(None, (plain(part) for part in rest.split(","))):
            around = {each.code for each in self._bearing(name)}
            inside = [
                each
                for each in found
                if around.intersection(above.code for above in self.above(each))
            ]
            found = inside or found
        recorded = [each for each in found if each.is_recorded]
        whole = outermost(each.code for each in found)
        return recorded or [each for each in found if each.code in whole]

    def starting(self, text: str, limit: int) -> list[Region]:
        """Return regions of which a name begins so, or has a word that does: countries
        first, then recorded places, then others; by name."""
        wanted, found = plain(text), dict[str, Region]()
        if not wanted:
            return []
        for name, regions in self._recorded_names().items():
            if name.startswith(wanted) or f" {wanted}" in name:
                found |= {each.code: each for each in regions}
        for name, codes in gazetteer.by_name().items():
            if name.startswith(wanted):
                known = (self.find(code) for code in codes if code not in found)
                found |= {each.code: each for each in known if each}

        def order(region: Region) -> tuple[bool, bool, bool, str]:
            begins = plain(region.spoken_name).startswith(wanted)
            return (
                not begins,
                not region.is_recorded,
                region.parent_id is not None,
                spoken_order(region.spoken_name),
            )

        return sorted(found.values(), key=order)[:limit]

    def near(self, text: str) -> list[Region]:
        """Return regions whose name is nearly so, the nearest first."""
        wanted = plain(text)[:60]
        names = {*self._recorded_names(), *gazetteer.by_name()}
        alike = [name for name in names if name[:1] == wanted[:1]]
        close = difflib.get_close_matches(wanted, alike, n=3, cutoff=NEAR)
        found = {each.code: each for name in close for each in self._bearing(name)}
        return list(found.values())

    def _bearing(self, name: str) -> list[Region]:
        found = {each.code: each for each in self._recorded_names().get(name, ())}
        for code in gazetteer.by_name().get(name, ()):
            region = self.find(code)
            # A recorded region is known by the names that were recorded for it.
            if region is not None and not region.is_recorded:
                found[region.code] = region
        return list(found.values())

    def _recorded_names(self) -> dict[str, list[Region]]:
        if not self._called:
            called: dict[str, dict[str, Region]] = {}
            for region in self.by_pk.values():
                called.setdefault(plain(region.name), {})[region.code] = region
            synonyms = Synonym.objects.filter(region__isnull=False).order_by("pk")
            for synonym, pk in synonyms.values_list("name", "region_id"):
                region = self.by_pk[pk]
                called.setdefault(plain(synonym), {})[region.code] = region
            for region in self.by_pk.values():
                for name in other_languages(region.code):
                    called.setdefault(plain(name), {})[region.code] = region
            self._called = {name: [*by.values()] for name, by in called.items()}
        return self._called


def outermost(codes: Iterable[str]) -> list[str]:
    """Leave out a part that bears the name of what it lies in: Madrid in Madrid."""
    codes = list(codes)
    return [code for code in codes if set(codes).isdisjoint(gazetteer.above(code))]


def unrecorded(code: str, recorded: Mapping[str, Region]) -> Region | None:
    """Return the region of an ISO 3166-2 code, one no longer in use included: a recorded
    one, or one that is not saved and lies below the nearest recorded one.

    None if there is no such code, or nothing above it is recorded.
    """
    code = gazetteer.retired().get(code, code)
    if code in recorded:
        return recorded[code]
    place = gazetteer.places().get(code)
    above = (recorded.get(each) for each in gazetteer.above(code))
    parent = next((each for each in above if each is not None), None)
    if place is None or parent is None:
        return None
    once = [old for old, new in gazetteer.retired().items() if new == code]
    return Region(
        code=code,
        name=place.name,
        kind=RegionKind.SUBDIVISION,
        parent=parent,
        retired_codes=once,
        updated_at=parent.updated_at,
    )


def other_names(region: Region) -> list[str]:
    """Return its other names: 1 query, none for a place without a record."""
    if not region.is_recorded:
        return list(gazetteer.places()[region.code].others)
    return list(dict.fromkeys(each.name for each in region.synonyms.all()))


@transaction.atomic
def record(region: Region) -> Region:
    """Save a place that was not recorded, and the parts that it lies in."""
    if region.is_recorded:
        return region
    parent = None
    for code in reversed([region.code, *gazetteer.above(region.code)]):
        found = find_region(code)
        if found is not None and not found.is_recorded:
            found.parent = parent or found.parent
            found.save()
            for name in gazetteer.places()[code].others:
                Synonym.objects.create(region=found, name=name, language="mul")
        parent = found
    assert parent is not None
    return parent


_kept_trees: dict[Version, RegionTree] = {}


def find_region(text: str) -> Region | None:
    """Return the region of a code in any letters: 1 query, 2 for a retired code, 3 for a
    place without a record."""
    code = written_code(text)
    found = Region.objects.select_related("parent").filter(code=code).first()
    if found is None:
        retired = Region.objects.exclude(retired_codes=[])
        found = next((each for each in retired if code in each.retired_codes), None)
    if found is None:
        new = gazetteer.retired().get(code, code)
        around = Region.objects.filter(code__in=[new, *gazetteer.above(new)])
        found = unrecorded(code, {each.code: each for each in around})
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
