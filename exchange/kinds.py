"""Every kind of record that travels: its schema, its rows, its way in and out.

The order is the order of import: what is pointed to comes before what points.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from articles.models import Article
from articles.schemas import article_record, save_article
from kb.models import (
    Alkaloid,
    Assessment,
    Claim,
    CuratorNote,
    EvidenceItem,
    EvidenceSearch,
    HelpResource,
    Interaction,
    Occurrence,
    Region,
    RegulatoryStatus,
    SafetyNote,
    Source,
    Substance,
    Symptom,
    Synonym,
)
from kb.schemas import save, write
from kb.schemas.articles import ArticleRecord
from kb.schemas.base import Strict
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
    RegionRecord,
    RegulatoryStatusRecord,
)
from kb.schemas.save import Lookup
from kb.schemas.sources import SourceRecord
from kb.schemas.subjects import AlkaloidRecord, SubstanceRecord
from kb.schemas.symptoms import SymptomRecord


@dataclass(frozen=True, slots=True)
class Kind:
    """`layout` says how records lie in a folder: a file each, one a subject, or one file."""

    name: str
    plural: str
    schema: type[Strict]
    rows: Callable[[], QuerySet[Any]]
    write: Callable[[Any], Strict]
    save: Callable[[Any, Lookup], Any]
    identity: Callable[[Any], str]
    layout: str = "record"
    link: Callable[[Any, Lookup], None] | None = None
    is_public: bool = True
    computed: frozenset[str] = frozenset()


def _assessment_identity(record: AssessmentRecord) -> str:
    return "/".join((record.subject, record.symptom, record.axis, record.comparator))


def _published_subject(rows: QuerySet[Any]) -> QuerySet[Any]:
    from django.db.models import Q

    return rows.filter(Q(substance__state="published") | Q(alkaloid__state="published"))


SYNONYMS = Prefetch("synonyms", Synonym.objects.select_related("source"))
OCCURRENCES = Prefetch(
    "occurrences", Occurrence.objects.select_related("alkaloid", "source")
)
ITEMS = Prefetch(
    "items",
    EvidenceItem.objects.select_related("source", "inside_review", "duplicate_of"),
)

KINDS: tuple[Kind, ...] = (
    Kind(
        "source",
        "sources",
        SourceRecord,
        lambda: Source.objects.published().prefetch_related("tags"),
        write.source_record,
        save.save_source,
        lambda record: record.slug,
    ),
    Kind(
        "region",
        "regions",
        RegionRecord,
        lambda: Region.objects.select_related("parent").prefetch_related("synonyms"),
        write.region_record,
        save.save_region,
        lambda record: record.code,
        layout="one",
    ),
    Kind(
        "symptom",
        "symptoms",
        SymptomRecord,
        lambda: Symptom.objects.published().prefetch_related(
            "tags", SYNONYMS, "external_ids", "part_of"
        ),
        write.symptom_record,
        save.save_symptom,
        lambda record: record.slug,
        link=save.link_symptom,
    ),
    Kind(
        "alkaloid",
        "alkaloids",
        AlkaloidRecord,
        lambda: Alkaloid.objects.published().prefetch_related(
            "tags",
            SYNONYMS,
            "external_ids",
            "sources",
            "activities__source",
            "pharmacokinetics__source",
        ),
        write.alkaloid_record,
        save.save_alkaloid,
        lambda record: record.slug,
    ),
    Kind(
        "substance",
        "substances",
        SubstanceRecord,
        lambda: Substance.objects.published().prefetch_related(
            "tags",
            SYNONYMS,
            "external_ids",
            OCCURRENCES,
            "pharmacokinetics__source",
            "varieties__source",
        ),
        write.substance_record,
        save.save_substance,
        lambda record: record.slug,
    ),
    Kind(
        "assessment",
        "evidence",
        AssessmentRecord,
        lambda: _published_subject(
            Assessment.objects.select_related(
                "substance", "alkaloid", "symptom"
            ).prefetch_related(ITEMS)
        ),
        write.assessment_record,
        save.save_assessment,
        _assessment_identity,
        layout="subject",
        link=save.link_assessment,
        computed=frozenset({"level", "suggested_level"}),
    ),
    Kind(
        "safety-note",
        "safety",
        SafetyNoteRecord,
        lambda: _published_subject(
            SafetyNote.objects.select_related(
                "substance", "alkaloid", "symptom", "source"
            ).prefetch_related("interacts_with", "further_sources")
        ),
        write.safety_note_record,
        save.save_safety_note,
        lambda record: record.key,
        layout="subject",
    ),
    Kind(
        "evidence-search",
        "searches",
        EvidenceSearchRecord,
        lambda: _published_subject(
            EvidenceSearch.objects.select_related(
                "substance", "alkaloid", "symptom", "source"
            )
        ),
        write.evidence_search_record,
        save.save_evidence_search,
        lambda record: record.key,
        layout="one",
    ),
    Kind(
        "interaction",
        "interactions",
        InteractionRecord,
        lambda: Interaction.objects.filter(substance__state="published").select_related(
            "substance", "other", "source"
        ),
        write.interaction_record,
        save.save_interaction,
        lambda record: record.key,
        layout="one",
    ),
    Kind(
        "status",
        "regulation",
        RegulatoryStatusRecord,
        lambda: _published_subject(
            RegulatoryStatus.objects.for_page().prefetch_related("reaches")
        ),
        write.status_record,
        save.save_status,
        lambda record: record.key,
        layout="subject",
    ),
    Kind(
        "help",
        "help",
        HelpResourceRecord,
        lambda: HelpResource.objects.select_related("region"),
        write.help_record,
        save.save_help,
        lambda record: record.key,
        layout="one",
    ),
    Kind(
        "claim",
        "claims",
        ClaimRecord,
        lambda: (
            Claim.objects.published()
            .select_related("substance", "alkaloid", "symptom")
            .prefetch_related("sources", "tags")
        ),
        write.claim_record,
        save.save_claim,
        lambda record: record.id,
    ),
    Kind(
        "article",
        "articles",
        ArticleRecord,
        lambda: (
            Article.objects.published()
            .select_related("profile")
            .prefetch_related(
                "tags", "substances", "alkaloids", "symptoms", "claims", "sources"
            )
        ),
        article_record,
        save_article,
        lambda record: record.slug,
    ),
    Kind(
        "curator-note",
        "curation",
        CuratorNoteRecord,
        lambda: CuratorNote.objects.all(),
        write.curator_note_record,
        save.save_curator_note,
        lambda record: f"{record.about}: {record.note}",
        layout="one",
        is_public=False,
    ),
)

BY_NAME = {kind.name: kind for kind in KINDS}
BY_PLURAL = {kind.plural: kind for kind in KINDS}
