"""From models to typed records. Each function says which queryset loads what it reads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

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
    Variety,
)
from kb.models.base import Fact, PlainlyTold
from kb.schemas.base import SynonymRecord
from kb.schemas.claims import ClaimRecord
from kb.schemas.curation import CuratorNoteRecord
from kb.schemas.evidence import (
    AssessmentRecord,
    EvidenceItemRecord,
    EvidenceSearchRecord,
    InteractionRecord,
    OverrideRecord,
    SafetyNoteRecord,
)
from kb.schemas.regulation import (
    HelpResourceRecord,
    RegionNameRecord,
    RegionRecord,
    RegulatoryStatusRecord,
)
from kb.schemas.sources import SourceRecord
from kb.schemas.subjects import (
    ActivityRecord,
    AlkaloidRecord,
    ExternalIdRecord,
    OccurrenceRecord,
    PharmacokineticRecord,
    SubstanceRecord,
    VarietyRecord,
)
from kb.schemas.symptoms import SymptomRecord

AnyFact = TypeVar("AnyFact", bound=Fact)


def reviewed_part(record: Record) -> dict[str, object]:
    """Return what every public record has; reads `tags` and `synonyms` where there are."""
    synonyms: Iterable[Synonym] = (
        record.synonyms.all() if hasattr(record, "synonyms") else ()
    )
    return {
        "slug": record.slug,
        "name": record.name,
        "summary": record.summary,
        "state": record.state,
        "reviewed_on": record.reviewed_on,
        "tags": sorted(tag.slug for tag in record.tags.all()),
        "synonyms": [
            SynonymRecord(
                name=synonym.name,
                kind=synonym.kind,
                language=synonym.language,
                source=synonym.source.slug if synonym.source else None,
            )
            for synonym in sorted(synonyms, key=lambda each: (each.kind, each.name))
        ],
    }


def plain_part(record: PlainlyTold) -> dict[str, str]:
    return {
        "plain_summary": record.plain_summary,
        "plain_summary_for": record.plain_summary_for,
    }


def external_ids(ids: Iterable[ExternalId]) -> list[ExternalIdRecord]:
    return [
        ExternalIdRecord(
            scheme=each.scheme, value=each.value, verification=each.verification
        )
        for each in sorted(ids, key=lambda each: (each.scheme, each.value))
    ]


def occurrence_record(occurrence: Occurrence) -> OccurrenceRecord:
    return OccurrenceRecord(
        key=occurrence.key,
        alkaloid=occurrence.alkaloid.slug if occurrence.alkaloid else None,
        part=occurrence.part,
        low=occurrence.low,
        high=occurrence.high,
        unit=occurrence.unit,
        note=occurrence.note,
        source=occurrence.source.slug,
        verification=occurrence.verification,
    )


def pharmacokinetic_record(fact: Pharmacokinetic) -> PharmacokineticRecord:
    return PharmacokineticRecord(
        key=fact.key,
        parameter=fact.parameter,
        value=fact.value,
        unit=fact.unit,
        population=fact.population,
        note=fact.note,
        source=fact.source.slug,
        verification=fact.verification,
    )


def activity_record(activity: Activity) -> ActivityRecord:
    return ActivityRecord(
        key=activity.key,
        target=activity.target,
        action=activity.action,
        parameter=activity.parameter,
        value=activity.value,
        unit=activity.unit,
        note=activity.note,
        source=activity.source.slug,
        verification=activity.verification,
    )


def variety_record(variety: Variety) -> VarietyRecord:
    return VarietyRecord(
        key=variety.key,
        name=variety.name,
        kind=variety.kind,
        seller_claim=variety.seller_claim,
        finding=variety.finding,
        note=variety.note,
        source=variety.source.slug,
        verification=variety.verification,
    )


def substance_record(substance: Substance) -> SubstanceRecord:
    return SubstanceRecord(
        **reviewed_part(substance),
        **plain_part(substance),
        category=substance.category,
        scientific_name=substance.scientific_name,
        preparation=substance.preparation,
        drug_class=substance.drug_class,
        mechanism=substance.mechanism,
        approved_for=substance.approved_for,
        route=substance.route,
        verification=substance.verification,
        external_ids=external_ids(substance.external_ids.all()),
        contains=[
            occurrence_record(each) for each in _by_key(substance.occurrences.all())
        ],
        pharmacokinetics=[
            pharmacokinetic_record(each)
            for each in _by_key(substance.pharmacokinetics.all())
        ],
        varieties=[variety_record(each) for each in _by_key(substance.varieties.all())],
    )


def alkaloid_record(alkaloid: Alkaloid) -> AlkaloidRecord:
    return AlkaloidRecord(
        **reviewed_part(alkaloid),
        **plain_part(alkaloid),
        smiles=alkaloid.smiles,
        inchikey=alkaloid.inchikey,
        formula=alkaloid.formula,
        molar_mass=alkaloid.molar_mass,
        chemical_class=alkaloid.chemical_class,
        origin=alkaloid.origin,
        verification=alkaloid.verification,
        external_ids=external_ids(alkaloid.external_ids.all()),
        activities=[
            activity_record(each) for each in _by_key(alkaloid.activities.all())
        ],
        pharmacokinetics=[
            pharmacokinetic_record(each)
            for each in _by_key(alkaloid.pharmacokinetics.all())
        ],
        sources=slugs(alkaloid.sources.all()),
    )


def symptom_record(symptom: Symptom) -> SymptomRecord:
    return SymptomRecord(
        **reviewed_part(symptom),
        **plain_part(symptom),
        symptom_kind=symptom.kind,
        group=symptom.group,
        contexts=symptom.contexts,
        scales=symptom.scales,
        part_of=slugs(symptom.part_of.all()),
        is_emergency=symptom.is_emergency,
        severity=symptom.severity,
        verification=symptom.verification,
        external_ids=external_ids(symptom.external_ids.all()),
        note=symptom.note,
    )


def source_record(source: Source) -> SourceRecord:
    return SourceRecord(
        **reviewed_part(source),
        source_kind=source.kind,
        **{
            field: getattr(source, field)
            for field in (
                "title_is_paraphrase authors authors_complete published container doi pmid url"
                " design design_text n retraction retracted_on verification note"
            ).split()
        },
    )


def evidence_item_record(item: EvidenceItem) -> EvidenceItemRecord:
    return EvidenceItemRecord(
        source=item.source.slug,
        inside_review=item.inside_review.key if item.inside_review else None,
        duplicate_of=item.duplicate_of.key if item.duplicate_of else None,
        **{
            field: getattr(item, field)
            for field in (
                "key design reviewed_design design_text n population comparator preparation"
                " bridging_reason direction"
                " finding limits verification stated_level curated_level curated_basis"
                " fails_design"
            ).split()
            + list(EvidenceItem.STEPS)
        },
    )


def assessment_record(assessment: Assessment) -> AssessmentRecord:
    override = None
    if assessment.override_level:
        override = OverrideRecord(
            level=assessment.override_level,
            reason=assessment.override_reason,
            by=assessment.override_by,
            on=assessment.override_on,
        )
    return AssessmentRecord(
        subject=assessment.subject.record_key,
        symptom=assessment.symptom.slug,
        axis=assessment.axis,
        comparator=assessment.comparator,
        direction=assessment.direction,
        conclusion=assessment.conclusion,
        items=[evidence_item_record(item) for item in _by_key(assessment.items.all())],
        override=override,
        suggested_level=assessment.suggested_level,
        level=assessment.level,
    )


def safety_note_record(note: SafetyNote) -> SafetyNoteRecord:
    return SafetyNoteRecord(
        key=note.key,
        subject=note.subject.record_key,
        safety_kind=note.kind,
        finding=note.finding,
        figure=note.figure,
        population=note.population,
        severity=note.severity,
        likelihood=note.likelihood,
        level=note.level,
        symptom=note.symptom.slug if note.symptom else None,
        interacts_with=slugs(note.interacts_with.all()),
        sources=[note.source.slug, *slugs(note.further_sources.all())],
        verification=note.verification,
    )


def evidence_search_record(search: EvidenceSearch) -> EvidenceSearchRecord:
    return EvidenceSearchRecord(
        subject=search.subject.record_key,
        symptom=search.symptom.slug,
        source=search.source.slug,
        **{
            field: getattr(search, field)
            for field in (
                "key axis searched_on looked_for where query hits found verification"
            ).split()
        },
    )


def interaction_record(interaction: Interaction) -> InteractionRecord:
    return InteractionRecord(
        substance=interaction.substance.slug,
        other=interaction.other.slug if interaction.other else None,
        source=interaction.source.slug,
        **{
            field: getattr(interaction, field)
            for field in (
                "key other_name effect mechanism severity likelihood level figure"
                " verification"
            ).split()
        },
    )


def region_record(region: Region) -> RegionRecord:
    return RegionRecord(
        code=region.code,
        name=region.name,
        region_kind=region.kind,
        parent=region.parent.code if region.parent else None,
        retired_codes=sorted(region.retired_codes),
        synonyms=[
            RegionNameRecord(name=each.name, kind=each.kind, language=each.language)
            for each in sorted(
                region.synonyms.all(), key=lambda each: (each.kind, each.name)
            )
        ],
    )


def status_record(status: RegulatoryStatus) -> RegulatoryStatusRecord:
    return RegulatoryStatusRecord(
        subject=status.subject.record_key,
        region=status.region.code,
        reaches=slugs(status.reaches.all()),
        source=status.source.slug,
        **{
            field: getattr(status, field)
            for field in (
                "key status layer is_pending schedule min_age possession sale importing"
                " prescribing cultivation form threshold"
                " threshold_unit since until expires_on instrument summary local_rules"
                " confidence verified_on"
            ).split()
        },
    )


def help_record(resource: HelpResource) -> HelpResourceRecord:
    return HelpResourceRecord(
        region=resource.region.code,
        help_kind=resource.kind,
        **{
            field: getattr(resource, field)
            for field in "key name phone url hours verification verified_on note".split()
        },
    )


def claim_record(claim: Claim) -> ClaimRecord:
    return ClaimRecord(
        id=claim.slug,
        claim=claim.name,
        subject=claim.subject.record_key if claim.subject else None,
        symptom=claim.symptom.slug if claim.symptom else None,
        sources=slugs(claim.sources.all()),
        tags=sorted(tag.slug for tag in claim.tags.all()),
        **{
            field: getattr(claim, field)
            for field in (
                "phrasings topic verdict level why harm_if_believed state reviewed_on note"
            ).split()
        },
    )


def curator_note_record(note: CuratorNote) -> CuratorNoteRecord:
    return CuratorNoteRecord(about=note.about, note=note.note)


def _by_key(rows: Iterable[AnyFact]) -> list[AnyFact]:
    return sorted(rows, key=lambda row: row.key)


def slugs(records: Iterable[Record]) -> list[str]:
    return sorted(record.slug for record in records)
