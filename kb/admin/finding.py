"""The desk of sources takes an identifier or a file, and shows what is here already.

Nothing is saved before a curator has seen it: an identifier fills the form in, a file
becomes a table to choose from.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from kb.bibliography import cite, drafting, files, lookup
from kb.bibliography.duplicates import Match, Sources, known
from kb.bibliography.identifiers import recognise
from kb.bibliography.record import Csl
from kb.bibliography.standing import standing
from kb.models import Source

SALT = "kb.admin.finding"
MOST_BYTES = 5_000_000
MOST_RECORDS = 800  # a form may send 1,000 fields


class FindingMixin:
    """For the ModelAdmin of sources."""

    change_form_template = "admin/kb/source/change_form.html"
    change_list_template = "admin/kb/source/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        admin_view = self.admin_site.admin_view  # type: ignore[attr-defined]
        return [
            path(
                "find/", admin_view(require_POST(self.find_view)), name="kb_source_find"
            ),
            path("upload/", admin_view(self.upload_view), name="kb_source_upload"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def get_changeform_initial_data(self, request: Any) -> dict[str, Any]:
        given: dict[str, Any] = super().get_changeform_initial_data(request)  # type: ignore[misc]
        return {**given, **getattr(request, "found_values", {})}

    def find_view(self, request: Any) -> HttpResponse:
        """Show the form to add a source, filled in with what an identifier names."""
        self._check_may_add(request)
        text = request.POST.get("identifier", "")[:600]
        context: dict[str, Any] = {"identifier": text}
        try:
            identifier = recognise(text)
            csl: Csl = {"title": "", "DOI": "", "PMID": ""}
            by = {"doi": "DOI", "pmid": "PMID", "url": "URL"}.get(identifier.scheme)
            here = Sources()
            match = (
                here.find({**csl, "title": "?", by: identifier.value}) if by else None
            )
            if match is None:
                csl = lookup.look_up(identifier)
                request.found_values = drafting.initial(csl)
                context |= {
                    "found": cite.formatted(csl, "vancouver"),
                    "found_by": str(identifier),
                    "standing": standing(csl).why,
                }
                match = here.find(csl)
            if match is not None:
                context["match"] = _shown(match)
        except (ValueError, lookup.NotFound) as problem:
            context["problem"] = str(problem)
        # The form itself is sent to where it is saved, as if it had been opened there.
        request.method = "GET"
        add = reverse("admin:kb_source_add")
        return self.changeform_view(request, None, add, context)  # type: ignore[attr-defined]

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        self._check_may_add(request)
        if request.method == "POST" and "records" in request.POST:
            return self._make_drafts(request)
        context: dict[str, Any] = {"formats": files.FORMATS}
        if request.method == "POST":
            given = request.FILES.get("file")
            if given is None:
                context["problem"] = "Choose a file first."
            elif (given.size or 0) > MOST_BYTES:
                context["problem"] = "The file is larger than 5 MB: send it in parts."
            else:
                name = str(given.name)
                try:
                    context |= preview(files.read(given.read(), name), name)
                except ValueError as problem:
                    context["problem"] = str(problem)
        return self._page(request, context)

    def _make_drafts(self, request: HttpRequest) -> HttpResponse:
        try:
            kept = signing.loads(request.POST["records"], salt=SALT, max_age=86_400)
        except signing.BadSignature:
            problem = (
                "What the table held has expired or was changed: send the file again."
            )
            return self._page(request, {"formats": files.FORMATS, "problem": problem})
        chosen = set(request.POST.getlist("chosen"))
        records = [(n, csl) for n, csl in kept["records"] if str(n) in chosen]
        made, refused = drafting.save_drafts(
            records, reason=f"From {kept['name']}"[:100]
        )
        for source in made:
            self.log_addition(request, source, [{"added": {}}])  # type: ignore[attr-defined]
        for number, why in refused[:20]:
            messages.warning(request, f"Record {number} was not made. {why}")
        if made:
            level = messages.SUCCESS
            word = "draft was" if len(made) == 1 else "drafts were"
            messages.add_message(
                request,
                level,
                f"{len(made)} {word} made. Read each before you send it on.",
            )
        else:
            messages.info(request, "No draft was made.")
        where = reverse("admin:kb_source_changelist")
        return HttpResponseRedirect(f"{where}?state__exact=draft")

    def _page(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        site = self.admin_site.each_context(request)  # type: ignore[attr-defined]
        names = {"title": "Upload references", "opts": Source._meta}
        return render(
            request, "admin/kb/source/upload.html", {**site, **names, **context}
        )

    def _check_may_add(self, request: HttpRequest) -> None:
        if not self.has_add_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied


def preview(reads: list[files.Read], name: str) -> dict[str, Any]:
    """Return the table of a file: 1 query. Raises ValueError if there is too much in it."""
    if len(reads) > MOST_RECORDS:
        raise ValueError(
            f"The file holds {len(reads)} records, more than {MOST_RECORDS}:"
            " send it in parts."
        )
    here = Sources()
    rows: list[dict[str, Any]] = []
    records: list[tuple[int, Csl]] = []
    for read in reads:
        row: dict[str, Any] = {"number": read.number, "line": read.line}
        rows.append(row)
        if read.csl is None:
            row |= {"standing": "unreadable", "why": read.problem}
            continue
        try:
            fields = drafting.fields_of(read.csl)
        except ValueError as problem:
            row |= {"standing": "unreadable", "why": str(problem)}
            continue
        row["fields"] = fields
        row["said"] = standing(read.csl).why
        row["byline"] = Source(
            authors=fields["authors"], authors_complete=fields["authors_complete"]
        ).byline
        match = here.find(read.csl)
        if match is None:
            row["standing"] = "new"
            here.add(known(read.csl))
        else:
            row["standing"] = "same" if match.is_certain else "probable"
            row["match"] = _shown(match)
        if match is None or not match.is_certain:
            records.append((read.number, read.csl))
    standings = [row["standing"] for row in rows]
    return {
        "file_name": name,
        "rows": rows,
        "counts": {word: standings.count(word) for word in STANDINGS},
        "records": signing.dumps(
            {"name": name, "records": records}, salt=SALT, compress=True
        ),
    }


STANDINGS = ("new", "same", "probable", "unreadable")


def _shown(match: Match) -> dict[str, Any]:
    """Return a match for a page, with a link to its desk if it is stored."""
    link: Any = f"{match.known.label} (earlier in this file)"
    if match.known.pk:
        address = reverse("admin:kb_source_change", args=[match.known.pk])
        link = format_html('<a href="{}">{}</a>', address, match.known.label)
    return {"link": link, "why": match.why, "is_certain": match.is_certain}
