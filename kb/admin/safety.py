"""The desk of what can go wrong: safety notes, and what is taken together."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models.functions import Coalesce

from kb.admin.base import SUBJECT_HINT, AboutSubjectMixin, FactDesk
from kb.admin.lists import (
    SourceFilter,
    SubjectFilter,
    SymptomFilter,
    linked_filter,
)
from kb.models import Interaction, SafetyNote


@admin.register(SafetyNote)
class SafetyNoteDesk(AboutSubjectMixin, FactDesk):
    note_kind = "safety-note"
    list_display = ["subject", "kind", "severity", "symptom", "verification"]
    list_filter: list[Any] = [
        "verification",
        "kind",
        "severity",
        SubjectFilter,
        SymptomFilter,
        linked_filter("source", "source__slug", "further_sources__slug"),
    ]
    list_select_related = ["substance", "alkaloid", "symptom", "source"]
    search_fields = [
        "substance__name",
        "alkaloid__name",
        "finding",
        "source__name",
        "key",
    ]
    autocomplete_fields = [
        "substance",
        "alkaloid",
        "symptom",
        "interacts_with",
        "source",
        "further_sources",
    ]
    fieldsets = [
        (
            "About",
            {"fields": ["key", ("substance", "alkaloid")], "description": SUBJECT_HINT},
        ),
        (
            "What was found",
            {
                "fields": [
                    ("kind", "severity"),
                    ("likelihood", "level"),
                    "finding",
                    "figure",
                    "population",
                    "symptom",
                    "interacts_with",
                ],
                "description": "In our own words, calmly, with the figure where there is one. "
                "How grave it is, how often it comes and how sure anyone can be are three "
                "questions: a likelihood needs a figure that says how many of those who take "
                "it; the level is that of the same harm's assessment, if there is one.",
            },
        ),
        ("Where from", {"fields": ["source", "further_sources", "verification"]}),
    ]


@admin.register(Interaction)
class InteractionDesk(FactDesk):
    note_kind = "interaction"
    list_display = ["substance", "with_what", "severity", "likelihood", "level"]
    list_filter: list[Any] = [
        "verification",
        "severity",
        "likelihood",
        "level",
        linked_filter("substance", "substance__slug", "other__slug"),
        SourceFilter,
    ]
    list_select_related = ["substance", "other", "source"]
    search_fields = ["substance__name", "other__name", "other_name", "effect", "key"]
    autocomplete_fields = ["substance", "other", "source"]
    fieldsets = [
        (
            "Taken together",
            {
                "fields": ["key", "substance", ("other", "other_name")],
                "description": "Choose the other substance where it has a record; else name "
                "it: alcohol, midazolam. One of the two.",
            },
        ),
        (
            "What can happen",
            {
                "fields": [
                    "effect",
                    "mechanism",
                    ("severity", "likelihood", "level"),
                    "figure",
                ]
            },
        ),
        ("Where from", {"fields": ["source", "verification"]}),
    ]

    @admin.display(description="with", ordering=Coalesce("other__name", "other_name"))
    def with_what(self, obj: Interaction) -> str:
        return str(obj.other or obj.other_name)

    def view_on_site(self, obj: Interaction) -> str | None:
        return obj.substance.get_absolute_url() if obj.substance.is_published else None
