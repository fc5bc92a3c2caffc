"""Finds every reference from one record to another, so that none dangles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from kb import plain

KIND_OF_FIELD = {
    "source": "source",
    "sources": "source",
    "alkaloid": "alkaloid",
    "symptom": "symptom",
    "symptoms": "symptom",
    "part_of": "symptom",
    "reaches": "substance",
    "interacts_with": "substance",
    "substance": "substance",
    "other": "substance",
    "region": "region",
    "parent": "region",
    "claims": "claim",
    "inside_review": "item",
    "duplicate_of": "item",
}


class Reference(NamedTuple):
    place: str  # "items[2].source"
    kind: str
    slug: str


def references(record: dict[str, Any], at: str = "") -> Iterator[Reference]:
    """Yield each reference in a record as dumped by its schema."""
    for field, value in record.items():
        place = f"{at}{field}"
        if isinstance(value, list):
            for number, each in enumerate(value):
                here = f"{place}[{number}]"
                if isinstance(each, dict):
                    yield from references(each, f"{here}.")
                else:
                    yield from _reference(field, each, here)
        elif isinstance(value, dict):
            yield from references(value, f"{place}.")
        else:
            yield from _reference(field, value, place)


def _reference(field: str, value: Any, place: str) -> Iterator[Reference]:
    if not isinstance(value, str) or not value:
        return
    if field == "plain_summary":
        for slug in plain.cited(value):
            yield Reference(place, "source", slug)
    elif field in ("subject", "subjects"):
        kind, _, slug = value.partition(":")
        yield Reference(place, kind, slug)
    elif field in KIND_OF_FIELD:
        yield Reference(place, KIND_OF_FIELD[field], value)
