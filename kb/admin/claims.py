"""Statements that circulate, and how they stand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin

from kb.admin.base import NEVER_REVIEWED, REVIEW, RecordDesk
from kb.admin.lists import SubjectFilter, linked_filter
from kb.models import Claim


class ClaimForm(forms.ModelForm):
    def clean(self) -> dict[str, Any] | None:
        found = super().clean()
        if self.cleaned_data.get("substance") and self.cleaned_data.get("alkaloid"):
            self.add_error(
                "alkaloid", "Choose at most one subject: a substance or an alkaloid."
            )
        return found


@admin.register(Claim)
class ClaimDesk(RecordDesk):
    form = ClaimForm
    list_display = [
        "slug",
        "name",
        "verdict",
        "level",
        "harm_if_believed",
        "state",
    ]
    list_filter: list[Any] = [
        "verdict",
        "harm_if_believed",
        "level",
        "needs_review",
        "state",
        NEVER_REVIEWED,
        SubjectFilter,
        linked_filter("symptom", "symptom__slug"),
        linked_filter("source", "sources__slug"),
    ]
    list_display_links = ["slug", "name"]
    list_select_related = ["substance", "alkaloid"]
    search_fields = ["slug", "name", "phrasings", "why"]
    autocomplete_fields = [
        "substance",
        "alkaloid",
        "symptom",
        "sources",
        *RecordDesk.autocomplete_fields,
    ]
    slug_from = ()
    lines = {"phrasings": "How it is typically put, one sentence a line."}
    fieldsets = [
        (
            "The claim",
            {
                "fields": ["name", "slug", "phrasings", "topic", "summary", "tags"],
                "description": "The name is the statement in our words, the slug its number: "
                "C10. Say what people claim, not what we think of it.",
            },
        ),
        (
            "About",
            {
                "fields": [("substance", "alkaloid"), "symptom"],
                "description": "At most one subject.",
            },
        ),
        (
            "How it stands",
            {
                "fields": [
                    ("verdict", "level", "harm_if_believed"),
                    "why",
                    "sources",
                    "note",
                ]
            },
        ),
        REVIEW,
        ("Dates", {"fields": [("created_at", "updated_at")], "classes": ["collapse"]}),
    ]
