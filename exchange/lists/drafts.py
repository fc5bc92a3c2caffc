"""Makes what readers do not see: draft records, and more of what belongs to a draft."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from django.db import models, transaction
from django.utils.text import slugify

from exchange.lists.known import Known, Reference
from kb.choices import ExternalScheme, SourceKind, State, SymptomKind, Verification
from kb.models import (
    Alkaloid,
    ExternalId,
    Occurrence,
    Source,
    Substance,
    Symptom,
    Synonym,
)

MODELS: dict[str, type[models.Model]] = {
    "substance": Substance,
    "alkaloid": Alkaloid,
    "symptom": Symptom,
}


class Drafts:
    def __init__(self, known: Known, counts: Counter[str]) -> None:
        self._known = known
        self._counts = counts
        self._published = {
            Reference(kind, slug)
            for kind, model in MODELS.items()
            for slug in model._default_manager.filter(
                state=State.PUBLISHED
            ).values_list("slug", flat=True)
        }
        self._own_sources: set[str] = set()

    def is_published(self, reference: Reference) -> bool:
        return reference in self._published

    def source(self, *, slug: str, **fields: Any) -> str:
        """Return the slug of a source, made as a draft when it is not there."""
        if slug not in self._own_sources:
            if not Source.objects.filter(slug=slug).exists():
                _store(Source(slug=slug, state=State.DRAFT, **fields))
                self._counts["sources made as drafts"] += 1
            self._own_sources.add(slug)
        return slug

    def article(self, doi: str) -> str:
        """Return the slug of the source with a DOI; a new one has that and no title."""
        if found := self._known.source(doi):
            return found
        made = Source(
            slug=_free_slug(Source, f"doi-{doi}"),
            name=f"[Article with the DOI {doi}]",
            title_is_paraphrase=True,
            kind=SourceKind.JOURNAL_ARTICLE,
            doi=doi,
            authors_complete=False,
            verification=Verification.UNVERIFIED,
        )
        _store(made)
        self._known.learn_source(doi, made.slug)
        self._counts["sources made as drafts"] += 1
        return made.slug

    def substance(self, name: str, category: str, **fields: str) -> Reference:
        fields = {"verification": Verification.UNVERIFIED, **fields}
        return self._save(Substance, name, category=category, **fields)

    def symptom(self, name: str, note: str) -> Reference:
        values = {"kind": SymptomKind.SYMPTOM, "note": note}
        return self._save(Symptom, name, **values, verification=Verification.UNVERIFIED)

    def alkaloid(self, name: str, smiles: str, numbers: dict[str, str]) -> Reference:
        """Make a compound. Raises BadStructure, ValidationError or IntegrityError."""
        row = Alkaloid(
            slug=_free_slug(Alkaloid, name),
            name=name,
            smiles=smiles,
            verification=Verification.UNVERIFIED,
        )
        with transaction.atomic():
            _store(row)
            for scheme, value in numbers.items():
                if value:
                    number = ExternalId(
                        alkaloid=row, scheme=ExternalScheme(scheme), value=value
                    )
                    _store(number)
        self._known.learn_compound(row.slug, row.inchikey)
        return self._made(row)

    def _save(self, model: Any, name: str, **fields: Any) -> Reference:
        made = model(slug=_free_slug(model, name), name=name, **fields)
        _store(made)
        return self._made(made)

    def _made(self, row: Any) -> Reference:
        reference = Reference(row.KIND, row.slug)
        self._known.learn(reference, row.name)
        self._counts[f"{row.KIND}s made as drafts"] += 1
        return reference

    def add(self, owner: Reference, part: str, entry: dict[str, Any]) -> bool:
        """Add an entry to a part of a draft; tell whether it was not there yet."""
        row = MODELS[owner.kind]._default_manager.get(slug=owner.slug)
        own = {owner.kind: row}
        with transaction.atomic():
            if part == "synonyms":
                key = {"name": entry["name"], "kind": entry["kind"]}
                if Synonym.objects.filter(**own, **key).exists():
                    return False
                source = Source.objects.get(slug=entry["source"])
                Synonym.objects.create(
                    **own, **key, language=entry["language"], source=source
                )
                self._known.learn(owner, entry["name"])
                return True
            if part == "external_ids":
                _row, made = ExternalId.objects.get_or_create(
                    **own,
                    scheme=entry["scheme"],
                    value=entry["value"],
                    defaults={"verification": entry["verification"]},
                )
                return made
            wanted = {
                "substance": row,
                "alkaloid": Alkaloid.objects.get(slug=entry["alkaloid"]),
                "source": Source.objects.get(slug=entry["source"]),
            }
            if Occurrence.objects.filter(**wanted).exists():
                return False
            left = {"key", "alkaloid", "source"}
            rest = {name: value for name, value in entry.items() if name not in left}
            Occurrence.objects.create(**wanted, **rest)
            return True


def _store(row: models.Model) -> None:
    """Save a row that is right, in a savepoint: one that the database refuses takes
    nothing else with it. Raises ValidationError or IntegrityError."""
    computed = {"reviewed_by", "drawing", "molar_mass", "inchikey"}
    fields = {field.name for field in row._meta.fields}
    row.full_clean(exclude=computed & fields)
    with transaction.atomic():
        row.save()


def _free_slug(model: Any, name: str) -> str:
    """Return a slug for a name that no record of the kind has: "arecoline-2"."""
    plain = re.sub(r"[^a-z0-9]+", "-", slugify(re.sub(r"[./():;<>_]", "-", name)))
    stem = plain[:70].strip("-") or "unnamed"
    taken = set(
        model._default_manager.filter(slug__startswith=stem).values_list(
            "slug", flat=True
        )
    )
    number, slug = 1, stem
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug
