"""What a search finds, and where the index differs from the database."""

from __future__ import annotations

from search import upkeep
from search.engine import get_engine
from search.query import parse


def found(text="", **filters):
    """Return the keys that a search finds."""
    return {
        hit.key for hit in get_engine().search(parse(text, limit=100, **filters)).hits
    }


def drift():
    return list(upkeep.compare().lines())
