"""Keeps rendered pages until a record changes; answers 304 to who has the page already.

They are kept compressed, in each form that readers asked for: brotli is a sixth smaller
than gzip, and browsers take it over https and from this machine.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

import brotli
from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_etags

from kb import version
from kb.law import today

View = Callable[..., HttpResponse]
# Brotli's 6 takes 10 ms for the largest page; its 11 would save a tenth more, in 400 ms.
COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: bytes(brotli.compress(body, quality=6)),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}
# Lines that templates leave blank, and indents: nothing that a reader sees, since no page
# has text in which they would count. (These elements leave a page as it is.)
BLANK = re.compile(rb"\s*\n\s*")
AS_WRITTEN = re.compile(rb"<(?:pre|textarea|style)\b")


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
        encoding = _encoding(request)
        key = hashlib.blake2b(name.encode(), digest_size=16).hexdigest()
        etag = f'W/"{key}"'
        place = f"{key}.{encoding}"
        response: HttpResponse
        if etag in parse_etags(request.headers.get("If-None-Match", "")):
            response = HttpResponseNotModified()
        else:
            page = None if settings.DEBUG else caches["pages"].get(place)
            if page is None:
                response = view(request, *args, **kwargs)
                if response.status_code != 200:
                    return response
                content_type, body = response["Content-Type"], response.content
                if content_type.startswith("text/html"):
                    body = without_blanks(body)
                page = (content_type, COMPRESS[encoding or "gzip"](body))
                caches["pages"].set(place, page)
            response = _answer(encoding, *page)
        response["ETag"] = etag
        response["Last-Modified"] = http_date(now.changed_at.timestamp())
        response["Cache-Control"] = "public, no-cache"
        patch_vary_headers(response, ["Accept-Encoding"])
        return response

    return keeping


def without_blanks(html: bytes) -> bytes:
    """Return a page with one line break where there were several and indents."""
    return html if AS_WRITTEN.search(html) else BLANK.sub(b"\n", html)


def _encoding(request: HttpRequest) -> str:
    """Return "br", "gzip", or "" for who takes neither; what is refused has a q of 0."""
    taken = {}
    for each in request.headers.get("Accept-Encoding", "").lower().split(","):
        name, _, weight = each.replace(" ", "").partition(";q=")
        taken[name] = weight not in ("0", "0.0", "0.00", "0.000")
    return next((name for name in COMPRESS if taken.get(name)), "")


def _answer(encoding: str, content_type: str, body: bytes) -> HttpResponse:
    if not encoding:
        return HttpResponse(gzip.decompress(body), content_type=content_type)
    response = HttpResponse(body, content_type=content_type)
    response["Content-Encoding"] = encoding
    return response
