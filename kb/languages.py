"""Which pages there are in more than one language, and their addresses."""

from __future__ import annotations

import re

from django.conf import settings
from django.utils import translation

_ENGLISH = settings.LANGUAGE_CODE
# A map says its title.
_MAP = re.compile(r"/[^.]*/law/map-[a-z]+\.svg")
# Doors for programs and for curators speak English alone, and so does what has a dot in
# its address: a feed, a file, a citation.
_ENGLISH_ONLY = re.compile(
    r"/(?:api|admin|static|healthz|readyz|style)(?:/.*)?|/search/complete"
)


def split(path: str) -> tuple[str, str]:
    """Return ("es", "/help/") for "/es/help/", and ("", "/help/") for "/help/"."""
    for code, _ in settings.LANGUAGES:
        if code != settings.LANGUAGE_CODE and f"{path}/".startswith(f"/{code}/"):
            return code, path[len(code) + 1 :]
    return "", path


def is_translated(path: str) -> bool:
    """Say whether an address without prefix has a page in each language."""
    if _MAP.fullmatch(path):
        return True
    return "." not in path and not _ENGLISH_ONLY.fullmatch(path)


def is_english() -> bool:
    return current() == _ENGLISH


def current() -> str:
    """Return the language that is spoken now; outside of a page that is English."""
    return translation.get_language() or _ENGLISH


def is_spoken(language: str) -> bool:
    """Say whether a name of a record is for readers of the page: English names are for
    all of them."""
    return language in ("en", "mul", current())


def address_in(language: str, path: str) -> str:
    """Return "/es/help/" for "/help/" or "/de/help/"."""
    _, path = split(path)
    return path if language == settings.LANGUAGE_CODE else f"/{language}{path}"
