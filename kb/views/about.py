"""The pages about the site itself."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

PAGES = ("about", "privacy", "accessibility", "terms")


def about(request: HttpRequest, name: str) -> HttpResponse:
    context = {"source_url": settings.SOURCE_URL}
    return render(request, f"about/{name}.html", context)
