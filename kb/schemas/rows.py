"""Makes rows be what a record says. Only what differs is saved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from kb.models import (
    Alkaloid,
    ExternalId,
    Record,
    Region,
    Substance,
    Symptom,
    Synonym,
    TaggedRecord,
)
from kb.models.base import Fact
from kb.schemas.base import Citing, PlainlyToldRecord, Reviewed, Strict, SynonymRecord
from kb.schemas.lookup import Lookup
from kb.schemas.regulation import RegionNameRecord
from kb.schemas.subjects import ExternalIdRecord

Owner = Substance | Alkaloid | Symptom | Region


def own_values(record: Citing, *links: str) -> dict[str, Any]:
    """Return what a row holds itself: no link, nothing that names it or is computed."""
    return record.model_dump(exclude={"kind", "key", *Citing.model_fields, *links})


def reviewed_values(record: Reviewed) -> dict[str, Any]:
    return record.model_dump(include={"name", "summary", "state", "reviewed_on"})


def plain_values(record: PlainlyToldRecord) -> dict[str, Any]:
    return record.model_dump(include={"plain_summary", "plain_summary_for"})


def save_row(
    model: type[Any], identity: Mapping[str, Any], values: Mapping[str, Any]
) -> Any:
    """Return the row with this identity, made or changed where it differs."""
    row = model._default_manager.filter(**identity).first()
    if row is None:
        row = model(**identity, **values)
        row.save()
    elif assign(row, values):
        row.save()
    return row


def assign(row: models.Model, values: Mapping[str, Any]) -> bool:
    """Set values; return whether any of them was another before."""
    differs = False
    for field, value in values.items():
        if getattr(row, field) != value:
            setattr(row, field, value)
            differs = True
    return differs


def sync_tags(record: Record, slugs: Sequence[str], lookup: Lookup) -> None:
    """Make the tags be these. taggit's own `set` takes ten queries a tag."""
    content_type = ContentType.objects.get_for_model(record)
    there = {
        tagged.tag.slug: tagged
        for tagged in TaggedRecord.objects.filter(
            content_type=content_type, object_id=record.pk
        ).select_related("tag")
    }
    for slug in there.keys() - set(slugs):
        there[slug].delete()
    for slug in sorted(set(slugs) - there.keys()):
        TaggedRecord.objects.create(tag=lookup.tag(slug), content_object=record)


def sync_links(manager: Any, wanted: Sequence[models.Model]) -> None:
    if {row.pk for row in manager.all()} != {row.pk for row in wanted}:
        manager.set(wanted)


def _sync_rows(
    rows: Iterable[Any],
    wanted: Mapping[Any, Mapping[str, Any]],
    identify: Callable[[Any], Any],
    make: Callable[[Any, Mapping[str, Any]], Any],
) -> None:
    """Make the rows be `wanted` (identity → values): delete, change, add."""
    kept = set()
    for row in rows:
        identity = identify(row)
        if identity not in wanted:
            row.delete()
            continue
        kept.add(identity)
        if assign(row, wanted[identity]):
            row.save()
    for identity, values in wanted.items():
        if identity not in kept:
            make(identity, values).save()


def sync_synonyms(
    owner: Owner, records: Sequence[SynonymRecord | RegionNameRecord], lookup: Lookup
) -> None:
    wanted = {
        (each.name, each.kind): {
            "language": each.language,
            "source": lookup.find("source", getattr(each, "source", None)),
        }
        for each in records
    }
    _sync_rows(
        owner.synonyms.select_related("source"),
        wanted,
        lambda row: (row.name, row.kind),
        lambda identity, values: Synonym(
            **{owner.KIND: owner}, name=identity[0], kind=identity[1], **values
        ),
    )


def sync_external_ids(
    owner: Substance | Alkaloid | Symptom, records: Sequence[ExternalIdRecord]
) -> None:
    wanted = {
        (each.scheme, each.value): {"verification": each.verification}
        for each in records
    }
    _sync_rows(
        owner.external_ids.all(),
        wanted,
        lambda row: (row.scheme, row.value),
        lambda identity, values: ExternalId(
            **{owner.KIND: owner}, scheme=identity[0], value=identity[1], **values
        ),
    )


def sync_facts(
    model: type[Fact],
    owner: Mapping[str, Any],
    records: Sequence[Strict],
    lookup: Lookup,
    later: Collection[str] = (),
) -> None:
    """Make the facts of an owner be these records; `later` names fields set afterwards."""
    wanted = {}
    for record in records:
        values = record.model_dump(exclude={"key", *later})
        values["source"] = lookup.get("source", values["source"])
        if "alkaloid" in values:
            values["alkaloid"] = lookup.find("alkaloid", values["alkaloid"])
        wanted[record.key] = {**owner, **values}  # type: ignore[attr-defined]
    _sync_rows(
        model._default_manager.filter(**owner),
        wanted,
        lambda row: row.key,
        lambda key, values: model(key=key, **values),
    )
