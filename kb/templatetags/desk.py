"""What the front page of the desk shows."""

from __future__ import annotations

from django import template

from kb.admin import needs

register = template.Library()
register.simple_tag(needs.for_person, name="needs_of")
