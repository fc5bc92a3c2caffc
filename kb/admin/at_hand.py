"""What every desk has at hand: where a record is used, and how its page will look."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import Resolver404, resolve, reverse
from django.utils.html import format_html

from kb import review, uses
from kb.choices import State
from kb.models import Record

LISTED = 8  # rows of a kind; the rest is a number
NO_INDEX = b'<meta name="robots" content="noindex, nofollow">'


def where_used(request: HttpRequest, record: models.Model) -> list[dict[str, Any]]:
    """Return what uses a record: [{"title", "count", "rows": [(name, address)], "more"}].

    2 queries for each kind of row that has a desk, however many rows there are.
    """
    found = []
    for rows in uses.uses_of(record):
        desk = admin.site._registry.get(rows.model)
        if desk is None or not desk.has_view_permission(request):
            continue
        shown = desk.get_queryset(request).filter(pk__in=rows.values("pk"))
        listed = list(shown[: LISTED + 1])
        if not listed:
            continue
        count = len(listed) if len(listed) <= LISTED else shown.count()
        names = rows.model._meta
        address = f"admin:{names.app_label}_{names.model_name}_change"
        found.append(
            {
                "title": str(
                    names.verbose_name if count == 1 else names.verbose_name_plural
                ).capitalize(),
                "count": count,
                "rows": [
                    (str(row), reverse(address, args=[row.pk]))
                    for row in listed[:LISTED]
                ],
                "more": max(0, count - LISTED),
            }
        )
    return found


def page_owner(row: Any) -> Any:
    """Return the record whose public page shows a row, or None."""
    while True:
        if isinstance(row, Record) or hasattr(row, "get_absolute_url"):
            return row
        subject = getattr(row, "substance", None) or getattr(row, "alkaloid", None)
        following = subject or getattr(row, "region", None)
        if following is None:
            try:
                following = review.root_of(row)
            except LookupError:
                return None
        if following is row:
            return None
        row = following


def preview(request: HttpRequest, row: Any) -> HttpResponse:
    """Return the public page of a row as it would be if it were published now.

    To be called where everything is rolled back afterwards.
    """
    owner = page_owner(row)
    if owner is None:
        return HttpResponse("It has no page of its own.", content_type="text/plain")
    if isinstance(owner, Record):
        type(owner)._default_manager.filter(pk=owner.pk).update(state=State.PUBLISHED)
    address = owner.get_absolute_url()
    try:
        match = resolve(address.partition("#")[0].partition("?")[0])
    except Resolver404:
        return HttpResponse("It has no page of its own.", content_type="text/plain")
    asked = RequestFactory().get(address, headers={"host": request.get_host()})
    # The view without what keeps its pages: nobody else may ever be given this one.
    page = inspect.unwrap(match.func)(asked, *match.args, **match.kwargs)
    banner = format_html(
        '<p class="callout callout--note" role="note"><span class="callout__text">'
        "<strong>Preview, not saved.</strong> Readers do not see this: it is how {} would"
        " look.</span></p>",
        str(owner),
    )
    body = page.content.replace(b"</head>", NO_INDEX + b"</head>", 1)
    start = body.find(b">", body.find(b"<main")) + 1
    body = body[:start] + banner.encode() + body[start:] if start else body
    shown = HttpResponse(body, status=page.status_code)
    shown["X-Robots-Tag"] = "noindex, nofollow"
    shown["Cache-Control"] = "no-store"
    return shown


class AtHandMixin:
    """For a ModelAdmin: adds both to its form. Stands before what saves or proposes."""

    def response_add(self, request: HttpRequest, obj: Any, *args: Any) -> HttpResponse:
        shown = self._previewed(request, obj)
        return shown or super().response_add(request, obj, *args)  # type: ignore[misc]

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        shown = self._previewed(request, obj)
        return shown or super().response_change(request, obj)  # type: ignore[misc]

    def _previewed(self, request: HttpRequest, obj: Any) -> HttpResponse | None:
        """Show what was sent and take all of it back; None where it is to be saved.

        The admin saves within a transaction of its own, and that is what is undone.
        """
        if "_preview" not in request.POST:
            return None
        obj = type(obj)._default_manager.get(pk=obj.pk)
        shown = preview(request, obj)
        transaction.set_rollback(True)
        return shown

    def render_change_form(
        self,
        request: HttpRequest,
        context: Mapping[str, Any],
        *args: Any,
        **kwargs: Any,
    ) -> HttpResponse:
        row = kwargs.get("obj")
        context = {
            **context,
            "uses": where_used(request, row) if row is not None else [],
            "is_on_record": row is not None,
            "has_page": row is None or page_owner(row) is not None,
        }
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]
