"""Errors that help."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kb.parameters import BadParameter
from search.near import near_names


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Offer the records whose names are nearest to the address."""
    words = request.path.strip("/").split("/")[-1].replace("-", " ")[:80]
    context = {"query": words, "suggestions": near_names(words)}
    return render(request, "404.html", context, status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    message = str(exception) if isinstance(exception, BadParameter) else ""
    return render(request, "400.html", {"message": message}, status=400)
