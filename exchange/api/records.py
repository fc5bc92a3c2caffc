"""One record, whole, as the contract shows it: published records, and of them only what
rests on published sources."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from ninja import Router

from articles.models import Article
from articles.schemas import article_record
from exchange.api import shapes
from exchange.api.errors import Problem
from exchange.api.finding import absolute, find_published, find_region, is_public
from exchange.api.law import region_shape, standing, subject_shape
from exchange.api.parts import (
    amount_part,
    assessment_part,
    assessments_about,
    claims_of,
    content_shape,
    evidence_of,
    external_ids_of,
    named,
    names_of,
    pharmacokinetics_of,
    published_claims,
    regulation_of,
    safety_of,
    source_shape,
    tags_of,
    with_source,
)
from kb import law, places, plain
from kb.choices import State, Verification
from kb.models import (
    Alkaloid,
    Claim,
    HelpResource,
    Occurrence,
    Pharmacokinetic,
    Record,
    SafetyNote,
    Source,
    Substance,
    Symptom,
)
from kb.schemas import write

router = Router(tags=["records"])
ERRORS = {404: Problem, 410: Problem, 500: Problem}

Subject = Substance | Alkaloid
TAGS: Any = "tags"  # taggit's manager comes untyped


# Subjects


def _subjects(rows: QuerySet[Any], *more: Any) -> QuerySet[Any]:
    """Load what both kinds of subject show: 10 queries, and 2 for the law."""
    return rows.prefetch_related(
        TAGS,
        "synonyms",
        "external_ids",
        assessments_about("symptom"),
        Prefetch(
            "safety_notes",
            SafetyNote.objects.filter(source__state=State.PUBLISHED)
            .select_related("source", "symptom")
            .prefetch_related("interacts_with", "further_sources"),
        ),
        published_claims(),
        with_source(Pharmacokinetic, "pharmacokinetics"),
        *more,
    )


def _subject_part(subject: Subject, *facts: Iterable[Any]) -> dict[str, Any]:
    """Return what both kinds of subject have; `facts` are further rows with a source."""
    regulation, sources = regulation_of(subject)
    safety = safety_of(subject)
    for rows in (
        subject.pharmacokinetics.all(),
        *(assessment.items.all() for assessment in subject.assessment_set.all()),
        *facts,
    ):
        sources.update(row.source.slug for row in rows)
    sources.update(slug for note in safety for slug in note.sources)
    return {
        "slug": subject.slug,
        "name": subject.name,
        "synonyms": names_of(subject),
        "summary": subject.summary,
        "plain_summary": plain.bare(subject.plain_summary),
        "tags": tags_of(subject),
        "evidence": evidence_of(subject),
        "regulation": regulation,
        "safety": safety,
        "claims": claims_of(subject),
        "pharmacokinetics": pharmacokinetics_of(subject),
        "external_ids": external_ids_of(subject),
        "verification": subject.verification,
        "sources": sorted(sources),
        "url": absolute(subject),
        "reviewed_on": subject.reviewed_on,
        "updated_at": subject.updated_at,
    }


@router.get(
    "/substances/{slug}",
    response={200: shapes.SubstanceReply, **ERRORS},
    url_name="substance",
)
def substance(request: HttpRequest, slug: str) -> shapes.SubstanceReply:
    """A substance with its evidence, law, safety, content and sources."""
    rows = _subjects(
        Substance.objects.all(),
        with_source(Occurrence, "occurrences", "alkaloid"),
        "varieties__source",
    )
    found: Substance = find_published(rows, slug)
    occurrences = list(found.occurrences.all())
    varieties = [each for each in found.varieties.all() if each.source.is_published]
    return shapes.SubstanceReply(
        **_subject_part(found, occurrences, varieties),
        scientific_name=found.scientific_name or None,
        category=found.category,
        drug_class=found.drug_class or None,
        mechanism=found.mechanism or None,
        approved_for=found.approved_for or None,
        route=found.route or None,
        alkaloids=[
            content_shape(each, each.alkaloid)
            for each in occurrences
            if each.alkaloid is not None and each.alkaloid.is_published
        ],
        alkaloids_total=[
            shapes.AmountShape(**amount_part(each))
            for each in occurrences
            if each.alkaloid is None
        ],
        varieties=[
            shapes.VarietyShape(
                name=each.name,
                kind=each.kind,
                seller_claim=each.seller_claim,
                finding=each.finding,
                note=each.note,
                source=source_shape(each.source),
            )
            for each in varieties
        ],
    )


@router.get(
    "/alkaloids/{slug}",
    response={200: shapes.AlkaloidReply, **ERRORS},
    url_name="alkaloid",
)
def alkaloid(request: HttpRequest, slug: str) -> shapes.AlkaloidReply:
    """An alkaloid with its structure, targets, evidence, law and sources."""
    rows = _subjects(
        Alkaloid.objects.all(),
        with_source(Occurrence, "occurrences", "substance"),
        "activities__source",
        "sources",
    )
    found: Alkaloid = find_published(rows, slug)
    occurrences = [e for e in found.occurrences.all() if e.substance.is_published]
    activities = [each for each in found.activities.all() if each.source.is_published]
    part = _subject_part(found, occurrences, activities)
    own = {source.slug for source in found.sources.all() if source.is_published}
    return shapes.AlkaloidReply(
        **{**part, "sources": sorted({*part["sources"], *own})},
        smiles=found.smiles,
        inchikey=found.inchikey,
        formula=found.formula,
        molar_mass=found.molar_mass,
        chemical_class=found.chemical_class or None,
        origin=found.origin or None,
        activities=[
            shapes.ActivityShape(
                target=each.target,
                action=each.action,
                parameter=each.parameter,
                value=each.value,
                unit=each.unit,
                note=each.note,
                source=source_shape(each.source),
                verification=each.verification,
            )
            for each in activities
        ],
        occurs_in=[content_shape(each, each.substance) for each in occurrences],
    )


# The other kinds


@router.get(
    "/symptoms/{slug}",
    response={200: shapes.SymptomReply, **ERRORS},
    url_name="symptom",
)
def symptom(request: HttpRequest, slug: str) -> shapes.SymptomReply:
    """A symptom with what was tried for it, and what can cause it."""
    rows = Symptom.objects.prefetch_related(
        TAGS,
        "synonyms",
        "external_ids",
        Prefetch("part_of", Symptom.objects.published()),
        Prefetch("parts", Symptom.objects.published()),
        assessments_about("substance", "alkaloid"),
        published_claims(),
    )
    found: Symptom = find_published(rows, slug)
    assessments = list(found.assessment_set.all())
    items = [item for each in assessments for item in each.items.all()]
    return shapes.SymptomReply(
        slug=found.slug,
        name=found.name,
        synonyms=names_of(found),
        summary=found.summary,
        plain_summary=plain.bare(found.plain_summary),
        tags=tags_of(found),
        symptom_kind=found.kind,
        group=found.group or None,
        contexts=found.contexts,
        scales=found.scales,
        is_emergency=found.is_emergency,
        severity=found.severity,
        part_of=[named(each) for each in found.part_of.all()],
        parts=[named(each) for each in found.parts.all()],
        evidence=shapes.SymptomEvidence(
            assessments=[
                shapes.SymptomAssessment(
                    **assessment_part(each), subject=subject_shape(each.subject)
                )
                for each in assessments
            ]
        ),
        claims=claims_of(found),
        external_ids=external_ids_of(found),
        note=found.note,
        verification=found.verification,
        sources=sorted({item.source.slug for item in items}),
        url=absolute(found),
        reviewed_on=found.reviewed_on,
        updated_at=found.updated_at,
    )


@router.get(
    "/sources/{slug}",
    response={200: shapes.SourceReply, **ERRORS},
    url_name="source",
)
def source(request: HttpRequest, slug: str) -> shapes.SourceReply:
    """A source with its whole citation, and the records that rest on it."""
    found: Source = find_published(Source.objects.prefetch_related(TAGS), slug)
    fields = write.source_record(found).model_dump()
    return shapes.SourceReply(
        **{**fields, "url": absolute(found)},
        address=found.url,
        link=found.link or None,
        used_by=_used_by(found),
        updated_at=found.updated_at,
    )


def _used_by(source: Source) -> list[shapes.UseShape]:
    """Return the published records that rest on a source: 4 queries."""
    ways: tuple[tuple[type[Record], tuple[str, ...]], ...] = (
        (
            Substance,
            (
                "assessment__items__source",
                "occurrences__source",
                "pharmacokinetics__source",
                "varieties__source",
                "safety_notes__source",
                "safety_notes__further_sources",
                "regulatorystatus__source",
                "reached_by__source",
            ),
        ),
        (
            Alkaloid,
            (
                "sources",
                "assessment__items__source",
                "activities__source",
                "occurrences__source",
                "pharmacokinetics__source",
                "safety_notes__source",
                "safety_notes__further_sources",
                "regulatorystatus__source",
            ),
        ),
        (Claim, ("sources",)),
        (Article, ("sources",)),
    )
    found = []
    for model, paths in ways:
        rows: QuerySet[Any] = model._default_manager.filter(state=State.PUBLISHED)
        # A union, because one query with all these joins multiplies its rows.
        slugs = [
            rows.filter(**{path: source}).order_by().values_list("slug")
            for path in paths
        ]
        every = slugs[0].union(*slugs[1:]) if slugs[1:] else slugs[0]
        found += [shapes.UseShape(kind=model.KIND, slug=slug) for (slug,) in every]
    return sorted(found, key=lambda use: (use.kind, use.slug))


@router.get(
    "/regions/{path:code}",
    response={200: shapes.RegionReply, **ERRORS},
    url_name="region",
)
def region(request: HttpRequest, code: str) -> shapes.RegionReply:
    """A region with what holds there for each subject, and where help is."""
    tree = places.RegionTree()
    found = find_region(code, tree)
    chain = tree.chain(found)
    holdings = law.in_region(found, tree=tree)
    cited = {
        each.effective.rule.source_slug for each in holdings if each.effective.rule
    }
    public = set(
        Source.objects.published().filter(slug__in=cited).values_list("slug", flat=True)
    )
    help_rows = HelpResource.objects.filter(region__code__in=chain)
    help_rows = help_rows.select_related("region")
    above = tree.by_pk.get(found.parent_id) if found.parent_id else None
    return shapes.RegionReply(
        code=found.code,
        slug=found.code,
        name=found.name,
        region_kind=found.kind,
        parent=region_shape(above) if above else None,
        places=[
            region_shape(each)
            for each in tree.by_pk.values()
            if each.parent_id and each.parent_id == found.pk
        ],
        synonyms=places.other_names(found),
        statuses=[
            shapes.RegionStatusShape(
                subject=subject_shape(each.subject),
                change_coming=bool(each.effective.change_coming),
                **standing(each.effective, public),
            )
            for each in holdings
        ],
        help=[
            _help(each)
            for each in sorted(help_rows, key=lambda row: chain.index(row.region.code))
        ],
        url=absolute(found),
        updated_at=found.updated_at,
    )


def _help(resource: HelpResource) -> shapes.HelpShape:
    is_doubtful = resource.verification == Verification.UNVERIFIED
    return shapes.HelpShape(
        region=region_shape(resource.region),
        kind=resource.kind,
        name=resource.name,
        phone=None if is_doubtful else resource.phone or None,
        url=resource.url,
        hours=resource.hours or None,
        verification=resource.verification,
        verified_on=resource.verified_on,
    )


@router.get(
    "/articles/{slug}",
    response={200: shapes.ArticleReply, **ERRORS},
    url_name="article",
)
def article(request: HttpRequest, slug: str) -> shapes.ArticleReply:
    """An article: its text as Markdown, and the records it is about."""
    linked = {
        "substances": Substance,
        "alkaloids": Alkaloid,
        "symptoms": Symptom,
        "claims": Claim,
        "sources": Source,
    }
    rows = Article.objects.prefetch_related(
        TAGS,
        *(Prefetch(name, model.objects.published()) for name, model in linked.items()),
    )
    found: Article = find_published(rows, slug)
    return shapes.ArticleReply(
        **article_record(found).model_dump(),
        byline=found.byline,
        url=absolute(found),
        updated_at=found.updated_at,
    )


@router.get(
    "/claims/{slug}",
    response={200: shapes.ClaimReply, **ERRORS},
    url_name="claim",
)
def claim(request: HttpRequest, slug: str) -> shapes.ClaimReply:
    """A statement that circulates, and how it stands. Its slug is its id: C10."""
    rows = Claim.objects.select_related("substance", "alkaloid", "symptom")
    published_sources = Prefetch("sources", Source.objects.published())
    found: Claim = find_published(rows.prefetch_related(TAGS, published_sources), slug)
    fields = write.claim_record(found).model_dump()
    if not is_public(found.subject):
        fields["subject"] = None
    if not is_public(found.symptom):
        fields["symptom"] = None
    return shapes.ClaimReply(
        **fields,
        slug=found.slug,
        name=found.name,
        url=absolute(found),
        updated_at=found.updated_at,
    )
