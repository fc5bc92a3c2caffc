"""The outlines that status maps are drawn from: world.json and us.json, made once.

A file holds, in the units of its viewBox and keyed by the code of the region:

    shapes   the outline of a region, as the `d` of an SVG path
    land     land without an ISO code, drawn blank and never linked
    circles  where a place stands that is too small for an outline, or has none
    marks    a point well inside a shape, for a mark that stands on it

A page does not repeat the shapes: it draws them by `<use>` from `drawing(kind)`, a file
that all pages of a reader share. Where they come from, and how they were made:
NOTICES.md and docs/decisions.md.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

MapKind = Literal["world", "us"]
KINDS: tuple[MapKind, ...] = ("world", "us")
Point = tuple[int, int]
LAND = "land"


@dataclass(frozen=True, slots=True)
class Outlines:
    """The outlines of one map; `shapes["TH"]` is "M901 221l2-4…"."""

    view_box: str
    shapes: dict[str, str]
    land: str
    circles: dict[str, Point]
    marks: dict[str, Point]

    @property
    def codes(self) -> list[str]:
        """All regions that the map can show, by code."""
        return sorted(self.shapes.keys() | self.circles.keys())


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG file with a path for each shape, whose id is the code of its region."""

    svg: bytes
    digest: str  # part of its address, so that it can be kept for ever


@cache
def drawing(kind: MapKind) -> Drawing:
    """Return the shapes of a map as an SVG file, made once a process."""
    found = outlines(kind)
    paths = "".join(
        f'<path id="{code}" d="{shape}"/>'
        for code, shape in (*sorted(found.shapes.items()), (LAND, found.land))
        if shape
    )
    svg = f'<svg xmlns="http://www.w3.org/2000/svg">{paths}</svg>'.encode()
    return Drawing(svg, hashlib.blake2b(svg, digest_size=6).hexdigest())


@cache
def outlines(kind: MapKind) -> Outlines:
    """Return the outlines of a map, read once a process."""
    path = Path(__file__).parent / f"{kind}.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    return Outlines(
        view_box=found["viewBox"],
        shapes=found["shapes"],
        land=found["land"],
        circles={code: (x, y) for code, (x, y) in found["circles"].items()},
        marks={code: (x, y) for code, (x, y) in found["marks"].items()},
    )
