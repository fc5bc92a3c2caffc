"""Names of places in the language that is spoken now, for readers; records keep theirs.

Countries have those of CLDR (through Babel). Few parts of countries have a name of their
own in another language: exonyms.tsv holds a line for each: code, Spanish, German. A place
without either, and every place in English, goes by its recorded name.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel import Locale
from django.conf import settings

from kb.folding import fold
from kb.gazetteer import retired
from kb.languages import current, is_english

EXONYMS = Path(__file__).parent / "exonyms.tsv"
LANGUAGES = ("es", "de")  # its columns


def spoken_name(code: str, recorded: str) -> str:
    """Return "Alemania" for ("DE", "Germany") on a Spanish page."""
    return recorded if is_english() else _names(current()).get(code) or recorded


def spoken_order(name: str) -> str:
    """Return what sorts a name: "Ägypten" among A; English keeps its plain order."""
    return name if is_english() else fold(name)


def other_languages(code: str) -> list[str]:
    """Return the names of a place in all languages but English, to find it by them."""
    found = (_names(each).get(code) for each, _ in settings.LANGUAGES if each != "en")
    return [name for name in found if name]


@cache
def _names(language: str) -> dict[str, str]:
    """Return {"DE": "Alemania", "US-NY": "Nueva York", …}; read once a process."""
    found = dict(Locale.parse(language, sep="-").territories)
    if language in LANGUAGES:
        for line in EXONYMS.read_text(encoding="utf-8").splitlines():
            code, *names = line.split("\t")
            if name := names[LANGUAGES.index(language)]:
                found[code] = name
    for code, country in retired().items():  # US-PR is listed as PR
        if country in found:
            found.setdefault(code, found[country])
    return found
