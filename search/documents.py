"""The one place that turns records into documents of the index, published ones only."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, replace
from typing import Any

from django.db.models import QuerySet

from articles.models import Article
from kb import evidence, law, plain
from kb.models import (
    Alkaloid,
    Assessment,
    Claim,
    Region,
    Source,
    Substance,
    Symptom,
)
from search.engine import Document

# How much likelier than others a kind is what was meant, once anything is known of it.
BOOST = {
    "substance": 1.3,
    "alkaloid": 1.15,
    "symptom": 1.15,
    "region": 1.1,
    "article": 1.05,
    "claim": 0.8,
    "source": 0.6,
}


def documents_for(keys: Iterable[str]) -> tuple[list[Document], list[str]]:
    """Return the documents of these keys, and the keys that readers may not find."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        kind, _, slug = key.partition(":")
        by_kind[kind].append(slug)
    documents: list[Document] = []
    gone: list[str] = []
    for kind, slugs in by_kind.items():
        if kind not in KINDS:  # of an older version of this program
            gone.extend(f"{kind}:{slug}" for slug in slugs)
            continue
        rows, field, make = KINDS[kind]
        found = [make(row) for row in rows().filter(**{f"{field}__in": slugs})]
        documents.extend(found)
        there = {document.slug for document in found}
        gone.extend(f"{kind}:{slug}" for slug in slugs if slug not in there)
    return documents, gone


def all_documents() -> Iterator[Document]:
    for rows, _, make in KINDS.values():
        for row in rows():
            yield make(row)


def _document(record: Any, **values: Any) -> Document:
    """Return a document whose version is the hash of all it holds."""
    document = Document(
        key=record.record_key,
        kind=record.KIND,
        slug=record.slug,
        title=record.name,
        url=record.get_absolute_url(),
        boost=BOOST.get(record.KIND, 1.0)
        if values.get("level") != "not-assessed"
        else 1.0,
        version="",
        **values,
    )
    body = repr(sorted(asdict(document).items())).encode()
    return replace(document, version=hashlib.blake2b(body, digest_size=8).hexdigest())


def _names(record: Any) -> tuple[str, ...]:
    return tuple(synonym.name for synonym in record.synonyms.all())


def _tags(record: Any) -> dict[str, tuple[str, ...]]:
    tags = list(record.tags.all())
    return {
        "tags": tuple(tag.name for tag in tags),
        "tag_slugs": tuple(tag.slug for tag in tags),
    }


def _level(assessments: Iterable[Assessment]) -> dict[str, str]:
    level = evidence.entry_level(assessments)
    return {"level": str(level.level), "level_about": level.about or ""}


def _regions(subject: Substance | Alkaloid) -> tuple[str, ...]:
    return tuple(
        f"{holding.region.code}={holding.effective.status}"
        for holding in law.everywhere(subject)
    )


