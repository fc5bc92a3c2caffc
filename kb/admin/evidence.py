"""What single sources found, and what all of them say together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from kb import evidence
from kb.admin.base import (
    SUBJECT_HINT,
    AboutSubjectMixin,
    BlockInline,
    Desk,
    FactDesk,
    save_each,
)
from kb.admin.lists import (
    SourceFilter,
    SubjectFilter,
    SymptomFilter,
    count_of,
)
from kb.admin.many import AssignedFilter, ManyMixin
from kb.admin.tables import TablesMixin
from kb.grading.steps import DOWNGRADES, UPGRADES
from kb.models import (
    Assessment,
    EvidenceItem,
    EvidenceSearch,
    GradeChange,
)

STEP_CHOICES = [(0, "0: no"), (1, "1: serious"), (2, "2: very serious")]
NEEDED = {
    "source": "Choose the source: no finding stands without one.",
    "design": "Choose the design of the study: the level starts from it.",
    "direction": "Choose what was found: better, worse, caused, or no clear effect.",
}
STEP_UP_CHOICES = [(0, "0: no"), (1, "1: yes"), (2, "2: very")]

ITEM_LINKS = ["source", "inside_review", "duplicate_of"]
ITEM_FIELDSETS: list[Any] = [
    (
        None,
        {
            "fields": [
                "source",
                ("design", "direction", "n"),
                "finding",
                "limits",
                "verification",
            ]
        },
    ),
    (
        "The form that was studied",
        {
            "fields": ["preparation", "bridging_reason"],
            "description": "Where the subject is another form, the finding is set aside: an "
            "isolate says nothing of the leaf. If it should count all the same, write why; "
            "readers see the reason.",
        },
    ),
    (
        "Who was studied, and how",
        {
            "fields": ["population", "comparator", ("design_text", "reviewed_design")],
            "classes": ["collapse"],
        },
    ),
    (
        "Steps down and up",
        {
            "fields": [
                ("risk_of_bias", "inconsistency"),
                ("indirectness", "imprecision"),
                "publication_bias",
                ("large_effect", "dose_gradient"),
                "opposing_confounding",
                "fails_design",
            ],
            "classes": ["collapse"],
            "description": "Why this study counts for less, or more, than its design alone. "
            "The level follows from these by itself.",
        },
    ),
    (
        "Counted elsewhere, and levels stated by others",
        {
            "fields": [
                ("inside_review", "duplicate_of"),
                ("stated_level", "curated_level"),
                "curated_basis",
            ],
            "classes": ["collapse"],
            "description": "A study inside a review counts once, with the review.",
        },
    ),
]


class ItemFields:
    """Writes the steps as choices, and says what an item cannot be without."""

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        name = db_field.name
        if name in EvidenceItem.STEPS:
            kwargs["widget"] = forms.Select(
                choices=STEP_CHOICES if name in DOWNGRADES else STEP_UP_CHOICES
            )
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if name in EvidenceItem.STEPS:
            words = {**DOWNGRADES, **UPGRADES}[name]
            field.help_text = f"{capfirst(words)}."
        if name in NEEDED:
            field.error_messages["required"] = NEEDED[name]
        return field


class EvidenceItemInline(ItemFields, BlockInline):
    model = EvidenceItem
    fk_name = "assessment"
    autocomplete_fields = ITEM_LINKS
    fieldsets = ITEM_FIELDSETS


class OverrideFilter(admin.SimpleListFilter):
    title = "override"
    parameter_name = "override"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("open", "Override to look at again"),
            ("differs", "Overridden: another level than the rule's"),
            ("same", "Override that the rule now agrees with"),
            ("no", "Level of the rule"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        overridden = queryset.filter(override_level__isnull=False)
        match self.value():
            case "open":
                open_ones = [row.pk for row in evidence.open_overrides()]
                return overridden.filter(pk__in=open_ones)
            case "differs":
                return overridden.exclude(override_level=F("suggested_level"))
            case "same":
                return overridden.filter(override_level=F("suggested_level"))
            case "no":
                return queryset.filter(override_level__isnull=True)
        return queryset


@admin.register(Assessment)
class AssessmentDesk(ManyMixin, AboutSubjectMixin, Desk):
    note_kind = "assessment"
    list_display = [
        "subject",
        "outcome",
        "axis",
        "level",
        "overridden",
        "needs_review",
    ]
    list_filter: list[Any] = [
        "needs_review",
        OverrideFilter,
        "level",
        "axis",
        SubjectFilter,
        SymptomFilter,
        AssignedFilter,
    ]
    list_select_related = ["substance", "alkaloid", "symptom"]
    search_fields = [
        "substance__name",
        "alkaloid__name",
        "symptom__name",
        "comparator",
        "conclusion",
    ]
    autocomplete_fields = ["substance", "alkaloid", "symptom"]
    readonly_fields = [
        "level",
        "suggested_level",
        "worked_out",
        "needs_review",
        "override_state",
        "levels_before",
    ]
    actions = ["mark_reviewed", "assign"]
    inlines = [EvidenceItemInline]
    fieldsets = [
        (
            "The question",
            {
                "fields": [
                    ("substance", "alkaloid"),
                    "symptom",
                    ("axis", "comparator"),
                ],
                "description": SUBJECT_HINT,
            },
        ),
        ("The answer", {"fields": ["direction", "conclusion"]}),
        (
            "How sure",
            {
                "fields": [("level", "suggested_level", "needs_review"), "worked_out"],
                "description": "Worked out from the items below at every save.",
            },
        ),
        (
            "Override",
            {
                "fields": [
                    "override_level",
                    "override_reason",
                    ("override_by", "override_on"),
                    "override_state",
                ],
                "classes": ["collapse"],
                "description": "Readers see both: the level of the rule, and yours with your "
                "reason. It has to be looked at again when something under it changes, and "
                "after two years: then give it a new day, or empty all four fields.",
            },
        ),
        ("Levels before", {"fields": ["levels_before"], "classes": ["collapse"]}),
    ]

    def note_key(self, obj: Assessment) -> str:
        return f"assessment:{obj.subject.slug}.{obj.symptom.slug}.{obj.axis}"

    def named_in_notes(self, names: Sequence[str]) -> Q:
        found = Q(pk__in=[])
        for name in names:
            subject, symptom, axis = name.split(".")
            about = Q(substance__slug=subject) | Q(alkaloid__slug=subject)
            found |= about & Q(symptom__slug=symptom, axis=axis)
        return found

    def view_on_site(self, obj: Assessment) -> str | None:
        page = super().view_on_site(obj.subject)
        return f"{page}#{obj.anchor}" if page else None

    @admin.display(description="symptom", ordering="symptom__name")
    def outcome(self, obj: Assessment) -> str:
        against = f", against {obj.comparator}" if obj.comparator else ""
        return f"{obj.symptom}{against}"

    @admin.display(description="overridden", boolean=True)
    def overridden(self, obj: Assessment) -> bool:
        return obj.is_overridden

    @admin.display(description="worked out")
    def worked_out(self, obj: Assessment) -> SafeString | str:
        """Write the arithmetic as the steps of a sum."""
        found = obj.arithmetic
        if not found:
            return "Nothing yet: it is worked out at save."
        steps = format_html_join(
            "",
            '<li>{} <span class="quiet">{}</span></li>',
            ((step["text"], ", ".join(step["items"])) for step in found["steps"]),
        )
        aside = format_html_join(
            "",
            "<li>{}: {}</li>",
            ((each["item"], each["reason"]) for each in found["set_aside"]),
        )
        searched = format_html_join(
            "", "<li>{}</li>", ((each["text"],) for each in found.get("searched", ()))
        )
        return format_html(
            '<ol class="steps">{}</ol>{}{}',
            steps,
            format_html('<p>Not counted:</p><ul class="steps">{}</ul>', aside)
            if aside
            else "",
            format_html('<p>Searches:</p><ul class="steps">{}</ul>', searched)
            if searched
            else "",
        )

    @admin.display(description="state")
    def override_state(self, obj: Assessment) -> str:
        if obj.override_level is None:
            return "No override: readers see the level of the rule."
        if evidence.override_is_open(obj):
            return (
                "To look at again: something under it changed, or it is two years old."
            )
        return "In force."

    @admin.display(description="ledger")
    def levels_before(self, obj: Assessment) -> SafeString | str:
        if obj._state.adding:
            return "–"
        rows = format_html_join(
            "",
            "<li>{}: {} → {}. {}</li>",
            (
                (
                    line.at.date().isoformat(),
                    line.get_before_display().lower(),
                    line.get_after_display().lower(),
                    line.cause,
                )
                for line in obj.grade_changes.all()
            ),
        )
        return (
            format_html('<ul class="steps">{}</ul>', rows) if rows else "No change yet."
        )

    @admin.action(
        description="Mark the selected as reviewed: what changed was read",
        permissions=["change"],
    )
    def mark_reviewed(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        flagged = queryset.filter(needs_review=True)
        count = save_each(self, request, flagged, {"needs_review": False})
        self.message_user(request, f"Reviewed: {count_of(count, Assessment)}.")

    def changeform_view(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Grade once for all items of the form, and write one line in the ledger."""
        with evidence.recomputing_once():
            return super().changeform_view(request, *args, **kwargs)

    def save_related(
        self, request: HttpRequest, form: Any, formsets: Any, change: bool
    ) -> None:
        """Tell at once what the rule makes of the items."""
        super().save_related(request, form, formsets, change)
        evidence.recompute_waiting()
        saved = Assessment.objects.get(pk=form.instance.pk)
        self.message_user(
            request,
            f"Level: {saved.get_level_display()}. "
            f"The rule gives: {saved.get_suggested_level_display()}.",
        )


