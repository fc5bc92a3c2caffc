"""The desk of the edited pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from articles.models import Article
from kb.admin import needs
from kb.admin.base import NEVER_REVIEWED, REVIEW, RecordDesk, linked_filter


@admin.register(Article)
class ArticleDesk(RecordDesk):
    list_display = [
        "name",
        "author",
        "state",
        "published_on",
        "reviewed_on",
        "updated",
    ]
    list_filter: list[Any] = [
        "state",
        "needs_review",
        NEVER_REVIEWED,
        linked_filter("source", "sources__slug"),
    ]
    search_fields = ["name", "slug", "summary", "body", "author"]
    autocomplete_fields = [
        "substances",
        "alkaloids",
        "symptoms",
        "claims",
        "sources",
        *RecordDesk.autocomplete_fields,
    ]
    lines = {"takeaways": "Three to five sentences to take away, one a line."}
    fieldsets = [
        (
            None,
            {
                "fields": ["name", "slug", "summary", "body", "takeaways", "tags"],
                "description": "The name is the title, the summary the lead.",
            },
        ),
        ("Who and when", {"fields": [("author", "published_on")]}),
        (
            "What it is about",
            {"fields": ["substances", "alkaloids", "symptoms", "claims", "sources"]},
        ),
        REVIEW,
        ("Dates", {"fields": [("created_at", "updated_at")], "classes": ["collapse"]}),
    ]

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "body":
            field.widget.attrs["rows"] = "30"
        return field


needs.register(
    needs.drafts_of(Article),
    needs.flagged("Articles to look at again: a source of theirs changed", Article),
)
