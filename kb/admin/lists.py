"""The lists of the desk: filters, searching, pages, and the links that lead to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from kb.models import Alkaloid, Substance

# Filters


class LinkedFilter(admin.SimpleListFilter):
    """Keeps the rows of one record. It shows only when a link asked for it: a list of
    400 sources to choose from would help nobody, the search field does."""

    paths: Sequence[str] = ()

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        value = request.GET.get(self.parameter_name or "")
        return [(value, value)] if value else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if not value:
            return queryset
        led_there = Q()
        for path in self.paths:
            led_there |= Q(**{path: value})
        # Not `distinct()`: the action "delete" could not follow it.
        return queryset.filter(
            pk__in=queryset.model.objects.filter(led_there).values("pk")
        )


def linked_filter(parameter: str, *paths: str) -> type[LinkedFilter]:
    """Return a filter `?source=kruegel-2016` on "source__slug"."""
    names = {"title": parameter, "parameter_name": parameter, "paths": paths}
    return type(f"{capfirst(parameter)}Filter", (LinkedFilter,), names)


SourceFilter = linked_filter("source", "source__slug")
SymptomFilter = linked_filter("symptom", "symptom__slug")


class SubjectFilter(admin.SimpleListFilter):
    """Offers the subjects that have rows: 2 queries. Where they are too many to choose
    from, only the one that a link asked for: the search field finds the others."""

    MOST = 200
    title = "subject"
    parameter_name = "subject"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        found = []
        for subject in (Substance, Alkaloid):
            kind = subject.KIND
            # From their side, in the order of their names: it stops when it has enough.
            rows = model_admin.model.objects.filter(**{kind: OuterRef("pk")})
            pairs = (
                subject.objects.filter(Exists(rows.order_by()))
                .order_by("name", "slug")
                .values_list("slug", "name")[: self.MOST + 1]
            )
            found += [(f"{kind}:{slug}", name) for slug, name in pairs]
        if len(found) > self.MOST:
            value = request.GET.get(self.parameter_name)
            return [(value, value)] if value else []
        return sorted(found, key=lambda pair: (pair[1].casefold(), pair[0]))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        kind, _, slug = (self.value() or "").partition(":")
        if kind not in (Substance.KIND, Alkaloid.KIND):
            return queryset
        return queryset.filter(**{f"{kind}__slug": slug})


# Searching, and pages


class RowsByKey(Paginator):
    """Finds the keys of a page first, then reads those rows from `all_rows`.

    A page far down is sorted for by its keys alone, not by all that rows and those that
    they join hold; and what was searched for is not searched for again to read them.
    """

    all_rows: QuerySet[Any] | None = None

    def page(self, number: int | str) -> Page:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        rows: Any = self.object_list
        end = min(start + self.per_page + self.orphans, self.count)
        if end < self.count:
            end = start + self.per_page
        keys = list(rows.values_list("pk", flat=True)[start:end])
        found = (rows if self.all_rows is None else self.all_rows).in_bulk(keys)
        return Page([found[key] for key in keys], number, self)


class FoundFirst:
    """Searches all rows of a list once, first, and puts in order what it found.

    In one statement SQLite walks an index in the order of the list and looks up each row
    to compare it, which takes three times as long. Where so much is found that its keys
    are too many to hand over, the search is repeated for the count and for the page.
    """

    MOST_KEYS = 10_000

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        found, is_doubled = super().get_search_results(  # type: ignore[misc]
            request, queryset, search_term
        )
        if not search_term.strip():
            return found, is_doubled
        keys = found.order_by().values_list("pk", flat=True)
        if is_doubled:  # a row for each of its names that fits
            keys = keys.distinct()
        first = list(keys[: self.MOST_KEYS + 1])
        if len(first) > self.MOST_KEYS:
            return queryset.filter(pk__in=keys), False
        request.found_count = len(first)  # type: ignore[attr-defined]
        return queryset.filter(pk__in=first), False

    def get_paginator(
        self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any
    ) -> Paginator:
        made: Paginator = super().get_paginator(request, queryset, *args, **kwargs)  # type: ignore[misc]
        if isinstance(made, RowsByKey):
            rows: QuerySet[Any] = self.get_queryset(request)  # type: ignore[attr-defined]
            joined = self.list_select_related  # type: ignore[attr-defined]
            made.all_rows = rows.select_related(*joined) if joined else rows
            if (found := getattr(request, "found_count", None)) is not None:
                made.count = found  # searched last: nothing is left out after it
        return made


# Links


def list_link(model: type[models.Model], text: str, **filters: str) -> SafeString:
    """Return a link to the list of a model, kept to what the filters say."""
    query = QueryDict(mutable=True)
    query.update(filters)
    address = reverse(
        f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    )
    return format_html('<a href="{}?{}">{}</a>', address, query.urlencode(), text)


def count_of(number: int, model: type[models.Model]) -> str:
    """Return "1 claim" or "159 regulatory statuses"."""
    names = model._meta
    return (
        f"{number} {names.verbose_name if number == 1 else names.verbose_name_plural}"
    )
