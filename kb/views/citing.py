"""A source to cite: in the usual styles, and as files for reference managers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from kb.bibliography import cite
from kb.bibliography.record import csl_of
from kb.finding import get_published
from kb.linked_data import pages
from kb.linked_data.head import respond
from kb.models import Source
from kb.parameters import choice_parameter

FORMS: Mapping[str, tuple[str, Callable[[Mapping[str, Any]], str]]] = {
    "bib": ("application/x-bibtex", cite.as_bibtex),
    "ris": ("application/x-research-info-systems", cite.as_ris),
    "json": ("application/vnd.citationstyles.csl+json", cite.as_json),
}


def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show all styles, or the one of ?style=."""
    found = get_published(Source.objects.all(), slug)
    style = choice_parameter(request, "style", ("", *cite.STYLES))
    shown = [
        each for each in cite.citations(csl_of(found)) if style in ("", each["style"])
    ]
    context = {
        "what": "source",
        "name": found.name,
        "url": found.get_absolute_url(),
        "citations": shown,
        "is_paraphrase": found.title_is_paraphrase,
        "is_retracted": found.is_retracted,
    }
    head = pages.beside(found, "cite/", "Cite this source")
    return respond(request, "kb/cite.html", context, head)


def file(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    found = get_published(Source.objects.all(), slug)
    content_type, write = FORMS[form]
    response = HttpResponse(
        write(csl_of(found)), content_type=f"{content_type}; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{found.slug}.{form}"'
    return response
