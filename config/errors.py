"""Errors that help: as a page for readers, as a problem document for programs."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from exchange.api.errors import ParameterError, problem
from kb.finding import Moved, Withdrawn
from kb.parameters import BadParameter
from search.near import near_names


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Offer the records whose names are nearest to the address.

    410 for a withdrawn record; a moved one is led to, on whatever page of it.
    """
    if isinstance(exception, Moved):
        return _moved(request, exception.now)
    status = 410 if isinstance(exception, Withdrawn) else 404
    if _is_program(request):
        detail = str(exception) if status == 410 else "There is nothing here."
        return _answer(problem(status, detail))
    words = _words(request)
    if status == 410:
        return _answer(render(request, "410.html", {"query": words}, status=410))
    context = {"query": words, "suggestions": near_names(words)}
    return _answer(render(request, "404.html", context, status=404))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say which parameter makes no sense, and offer what may have been meant."""
    if isinstance(exception, DisallowedHost):
        # A page would name its own address, which has no host that is known.
        body = "This host name is not served here (ALLOWED_HOSTS).\n"
        return HttpResponse(body, status=400, content_type="text/plain")
    context: dict[str, Any] = {}
    if isinstance(exception, BadParameter):
        if _is_program(request):
            wrong = ParameterError(parameter=exception.name, detail=str(exception))
            wrongs = [wrong] if exception.name else []
            return _answer(problem(400, str(exception), wrongs))
        context["message"] = str(exception)
        context["choices"] = [
            (f"?{_with(request, exception.name, value)}", label)
            for value, label in exception.choices
        ]
    elif _is_program(request):
        if isinstance(exception, RequestDataTooBig):
            return _answer(problem(413, "The body is too large."))
        return _answer(problem(400, "The request is not in a form that we take."))
    status = 413 if isinstance(exception, RequestDataTooBig) else 400
    return _answer(render(request, "400.html", context, status=status))


def _is_program(request: HttpRequest) -> bool:
    """Tell whether JSON is asked for: by the address, or instead of a page."""
    accepted = request.headers.get("Accept", "").lower()
    return request.path.endswith(".json") or (
        "json" in accepted and "text/html" not in accepted
    )


def _answer(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ["Accept"])
    return response


def _words(request: HttpRequest) -> str:
    """Return what of the address may be a name: the slug, else its last part."""
    match = request.resolver_match
    slug = match.kwargs.get("slug", "") if match else ""
    return (slug or request.path.strip("/").split("/")[-1]).replace("-", " ")[:80]


def _moved(request: HttpRequest, now: str) -> HttpResponse:
    match = request.resolver_match
    assert match is not None, "a view is running"
    address = reverse(match.view_name, kwargs={**match.kwargs, "slug": now})
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)


def _with(request: HttpRequest, name: str, value: str) -> str:
    query = request.GET.copy()
    query[name] = value
    return query.urlencode()
