"""Checks JSON-LD against schema.org: every type, every property, what each may hold.

tests/schema_org.json is cut from its published vocabulary: {"types": {"Drug": {"parents":
["Product", "Substance"], "properties": {"activeIngredient": ["Text"], …}}}}.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

TABLE = json.loads((Path(__file__).parent / "schema_org.json").read_text("utf-8"))
TYPES: dict[str, Any] = TABLE["types"]
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def graph_of(html: str) -> list[dict[str, Any]]:
    """Return the nodes of a page's one block."""
    (block,) = SCRIPT.findall(html)
    data = json.loads(block)
    assert data.pop("@context") == "https://schema.org"
    nodes: list[dict[str, Any]] = data.get("@graph", [data])
    return nodes


@cache
def lineage(kind: str) -> frozenset[str]:
    """Return a type and all that it descends from."""
    parents = TYPES[kind]["parents"]
    return frozenset({kind}.union(*(lineage(each) for each in parents)))


def problems(node: Any, where: str = "") -> Iterator[str]:
    """Yield what the vocabulary does not know or allow; nothing: all is right."""
    kinds = node["@type"] if isinstance(node["@type"], list) else [node["@type"]]
    unknown = [kind for kind in kinds if kind not in TYPES]
    if unknown:
        yield f"{where}: no type {unknown}"
        return
    above = frozenset().union(*(lineage(kind) for kind in kinds))
    for name, value in node.items():
        place = f"{where}/{kinds[0]}.{name}"
        if name.startswith("@"):
            continue
        if name.endswith("-input") and "Action" in above:
            continue
        ranges = [
            each
            for kind in above
            for each in TYPES[kind]["properties"].get(name.removesuffix("-input"), ())
        ]
        if not ranges:
            yield f"{place}: not a property of {kinds}"
            continue
        for each in value if isinstance(value, list) else [value]:
            yield from _value_problems(each, set(ranges), place)


def _value_problems(value: Any, ranges: set[str], place: str) -> Iterator[str]:
    if isinstance(value, dict):
        if set(value) == {"@id"}:
            return
        kinds = value["@type"] if isinstance(value["@type"], list) else [value["@type"]]
        above = frozenset().union(*(lineage(kind) for kind in kinds if kind in TYPES))
        if not above & ranges:
            yield f"{place}: takes {sorted(ranges)}, not {kinds}"
        yield from problems(value, place)
    elif isinstance(value, bool):
        if "Boolean" not in ranges:
            yield f"{place}: takes {sorted(ranges)}, not {value}"
    elif isinstance(value, int | float):
        if not ranges & {"Number", "Integer"}:
            yield f"{place}: takes {sorted(ranges)}, not {value}"
    elif ranges & {"Text", "URL"}:
        pass
    elif ranges & {"Date", "DateTime"}:
        if not DAY.fullmatch(value):
            yield f"{place}: {value!r} is no date"
    elif not re.match(r"https?://", value):
        # An address may stand for the thing that it leads to; a text may not.
        yield f"{place}: takes {sorted(ranges)}, not {value!r}"
