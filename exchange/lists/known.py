"""Finds our records by a name, an InChIKey, a CAS number or a DOI.

Names are folded as the search folds them (kb.names): case, accents and dashes make no
difference. The tables hold one line a name of ours, however long the list is.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from kb.choices import ExternalScheme
from kb.models import Alkaloid, ExternalId, Source, Substance, Symptom, Synonym
from kb.names import words


class Reference(NamedTuple):
    kind: str  # "substance"
    slug: str


def folded(name: str) -> str:
    return " ".join(word.text for word in words(name))


class Known:
    """What is recorded; lists add what they make: 8 queries."""

    def __init__(self) -> None:
        self._names: dict[str, set[Reference]] = defaultdict(set)
        self._inchikeys: dict[str, str] = {}
        self._numbers: dict[tuple[str, str], set[Reference]] = defaultdict(set)
        for model in (Substance, Alkaloid, Symptom):
            for slug, name in model._default_manager.values_list("slug", "name"):
                self.learn(Reference(model.KIND, slug), name)
        named = Substance.objects.exclude(scientific_name="")
        for slug, name in named.values_list("slug", "scientific_name"):
            self.learn(Reference(Substance.KIND, slug), name)
        for kind in (Substance.KIND, Alkaloid.KIND, Symptom.KIND):
            owned = {f"{kind}__isnull": False}
            pairs = Synonym.objects.filter(**owned).values_list(f"{kind}__slug", "name")
            for slug, name in pairs:
                self.learn(Reference(kind, slug), name)
            numbers = ExternalId.objects.filter(**owned)
            for row in numbers.values_list(f"{kind}__slug", "scheme", "value"):
                self._numbers[row[1], row[2]].add(Reference(kind, row[0]))
        self._inchikeys.update(Alkaloid.objects.values_list("inchikey", "slug"))
        self._sources = dict(
            Source.objects.filter(doi__isnull=False).values_list("doi", "slug")
        )

    def learn(self, reference: Reference, *names: str) -> None:
        for name in names:
            if key := folded(name):
                self._names[key].add(reference)

    def learn_compound(self, slug: str, inchikey: str) -> None:
        self._inchikeys[inchikey] = slug

    def learn_source(self, doi: str, slug: str) -> None:
        self._sources[doi] = slug

    def named(self, name: str, *kinds: str) -> list[Reference]:
        """Return the records of these kinds with this name, in the order of the kinds."""
        found = self._names.get(folded(name), ())
        wanted = [each for each in found if each.kind in kinds]
        return sorted(wanted, key=lambda each: (kinds.index(each.kind), each.slug))

    def is_name(self, name: str) -> bool:
        return folded(name) in self._names

    def compound(self, inchikey: str, cas: str, *names: str) -> list[Reference]:
        """Return the alkaloids meant: by InChIKey alone, or where none is stated by CAS
        number, or by name. A structure that is stated and unknown is another compound."""
        if inchikey:
            slug = self._inchikeys.get(inchikey)
            return [Reference(Alkaloid.KIND, slug)] if slug else []
        for found in (
            [
                each
                for each in self._numbers.get((ExternalScheme.CAS, cas), ())
                if each.kind == Alkaloid.KIND
            ],
            *(self.named(name, Alkaloid.KIND) for name in names),
        ):
            if found:
                return sorted(found)
        return []

    def numbered(self, scheme: str, value: str, kind: str) -> list[Reference]:
        found = self._numbers.get((scheme, value), ())
        return sorted(each for each in found if each.kind == kind)

    def source(self, doi: str) -> str | None:
        return self._sources.get(doi)
