"""Symptoms, sources and claims as schema.org sees them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kb.choices import Retraction, SourceKind, SymptomKind, Verdict
from kb.citing import page_meta, source_meta
from kb.linked_data.head import Head
from kb.linked_data.nodes import (
    Node,
    absolute,
    codes,
    node,
    page,
    publisher,
    same_as,
    thing,
)
from kb.models import Claim, ExternalId, Source, Symptom

SYMPTOM_TYPES = {
    SymptomKind.SYMPTOM: "MedicalSymptom",
    SymptomKind.SIGN: "MedicalSign",
    SymptomKind.SYNDROME: "MedicalCondition",
    SymptomKind.OUTCOME: "DefinedTerm",  # mortality is no condition
}
SOURCE_TYPES = {
    SourceKind.JOURNAL_ARTICLE: "ScholarlyArticle",
    SourceKind.SYSTEMATIC_REVIEW: "ScholarlyArticle",
    SourceKind.PREPRINT: "ScholarlyArticle",
    SourceKind.GUIDELINE: "Report",
    SourceKind.LEGISLATION: "Legislation",
    SourceKind.LEGAL_COMMENTARY: "Article",
    SourceKind.REGULATOR: "Report",
    SourceKind.GOVERNMENT: "Report",
    SourceKind.REPORT: "Report",
    SourceKind.DATABASE: "Dataset",
    SourceKind.BOOK: "Book",
    SourceKind.THESIS: "Thesis",
    SourceKind.NEWS: "NewsArticle",
    SourceKind.VENDOR: "WebPage",
    SourceKind.WEB_PAGE: "WebPage",
}
# How a claim stands, from 1 to 4. What cannot be checked has no place on the scale.
RATING = {
    Verdict.CONTRADICTED: 1,
    Verdict.UNSUPPORTED: 2,
    Verdict.PARTLY_SUPPORTED: 3,
    Verdict.SUPPORTED: 4,
}
PEOPLE = (
    SourceKind.JOURNAL_ARTICLE,
    SourceKind.SYSTEMATIC_REVIEW,
    SourceKind.PREPRINT,
    SourceKind.THESIS,
    SourceKind.BOOK,
)


def symptom(
    record: Symptom, *, names: Sequence[str] = (), ids: Iterable[ExternalId] = ()
) -> Head:
    ids = list(ids)
    kind = SYMPTOM_TYPES[SymptomKind(record.kind)]
    it = node(
        kind,
        name=record.name,
        alternateName=list(names),
        description=record.summary,
        sameAs=same_as(ids),
    )
    if kind != "DefinedTerm":
        it |= {"code": found} if (found := codes(ids)) else {}
    it["@id"] = thing(record)
    return Head(
        path=record.get_absolute_url(),
        graph=[page(record, "MedicalWebPage", plural="Symptoms"), it],
        title=record.name,
        meta=page_meta(record),
    )


def source(record: Source) -> Head:
    """Return the head of a source's page. A title that nobody saw is not given as one."""
    return Head(
        path=record.get_absolute_url(),
        graph=[page(record, "WebPage", plural="Sources"), _publication(record)],
        title=record.name,
        meta=source_meta(record),
        describes=record.link,
    )


def _publication(record: Source) -> Node:
    kind = SourceKind(record.kind)
    writer = "Person" if kind in PEOPLE else "Organization"
    identifiers = [
        node("PropertyValue", propertyID=scheme, value=value)
        for scheme, value in (("DOI", record.doi), ("PMID", record.pmid))
        if value
    ]
    title = "description" if record.title_is_paraphrase else "name"
    it = node(
        SOURCE_TYPES.get(kind, "CreativeWork"),
        **{title: record.name},
        author=[node(writer, name=str(each)) for each in record.authors],
        datePublished=str(record.published or ""),
        identifier=identifiers,
        url=record.link,
    )
    if record.retraction == Retraction.RETRACTED:
        it["creativeWorkStatus"] = "Retracted"
    elif kind == SourceKind.PREPRINT:
        it["creativeWorkStatus"] = "Preprint"
    it["@id"] = thing(record)
    return it


def claim(record: Claim) -> Head:
    title = f"Claim {record.slug}: {record.name}"
    reviewed = claim_review(record)
    graph = [page(record, "WebPage", plural="Claims", title=title, about=False)]
    if reviewed is not None:
        reviewed["citation"] = [
            absolute(each.get_absolute_url())
            for each in record.sources.all()
            if each.is_published
        ]
        graph.append(reviewed)
    return Head(
        path=record.get_absolute_url(), graph=graph, title=title, meta=page_meta(record)
    )


def claim_review(record: Claim) -> Node | None:
    """Return how a claim stands, or None where that cannot be checked."""
    verdict = Verdict(record.verdict)
    if verdict not in RATING:
        return None
    return node(
        "ClaimReview",
        url=absolute(record.get_absolute_url()),
        claimReviewed=record.name,
        itemReviewed=node("Claim", text=record.name),
        author=publisher(),
        datePublished=record.created_at.date().isoformat(),
        dateModified=record.updated_at.date().isoformat(),
        reviewRating=node(
            "Rating",
            ratingValue=RATING[verdict],
            bestRating=max(RATING.values()),
            worstRating=min(RATING.values()),
            alternateName=str(verdict.label),
            ratingExplanation=record.why,
        ),
    )
