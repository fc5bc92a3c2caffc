"""The law as a whole: how fresh it is, what does not agree, what changes; and its feeds."""

from __future__ import annotations

from typing import Any

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page

from kb import law, maps, places
from kb.finding import get_published
from kb.keeping import kept
from kb.linked_data import law as linked_law
from kb.linked_data import pages as linked_pages
from kb.linked_data.head import respond
from kb.models import Alkaloid, Region, Substance
from kb.pages import law_quality, subject_law
from kb.pages import map_picture as map_picture_page
from kb.parameters import moment_parameter, region_parameter

LAW = [("The law, place by place", "/regions/")]
FRESHNESS = "/api/v1/law/freshness"


def fresh(request: HttpRequest) -> HttpResponse:
    head = linked_pages.page(
        "/law/fresh/", "How fresh the law here is", way=LAW, alternate=FRESHNESS
    )
    return respond(request, "kb/law_quality.html", law_quality.fresh(), head)


def contradictions(request: HttpRequest) -> HttpResponse:
    path, title = "/law/contradictions/", "What does not agree in the law"
    head = linked_pages.page(path, title, way=LAW)
    context = law_quality.contradicting()
    return respond(request, "kb/contradictions.html", context, head)


def changes(request: HttpRequest) -> HttpResponse:
    head = linked_pages.page("/law/changes/", "Changes of the law", way=LAW)
    return respond(request, "kb/calendar.html", law_quality.changes(), head)


def changes_feed(request: HttpRequest, form: str) -> HttpResponse:
    return _feed(None, form)


def substance(request: HttpRequest, slug: str) -> HttpResponse:
    return _whole(request, get_published(Substance.objects.all(), slug))


def alkaloid(request: HttpRequest, slug: str) -> HttpResponse:
    return _whole(request, get_published(Alkaloid.objects.all(), slug))


def _whole(request: HttpRequest, subject: law.Subject) -> HttpResponse:
    moment = moment_parameter(request)
    context = subject_law.context(
        subject,
        region=region_parameter(request),
        moment=moment,
        data_version=getattr(request, "data_version", None),
    )
    told = context["holdings"] if moment == law.NOW else []
    head = linked_law.subject_law(subject, told)
    return respond(request, "kb/subject_law.html", context, head)


def substance_feed(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    return _feed(get_published(Substance.objects.all(), slug), form)


def alkaloid_feed(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    return _feed(get_published(Alkaloid.objects.all(), slug), form)


def region_feed(request: HttpRequest, code: str, form: str) -> HttpResponse:
    found = places.find_region(code)
    if found is None:
        raise Http404(f"There is no region with the code {code}.")
    return _feed(found, form)


@cache_control(public=True, max_age=365 * 24 * 3600, immutable=True)
@gzip_page
def map_shapes(request: HttpRequest, kind: maps.MapKind, digest: str) -> HttpResponse:
    """Return the outlines that maps are drawn from; another digest is another file."""
    found = maps.drawing(kind)
    if digest != found.digest:
        raise Http404("These outlines have been replaced.")
    return HttpResponse(found.svg, content_type="image/svg+xml")


RECORDS: dict[str, Any] = {"substance": Substance, "alkaloid": Alkaloid}


@csp_replace({"style-src": [f"'sha256-{map_picture_page.STYLE_HASH}'"]})
@kept
def map_picture(
    request: HttpRequest, kind: str, slug: str, map_kind: maps.MapKind
) -> HttpResponse:
    context = map_picture_page.context(
        get_published(RECORDS[kind].objects.all(), slug),
        map_kind,
        region=region_parameter(request),
        moment=moment_parameter(request),
        data_version=getattr(request, "data_version", None),
    )
    return render(request, "kb/map.svg", context, content_type="image/svg+xml")


def _feed(about: law.Subject | Region | None, form: str) -> HttpResponse:
    media, _, write = law_quality.FORMS[form]
    body = write(law_quality.feed(about, form))
    return HttpResponse(body, content_type=f"{media}; charset=utf-8")
