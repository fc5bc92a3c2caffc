"""Reads parameters of an address; what makes no sense is told, never guessed."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import HttpRequest

from kb.models import Region


class BadParameter(BadRequest):
    """A parameter makes no sense; the message says which, and what it takes."""


def region_parameter(request: HttpRequest, name: str = "in") -> Region | None:
    """Return the region of `?in=US-OH`, or None. Raises BadParameter."""
    code = request.GET.get(name, "").strip()
    if not code:
        return None
    country, slash, place = code.partition("/")
    found = Region.objects.filter(code=country.upper() + slash + place).first()
    if found is None:
        raise BadParameter(
            f"{name}: there is no region {code!r}. Give an ISO 3166 code, as TH or US-OH."
        )
    return found


def page_parameter(request: HttpRequest, name: str = "page") -> int:
    """Return the page number, from 1. Raises BadParameter."""
    text = request.GET.get(name, "1").strip() or "1"
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 10_000):
        raise BadParameter(f"{name}: {text[:20]!r} is not a page number from 1 to 10000.")
    return int(text)
