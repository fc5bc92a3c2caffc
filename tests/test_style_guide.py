"""The style guide shows every component, alone or inside another."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import override_settings

TEMPLATES = settings.BASE_DIR / "templates"
INCLUDE = re.compile(r'(?:include|piece) "((?:components|kb)/[^"]+)"')
# A real map is drawn from outlines and rules; the guide shows its tones and patterns.
ELSEWHERE = {"components/_map.html"}


def included(name: str) -> set[str]:
    """Return the partials that a template includes, and those that these include."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        text = (TEMPLATES / waiting.pop()).read_text(encoding="utf-8")
        for each in set(INCLUDE.findall(text)) - found:
            found.add(each)
            waiting.append(each)
    return found


def test_every_component_is_shown() -> None:
    shown = included("style.html") | included("base.html")
    written = {
        f"components/{path.name}" for path in (TEMPLATES / "components").glob("_*.html")
    }

    assert written - shown == ELSEWHERE


@pytest.mark.django_db
def test_every_section_has_its_place_in_the_contents(client) -> None:
    with override_settings(ROOT_URLCONF="tests.browser.style_urls"):
        page = client.get("/style/").content.decode()

    sections = re.findall(
        r'<section class="section">\s*<div[^>]*><h2 id="([^"]+)"', page
    )
    assert sections
    start = page.index('class="toc__list"')
    toc = page[start : page.index("</ol>", start)]
    assert {each for each in sections if f'href="#{each}"' not in toc} == set()
