"""Keeps rendered pages until a record changes; answers 304 to who has the page already."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_etags

from kb import version
from kb.law import today

View = Callable[..., HttpResponse]


def kept(view: View) -> View:
    """Make a public page be rendered once for each state of the records and day.

    The day counts because rules of law begin, end and grow stale. A page costs one query
    while it is kept. Only for views that show every reader the same.
    """

    @wraps(view)
    def keeping(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        now = version.current()
        request.data_version = now  # type: ignore[attr-defined]
        state = f"{now.number}|{now.changed_at}|{today()}"
        name = f"{request.get_host()}{request.get_full_path()}|{state}"
        key = hashlib.blake2b(name.encode(), digest_size=16).hexdigest()
        etag = f'W/"{key}"'
        response: HttpResponse
        if etag in parse_etags(request.headers.get("If-None-Match", "")):
            response = HttpResponseNotModified()
        else:
            page = None if settings.DEBUG else caches["pages"].get(key)
            if page is None:
                response = view(request, *args, **kwargs)
                if response.status_code != 200:
                    return response
                page = (
                    response["Content-Type"],
                    gzip.compress(response.content, 6, mtime=0),
                )
                caches["pages"].set(key, page)
            response = _answer(request, *page)
        response["ETag"] = etag
        response["Last-Modified"] = http_date(now.changed_at.timestamp())
        response["Cache-Control"] = "public, no-cache"
        patch_vary_headers(response, ["Accept-Encoding"])
        return response

    return keeping


def _answer(request: HttpRequest, content_type: str, body: bytes) -> HttpResponse:
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(body, content_type=content_type)
        response["Content-Encoding"] = "gzip"
        return response
    return HttpResponse(gzip.decompress(body), content_type=content_type)
