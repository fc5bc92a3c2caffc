"""Two records side by side: which to keep, and what to take from the other."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from kb import merging, review
from kb.pages import words

OFFERED = 20  # records to choose from; more of the name finds fewer


class MergingMixin:
    """For the ModelAdmin of a record: adds its page `<pk>/merge/`."""

    def get_urls(self) -> list[URLPattern]:
        found: list[URLPattern] = super().get_urls()  # type: ignore[misc]
        if self.model not in merging.MERGEABLE:  # type: ignore[attr-defined]
            return found
        names = self.model._meta  # type: ignore[attr-defined]
        own = path(
            "<int:pk>/merge/",
            self.admin_site.admin_view(self.merge),  # type: ignore[attr-defined]
            name=f"{names.app_label}_{names.model_name}_merge",
        )
        return [own, *found]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = kwargs.get("obj")
        may = row is not None and _may(request) and type(row) in merging.MERGEABLE
        address = _address(row) if may else ""
        context = {**context, "merge_address": address}
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]

    def merge(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show two records, or merge them where the form was sent with a reason."""
        if not _may(request):
            raise PermissionDenied
        records = self.model._default_manager  # type: ignore[attr-defined]
        keep = records.filter(pk=pk).first()
        if keep is None:
            raise Http404("There is no such record.")
        asked = request.POST if request.method == "POST" else request.GET
        slug = asked.get("other", "").strip()
        gone = records.filter(slug=slug).first() if slug else None
        problem, report = "", None
        candidates: list[Any] = []
        if slug and gone is None:
            candidates = self._candidates(request, pk, slug)
            if not candidates:
                problem = (
                    f"There is no record with the slug “{slug}”. Nor is one called so."
                )
        take = asked.getlist("take")
        if gone is not None and request.method == "POST":
            try:
                change = merging.propose(
                    keep,
                    gone,
                    take=take,
                    by=request.user,
                    reason=request.POST.get("reason", ""),
                )
            except review.NotAllowed as refusal:
                problem = str(refusal)
            else:
                return self._merged(request, keep, change)
        if gone is not None:
            if "sent" not in asked:
                take = _missing(keep, gone)
            try:
                merging.check(keep, gone)
                _, report = merging.preview(keep, gone, take=take)
            except review.NotAllowed as refusal:
                problem = problem or str(refusal)
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": f"Merge {self.model._meta.verbose_name_plural}",  # type: ignore[attr-defined]
            "opts": self.model._meta,  # type: ignore[attr-defined]
            "keep": keep,
            "gone": gone,
            "slug": slug,
            "candidates": candidates[:OFFERED],
            "has_more": len(candidates) > OFFERED,
            "rows": _rows(keep, gone, take) if gone is not None else [],
            "report": report,
            "problem": problem,
            "swapped": f"{_address(gone)}?other={keep.slug}" if gone else "",
            "at_once": request.user.is_superuser
            or not (keep.is_published or (gone and gone.is_published)),
            "reason": request.POST.get("reason", ""),
        }
        return TemplateResponse(request, "admin/merge.html", context)

    def _candidates(self, request: HttpRequest, pk: int, text: str) -> list[Any]:
        """Return the records that the list's own search finds, one more than is offered."""
        records = self.model._default_manager.exclude(pk=pk)  # type: ignore[attr-defined]
        found, _ = self.get_search_results(request, records, text)  # type: ignore[attr-defined]
        return list(found.order_by("name", "slug")[: OFFERED + 1])

    def _merged(self, request: HttpRequest, keep: Any, change: Any) -> HttpResponse:
        if change is not None:
            messages.success(
                request,
                "The merge waits for review: it happens once somebody else approves.",
            )
            return HttpResponseRedirect(
                reverse("admin:kb_change_change", args=[change.pk])
            )
        messages.success(request, "The two are one record now.")
        names = keep._meta
        return HttpResponseRedirect(
            reverse(
                f"admin:{names.app_label}_{names.model_name}_change", args=[keep.pk]
            )
        )


def _may(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("kb.publish_record"))


def _address(row: Any) -> str:
    names = row._meta
    return reverse(f"admin:{names.app_label}_{names.model_name}_merge", args=[row.pk])


def _missing(keep: Any, gone: Any) -> list[str]:
    """Return the fields that only the other has something in."""
    return [
        each.name
        for each in merging.fields_of(type(keep))
        if not getattr(keep, each.name) and getattr(gone, each.name)
    ]


def _rows(keep: Any, gone: Any, take: list[str]) -> list[dict[str, Any]]:
    """Return the fields in which two records differ, as they read."""
    rows = []
    for each in merging.fields_of(type(keep)):
        mine, other = _shown(keep, each.name), _shown(gone, each.name)
        if mine != other:
            rows.append(
                {
                    "name": each.name,
                    "label": str(each.verbose_name),
                    "keep": mine,
                    "gone": other,
                    "is_taken": each.name in take,
                }
            )
    return rows


def _shown(record: Any, name: str) -> str:
    display = getattr(record, f"get_{name}_display", None)
    return words.plain(display() if display else getattr(record, name)) or "–"
