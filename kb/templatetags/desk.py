"""What the front page of the desk shows."""

from __future__ import annotations

from typing import Any

from django import template

from kb.accounts import second_factor
from kb.admin import needs

register = template.Library()
register.simple_tag(needs.for_person, name="needs_of")


@register.simple_tag
def lacks_second_factor(user: Any) -> bool:
    return not second_factor.has_one(user)
