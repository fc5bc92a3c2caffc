"""Words and figures for readers. Available in every template without loading."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from kb.models import Alkaloid
from kb.pages import local
from kb.templatetags.languages import translated

register = template.Library()

register.filter("day", local.day)
register.filter("thousands", local.count)
register.filter("percent", local.percent)


@register.filter
def drawing(alkaloid: Alkaloid) -> SafeString:
    """Return the SVG that kb.structures drew: our own code, no text from anybody."""
    return mark_safe(alkaloid.drawing)


@register.filter
def label(record: Any, field: str) -> str:
    """Return the reader's word for a field with choices: {{ source|label:"kind" }}."""
    return translated(getattr(record, f"get_{field}_display")())
