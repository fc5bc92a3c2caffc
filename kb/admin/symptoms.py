"""Symptoms, signs, syndromes and other outcomes."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kb.admin import plain
from kb.admin.base import NEVER_REVIEWED, REVIEW, RecordDesk, VerifyingMixin
from kb.admin.lists import count_of, list_link
from kb.admin.subjects import ExternalIdInline, SynonymInline
from kb.admin.tables import TablesMixin
from kb.models import Assessment, Claim, SafetyNote, Symptom


class SymptomForm(plain.PlainForm):
    def clean_part_of(self) -> Any:
        """Refuse a circle: what it is part of must not be part of it."""
        chosen = self.cleaned_data["part_of"]
        seen: set[int] = set()
        above = {symptom.pk for symptom in chosen}
        while above - seen:
            seen |= above
            above = set(
                Symptom.objects.filter(parts__in=above).values_list("pk", flat=True)
            )
        if self.instance.pk in seen:
            raise ValidationError("This would make the symptom a part of itself.")
        return chosen


@admin.register(Symptom)
class SymptomDesk(plain.PlainMixin, TablesMixin, VerifyingMixin, RecordDesk):
    actions = [*RecordDesk.actions, "mark_verified"]
    form = SymptomForm
    list_display = [
        "name",
        "kind",
        "group",
        "is_emergency",
        "state",
        "verification",
        "updated",
    ]
    list_filter: list[Any] = [
        "state",
        "kind",
        "group",
        "is_emergency",
        "verification",
        NEVER_REVIEWED,
        plain.StandingFilter,
    ]
    search_fields = ["name", "slug", "synonyms__name"]
    autocomplete_fields = ["part_of", *RecordDesk.autocomplete_fields]
    readonly_fields = ["said_about_it", "how_it_reads", *RecordDesk.readonly_fields]
    lines = {
        "contexts": "Where it comes up, one word a line: withdrawal.",
        "scales": "Scales that ask for it, one a line: cows, dsm-5.",
    }
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "name",
                    "slug",
                    "kind",
                    *plain.FIELDS,
                    "tags",
                    "said_about_it",
                ]
            },
        ),
        (
            "Where it belongs",
            {
                "fields": ["group", "part_of", "contexts", "scales"],
                "description": "A syndrome is made of symptoms: insomnia is part of opioid "
                "withdrawal.",
            },
        ),
        ("How grave", {"fields": ["is_emergency", "severity"]}),
        ("For curators", {"fields": ["verification", "note"]}),
        REVIEW,
        ("Dates", {"fields": [("created_at", "updated_at")], "classes": ["collapse"]}),
    ]
    inlines = [SynonymInline, ExternalIdInline]

    @admin.display(description="said about it")
    def said_about_it(self, obj: Symptom) -> SafeString | str:
        if obj._state.adding:
            return "Save it first."
        links = [
            list_link(
                model,
                count_of(model.objects.filter(symptom=obj).count(), model),
                symptom=obj.slug,
            )
            for model in (Assessment, SafetyNote, Claim)
        ]
        return format_html(" · ".join(["{}"] * len(links)), *links)
