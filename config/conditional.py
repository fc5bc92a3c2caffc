"""Gives what has no validator of its own an ETag by its content, and answers 304."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, has_vary_header
from django.utils.http import parse_http_date_safe, quote_etag

from kb.keeping import ALWAYS_ASK

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def conditional(get_response: GetResponse) -> GetResponse:
    """Middleware: no answer of the site is stored by anyone without being asked for again.

    What says "no-store" (the desk, login, health, the form for a text) stays as it is. A
    page that depends on who asks is nobody else's: private.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.method not in ("GET", "HEAD") or response.status_code != 200:
            return response
        if response.streaming or not isinstance(response, HttpResponse):
            return response
        if "no-store" in response.get("Cache-Control", ""):
            return response
        if not response.has_header("Cache-Control"):
            is_own = response.cookies or has_vary_header(response, "Cookie")
            response["Cache-Control"] = "private, no-cache" if is_own else ALWAYS_ASK
        if not response.has_header("ETag"):
            digest = hashlib.blake2b(response.content, digest_size=16).hexdigest()
            response["ETag"] = f"W/{quote_etag(digest)}"
        changed_at = parse_http_date_safe(response.get("Last-Modified", ""))
        etag = response["ETag"]
        return get_conditional_response(request, etag, changed_at, response) or response

    def without_body(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        if request.method == "HEAD" and isinstance(response, HttpResponse):
            response.content = b""  # its length stays told; the server warns otherwise
        return response

    return without_body
