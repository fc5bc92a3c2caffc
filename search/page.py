"""What the page of results shows, as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from kb.choices import Level, Status
from kb.models import Region
from kb.pages.words import KIND_LABEL
from search.engine import Hit, Results

FILTERS = ("kind", "level", "region", "status", "tag")
FACETS = (("kind", "Kind"), ("level", "Certainty"), ("status", "Law"), ("tag", "Tag"))
LEVEL_LABEL = {level.value: str(level.label) for level in Level}
STATUS_LABEL = {status.value: str(status.label) for status in Status}
MOST_OPTIONS = 14


def context(
    text: str,
    chosen: Mapping[str, Sequence[str]],
    results: Results,
    *,
    page: int,
    size: int,
) -> dict[str, Any]:
    region = Region.objects.filter(code=chosen["region"][0]).first() if chosen["region"] else None
    kept = [("q", text), *((name, value) for name in FILTERS for value in chosen[name])]
    pages = max(1, -(-results.total // size))
    return {
        "text": text,
        "total": results.total,
        "cards": [card(hit) for hit in results.hits],
        "suggestion": results.suggestion,
        "suggestion_url": f"?{urlencode({'q': results.suggestion or ''})}",
        "corrected": results.corrected,
        "groups": groups(chosen, results),
        "active": sum(len(chosen[name]) for name in FILTERS),
        "clear_url": f"?{urlencode({'q': text})}",
        "hidden": [("region", code) for code in chosen["region"]],
        "region": region,
        "pager": pager(page, pages, kept),
        "page": page,
    }


def card(hit: Hit) -> dict[str, Any]:
    """Return a hit as components/_card.html takes it."""
    return {
        "kind_label": KIND_LABEL.get(hit.kind, hit.kind),
        "title": hit.title,
        "url": hit.url,
        "matched": hit.matched,
        "snippet_parts": hit.snippet,
        "level": hit.level,
        "level_label": LEVEL_LABEL.get(hit.level, ""),
        "about": hit.level_about,
    }


def groups(chosen: Mapping[str, Sequence[str]], results: Results) -> list[dict[str, Any]]:
    """Return facets as components/_facets.html takes them."""
    found = []
    for name, label in FACETS:
        values = results.facets.get(name, [])
        options = [
            {
                "value": each.value,
                "label": option_label(name, each.value),
                "count": each.count,
                "checked": each.value in chosen[name],
            }
            for each in values[:MOST_OPTIONS]
        ]
        shown = {option["value"] for option in options}
        options += [
            {"value": value, "label": option_label(name, value), "count": 0, "checked": True}
            for value in chosen[name]
            if value not in shown
        ]
        if options:
            found.append(
                {
                    "name": name,
                    "label": label,
                    "options": options,
                    "open": bool(chosen[name]) or name in ("kind", "level"),
                }
            )
    return found


def option_label(facet: str, value: str) -> str:
    labels = {"kind": KIND_LABEL, "level": LEVEL_LABEL, "status": STATUS_LABEL}
    if facet in labels:
        return labels[facet].get(value, value)
    return value.replace("-", " ").capitalize()


def pager(page: int, pages: int, kept: list[tuple[str, str]]) -> dict[str, Any]:
    """Return what components/_pager.html takes."""

    def address(number: int) -> str:
        return f"?{urlencode([*kept, ('page', number)])}"

    window = [n for n in range(1, pages + 1) if n in (1, pages) or abs(n - page) < 3]
    return {
        "page": page,
        "pages": pages,
        "previous_url": address(page - 1) if page > 1 else "",
        "next_url": address(page + 1) if page < pages else "",
        "links": [
            {"number": n, "url": address(n), "current": n == page} for n in window
        ],
    }
