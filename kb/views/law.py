"""The law as a whole: how fresh it is, what does not agree, what changes; and its feeds."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from kb import law, places
from kb.models import Alkaloid, Region, Substance
from kb.pages import law_quality


def fresh(request: HttpRequest) -> HttpResponse:
    return render(request, "kb/law_quality.html", law_quality.fresh())


def contradictions(request: HttpRequest) -> HttpResponse:
    return render(request, "kb/contradictions.html", law_quality.contradicting())


def changes(request: HttpRequest) -> HttpResponse:
    return render(request, "kb/calendar.html", law_quality.changes())


def changes_feed(request: HttpRequest, form: str) -> HttpResponse:
    return _feed(None, form)


def substance_feed(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    return _feed(get_object_or_404(Substance.objects.published(), slug=slug), form)


def alkaloid_feed(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    return _feed(get_object_or_404(Alkaloid.objects.published(), slug=slug), form)


def region_feed(request: HttpRequest, code: str, form: str) -> HttpResponse:
    found = places.find_region(code)
    if found is None:
        raise Http404(f"There is no region with the code {code}.")
    return _feed(found, form)


def _feed(about: law.Subject | Region | None, form: str) -> HttpResponse:
    media, _, write = law_quality.FORMS[form]
    body = write(law_quality.feed(about, form))
    return HttpResponse(body, content_type=f"{media}; charset=utf-8")
