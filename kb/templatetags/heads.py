"""What the head of a page and its foot need: its one address, how to cite it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest
from django.utils.safestring import SafeString

from kb.linked_data.nodes import absolute

register = template.Library()

# Parameters that make another page; the region, the order of rows and the like do not.
TELLING = ("q", "kind", "a", "b", "c", "page")


@register.simple_tag(takes_context=True)
def canonical(context: template.Context) -> str:
    """Return the one address of the page; a page that is filled in brings its own."""
    request = context.get("request")
    return canonical_address(request) if request else str(context.get("canonical", ""))


def canonical_address(request: HttpRequest) -> str:
    """Return the address of a page without what makes no other page of it."""
    told = _told(request)
    return absolute(request.path) + (f"?{urlencode(told)}" if told else "")


def canonical_path(request: HttpRequest) -> str:
    """Return the same in English and without the site: "/sources/?page=2"."""
    told = _told(request)
    return request.path_info + (f"?{urlencode(told)}" if told else "")


def _told(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name in TELLING
        for value in request.GET.getlist(name)
        if value and (name, value) != ("page", "1")
    ]


@register.simple_tag
def results_script() -> SafeString:
    """Print what the search page tells programs; it is filled in, and brings no head."""
    from kb.linked_data import pages

    return pages.results().script


@register.inclusion_tag("components/_cite_this.html")
def cite_this(record: Any) -> dict[str, Any]:
    """Lead to how the page of a record is cited."""
    return {"url": record.get_absolute_url()}
