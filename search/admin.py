"""A look at what the index has still to learn, and at what readers asked in vain."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from kb.admin import needs
from search.models import MissedQuery, PendingKey
from search.near import near_names


class ReadOnlyDesk(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(PendingKey)
class PendingKeyDesk(ReadOnlyDesk):
    list_display = ["key", "noted_at"]
    ordering = ["noted_at", "pk"]
    search_fields = ["key"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(MissedQuery)
class MissedQueryDesk(ReadOnlyDesk):
    """What was asked most and not found stands first; who is done with one deletes it."""

    list_display = ["text", "count", "last_on", "first_on", "close_names", "synonym"]
    list_filter = ["last_on"]
    search_fields = ["text"]
    list_per_page = 50

    @admin.display(description="Names like it")
    def close_names(self, missed: MissedQuery) -> SafeString | str:
        found = near_names(missed.text, limit=3)
        links = ((each["url"], each["title"]) for each in found)
        return format_html_join(", ", '<a href="{}">{}</a>', links) or "none"

    @admin.display(description="Make it a name")
    def synonym(self, missed: MissedQuery) -> SafeString:
        return format_html_join(
            " · ",
            '<a href="{}">{}</a>',
            (
                (_synonym_form(missed.text, kind), label)
                for kind, label in (
                    ("misspelling", "misspelling"),
                    ("lay", "everyday word"),
                )
            ),
        )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).order_by("-count", "-last_on", "text")


def _synonym_form(name: str, kind: str) -> str:
    """Return the form for a new synonym, filled in but for whose name it is."""
    return (
        f"{reverse('admin:kb_synonym_add')}?{urlencode({'name': name, 'kind': kind})}"
    )


needs.register(
    needs.Need(
        "Searches that found nothing",
        MissedQuery,
        lambda user: MissedQuery.objects.count(),
    )
)
