"""What curators keep for themselves: notes, moved slugs, tags."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from simple_history.admin import SimpleHistoryAdmin
from taggit.models import Tag

from kb.admin.lists import LinkedFilter, count_of, linked_filter, list_link
from kb.admin.needs import FACTS
from kb.models import (
    Alkaloid,
    Claim,
    CuratorNote,
    OldSlug,
    Region,
    Source,
    Substance,
    Symptom,
    TaggedRecord,
)

NOTE_KINDS = sorted(
    [
        *("alkaloid", "article", "claim", "region", "source", "substance"),
        *("symptom", *FACTS.values()),
    ]
)
MOVING_KINDS = [
    kind.KIND for kind in (Substance, Alkaloid, Symptom, Source, Claim, Region)
] + ["article"]


class KindFilter(admin.SimpleListFilter):
    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind, kind) for kind in NOTE_KINDS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        kind = self.value()
        return queryset.filter(about__startswith=f"{kind}:") if kind else queryset


@admin.register(CuratorNote)
class CuratorNoteDesk(admin.ModelAdmin):
    list_display = ["about", "short_note"]
    list_filter = [KindFilter]
    list_per_page = 50
    search_fields = ["about", "note"]

    @admin.display(description="note")
    def short_note(self, obj: CuratorNote) -> str:
        return Truncator(obj.note).chars(160)


@admin.register(OldSlug)
class OldSlugDesk(admin.ModelAdmin):
    list_display = ["slug", "kind", "now"]
    list_filter = ["kind"]
    search_fields = ["slug", "now"]

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "kind":
            return forms.ChoiceField(choices=[(kind, kind) for kind in MOVING_KINDS])
        return super().formfield_for_dbfield(db_field, request, **kwargs)


# Tags: the library's own page edits rows that are not ours.
admin.site.unregister(Tag)


@admin.register(Tag)
class TagDesk(admin.ModelAdmin):
    list_display = ["name", "slug", "used"]
    ordering = ["name", "slug"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        return super().get_queryset(request).annotate(uses=Count("tagged_records"))

    @admin.display(description="used", ordering="uses")
    def used(self, obj: Any) -> SafeString:
        return list_link(TaggedRecord, count_of(obj.uses, TaggedRecord), tag=obj.slug)


@admin.register(TaggedRecord)
class TaggedRecordDesk(SimpleHistoryAdmin):
    """To see who carries a tag; tags are set on the records themselves."""

    list_display = ["content_object", "content_type", "tag"]
    list_filter: list[type[LinkedFilter] | str] = [linked_filter("tag", "tag__slug")]
    list_per_page = 50
    ordering = ["tag__name", "content_type", "object_id"]
    search_fields = ["tag__name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[TaggedRecord]:
        """Load the records with their tags: 1 query and 1 a kind."""
        rows = super().get_queryset(request).select_related("tag", "content_type")
        return rows.prefetch_related("content_object")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
