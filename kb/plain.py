"""The plain version of a record's summary: what it cites, and whether it still fits.

A sentence of it may end with the sources that it rests on, as in articles:
`In trials people stayed in treatment longer [@mattick-2014; @gowing-2017].` Each must be
one that the record leans on, so that a plain sentence points at the same evidence as the
summary. Beside it stands which summary it was written for, as a digest: that travels
with exports, where a history does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from kb.choices import PlainStanding
from kb.models import (
    Activity,
    Alkaloid,
    EvidenceItem,
    EvidenceSearch,
    Interaction,
    Occurrence,
    Pharmacokinetic,
    PlainlyTold,
    RegulatoryStatus,
    SafetyNote,
    Source,
    Substance,
    Symptom,
    Variety,
)
from kb.models.base import summary_digest

KINDS = (Substance, Alkaloid, Symptom)

_CITE = re.compile(r"\s*\[(@[\w.-]{1,100}(?:; ?@[\w.-]{1,100})*)\]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, and the slugs of the sources cited at its end."""

    text: str
    cited: tuple[str, ...] = ()


def pieces(text: str) -> list[Piece]:
    """Return a plain summary in stretches: "A [@x]. B." gives "A" with x, and ". B."."""
    found = []
    at = 0
    for cite in _CITE.finditer(text):
        slugs = tuple(cite.group(1).replace("@", "").replace(" ", "").split(";"))
        found.append(Piece(text[at : cite.start()], slugs))
        at = cite.end()
    return [*found, Piece(text[at:])] if text[at:] else found


def cited(text: str) -> list[str]:
    """Return the slugs of the sources that a plain summary cites, each once."""
    return list(dict.fromkeys(slug for piece in pieces(text) for slug in piece.cited))


def bare(text: str) -> str:
    """Return a plain summary without its citations."""
    return _CITE.sub("", text)


def citing(model: type[PlainlyTold], record: Any) -> QuerySet[Any]:
    """Return the records of a kind whose plain summary cites a source: 1 query."""
    if not isinstance(record, Source):
        return model._default_manager.none()
    # Without those that have none, which an index leaves out: most have none.
    told = model._default_manager.exclude(plain_summary="")
    naming = told.filter(plain_summary__contains=f"@{record.slug}")
    found = [
        pk
        for pk, text in naming.values_list("pk", "plain_summary")
        if record.slug in cited(text)
    ]
    return model._default_manager.filter(pk__in=found)


def rename_source(record: Any, slug: str) -> None:
    """Cite a source by another slug wherever a plain summary cites it, and once only."""

    def renamed(cite: re.Match[str]) -> str:
        slugs = cite.group(1).replace("@", "").replace(" ", "").split(";")
        kept = dict.fromkeys(slug if each == record.slug else each for each in slugs)
        return cite.group().replace(
            f"[{cite.group(1)}]", f"[{'; '.join(f'@{each}' for each in kept)}]"
        )

    for model in KINDS:
        for told in citing(model, record):
            told.plain_summary = _CITE.sub(renamed, told.plain_summary)
            told.save()


def standing(record: PlainlyTold) -> PlainStanding:
    return _standing(record.summary, record.plain_summary, record.plain_summary_for)


def _standing(summary: str, plain_summary: str, written_for: str) -> PlainStanding:
    if not plain_summary:
        return PlainStanding.MISSING
    if written_for == summary_digest(summary):
        return PlainStanding.CURRENT
    return PlainStanding.BEHIND


def standings(model: type[PlainlyTold]) -> dict[Any, PlainStanding]:
    """Return how the plain version of each record stands: {pk: standing}; 1 query."""
    return standings_of(model._default_manager.all())


def standings_of(records: QuerySet[Any]) -> dict[Any, PlainStanding]:
    told_by = ("pk", "summary", "plain_summary", "plain_summary_for")
    # In no order: one would be kept by reading the rows all over the disk.
    rows = records.order_by().values_list(*told_by)
    return {pk: _standing(*texts) for pk, *texts in rows}


def with_standing(model: type[PlainlyTold], wanted: str) -> list[Any]:
    """Return the keys of the records whose plain version stands so."""
    rows = model._default_manager.all()
    if wanted == PlainStanding.MISSING:
        return list(rows.filter(plain_summary="").values_list("pk", flat=True))
    # Most have none yet, and no text of theirs has to be read.
    found = standings_of(rows.exclude(plain_summary=""))
    return [pk for pk, standing in found.items() if standing == wanted]


def count_with_standing(model: type[PlainlyTold], wanted: str) -> int:
    """Return how many there are; of those without a plain version no key is read."""
    if wanted == PlainStanding.MISSING:
        return model._default_manager.filter(plain_summary="").count()
    return len(with_standing(model, wanted))


def own_sources(record: Any) -> set[str]:
    """Return the slugs of all sources that a stored record leans on: 1 query a fact."""
    own = {record.KIND: record}
    facts: list[Any] = [
        EvidenceItem.objects.filter(**{f"assessment__{record.KIND}": record}),
        SafetyNote.objects.filter(**own),
        EvidenceSearch.objects.filter(**own),
    ]
    if isinstance(record, Substance | Alkaloid):
        facts += [
            Occurrence.objects.filter(**own),
            Pharmacokinetic.objects.filter(**own),
            RegulatoryStatus.objects.filter(**own),
        ]
    if isinstance(record, Substance):
        facts += [
            Variety.objects.filter(**own),
            Interaction.objects.filter(Q(substance=record) | Q(other=record)),
        ]
    slugs = {
        slug for rows in facts for slug in rows.values_list("source__slug", flat=True)
    }
    if isinstance(record, Alkaloid):
        activities = Activity.objects.filter(alkaloid=record)
        slugs |= set(activities.values_list("source__slug", flat=True))
        slugs |= set(record.sources.values_list("slug", flat=True))
    return slugs


def cite_errors(text: str, own: Iterable[str]) -> list[str]:
    """Return what is wrong with the citations of a plain summary, in sentences."""
    own = set(own)
    errors = [
        f"[@{slug}]: the record does not lean on a source of this name."
        for slug in cited(text)
        if slug not in own
    ]
    if "[@" in bare(text):
        errors.append("A citation is written [@source] or [@one; @another].")
    return errors
