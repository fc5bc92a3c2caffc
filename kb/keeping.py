"""Keeps rendered pages until a record changes; answers 304 to who has the page already.

They are kept compressed, in each form that readers asked for: brotli is a sixth smaller
than gzip, and browsers take it over https and from this machine.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from datetime import time as clock
from functools import cache, wraps
from typing import Any, NamedTuple

import brotli
from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt

from kb import version
from kb.law import today
from kb.version import Version

View = Callable[..., HttpResponse]
# Brotli's 6 takes 10 ms for the largest page; its 11 would save a tenth more, in 400 ms.
COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: bytes(brotli.compress(body, quality=6)),
    "gzip": lambda body: gzip.compress(body, 9, mtime=0),
}
# Lines that templates leave blank, and indents: nothing that a reader sees, since no page
# has text in which they would count. (These elements leave a page as it is.)
BLANK = re.compile(rb"\s*\n\s*")
AS_WRITTEN = re.compile(rb"<(?:pre|textarea|style)\b")

# What a kept page tells beside its text.
HEADERS = ("Content-Type", "Content-Disposition", "Link", "X-Robots-Tag")
ALWAYS_ASK = "public, no-cache"  # anyone may store it, and asks before showing it again
SAFE_METHODS = ("GET", "HEAD")
CODE = ("kb", "articles", "search", "exchange", "config", "templates", "static")


class Code(NamedTuple):
    digest: str
    changed_at: float  # seconds


class Moment(NamedTuple):
    """What a page depends on beside its address: records, day and program."""

    version: Version
    day: str
    code: Code

    @property
    def changed_at(self) -> int:
        """When the page last changed, in whole seconds."""
        midnight = datetime.combine(datetime.fromisoformat(self.day), clock(), UTC)
        by_record = max(self.version.changed_at, midnight).timestamp()
        return int(max(by_record, self.code.changed_at))


def moment() -> Moment:
    """Return the present one: 1 query. Rules of law begin, end and grow stale by day."""
    return Moment(version.current(), today().isoformat(), code())


@cache
def code() -> Code:
    """Return what changes with the program: after an upgrade no old page is "unchanged".

    Read once a process, some 30 ms; the digest is the same wherever the files are.
    """
    digest, newest = hashlib.blake2b(digest_size=8), 0.0
    for room in CODE:
        for file in sorted((settings.BASE_DIR / room).rglob("*")):
            if file.suffix in (".py", ".html", ".css", ".js", ".svg", ".json"):
                digest.update(str(file.relative_to(settings.BASE_DIR)).encode())
                digest.update(file.read_bytes())
                newest = max(newest, file.stat().st_mtime)
    return Code(digest.hexdigest(), newest)


def read_only(view: View) -> View:
    """Make a page be asked for only: 405 for every other method, whoever sends it.

    Nothing is changed by it, so no token against forged requests is asked for before.
    """

    @wraps(view)
    def reading(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in SAFE_METHODS:
            return HttpResponseNotAllowed(SAFE_METHODS)
        return view(request, *args, **kwargs)

    return csrf_exempt(reading)


def kept(view: View) -> View:
    """Make a public page be rendered once for each state of the records and day.

    A page costs one query while it is kept. Only for views that show every reader the
    same, and change nothing.
    """

    @read_only
    @wraps(view)
    def keeping(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        now = moment()
        request.data_version = now.version  # type: ignore[attr-defined]
        state = (
            f"{now.version.number}|{now.version.changed_at}|{now.day}|{now.code.digest}"
        )
        name = f"{request.get_host()}{request.get_full_path()}|{state}"
        encoding = _encoding(request)
        key = hashlib.blake2b(name.encode(), digest_size=16).hexdigest()
        etag = f'W/"{key}"'
        unchanged = get_conditional_response(request, etag, now.changed_at)
        if unchanged is not None and unchanged.status_code == 304:
            return _tell(unchanged, etag, now)
        place = f"{key}.{encoding}"
        page = None if settings.DEBUG else caches["pages"].get(place)
        if page is None:
            response = view(request, *args, **kwargs)
            if response.status_code != 200:
                return response
            body = response.content
            if response["Content-Type"].startswith("text/html"):
                body = without_blanks(body)
            headers = {name: response[name] for name in HEADERS if name in response}
            page = (headers, COMPRESS[encoding or "gzip"](body))
            caches["pages"].set(place, page)
        return _tell(_answer(encoding, *page), etag, now)

    return keeping


def _tell(response: HttpResponse, etag: str, now: Moment) -> HttpResponse:
    response["ETag"] = etag
    # A date counts whole seconds: in the second of a change it would stand for both.
    if now.changed_at < int(time.time()):
        response["Last-Modified"] = http_date(now.changed_at)
    response["Cache-Control"] = ALWAYS_ASK
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def without_blanks(html: bytes) -> bytes:
    """Return a page with one line break where there were several and indents."""
    return html if AS_WRITTEN.search(html) else BLANK.sub(b"\n", html)


def encodings(request: HttpRequest) -> set[str]:
    """Return what who asks can unpack: "br, gzip;q=0" gives br alone."""
    taken = set()
    for each in request.headers.get("Accept-Encoding", "").lower().split(","):
        name, _, weight = each.replace(" ", "").partition(";q=")
        if weight not in ("0", "0.0", "0.00", "0.000"):
            taken.add(name)
    return taken


def _encoding(request: HttpRequest) -> str:
    """Return "br", "gzip", or "" for who takes neither."""
    taken = encodings(request)
    return next((name for name in COMPRESS if name in taken), "")


def _answer(encoding: str, headers: dict[str, str], body: bytes) -> HttpResponse:
    if not encoding:
        return HttpResponse(gzip.decompress(body), headers=headers)
    response = HttpResponse(body, headers=headers)
    response["Content-Encoding"] = encoding
    return response
