"""The long lists of the filters, put together here: as templates they took a third of a
search page's time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
_SELECTED, _CHECKED = mark_safe(" selected"), mark_safe(" checked")


@register.simple_tag
def place_options(places: Iterable[Mapping[str, Any]]) -> SafeString:
    """Return an <option> a place: value, label, count, selected."""
    return format_html_join(
        "\n",
        '<option value="{}"{}>{} ({})</option>',
        (
            (
                place["value"],
                _SELECTED if place["selected"] else "",
                place["label"],
                place["count"],
            )
            for place in places
        ),
    )


@register.simple_tag
def facet_options(name: str, options: Iterable[Mapping[str, Any]]) -> SafeString:
    """Return an <li> with a box to tick for each value: value, label, count, checked."""
    return format_html_join(
        "\n",
        '<li><label class="facets__option{}"><input type="checkbox" name="{}" value="{}"{}>'
        ' <span class="facets__label">{}</span> <span class="facets__count">{}</span>'
        "</label></li>",
        (
            (
                "" if option["count"] or option["checked"] else " is-empty",
                name,
                option["value"],
                _CHECKED if option["checked"] else "",
                option["label"],
                option["count"],
            )
            for option in options
        ),
    )
