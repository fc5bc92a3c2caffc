"""Substances, alkaloids, and what belongs to one of them alone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from kb.admin import plain
from kb.admin.base import (
    NEVER_REVIEWED,
    REVIEW,
    SUBJECT_HINT,
    AboutSubjectMixin,
    BlockInline,
    FactDesk,
    HelpMixin,
    RecordDesk,
    TableInline,
    VerifyingMixin,
)
from kb.admin.chemistry import LookingMixin
from kb.admin.lists import (
    FoundFirst,
    RowsByKey,
    SourceFilter,
    SubjectFilter,
    count_of,
    linked_filter,
    list_link,
)
from kb.admin.plain import PlainMixin
from kb.admin.proposing import ProposingMixin
from kb.admin.tables import TablesMixin
from kb.models import (
    Activity,
    Alkaloid,
    Assessment,
    Claim,
    ExternalId,
    Occurrence,
    Pharmacokinetic,
    RegulatoryStatus,
    SafetyNote,
    Substance,
    Synonym,
    Variety,
)

FACT_FILTERS = ["verification", SourceFilter]


class SynonymFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
        """Refuse the same name twice in one go: the database would, without a sentence."""
        super().clean()
        seen = set()
        for form in self.forms:
            row = getattr(form, "cleaned_data", {})
            if not row.get("name") or row.get("DELETE"):
                continue
            name = row["name"], row.get("kind")
            if name in seen:
                raise ValidationError(
                    f"“{row['name']}” stands here twice as the same kind."
                )
            seen.add(name)


class SynonymInline(TableInline):
    model = Synonym
    formset = SynonymFormSet
    fields = ["name", "kind", "language", "source"]
    autocomplete_fields = ["source"]
    show_change_link = False
    classes = ["collapse"]


class ExternalIdInline(TableInline):
    model = ExternalId
    fields = ["scheme", "value", "verification"]
    show_change_link = False
    classes = ["collapse"]


class OccurrenceInline(TableInline):
    model = Occurrence
    fields = ["alkaloid", "part", "low", "high", "unit", "source", "verification"]
    autocomplete_fields = ["alkaloid", "source"]
    classes = ["collapse"]


class FoundInInline(TableInline):
    model = Occurrence
    is_elsewhere = True  # these amounts belong to the substances
    verbose_name = "substance that holds it"
    verbose_name_plural = "found in"
    fields = ["substance", "part", "low", "high", "unit", "source", "verification"]
    autocomplete_fields = ["substance", "source"]
    classes = ["collapse"]


class PharmacokineticInline(TableInline):
    model = Pharmacokinetic
    fields = ["parameter", "value", "unit", "population", "source", "verification"]
    autocomplete_fields = ["source"]
    classes = ["collapse"]


class VarietyInline(BlockInline):
    model = Variety
    fields = [("name", "kind"), "seller_claim", "finding", ("source", "verification")]
    autocomplete_fields = ["source"]
    classes = ["collapse"]


class ActivityInline(TableInline):
    model = Activity
    fields = [
        *("target", "action", "parameter", "value", "unit"),
        *("source", "verification"),
    ]
    autocomplete_fields = ["source"]
    classes = ["collapse"]


class SubjectDesk(PlainMixin, VerifyingMixin, RecordDesk):
    """What substances and alkaloids share: the lists of what is said about them."""

    actions = [*RecordDesk.actions, "mark_verified"]

    readonly_fields = ["said_about_it", "how_it_reads", *RecordDesk.readonly_fields]

    @admin.display(description="said about it")
    def said_about_it(self, obj: Substance | Alkaloid) -> SafeString | str:
        if obj._state.adding:
            return "Save it first."
        models = (Assessment, SafetyNote, RegulatoryStatus, Claim)
        links = []
        for model in models:
            count = model.objects.filter(**{obj.KIND: obj.pk}).count()
            links.append(
                list_link(model, count_of(count, model), subject=obj.record_key)
            )
        return format_html(" · ".join(["{}"] * len(links)), *links)

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        """Leave out, until the record is saved, what names its subject in its own check."""
        inlines = super().get_inlines(request, obj)
        if obj is None:
            return [each for each in inlines if each is not PharmacokineticInline]
        return list(inlines)


@admin.register(Substance)
class SubstanceDesk(SubjectDesk):
    list_display = [
        "name",
        "category",
        "state",
        "verification",
        "reviewed_on",
        "updated",
    ]
    list_filter: list[Any] = [
        "state",
        "category",
        "verification",
        NEVER_REVIEWED,
        plain.StandingFilter,
    ]
    search_fields = ["name", "slug", "scientific_name", "synonyms__name"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "name",
                    "slug",
                    "category",
                    *plain.FIELDS,
                    "tags",
                    "said_about_it",
                ],
                "description": "What people take: a plant, a medicine, a compound, a product.",
            },
        ),
        (
            "Background",
            {
                "fields": [
                    "scientific_name",
                    "drug_class",
                    "mechanism",
                    "approved_for",
                    "route",
                    "verification",
                ],
                "description": "In plain words first, the term after. No dosing advice.",
            },
        ),
        REVIEW,
        ("Dates", {"fields": [("created_at", "updated_at")], "classes": ["collapse"]}),
    ]
    inlines = [
        SynonymInline,
        ExternalIdInline,
        OccurrenceInline,
        PharmacokineticInline,
        VarietyInline,
    ]


@admin.register(Alkaloid)
class AlkaloidDesk(LookingMixin, SubjectDesk):
    list_display = [
        "name",
        "formula",
        "chemical_class",
        "state",
        "verification",
        "updated",
    ]
    list_filter: list[Any] = [
        "state",
        "verification",
        NEVER_REVIEWED,
        plain.StandingFilter,
        linked_filter("source", "sources__slug"),
    ]
    search_fields = ["name", "slug", "inchikey", "formula", "synonyms__name"]
    autocomplete_fields = ["sources", *SubjectDesk.autocomplete_fields]
    readonly_fields = [
        "structure",
        "inchikey",
        "formula",
        "molar_mass",
        *SubjectDesk.readonly_fields,
    ]
    fieldsets = [
        (None, {"fields": ["name", "slug", *plain.FIELDS, "tags", "said_about_it"]}),
        (
            "Structure",
            {
                "fields": [
                    "smiles",
                    "structure",
                    "inchikey",
                    ("formula", "molar_mass"),
                ],
                "description": "Only the SMILES is typed, or comes from what is pasted "
                "above; the rest is computed from it at save.",
            },
        ),
        (
            "Background",
            {"fields": ["chemical_class", "origin", "sources", "verification"]},
        ),
        REVIEW,
        ("Dates", {"fields": [("created_at", "updated_at")], "classes": ["collapse"]}),
    ]
    inlines = [
        SynonymInline,
        ExternalIdInline,
        ActivityInline,
        PharmacokineticInline,
        FoundInInline,
    ]

    @admin.display(description="drawing")
    def structure(self, obj: Alkaloid) -> SafeString | str:
        if not obj.drawing:
            return "Drawn at save."
        # The SVG is our own: kb.structures draws it from the molecule, never from text.
        return format_html('<div class="drawing">{}</div>', mark_safe(obj.drawing))


@admin.register(Occurrence)
class OccurrenceDesk(FactDesk):
    note_kind = "occurrence"
    list_display = ["substance", "what", "part", "low", "high", "unit", "verification"]
    list_filter: list[Any] = [
        "verification",
        SourceFilter,
        linked_filter("substance", "substance__slug"),
    ]
    list_select_related = ["substance", "alkaloid", "source"]
    search_fields = ["substance__name", "alkaloid__name", "part", "source__name", "key"]
    autocomplete_fields = ["substance", "alkaloid", "source"]
    fields = [
        "key",
        "substance",
        "alkaloid",
        "part",
        ("low", "high", "unit"),
        "source",
        "verification",
        "note",
    ]

    @admin.display(description="alkaloid", ordering="alkaloid__name")
    def what(self, obj: Occurrence) -> str:
        return str(obj.alkaloid) if obj.alkaloid else "all alkaloids together"


@admin.register(Activity)
class ActivityDesk(FactDesk):
    note_kind = "activity"
    list_display = [
        "alkaloid",
        "target",
        "action",
        "parameter",
        "value",
        "unit",
        "verification",
    ]
    list_filter: list[Any] = [
        *FACT_FILTERS,
        "parameter",
        linked_filter("alkaloid", "alkaloid__slug"),
    ]
    list_select_related = ["alkaloid", "source"]
    search_fields = ["alkaloid__name", "target", "action", "source__name", "key"]
    autocomplete_fields = ["alkaloid", "source"]
    fields = [
        "key",
        "alkaloid",
        "target",
        "action",
        ("parameter", "value", "unit"),
        "source",
        "verification",
        "note",
    ]


@admin.register(Pharmacokinetic)
class PharmacokineticDesk(AboutSubjectMixin, FactDesk):
    note_kind = "pharmacokinetic"
    list_display = [
        "subject",
        "parameter",
        "value",
        "unit",
        "population",
        "verification",
    ]
    list_filter: list[Any] = [*FACT_FILTERS, SubjectFilter]
    list_select_related = ["substance", "alkaloid", "source"]
    search_fields = [
        "substance__name",
        "alkaloid__name",
        "parameter",
        "source__name",
        "key",
    ]
    autocomplete_fields = ["substance", "alkaloid", "source"]
    fieldsets = [
        (
            "About",
            {"fields": ["key", ("substance", "alkaloid")], "description": SUBJECT_HINT},
        ),
        (
            "Figure",
            {
                "fields": ["parameter", ("value", "unit"), "population", "note"],
                "description": "The figure as published, with its range.",
            },
        ),
        ("Where from", {"fields": ["source", "verification"]}),
    ]


@admin.register(Variety)
class VarietyDesk(FactDesk):
    note_kind = "variety"
    list_display = ["name", "substance", "kind", "verification"]
    list_filter: list[Any] = [
        *FACT_FILTERS,
        linked_filter("substance", "substance__slug"),
    ]
    list_select_related = ["substance", "source"]
    search_fields = ["name", "substance__name", "finding", "source__name", "key"]
    autocomplete_fields = ["substance", "source"]
    fields = [
        "key",
        "substance",
        ("name", "kind"),
        "seller_claim",
        "finding",
        "source",
        "verification",
        "note",
    ]


class BelongingMixin:
    """Adds the column `belongs_to` to what may hang on several kinds of record."""

    owners: tuple[str, ...] = ("substance", "alkaloid", "symptom", "region")

    @admin.display(description="belongs to")
    def belongs_to(self, obj: Any) -> str:
        for owner in self.owners:
            if getattr(obj, f"{owner}_id", None) is not None:
                return str(getattr(obj, owner))
        return "–"


@admin.register(Synonym)
class SynonymDesk(
    FoundFirst, TablesMixin, BelongingMixin, ProposingMixin, HelpMixin, admin.ModelAdmin
):
    paginator = RowsByKey
    list_display = ["name", "belongs_to", "kind", "language"]
    list_filter = ["kind", SourceFilter]
    list_select_related = ["substance", "alkaloid", "symptom", "region"]
    list_per_page = 50
    search_fields = ["name"]
    autocomplete_fields = ["substance", "alkaloid", "symptom", "region", "source"]
    fieldsets = [
        (None, {"fields": [("name", "kind", "language"), "source"]}),
        (
            "Belongs to",
            {
                "fields": ["substance", "alkaloid", "symptom", "region"],
                "description": "Exactly one of the four.",
            },
        ),
    ]


@admin.register(ExternalId)
class ExternalIdDesk(BelongingMixin, ProposingMixin, HelpMixin, admin.ModelAdmin):
    owners = ("substance", "alkaloid", "symptom")
    list_display = ["value", "scheme", "belongs_to", "verification"]
    list_filter = ["scheme", "verification"]
    list_select_related = ["substance", "alkaloid", "symptom"]
    list_per_page = 50
    search_fields = ["value"]
    autocomplete_fields = ["substance", "alkaloid", "symptom"]
    fieldsets = [
        (None, {"fields": [("scheme", "value"), "verification"]}),
        (
            "Belongs to",
            {
                "fields": ["substance", "alkaloid", "symptom"],
                "description": "Exactly one of the three.",
            },
        ),
    ]
