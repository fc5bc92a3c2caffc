"""Every error under /api/ as a problem document (RFC 9457), and what all replies share."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterable
from functools import wraps
from http import HTTPStatus
from typing import Any

import orjson
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import Resolver404, URLPattern, URLResolver, resolve, reverse
from ninja import NinjaAPI
from ninja.errors import HttpError, Throttled
from ninja.errors import ValidationError as RequestError
from pydantic import BaseModel, Field

from kb.finding import Moved, Withdrawn
from search.engine import SearchUnavailable

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 30
NOTHING_HERE = "There is no such address; /api/v1/openapi.json lists what there is."
View = Callable[..., HttpResponseBase]


class ParameterError(BaseModel):
    parameter: str
    detail: str = Field(description="what is wrong, and what the parameter takes")


class Problem(BaseModel):
    """An error (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[ParameterError] = Field([], description="one for each parameter")


class BadParameter(Exception):
    """A parameter cannot be read; `detail` says what it takes."""

    def __init__(self, parameter: str, detail: str) -> None:
        super().__init__(f"{parameter}: {detail}")
        self.parameter = parameter
        self.detail = detail


class NotFound(Exception):
    """There is no such published record; the message says which."""


def problem(
    status: int, detail: str, errors: Iterable[ParameterError] = ()
) -> HttpResponse:
    body = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        errors=list(errors),
    )
    return HttpResponse(
        orjson.dumps(body.model_dump(), option=orjson.OPT_APPEND_NEWLINE),
        status=status,
        content_type=MEDIA_TYPE,
    )


def retry_later(response: HttpResponse, seconds: float) -> HttpResponse:
    response["Retry-After"] = str(math.ceil(seconds))
    return response


def add_handlers(api: NinjaAPI) -> None:
    """Teach an API to answer each error that its views can raise."""
    handlers: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        RequestError: _refused,
        BadParameter: _bad_parameter,
        NotFound: lambda request, error: problem(404, str(error)),
        Moved: _moved,
        Withdrawn: lambda request, error: problem(410, str(error)),
        Http404: lambda request, error: problem(404, NOTHING_HERE),
        Throttled: _throttled,
        HttpError: lambda request, error: problem(error.status_code, str(error)),
        RequestDataTooBig: lambda request, error: problem(
            413, "The body is too large."
        ),
        SearchUnavailable: _search_unavailable,
        Exception: _broken,
    }
    for error, handler in handlers.items():
        api.add_exception_handler(error, handler)


def _refused(request: HttpRequest, error: RequestError) -> HttpResponse:
    found = [
        ParameterError(
            parameter=".".join(str(step) for step in each["loc"][1:]) or "body",
            detail=_in_words(each),
        )
        for each in error.errors
    ]
    detail = "; ".join(f"{each.parameter}: {each.detail}" for each in found)
    return problem(400, detail, found)


def _in_words(error: dict[str, Any]) -> str:
    """Say what a parameter takes, from one of pydantic's errors."""
    limits = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return "is missing"
        case "int_parsing" | "int_type" | "int_from_float" | "int_parsing_size":
            return "takes a whole number"
        case "greater_than_equal":
            return f"takes a whole number, at least {limits['ge']}"
        case "less_than_equal":
            return f"takes a whole number, at most {limits['le']}"
        case "string_type":
            return "takes a text"
    return str(error["msg"])


def _bad_parameter(request: HttpRequest, error: BadParameter) -> HttpResponse:
    found = ParameterError(parameter=error.parameter, detail=error.detail)
    return problem(400, str(error), [found])


def _moved(request: HttpRequest, error: Moved) -> HttpResponse:
    """Lead to the same address with the new slug, for good."""
    match = request.resolver_match
    assert match is not None, "a view is running"
    address = reverse(match.view_name, kwargs={**match.kwargs, "slug": error.now})
    return redirect(request, address)


def redirect(request: HttpRequest, address: str) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponse(status=301)
    response["Location"] = f"{address}?{query}" if query else address
    return response


def _throttled(request: HttpRequest, error: Throttled) -> HttpResponse:
    return retry_later(
        problem(429, "Too many requests; Retry-After says how many seconds to wait."),
        error.wait or 60,
    )


def _search_unavailable(request: HttpRequest, error: SearchUnavailable) -> HttpResponse:
    log.error("The search index cannot answer: %s", error)
    return retry_later(
        problem(503, "The search index cannot answer now."), RETRY_AFTER_S
    )


def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    return problem(500, "Something broke on our side. It has been noted.")


def open_door(view: View) -> View:
    """Give a view what all of /api/ has: HEAD, any origin may read, errors as problems."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asked = request.method
        response: HttpResponseBase
        if asked == "OPTIONS":
            response = HttpResponse(status=204)
            response["Access-Control-Allow-Methods"] = "GET, HEAD"
            response["Access-Control-Allow-Headers"] = "If-None-Match"
            return open_to_all(response)
        if asked == "HEAD":
            request.method = "GET"
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            response = problem(404, NOTHING_HERE)
        finally:
            request.method = asked
        if isinstance(response, HttpResponseNotAllowed):
            response = _not_allowed(response["Allow"])
        return open_to_all(response) if asked in ("GET", "HEAD") else response

    return answer


def open_to_all(response: HttpResponseBase) -> HttpResponseBase:
    """Let scripts of any site read it: it is public, and no cookie changes it."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag, Retry-After"
    return response


def _not_allowed(allowed: str) -> HttpResponse:
    named = {*allowed.replace(" ", "").split(",")}
    methods = sorted(named | ({"HEAD"} if "GET" in named else set()))
    response = problem(405, f"This address takes {', '.join(methods)}.")
    response["Allow"] = ", ".join(methods)
    return response


def open_doors(patterns: Iterable[URLPattern | URLResolver]) -> list[Any]:
    """Wrap the view of each pattern in `open_door`."""
    opened = []
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            pattern.callback = open_door(pattern.callback)
        opened.append(pattern)
    return opened


@open_door
def unknown(request: HttpRequest) -> HttpResponse:
    """Answer what is no address of the API; a slash too many is forgiven."""
    without_slash = request.path_info.rstrip("/")
    if request.method == "GET" and without_slash != request.path_info:
        try:
            match = resolve(without_slash)
        except Resolver404:
            match = None
        if match is not None and match.func is not unknown:
            return redirect(request, request.path.rstrip("/"))
    return problem(404, NOTHING_HERE)
