"""The parts of a record that several kinds share, from rows that are loaded already."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Prefetch

from exchange.api import shapes
from exchange.api.finding import absolute, is_public
from exchange.api.law import region_shape, standing
from kb import evidence, law
from kb.choices import State
from kb.models import (
    Alkaloid,
    Assessment,
    Claim,
    EvidenceItem,
    Occurrence,
    Record,
    RegulatoryStatus,
    SafetyNote,
    Source,
    Substance,
)
from kb.schemas import write

Subject = Substance | Alkaloid


def with_source(model: type[Model], name: str, *more: str) -> Prefetch[str]:
    """Load facts together with their source, and only those whose source is public."""
    rows = model._default_manager.filter(source__state=State.PUBLISHED)
    return Prefetch(name, rows.select_related("source", *more))


def assessments_about(*about: str) -> Prefetch[str]:
    rows = Assessment.objects.of_published().select_related(*about)
    return Prefetch(
        "assessment_set",
        rows.prefetch_related(with_source(EvidenceItem, "items")),
    )


def published_claims() -> Prefetch[str]:
    return Prefetch("claims", Claim.objects.published())


def source_shape(source: Source) -> shapes.SourceShape:
    return shapes.SourceShape(slug=source.slug, title=source.name)


def named(record: Record) -> shapes.Named:
    return shapes.Named(slug=record.slug, name=record.name)


def names_of(record: Any) -> list[str]:
    """Return other names, each once, in the order of the page."""
    return list(dict.fromkeys(synonym.name for synonym in record.synonyms.all()))


def tags_of(record: Any) -> list[str]:
    return sorted(tag.slug for tag in record.tags.all())


def external_ids_of(record: Any) -> list[shapes.ExternalIdShape]:
    return [
        shapes.ExternalIdShape(
            scheme=each.scheme,
            value=each.value,
            url=each.link or None,
            verification=each.verification,
        )
        for each in record.external_ids.all()
    ]


def claims_of(record: Any) -> list[shapes.ClaimShape]:
    return [
        shapes.ClaimShape(
            id=claim.slug,
            claim=claim.name,
            verdict=claim.verdict,
            level=claim.level,
            url=absolute(claim),
        )
        for claim in record.claims.all()
    ]


def assessment_part(assessment: Assessment) -> dict[str, Any]:
    """Return what an assessment says, from whichever side it is looked at."""
    counted = set(assessment.arithmetic.get("counted", ()))
    override = write.assessment_record(assessment).override
    return {
        "axis": assessment.axis,
        "comparator": assessment.comparator or None,
        "direction": assessment.direction,
        "level": assessment.level,
        "suggested_level": assessment.suggested_level,
        "conclusion": assessment.conclusion,
        "override": override,
        "arithmetic": assessment.arithmetic,
        "items": [
            _item(item, is_counted=item.key in counted)
            for item in assessment.items.all()
        ],
    }


def _item(item: EvidenceItem, *, is_counted: bool) -> shapes.ItemShape:
    return shapes.ItemShape(
        key=item.key,
        source=source_shape(item.source),
        design=item.design,
        n=item.n,
        population=item.population,
        direction=item.direction,
        finding=item.finding,
        limits=item.limits,
        verification=item.verification,
        retraction=item.source.retraction,
        counted=is_counted,
    )


def evidence_of(subject: Subject) -> shapes.SubjectEvidence:
    assessments = list(subject.assessment_set.all())
    entry = evidence.entry_level(assessments)
    return shapes.SubjectEvidence(
        level=entry.level,
        about=entry.about,
        direction=entry.direction,
        assessments=[
            shapes.SubjectAssessment(
                **assessment_part(assessment), symptom=named(assessment.symptom)
            )
            for assessment in assessments
        ],
    )


def safety_of(subject: Subject) -> list[shapes.SafetyShape]:
    return [
        shapes.SafetyShape(
            key=note.key,
            kind=note.kind,
            finding=note.finding,
            figure=note.figure,
            population=note.population,
            severity=note.severity,
            symptom=named(note.symptom) if is_public(note.symptom) else None,
            interacts_with=[
                named(each) for each in note.interacts_with.all() if is_public(each)
            ],
            sources=_safety_sources(note),
            verification=note.verification,
        )
        for note in subject.safety_notes.all()
    ]


def _safety_sources(note: SafetyNote) -> list[str]:
    further = [each.slug for each in note.further_sources.all() if is_public(each)]
    return [note.source.slug, *sorted(further)]


def pharmacokinetics_of(subject: Subject) -> list[shapes.PharmacokineticShape]:
    return [
        shapes.PharmacokineticShape(
            parameter=fact.parameter,
            value=fact.value,
            unit=fact.unit,
            population=fact.population,
            note=fact.note,
            source=source_shape(fact.source),
            verification=fact.verification,
        )
        for fact in subject.pharmacokinetics.all()
    ]


def amount_part(occurrence: Occurrence) -> dict[str, Any]:
    return {
        "part": occurrence.part,
        "low": occurrence.low,
        "high": occurrence.high,
        "unit": occurrence.unit,
        "note": occurrence.note,
        "source": source_shape(occurrence.source),
        "verification": occurrence.verification,
    }


def content_shape(occurrence: Occurrence, what: Subject) -> shapes.ContentShape:
    return shapes.ContentShape(
        slug=what.slug, name=what.name, **amount_part(occurrence)
    )


def regulation_of(
    subject: Subject,
) -> tuple[list[shapes.RegulationShape], set[str]]:
    """Return what holds in each region with a rule, and the sources of all rules."""
    rows = list(RegulatoryStatus.objects.bearing_on(subject).for_page())
    public = {row.source.slug for row in rows if row.source.is_published}
    holdings = law.everywhere(subject, rules=[row.as_rule() for row in rows])
    found = [
        shapes.RegulationShape(
            region=region_shape(holding.region),
            change_coming=bool(holding.effective.change_coming),
            **standing(holding.effective, public),
        )
        for holding in holdings
    ]
    return found, public
