"""From typed records to models. Whoever calls has checked that every reference resolves.

Only what differs is saved, so that the history tells of changes and of nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from taggit.models import Tag

from kb.models import (
    Activity,
    Alkaloid,
    Assessment,
    Claim,
    CuratorNote,
    EvidenceItem,
    EvidenceSearch,
    ExternalId,
    HelpResource,
    Interaction,
    Occurrence,
    Pharmacokinetic,
    Record,
    Region,
    RegulatoryStatus,
    SafetyNote,
    Source,
    Substance,
    Symptom,
    Synonym,
    TaggedRecord,
    Variety,
)
from kb.models.base import Fact
from kb.schemas.base import Citing, PlainlyToldRecord, Reviewed, Strict, SynonymRecord
from kb.schemas.claims import ClaimRecord
from kb.schemas.curation import CuratorNoteRecord
from kb.schemas.evidence import (
    AssessmentRecord,
    EvidenceSearchRecord,
    InteractionRecord,
    SafetyNoteRecord,
)
from kb.schemas.regulation import (
    HelpResourceRecord,
    RegionNameRecord,
    RegionRecord,
    RegulatoryStatusRecord,
)
from kb.schemas.sources import SourceRecord
from kb.schemas.subjects import AlkaloidRecord, ExternalIdRecord, SubstanceRecord
from kb.schemas.symptoms import SymptomRecord

Owner = Substance | Alkaloid | Symptom | Region


class Lookup:
    """Finds records by slug, each kind read once. Raises KeyError for what is not there."""

    MODELS: Mapping[str, tuple[type[models.Model], str]] = {
        "substance": (Substance, "slug"),
        "alkaloid": (Alkaloid, "slug"),
        "symptom": (Symptom, "slug"),
        "source": (Source, "slug"),
        "region": (Region, "code"),
        "claim": (Claim, "slug"),
        "item": (EvidenceItem, "key"),
    }

    def __init__(self) -> None:
        self._found: dict[str, dict[str, Any]] = {}

    def of_kind(self, kind: str) -> dict[str, Any]:
        if kind not in self._found:
            model, field = self.MODELS[kind]
            rows = model._default_manager.all()
            self._found[kind] = {getattr(row, field): row for row in rows}
        return self._found[kind]

    def get(self, kind: str, slug: str) -> Any:
        return self.of_kind(kind)[slug]

    def find(self, kind: str, slug: str | None) -> Any:
        return self.of_kind(kind)[slug] if slug else None

    def tag(self, slug: str) -> Tag:
        """Return the tag of a slug, made when it is new: "opioid receptor"."""
        tags = self._found.setdefault(
            "tag", {tag.slug: tag for tag in Tag.objects.all()}
        )
        if slug not in tags:
            tags[slug] = Tag.objects.create(slug=slug, name=slug.replace("-", " "))
        return tags[slug]

    def remember(self, kind: str, slug: str, row: models.Model) -> None:
        self.of_kind(kind)[slug] = row

    def subject(self, reference: str | None) -> dict[str, Any]:
        """Return {"substance": …, "alkaloid": …} for "substance:kratom"."""
        found: dict[str, Any] = {"substance": None, "alkaloid": None}
        if reference:
            kind, _, slug = reference.partition(":")
            found[kind] = self.get(kind, slug)
        return found


def save_source(record: SourceRecord, lookup: Lookup) -> Source:
    values = record.model_dump(
        exclude={"kind", "source_kind", "tags", "synonyms", "slug"}
    )
    source = save_row(
        Source, {"slug": record.slug}, {**values, "kind": record.source_kind}
    )
    sync_tags(source, record.tags, lookup)
    lookup.remember("source", source.slug, source)
    return source


def save_symptom(record: SymptomRecord, lookup: Lookup) -> Symptom:
    values = record.model_dump(
        include={
            "group",
            "contexts",
            "scales",
            "is_emergency",
            "severity",
            "verification",
            "note",
        }
    )
    symptom = save_row(
        Symptom,
        {"slug": record.slug},
        {
            **reviewed_values(record),
            **plain_values(record),
            **values,
            "kind": record.symptom_kind,
        },
    )
    lookup.remember("symptom", symptom.slug, symptom)
    sync_tags(symptom, record.tags, lookup)
    _sync_synonyms(symptom, record.synonyms, lookup)
    _sync_external_ids(symptom, record.external_ids)
    return symptom


def link_symptom(record: SymptomRecord, lookup: Lookup) -> None:
    """Set what points to other symptoms, once all of them are there."""
    symptom = lookup.get("symptom", record.slug)
    sync_links(
        symptom.part_of, [lookup.get("symptom", slug) for slug in record.part_of]
    )


def save_region(record: RegionRecord, lookup: Lookup) -> Region:
    region = save_row(
        Region,
        {"code": record.code},
        {
            "name": record.name,
            "kind": record.region_kind,
            "parent": lookup.find("region", record.parent),
            "retired_codes": sorted(record.retired_codes),
        },
    )
    lookup.remember("region", region.code, region)
    _sync_synonyms(region, record.synonyms, lookup)
    return region


def save_alkaloid(record: AlkaloidRecord, lookup: Lookup) -> Alkaloid:
    values = record.model_dump(
        include={"smiles", "chemical_class", "origin", "verification"}
    )
    alkaloid = save_row(
        Alkaloid,
        {"slug": record.slug},
        {**reviewed_values(record), **plain_values(record), **values},
    )
    lookup.remember("alkaloid", alkaloid.slug, alkaloid)
    sync_tags(alkaloid, record.tags, lookup)
    _sync_synonyms(alkaloid, record.synonyms, lookup)
    _sync_external_ids(alkaloid, record.external_ids)
    sync_links(
        alkaloid.sources, [lookup.get("source", slug) for slug in record.sources]
    )
    owner = {"alkaloid": alkaloid}
    _sync_facts(Activity, owner, record.activities, lookup)
    _sync_facts(Pharmacokinetic, owner, record.pharmacokinetics, lookup)
    return alkaloid


def save_substance(record: SubstanceRecord, lookup: Lookup) -> Substance:
    values = record.model_dump(
        include={
            "category",
            "scientific_name",
            "preparation",
            "drug_class",
            "mechanism",
            "approved_for",
            "route",
            "verification",
        }
    )
    substance = save_row(
        Substance,
        {"slug": record.slug},
        {**reviewed_values(record), **plain_values(record), **values},
    )
    lookup.remember("substance", substance.slug, substance)
    sync_tags(substance, record.tags, lookup)
    _sync_synonyms(substance, record.synonyms, lookup)
    _sync_external_ids(substance, record.external_ids)
    owner = {"substance": substance}
    _sync_facts(Occurrence, owner, record.contains, lookup)
    _sync_facts(Pharmacokinetic, owner, record.pharmacokinetics, lookup)
    _sync_facts(Variety, owner, record.varieties, lookup)
    return substance


def save_assessment(record: AssessmentRecord, lookup: Lookup) -> Assessment:
    override = record.override
    assessment = save_row(
        Assessment,
        {
            **lookup.subject(record.subject),
            "symptom": lookup.get("symptom", record.symptom),
            "axis": record.axis,
            "comparator": record.comparator,
        },
        {
            "direction": record.direction,
            "conclusion": record.conclusion,
            "override_level": override.level if override else None,
            "override_reason": override.reason if override else "",
            "override_by": override.by if override else "",
            "override_on": override.on if override else None,
        },
    )
    _sync_facts(
        EvidenceItem,
        {"assessment": assessment},
        record.items,
        lookup,
        later={"inside_review", "duplicate_of"},
    )
    for item in assessment.items.all():
        lookup.remember("item", item.key, item)
    return assessment


def link_assessment(record: AssessmentRecord, lookup: Lookup) -> None:
    """Set what points to other items, once all of them are there."""
    for each in record.items:
        item = lookup.get("item", each.key)
        links = {
            "inside_review": lookup.find("item", each.inside_review),
            "duplicate_of": lookup.find("item", each.duplicate_of),
        }
        if assign(item, links):
            item.save()


def save_status(record: RegulatoryStatusRecord, lookup: Lookup) -> RegulatoryStatus:
    values = own_values(record, "subject", "region", "reaches", "source")
    status = save_row(
        RegulatoryStatus,
        {"key": record.key},
        {
            **values,
            **lookup.subject(record.subject),
            "region": lookup.get("region", record.region),
            "source": lookup.get("source", record.source),
        },
    )
    sync_links(
        status.reaches, [lookup.get("substance", slug) for slug in record.reaches]
    )
    return status


def save_safety_note(record: SafetyNoteRecord, lookup: Lookup) -> SafetyNote:
    values = record.model_dump(
        include={
            "finding",
            "figure",
            "population",
            "severity",
            "likelihood",
            "level",
            "verification",
        }
    )
    first, *further = [lookup.get("source", slug) for slug in record.sources]
    note = save_row(
        SafetyNote,
        {"key": record.key},
        {
            **values,
            **lookup.subject(record.subject),
            "kind": record.safety_kind,
            "symptom": lookup.find("symptom", record.symptom),
            "source": first,
        },
    )
    sync_links(note.further_sources, further)
    sync_links(
        note.interacts_with,
        [lookup.get("substance", slug) for slug in record.interacts_with],
    )
    return note


def save_evidence_search(
    record: EvidenceSearchRecord, lookup: Lookup
) -> EvidenceSearch:
    values = own_values(record, "subject", "symptom", "source")
    return save_row(
        EvidenceSearch,
        {"key": record.key},
        {
            **values,
            **lookup.subject(record.subject),
            "symptom": lookup.get("symptom", record.symptom),
            "source": lookup.get("source", record.source),
        },
    )


def save_interaction(record: InteractionRecord, lookup: Lookup) -> Interaction:
    values = own_values(record, "substance", "other", "source")
    return save_row(
        Interaction,
        {"key": record.key},
        {
            **values,
            "substance": lookup.get("substance", record.substance),
            "other": lookup.find("substance", record.other),
            "source": lookup.get("source", record.source),
        },
    )


def save_help(record: HelpResourceRecord, lookup: Lookup) -> HelpResource:
    values = record.model_dump(exclude={"kind", "key", "region", "help_kind"})
    return save_row(
        HelpResource,
        {"key": record.key},
        {
            **values,
            "region": lookup.get("region", record.region),
            "kind": record.help_kind,
        },
    )


def save_claim(record: ClaimRecord, lookup: Lookup) -> Claim:
    values = record.model_dump(
        include={
            "phrasings",
            "topic",
            "verdict",
            "level",
            "why",
            "harm_if_believed",
            "state",
            "reviewed_on",
            "note",
        }
    )
    claim = save_row(
        Claim,
        {"slug": record.id},
        {
            **values,
            **lookup.subject(record.subject),
            "name": record.claim,
            "symptom": lookup.find("symptom", record.symptom),
        },
    )
    lookup.remember("claim", claim.slug, claim)
    sync_tags(claim, record.tags, lookup)
    sync_links(claim.sources, [lookup.get("source", slug) for slug in record.sources])
    return claim


def save_curator_note(record: CuratorNoteRecord, lookup: Lookup) -> CuratorNote:
    return CuratorNote.objects.create(about=record.about, note=record.note)


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


def _sync_synonyms(
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


def _sync_external_ids(
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


def _sync_facts(
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
