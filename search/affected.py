"""Which documents tell of a row, so that none is left behind when it changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import Q
from taggit.models import Tag

from kb.models import (
    Alkaloid,
    Assessment,
    EvidenceItem,
    Interaction,
    Occurrence,
    Record,
    Region,
    RegulatoryStatus,
    Substance,
    Symptom,
    TaggedRecord,
)

OWNERS = ("substance", "alkaloid", "symptom", "region", "other")


def affected_by(row: models.Model) -> set[str]:
    """Return the keys of the documents that tell of a row: "substance:kratom"."""
    return set(_keys(row))


def _keys(row: models.Model) -> Iterator[str]:
    if isinstance(row, Record | Region):
        yield row.record_key
    if isinstance(row, Substance | Alkaloid):
        yield from _named_in(row)
    elif isinstance(row, Symptom):
        yield from _subjects(Assessment.objects.filter(symptom=row))
    elif isinstance(row, Region):
        yield from _under_its_law()
    elif isinstance(row, Tag):
        for tagged in TaggedRecord.objects.filter(tag=row):
            yield from _keys(tagged)
    elif isinstance(row, TaggedRecord):
        if isinstance(row.content_object, Record | Region):
            yield row.content_object.record_key
    elif isinstance(row, EvidenceItem):
        yield from _owners(row.assessment)
    else:
        yield from _owners(row)
        if isinstance(row, RegulatoryStatus):
            yield from (each.record_key for each in row.reaches.all())


def _owners(row: models.Model) -> Iterator[str]:
    for name in OWNERS:
        if getattr(row, f"{name}_id", None) is not None:
            yield getattr(row, name).record_key


def _subjects(rows: models.QuerySet[Any]) -> Iterator[str]:
    for row in rows.select_related("substance", "alkaloid"):
        yield row.subject.record_key


def _named_in(subject: Substance | Alkaloid) -> Iterator[str]:
    """Yield what else names a subject: outcomes, regions, what it is in or holds."""
    mine = {subject.KIND: subject}
    for assessment in Assessment.objects.filter(**mine).select_related("symptom"):
        yield assessment.symptom.record_key
    for status in RegulatoryStatus.objects.filter(**mine).select_related("region"):
        yield status.region.record_key
    for occurrence in Occurrence.objects.filter(**mine).select_related(
        "substance", "alkaloid"
    ):
        yield from _owners(occurrence)
    if isinstance(subject, Alkaloid):
        reached = Substance.objects.filter(reached_by__alkaloid=subject).distinct()
        yield from (each.record_key for each in reached)
    else:
        meets = Interaction.objects.filter(Q(substance=subject) | Q(other=subject))
        for interaction in meets.select_related("substance", "other"):
            yield from _owners(interaction)


def _under_its_law() -> Iterator[str]:
    """Yield every subject with a rule anywhere: a region's place decides what it inherits."""
    for model in (Substance, Alkaloid):
        ruled = model.objects.filter(regulatorystatus__isnull=False).distinct()
        yield from (each.record_key for each in ruled)
    reached = Substance.objects.filter(reached_by__isnull=False).distinct()
    yield from (each.record_key for each in reached)
