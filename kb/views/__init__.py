"""A page a function: it loads, asks, renders."""

from kb.views.lists import (
    alkaloids,
    claims,
    help_numbers,
    method,
    quality,
    region_suggestions,
    regions,
    sources,
    substances,
    symptoms,
)
from kb.views.records import (
    alkaloid,
    claim,
    compare,
    drawing,
    history,
    region,
    source,
    substance,
    symptom,
)

__all__ = [
    "alkaloid",
    "alkaloids",
    "claim",
    "claims",
    "compare",
    "drawing",
    "help_numbers",
    "history",
    "method",
    "quality",
    "region",
    "region_suggestions",
    "regions",
    "source",
    "sources",
    "substance",
    "substances",
    "symptom",
    "symptoms",
]
