"""What stands beside a page: how to cite it, in words and as files; its links as a document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.text import slugify

from kb import citing, kinds, places
from kb.bibliography import cite
from kb.finding import get_published
from kb.law import today
from kb.linked_data import law, pages, records, subjects
from kb.linked_data.head import Head, respond
from kb.views.citing import FORMS

HEADS: Mapping[str, Callable[[Any], Head]] = {
    "substance": subjects.subject,
    "alkaloid": subjects.subject,
    "symptom": records.symptom,
    "source": records.source,
    "claim": records.claim,
}


def cite_page(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    """Show how our page of a record is cited, in the usual styles."""
    return _page(request, _find(plural, slug))


def region_cite_page(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, _region(code))


def citation(request: HttpRequest, plural: str, slug: str, form: str) -> HttpResponse:
    """Return our page of a record as BibTeX, RIS or CSL-JSON."""
    return _file(_find(plural, slug), form)


def region_citation(request: HttpRequest, code: str, form: str) -> HttpResponse:
    return _file(_region(code), form)


def linkset(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    found = _find(plural, slug)
    return as_linkset(HEADS[found.KIND](found))


def region_linkset(request: HttpRequest, code: str) -> HttpResponse:
    return as_linkset(law.region(_region(code), []))


def as_linkset(head: Head) -> HttpResponse:
    """Return the links of a page as a document (RFC 9264)."""
    response = JsonResponse(head.linkset(), json_dumps_params={"indent": 2})
    response["Content-Type"] = "application/linkset+json"
    return response


def _find(plural: str, slug: str) -> Any:
    kind = kinds.get_kind(plural.removesuffix("s"))
    return get_published(kind.all_rows(), slug)


def _region(code: str) -> Any:
    """Return a place on record. What nobody recorded has no page to cite."""
    found = places.find_region(code)
    if found is None or not found.is_recorded:
        raise Http404(f"Nothing is recorded about a region with the code {code}.")
    return found


def _page(request: HttpRequest, record: Any) -> HttpResponse:
    csl = citing.page_csl(record, accessed_on=today())
    context = {
        "what": "page",
        "name": citing.page_title(record),
        "url": record.get_absolute_url(),
        "citations": cite.citations(csl),
    }
    head = pages.beside(record, "cite/", "Cite this page")
    return respond(request, "kb/cite.html", context, head)


def _file(record: Any, form: str) -> HttpResponse:
    content_type, write = FORMS[form]
    body = write(citing.page_csl(record, accessed_on=today()))
    response = HttpResponse(body, content_type=f"{content_type}; charset=utf-8")
    name = slugify(record.slug.replace("/", "-"))
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
