"""Every kind of record that has a typed form: its schema, its rows, its way in and out.

Import, export and review work on these forms. The order is the order of import: what is
pointed to comes before what points. Rooms that know kb add kinds of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Prefetch, QuerySet

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
from kb.schemas.base import Strict
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
from kb.schemas.sources import SourceRecord
from kb.schemas.subjects import AlkaloidRecord, SubstanceRecord
from kb.schemas.symptoms import SymptomRecord

FACT_LISTS = ("items", "contains", "activities", "pharmacokinetics", "varieties")
COMPUTED_CHEMISTRY = ("inchikey", "formula", "molar_mass")
SETS = frozenset(
    "tags sources part_of reaches interacts_with subjects symptoms claims contexts scales"
    " retired_codes".split()
)
SORTED_BY = {
    "synonyms": ("kind", "name"),
    "external_ids": ("scheme", "value"),
    **dict.fromkeys(FACT_LISTS, ("key",)),
}


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
    computed: frozenset[str] = frozenset({"retracted_sources"})
    field: str = "slug"  # of the model: what the identity of a record stands in

    @property
    def model(self) -> Any:
        return self.rows().model

    def all_rows(self) -> QuerySet[Any]:
        """Return its rows whatever their state, with all that `write` reads."""
        public: Any = self.rows()
        rows: Any = self.model._default_manager.all()
        rows._prefetch_related_lookups = public._prefetch_related_lookups
        rows.query.select_related = public.query.select_related
        return cast("QuerySet[Any]", rows)

    def find(self, identity: str) -> Any:
        """Return the row of an identity, or None."""
        if self.name == "assessment":
            subject, symptom, axis, comparator = identity.split("/", 3)
            kind, _, slug = subject.partition(":")
            wanted = {"symptom__slug": symptom, "axis": axis, "comparator": comparator}
            return self.all_rows().filter(**{f"{kind}__slug": slug}, **wanted).first()
        return self.all_rows().filter(**{self.field: identity}).first()

    def identity_of_row(self, row: Any) -> str:
        """Return what `find` takes, without reading all of the record."""
        if self.name == "assessment":
            named = (row.subject.record_key, row.symptom.slug, row.axis, row.comparator)
            return "/".join(map(str, named))
        return str(getattr(row, self.field))

    def comparable(self, content: dict[str, Any]) -> dict[str, Any]:
        """Return content as it can be compared: nothing computed, no order that means
        nothing."""
        left_out = {*self.computed, *COMPUTED_CHEMISTRY}
        plain = {name: value for name, value in content.items() if name not in left_out}
        for name, value in plain.items():
            if name in SORTED_BY:
                keys = SORTED_BY[name]
                plain[name] = sorted(
                    value, key=lambda each: [each[key] for key in keys]
                )
            elif name in SETS and isinstance(value, list):
                plain[name] = sorted(set(value))
        if self.name == "safety-note":
            first, *further = content["sources"]
            plain["sources"] = [first, *sorted(set(further) - {first})]
        return plain


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
        field="code",
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
        computed=frozenset({"level", "suggested_level", "retracted_sources"}),
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
        field="key",
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
        field="key",
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
        field="key",
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
        field="key",
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
        field="key",
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

_by_model: dict[type[Any], Kind] = {}


def register(*kinds: Kind) -> None:
    """Make kinds known by their model; kb.review works on those."""
    _by_model.update({kind.model: kind for kind in kinds})


def find_kind(row: Any) -> Kind | None:
    """Return the kind that a row is of, or None where it has no typed form of its own."""
    return _by_model.get(type(row))


def get_kind(name: str) -> Kind:
    """Return a known kind by its name. Raises KeyError for another."""
    return {kind.name: kind for kind in _by_model.values()}[name]


register(*KINDS)
