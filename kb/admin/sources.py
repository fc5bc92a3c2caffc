"""Sources: what everything else rests on, and where each is used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from kb import links, retraction
from kb.admin.base import NEVER_REVIEWED, REVIEW, RecordDesk, VerifyingMixin
from kb.admin.finding import FindingMixin
from kb.admin.lists import count_of, list_link
from kb.admin.tables import TablesMixin
from kb.models import LinkCheck, Source
from kb.retraction import Effects

LISTED = 50  # lines of a message about a retraction


def rows_leaning_on(source: Any) -> Iterator[QuerySet[Any]]:
    """Yield, for each kind of record or fact, the rows that lean on a source.

    Read from the models themselves, so that no link to sources is forgotten. source may
    be an `OuterRef`.
    """
    paths: dict[type[models.Model], list[str]] = defaultdict(list)
    relations: list[Any] = Source._meta.get_fields(include_hidden=True)
    for relation in relations:
        if not relation.auto_created or relation.concrete:
            continue
        # What has no desk is a table between two, or a history.
        if admin.site.is_registered(relation.related_model):
            paths[relation.related_model].append(relation.field.name)
    for model, names in paths.items():
        leaning = Q()
        for name in names:
            leaning |= Q(**{name: source})
        yield model._default_manager.filter(leaning).distinct()


class UseFilter(admin.SimpleListFilter):
    title = "use"
    parameter_name = "use"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("unused", "Not used by anything"), ("used", "Used")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in ("unused", "used"):
            return queryset
        used = Q()
        for rows in rows_leaning_on(OuterRef("pk")):
            used |= Q(Exists(rows))
        return queryset.filter(used if self.value() == "used" else ~used)


class LinkFilter(admin.SimpleListFilter):
    """By what is known of the address that readers get: 2 queries."""

    title = "link"
    parameter_name = "link"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("dead", "No longer opens")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != "dead":
            return queryset
        return queryset.filter(pk__in=links.dead_sources())


class AddressFilter(admin.SimpleListFilter):
    title = "address"
    parameter_name = "address"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("none", "No DOI, PMID or address"), ("some", "Can be opened")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        nowhere = {"doi": None, "pmid": None, "url": None}
        if self.value() == "none":
            return queryset.filter(**nowhere)
        return queryset.exclude(**nowhere) if self.value() == "some" else queryset


@admin.register(Source)
class SourceDesk(FindingMixin, TablesMixin, VerifyingMixin, RecordDesk):
    actions = [*RecordDesk.actions, "mark_verified"]
    list_display = [
        "name",
        "kind",
        "published",
        "retraction",
        "verification",
        "updated",
    ]
    list_filter: list[Any] = [
        "verification",
        AddressFilter,
        LinkFilter,
        UseFilter,
        "retraction",
        "kind",
        "state",
        NEVER_REVIEWED,
    ]
    search_fields = ["name", "slug", "doi", "pmid", "authors", "container"]
    readonly_fields = [
        "used_by",
        "opens_at",
        "link_health",
        *RecordDesk.readonly_fields,
    ]
    slug_from = ()
    lines = {"authors": "One name a line, as the journal has it: Kruegel AC"}
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "name",
                    "slug",
                    "kind",
                    ("authors", "authors_complete"),
                    ("published", "container"),
                    "title_is_paraphrase",
                    "tags",
                ],
                "description": "The name is the title as printed. The slug is its first "
                "author and year: kruegel-2016.",
            },
        ),
        (
            "Where to find it",
            {
                "fields": [
                    ("doi", "pmid"),
                    "url",
                    "opens_at",
                    "link_health",
                    "verification",
                ],
                "description": "One is enough: DOI before PMID before an address.",
            },
        ),
        ("Study", {"fields": ["design", "design_text", "n", "summary", "note"]}),
        (
            "Retraction",
            {
                "fields": [("retraction", "retracted_on")],
                "description": "A retracted source stops counting at once: every assessment "
                "that leans on it is graded anew and flagged for review.",
            },
        ),
        ("Used by", {"fields": ["used_by"]}),
        REVIEW,
        ("Dates", {"fields": [("created_at", "updated_at")], "classes": ["collapse"]}),
    ]

    @admin.display(description="opens at")
    def opens_at(self, obj: Source) -> SafeString | str:
        return format_html('<a href="{0}">{0}</a>', obj.link) if obj.link else "–"

    @admin.display(description="does it open?")
    def link_health(self, obj: Source) -> SafeString | str:
        """Say what is known of each address, with a link to its last checks."""
        addresses = links.addresses_of(obj)
        checks = links.checks_of(addresses)
        rows = []
        for address in addresses:
            check = checks.get(address)
            if check is None:
                rows.append((f"{address}: not checked",))
            else:
                state = check.get_state_display().lower()
                link = list_link(LinkCheck, f"{address}: {state}", q=address)
                rows.append((link,))
        return format_html_join(mark_safe("<br>"), "{}", rows) or "–"

    @admin.display(description="used by")
    def used_by(self, obj: Source) -> SafeString | str:
        if obj._state.adding:
            return "Save it first."
        links = [
            (list_link(rows.model, count_of(count, rows.model), source=obj.slug),)
            for rows in rows_leaning_on(obj)
            if (count := rows.count())
        ]
        return format_html_join(" · ", "{}", links) or "Nothing leans on it."

    def save_model(
        self, request: HttpRequest, obj: Source, form: Any, change: bool
    ) -> None:
        with retraction.reporting() as reports:
            super().save_model(request, obj, form, change)
        for effects in reports:
            self._tell(request, effects)

    def _tell(self, request: HttpRequest, effects: Effects) -> None:
        """List what a change of retraction did."""
        lines = list(effects.lines())
        shown = format_html_join(
            "", "<li>{}</li>", ((line,) for line in lines[:LISTED])
        )
        hidden = len(lines) - LISTED
        text = format_html(
            "{}: {}. What leaned on it:<ul>{}</ul>{}",
            effects.source,
            effects.source.get_retraction_display().lower(),
            shown or format_html("<li>{}</li>", "nothing"),
            f"and {hidden} more" if hidden > 0 else "",
        )
        self.message_user(request, text, messages.WARNING)