@admin.register(EvidenceItem)
class EvidenceItemDesk(TablesMixin, ItemFields, FactDesk):
    note_kind = "evidence-item"
    list_display = ["key", "design", "n", "direction", "verification"]
    list_filter: list[Any] = ["verification", "design", "direction", SourceFilter]
    list_select_related = [
        "assessment__substance",
        "assessment__alkaloid",
        "assessment__symptom",
        "source",
    ]
    search_fields = ["key", "source__name", "finding", "population"]
    autocomplete_fields = ["assessment", *ITEM_LINKS]
    fieldsets = [(None, {"fields": ["key", "assessment"]}), *ITEM_FIELDSETS]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """An item stays with its assessment: the one it left would keep its old level."""
        fields = super().get_readonly_fields(request, obj)
        return fields if obj is None else [*fields, "assessment"]

    def view_on_site(self, obj: EvidenceItem) -> str | None:
        return super().view_on_site(obj.assessment.subject)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Delete one by one, so that each assessment is graded anew."""
        for item in queryset.select_related("assessment"):
            item.delete()


@admin.register(EvidenceSearch)
class EvidenceSearchDesk(AboutSubjectMixin, FactDesk):
    note_kind = "evidence-search"
    list_display = ["subject", "symptom", "axis", "searched_on", "hits", "verification"]
    list_filter: list[Any] = [
        "verification",
        "axis",
        SubjectFilter,
        SymptomFilter,
        SourceFilter,
    ]
    list_select_related = ["substance", "alkaloid", "symptom", "source"]
    search_fields = ["substance__name", "alkaloid__name", "looked_for", "where", "key"]
    autocomplete_fields = ["substance", "alkaloid", "symptom", "source"]
    fieldsets = [
        (
            "The question",
            {
                "fields": ["key", ("substance", "alkaloid"), ("symptom", "axis")],
                "description": SUBJECT_HINT,
            },
        ),
        (
            "The search",
            {
                "fields": [
                    "looked_for",
                    "where",
                    "query",
                    ("searched_on", "hits"),
                    "found",
                ],
                "description": "With no study in people it makes the level “none”. Write the "
                "parts so that they fit into one sentence: Looked for <i>any controlled "
                "trial</i> on 22 November 2026 in <i>PubMed</i>: <i>none found</i>.",
            },
        ),
        ("Where from", {"fields": ["source", "verification"]}),
    ]


@admin.register(GradeChange)
class GradeChangeDesk(admin.ModelAdmin):
    """The ledger: to read, never to write."""

    list_display = ["at", "assessment", "before", "after", "cause"]
    list_filter = ["after", "before", SourceFilter]
    list_select_related = [
        "assessment__substance",
        "assessment__alkaloid",
        "assessment__symptom",
    ]
    list_per_page = 50
    search_fields = [
        "assessment__substance__name",
        "assessment__alkaloid__name",
        "assessment__symptom__name",
        "cause",
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
