"""The long lists of the filters, put together here: as templates they took a third of a
search page's time. What stays the same from page to page is escaped once and kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.utils.safestring import mark_safe

from kb.languages import current
from kb.templatetags.languages import in_language
from search import moulds

register = template.Library()
register.filter("marked", moulds.marked)
# Some hundred places, and the values of the filters.
_MOST_KEPT = 4_096


@register.simple_tag
def place_options(places: Iterable[Mapping[str, Any]] | str) -> str:
    """Return an <option> a place: value, label, count, selected. What is put together
    already stays as it is."""
    if isinstance(places, str):
        return places
    lines = []
    for place in places:
        value, label = _place_pieces(place["value"], place["label"])
        selected = " selected" if place["selected"] else ""
        lines.append(f"{value}{selected}{label}{int(place['count'])})</option>")
    return mark_safe("\n".join(lines))


@lru_cache(maxsize=_MOST_KEPT)
def _place_pieces(value: str, label: str) -> tuple[str, str]:
    return f'<option value="{escape(value)}"', f">{escape(label)} ("


@register.simple_tag
def facet_options(name: str, options: Iterable[Mapping[str, Any]] | str) -> str:
    """Return an <li> with a box to tick for each value: value, label, count, checked.
    What is put together already stays as it is."""
    if isinstance(options, str):
        return options
    lines = []
    language = current()
    for option in options:
        box, label = _facet_pieces(language, name, option["value"], option["label"])
        checked, count = option["checked"], int(option["count"])
        empty = "" if count or checked else " is-empty"
        lines.append(
            f'<li><label class="facets__option{empty}">{box}'
            f"{' checked' if checked else ''}{label}{count}</span></label></li>"
        )
    return mark_safe("\n".join(lines))


@lru_cache(maxsize=_MOST_KEPT)
def _facet_pieces(language: str, name: str, value: str, label: str) -> tuple[str, str]:
    label = in_language(language, label)
    return (
        f'<input type="checkbox" name="{escape(name)}" value="{escape(value)}"',
        f'> <span class="facets__label">{escape(label)}</span>'
        ' <span class="facets__count">',
    )
