"""Reads parameters of an address; what makes no sense is told, never guessed."""

from __future__ import annotations

import datetime
import difflib
import re
from collections import defaultdict
from collections.abc import Collection

from django.core.exceptions import BadRequest
from django.http import HttpRequest

from kb.folding import fold
from kb.law import Moment, today
from kb.models import Region, Synonym
from kb.places import RegionTree
from kb.regulation import written_code

DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
NEAR = 0.75  # how alike a name must be to be offered, 1 being the same


class BadParameter(BadRequest):
    """A parameter makes no sense; the message says which, and what it takes."""


def region_parameter(request: HttpRequest, name: str = "in") -> Region | None:
    """Return the region of `?in=US-OH`, or None. Raises BadParameter.

    A code may be in any letters, and one that is no longer in use; a name may be any
    that the region goes by: Ohio, Deutschland. 1 query for a code, 3 for a name.
    """
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    found = Region.objects.filter(code=written_code(text)).first()
    if found is None:
        tree = RegionTree()
        found = tree.find(text) or _named(text, name, tree)
    return found


def _named(text: str, parameter: str, tree: RegionTree) -> Region:
    """Return the one region of that name. Raises BadParameter, with those near it."""
    names: dict[str, list[Region]] = defaultdict(list)
    for region in tree.by_pk.values():
        names[_plain(region.name)].append(region)
    synonyms = Synonym.objects.filter(region__isnull=False)
    for synonym, pk in synonyms.values_list("name", "region_id"):
        region = tree.by_pk[pk]
        if region not in names[_plain(synonym)]:
            names[_plain(synonym)].append(region)
    wanted = _plain(text)
    found = names.get(wanted, [])
    if len(found) == 1:
        return found[0]
    if found:
        raise BadParameter(
            f"{parameter}: {text[:60]!r} is the name of more than one place:"
            f" {_list(found, tree)}. Give the code of the one you mean."
        )
    near = difflib.get_close_matches(wanted[:60], list(names), n=3, cutoff=NEAR)
    regions = list(dict.fromkeys(region for each in near for region in names[each]))
    message = f"{parameter}: there is no region {text[:60]!r}."
    if regions:
        message += f" Did you mean {_list(regions, tree)}?"
    raise BadParameter(f"{message} Give an ISO 3166 code, as TH or US-OH, or a name.")


def _plain(name: str) -> str:
    """Return a name without case, accents and points: "U.S." as "us"."""
    return " ".join(fold(name).replace(".", "").replace("-", " ").split())


def _list(regions: list[Region], tree: RegionTree) -> str:
    """Return "US-GA (Georgia, United States) or GE (Georgia)"."""
    return " or ".join(
        f"{region.code} ({', '.join(tree.names[code] for code in tree.chain(region))})"
        for region in regions
    )


def moment_parameter(request: HttpRequest) -> Moment:
    """Return the two clocks of `?on=2024-05-01&as_of=2026-01-01`. Raises BadParameter."""
    on, as_of = day_parameter(request, "on"), day_parameter(request, "as_of")
    if as_of is not None and as_of > today():
        raise BadParameter(
            f"as_of: {as_of.isoformat()} is still to come; what will be recorded here then"
            " nobody knows. It takes a day up to today."
        )
    return Moment(on, as_of)


def day_parameter(request: HttpRequest, name: str) -> datetime.date | None:
    """Return the day of `?on=2024-05-01`, or None. Raises BadParameter."""
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    if not DAY.fullmatch(text):
        raise BadParameter(f"{name}: takes a day as 2024-05-01, not {text[:40]!r}.")
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise BadParameter(
            f"{name}: there is no day {text}. It takes a day as 2024-05-01."
        ) from None


def page_parameter(request: HttpRequest, name: str = "page") -> int:
    """Return the page number, from 1. Raises BadParameter."""
    text = request.GET.get(name, "1").strip() or "1"
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 10_000):
        raise BadParameter(
            f"{name}: {text[:20]!r} is not a page number from 1 to 10000."
        )
    return int(text)


def choice_parameter(request: HttpRequest, name: str, choices: Collection[str]) -> str:
    """Return one of the choices, or "" where none is made. Raises BadParameter."""
    text = request.GET.get(name, "").strip()
    if text and text not in choices:
        raise BadParameter(f"{name}: {text[:20]!r} is not one of {', '.join(choices)}.")
    return text
