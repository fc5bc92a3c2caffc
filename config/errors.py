"""Errors that help."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kb.parameters import BadParameter, Withdrawn
from search.near import near_names


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Offer the records whose names are nearest to the address; 410 for a withdrawn one."""
    words = request.path.strip("/").split("/")[-1].replace("-", " ")[:80]
    if isinstance(exception, Withdrawn):
        return render(request, "410.html", {"query": words}, status=410)
    context = {"query": words, "suggestions": near_names(words)}
    return render(request, "404.html", context, status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say which parameter makes no sense, and offer what may have been meant."""
    context: dict[str, Any] = {}
    if isinstance(exception, BadParameter):
        context["message"] = str(exception)
        context["choices"] = [
            (f"?{_with(request, exception.name, value)}", label)
            for value, label in exception.choices
        ]
    return render(request, "400.html", context, status=400)


def _with(request: HttpRequest, name: str, value: str) -> str:
    query = request.GET.copy()
    query[name] = value
    return query.urlencode()
