"""Every part of a country that ISO 3166-2 names, whether or not we recorded its law.

places.tsv holds a place a line: code, English name, kind, code of the part it lies in,
other names (with |). retired.tsv holds codes that lead to another: those no longer in
use, and those of a part that ISO 3166-1 lists as a country of its own (CN-HK, HK). Both
are made by kb/gazetteer/make.py; where from: NOTICES.md. What is a record of ours is in
the database; kb/places.py joins the two.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

from kb.folding import fold

HERE = Path(__file__).parent


class Place(NamedTuple):
    """A part of a country: ("ES-CT", "Catalonia", "Autonomous community", "ES", …)."""

    code: str
    name: str
    kind: str
    parent: str  # the part that it lies in, else the country: "ES"
    others: tuple[str, ...]  # ("Catalunya", "Cataluña")


@cache
def places() -> dict[str, Place]:
    """Return every place by its code; read once a process, in some 15 ms."""
    found = {}
    for code, name, kind, parent, others in _rows("places.tsv"):
        names = tuple(others.split("|")) if others else ()
        found[code] = Place(code, name, kind, parent or code[:2], names)
    return found


@cache
def retired() -> dict[str, str]:
    """Return what a code that is no longer in use leads to: {"CN-11": "CN-BJ"}."""
    pairs = ((old, new) for old, new in _rows("retired.tsv"))
    return dict(pairs)


@cache
def by_name() -> dict[str, tuple[str, ...]]:
    """Return the codes of all places of a name, which is written as `plain` does it."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for place in places().values():
        for name in (place.name, *place.others):
            found[plain(name)][place.code] = None
    return {name: tuple(codes) for name, codes in found.items()}


def plain(name: str) -> str:
    """Return a name without case, accents and points: "Île-de-France" as "ile de france"."""
    return " ".join(fold(name).replace(".", "").replace("-", " ").split())


def above(code: str) -> list[str]:
    """Return the codes of what a place lies in, nearest first: ["ES-CT", "ES"]."""
    known, codes = places(), []
    while code in known and known[code].parent not in codes:
        code = known[code].parent
        codes.append(code)
    return codes


def below(code: str) -> list[str]:
    """Return the codes of the parts right below a place or a country."""
    return _parts().get(code, [])


@cache
def _parts() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for place in places().values():
        found[place.parent].append(place.code)
    return found


def _rows(name: str) -> list[list[str]]:
    text = (HERE / name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()]
