"""From typed records to models. Whoever calls has checked that every reference resolves.

Only what differs is saved, so that the history tells of changes and of nothing else.
"""

from __future__ import annotations

from kb.models import (
    Activity,
    Alkaloid,
    Assessment,
    Claim,
    CuratorNote,
    EvidenceItem,
    EvidenceSearch,
    HelpResource,
    Interaction,
    Occurrence,
    Pharmacokinetic,
    Region,
    RegulatoryStatus,
    SafetyNote,
    Source,
    Substance,
    Symptom,
    Variety,
)
from kb.schemas.claims import ClaimRecord
from kb.schemas.curation import CuratorNoteRecord
from kb.schemas.evidence import (
    AssessmentRecord,
    EvidenceSearchRecord,
    InteractionRecord,
    SafetyNoteRecord,
)
from kb.schemas.lookup import Lookup
from kb.schemas.regulation import (
    HelpResourceRecord,
    RegionRecord,
    RegulatoryStatusRecord,
)
from kb.schemas.rows import (
    assign,
    own_values,
    plain_values,
    reviewed_values,
    save_row,
    sync_external_ids,
    sync_facts,
    sync_links,
    sync_synonyms,
    sync_tags,
)
from kb.schemas.sources import SourceRecord
from kb.schemas.subjects import AlkaloidRecord, SubstanceRecord
from kb.schemas.symptoms import SymptomRecord


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
    sync_synonyms(symptom, record.synonyms, lookup)
    sync_external_ids(symptom, record.external_ids)
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
    sync_synonyms(region, record.synonyms, lookup)
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
    sync_synonyms(alkaloid, record.synonyms, lookup)
    sync_external_ids(alkaloid, record.external_ids)
    sync_links(
        alkaloid.sources, [lookup.get("source", slug) for slug in record.sources]
    )
    owner = {"alkaloid": alkaloid}
    sync_facts(Activity, owner, record.activities, lookup)
    sync_facts(Pharmacokinetic, owner, record.pharmacokinetics, lookup)
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
    sync_synonyms(substance, record.synonyms, lookup)
    sync_external_ids(substance, record.external_ids)
    owner = {"substance": substance}
    sync_facts(Occurrence, owner, record.contains, lookup)
    sync_facts(Pharmacokinetic, owner, record.pharmacokinetics, lookup)
    sync_facts(Variety, owner, record.varieties, lookup)
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
    sync_facts(
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