def _sentences(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _substance(substance: Substance) -> Document:
    assessments = list(substance.assessment_set.all())
    return _document(
        substance,
        names=(
            *_names(substance),
            *((substance.scientific_name,) if substance.scientific_name else ()),
            *(each.value for each in substance.external_ids.all()),
        ),
        **_tags(substance),
        summary=substance.summary,
        text=_sentences(
            plain.bare(substance.plain_summary),
            substance.drug_class,
            substance.mechanism,
            substance.approved_for,
            *(f"{each.symptom.name}: {each.conclusion}" for each in assessments),
            *(note.finding for note in substance.safety_notes.all()),
            *(
                f"With {each.other or each.other_name}: {each.effect}"
                for each in substance.interactions_from.all()
                if each.other is None or each.other.is_published
            ),
            *(variety.name for variety in substance.varieties.all()),
            ", ".join(
                sorted(
                    {
                        each.alkaloid.name
                        for each in substance.occurrences.all()
                        if each.alkaloid and each.alkaloid.is_published
                    }
                )
            ),
        ),
        **_level(assessments),
        regions=_regions(substance),
    )


def _alkaloid(alkaloid: Alkaloid) -> Document:
    assessments = list(alkaloid.assessment_set.all())
    return _document(
        alkaloid,
        names=(
            *_names(alkaloid),
            alkaloid.inchikey,
            alkaloid.formula,
            *(each.value for each in alkaloid.external_ids.all()),
        ),
        **_tags(alkaloid),
        summary=alkaloid.summary,
        text=_sentences(
            plain.bare(alkaloid.plain_summary),
            alkaloid.chemical_class,
            alkaloid.origin,
            *(f"{each.symptom.name}: {each.conclusion}" for each in assessments),
            *(f"{each.target}: {each.action}" for each in alkaloid.activities.all()),
            *(note.finding for note in alkaloid.safety_notes.all()),
            ", ".join(
                sorted(
                    {
                        each.substance.name
                        for each in alkaloid.occurrences.all()
                        if each.substance.is_published
                    }
                )
            ),
        ),
        **_level(assessments),
        regions=_regions(alkaloid),
    )


def _symptom(symptom: Symptom) -> Document:
    return _document(
        symptom,
        names=(*_names(symptom), *(each.value for each in symptom.external_ids.all())),
        **_tags(symptom),
        summary=symptom.summary,
        text=_sentences(
            plain.bare(symptom.plain_summary),
            symptom.note,
            *(
                f"{each.subject.name}: {each.conclusion}"
                for each in symptom.assessment_set.all()
                if each.subject.is_published
            ),
        ),
        level="",
        level_about="",
        regions=(),
    )


def _source(source: Source) -> Document:
    return _document(
        source,
        names=tuple(each for each in (source.doi, source.pmid) if each),
        **_tags(source),
        summary=source.summary,
        text=_sentences(
            ", ".join(source.authors),
            source.container,
            source.published or "",
            source.get_kind_display(),
            source.design_text,
            source.note,
        ),
        level="",
        level_about="",
        regions=(),
    )


def _region(region: Region) -> Document:
    statuses = [each for each in region.statuses.all() if each.subject.is_published]
    return _document(
        region,
        # Its code is no name: "CA-NT" would be found by "can't".
        names=_names(region),
        tags=(),
        tag_slugs=(),
        summary=f"What the law says about substances in {region.name}."
        if statuses
        else f"{region.name}: no rule has been checked here yet.",
        text=_sentences(
            region.code, *(f"{each.subject.name}: {each.summary}" for each in statuses)
        ),
        level="",
        level_about="",
        regions=(),
    )


def _claim(claim: Claim) -> Document:
    return _document(
        claim,
        names=(claim.slug,),
        **_tags(claim),
        summary=f"{claim.get_verdict_display()}: {claim.why}",
        text=_sentences(*claim.phrasings),
        level="",
        level_about="",
        regions=(),
    )


def _article(article: Article) -> Document:
    body = re.sub(r"\[@[^\]]*\]", "", article.body)
    body = re.sub(r"\[\[(?:[a-z]+:)?([^\]|]*\|)?([^\]]*)\]\]", r"\2", body)
    return _document(
        article,
        names=(),
        **_tags(article),
        summary=article.summary,
        text=_sentences(*article.takeaways, re.sub(r"[#*_>`]", "", body)),
        level="",
        level_about="",
        regions=(),
    )


Rows = Callable[[], QuerySet[Any]]
KINDS: dict[str, tuple[Rows, str, Callable[[Any], Document]]] = {
    "substance": (
        lambda: Substance.objects.published().prefetch_related(
            "tags",
            "synonyms",
            "external_ids",
            "assessment_set__symptom",
            "safety_notes",
            "interactions_from__other",
            "varieties",
            "occurrences__alkaloid",
        ),
        "slug",
        _substance,
    ),
    "alkaloid": (
        lambda: Alkaloid.objects.published().prefetch_related(
            "tags",
            "synonyms",
            "external_ids",
            "assessment_set__symptom",
            "safety_notes",
            "activities",
            "occurrences__substance",
        ),
        "slug",
        _alkaloid,
    ),
    "symptom": (
        lambda: Symptom.objects.published().prefetch_related(
            "tags",
            "synonyms",
            "external_ids",
            "assessment_set__substance",
            "assessment_set__alkaloid",
        ),
        "slug",
        _symptom,
    ),
    "source": (
        lambda: Source.objects.published().prefetch_related("tags"),
        "slug",
        _source,
    ),
    "region": (
        lambda: Region.objects.prefetch_related(
            "synonyms", "statuses__substance", "statuses__alkaloid"
        ),
        "code",
        _region,
    ),
    "claim": (
        lambda: Claim.objects.published().prefetch_related("tags"),
        "slug",
        _claim,
    ),
    "article": (
        lambda: Article.objects.published().prefetch_related("tags"),
        "slug",
        _article,
    ),
}
