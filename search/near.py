"""Names near to what was typed, for pages that were not found."""

from __future__ import annotations

from typing import Any

from kb.pages.words import KIND_LABEL
from search.engine import SearchUnavailable, get_engine


def near_names(text: str, *, limit: int = 5) -> list[dict[str, Any]]:
    """Return records with a name like it, as components/_card.html takes them."""
    try:
        found = get_engine().suggest(text, limit=limit)
    except SearchUnavailable:
        return []
    return [
        {
            "kind_label": KIND_LABEL.get(each.kind, each.kind),
            "title": each.title,
            "url": each.url,
            "matched": each.matched if each.matched != each.title else "",
        }
        for each in found
    ]
