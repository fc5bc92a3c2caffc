"""The downloads under /export/, and the page that describes them."""

from __future__ import annotations

import gzip
import hashlib
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_etags
from django.utils.translation import gettext_noop as _

from exchange import exporting, linked_data
from exchange.api.errors import open_to_all
from exchange.schema import export_schema
from kb import version
from kb.keeping import encodings
from kb.linked_data.head import respond
from kb.version import Version

LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"

RANGE = re.compile(r"bytes=(?P<first>\d{0,15})-(?P<last>\d{0,15})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Download:
    """One file, ready to be sent."""

    body: bytes
    packed: bytes
    sha256: str
    modified_at: datetime


def _download(body: bytes, modified_at: datetime) -> Download:
    return Download(
        body,
        gzip.compress(body, compresslevel=6, mtime=0),
        hashlib.sha256(body).hexdigest(),
        modified_at,
    )


# The files, made once for each state of the data


class Shelf:
    """Keeps the downloads of this process; makes them anew when a record changed."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Version, Download]] = {}
        self._making = threading.Lock()

    def get(self, name: str, write: Callable[[], bytes]) -> Download:
        """Return a file: 1 query while nothing changed."""
        now = version.current()
        kept = self._kept.get(name)
        if kept is not None and kept[0] == now:
            return kept[1]
        with self._making:
            now, kept = version.current(), self._kept.get(name)
            if kept is None or kept[0] != now:
                # The version was read first: what changes meanwhile is seen next time.
                kept = now, _download(write(), now.changed_at)
                self._kept[name] = kept
            return kept[1]


_shelf = Shelf()


def get_document() -> Download:
    return _shelf.get("kb.json", exporting.as_document)


def get_lines() -> Download:
    return _shelf.get("kb.jsonl", lambda: b"".join(exporting.as_lines()))


@cache
def get_schema() -> Download:
    """Return the schema: it changes with the code alone."""
    option = exporting.COMPACT | orjson.OPT_INDENT_2
    body = orjson.dumps(export_schema(), option=option)
    rooms = Path(__file__).parent, Path(__file__).parent.parent / "kb" / "schemas"
    newest = max(file.stat().st_mtime for room in rooms for file in room.glob("*.py"))
    return _download(body, datetime.fromtimestamp(newest, UTC))


# Views


def document(request: HttpRequest) -> HttpResponse:
    return _send(request, get_document(), "application/json")


def lines(request: HttpRequest) -> HttpResponse:
    return _send(request, get_lines(), "application/x-ndjson")


def schema(request: HttpRequest) -> HttpResponse:
    return _send(request, get_schema(), "application/schema+json")


def _send(request: HttpRequest, file: Download, content_type: str) -> HttpResponse:
    """Send a file, packed if the reader can unpack it, or say that it is unchanged.

    The two forms have two ETags; either proves the same content. A part (Range) is of
    the form that is sent, and only of the file that If-Range names.
    """
    is_packed = "gzip" in encodings(request)
    etag = f'"{file.sha256}{"-gzip" if is_packed else ""}"'
    known = {
        etag.removeprefix("W/").strip('"').removesuffix("-gzip")
        for etag in parse_etags(request.headers.get("If-None-Match", ""))
    }
    if file.sha256 in known or "*" in known:
        response = HttpResponse(status=304)
        del response["Content-Type"]
    else:
        body = file.packed if is_packed else file.body
        part = _part(request, body, etag) if request.method == "GET" else None
        response = part or HttpResponse(body)
        response["Content-Type"] = content_type
        response["Content-Length"] = str(len(response.content))
        if is_packed:
            response["Content-Encoding"] = "gzip"
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Last-Modified"] = http_date(file.modified_at.timestamp())
    # Packed by a server in front it would be other bytes than the ETag and ranges name.
    response["Cache-Control"] = "public, no-cache, no-transform"
    patch_vary_headers(response, ["Accept-Encoding"])
    open_to_all(response)
    return response


def _part(request: HttpRequest, body: bytes, etag: str) -> HttpResponse | None:
    """Return the one part that is asked for, 416 if there is none, or None: the whole.

    A download that broke off goes on where it was; several parts at once get the whole.
    """
    found = RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if not found or not (found["first"] or found["last"]):
        return None
    if request.headers.get("If-Range", etag) != etag:
        return None
    size = len(body)
    if found["first"]:
        first = int(found["first"])
        last = min(int(found["last"] or size), size - 1)
        if found["last"] and int(found["last"]) < first:
            return None  # no range at all
    else:
        first, last = max(0, size - int(found["last"])), size - 1
    if first > last:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{size}"
        return response
    response = HttpResponse(body[first : last + 1], status=206)
    response["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


LABELS = {
    "substances": "Substances",
    "alkaloids": "Alkaloids",
    "symptoms": _("Symptoms and other outcomes"),
    "evidence": _("Assessments of evidence"),
    "searches": _("Recorded searches for studies"),
    "safety": _("Safety notes"),
    "interactions": "Interactions",
    "regulation": _("Rules of law"),
    "regions": "Regions",
    "claims": "Claims",
    "articles": "Articles",
    "sources": "Sources",
    "help": _("Help numbers"),
}


def export(request: HttpRequest) -> HttpResponse:
    """The page: what can be fetched, how large it is, what one may do with it."""
    whole, by_line, described = get_document(), get_lines(), get_schema()
    files: list[dict[str, Any]] = [
        {
            "name": name,
            "about": about,
            "size": len(file.body),
            "packed": len(file.packed),
            "sha256": file.sha256,
        }
        for name, about, file in (
            ("kb.json", _("Everything, as one JSON document"), whole),
            ("kb.jsonl", _("The same, one record a line"), by_line),
            (
                "schema.json",
                _("What a record may hold: JSON Schema 2020-12"),
                described,
            ),
        )
    ]
    document = orjson.loads(whole.body)
    counts = [(label, len(document[plural])) for plural, label in LABELS.items()]
    context = {
        "files": files,
        "counts": counts,
        "total": sum(count for _, count in counts),
        "modified_at": whole.modified_at,
        "licence": exporting.HEADER["licence"],
        "licence_url": LICENCE_URL,
        "breadcrumbs": [{"title": _("Home"), "url": "/"}, {"title": _("Open data")}],
    }
    head = linked_data.dataset(files, whole.modified_at)
    return respond(request, "exchange/export.html", context, head)
