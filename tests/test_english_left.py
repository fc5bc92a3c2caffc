"""No sentence of a page is left in English.

A sentence is a text of more than three words. One that is the same in the English page
is left in English, unless it is marked so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation
from lxml import html

from kb.languages import address_in
from tests import make

OTHERS = ("es", "de")
# Nothing of it is in English, but for what a record says, which is marked.
WHOLE = (
    "/",
    "/method/",
    "/quality/",
    "/about/",
    "/privacy/",
    "/terms/",
    "/accessibility/",
    "/export/",
    "/offline/",
    "/report/",
    "/report/?about=/substances/plant/",
    "/report/?about=/substances/plant/&sent=1",
    "/substances/plant/cite/",
    "/sources/paper/cite/",
    "/regions/XA/cite/",
    "/nowhere/at-all/",
    "/substances/withdrawn/",
    "/help/?in=nowhere+on+earth",
    "/regions/XA/?on=soon",
    "/sources/?page=many",
    "/compare/?a=nothing&b=of-the-kind",
    "/claims/?about=nothing-of-it",
    "/check/",
    "/law/fresh/",
    "/report/?about=elsewhere",
)
ERRORS = ("400", "403", "404", "410", "429", "500", "503")
SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-some", "data-none")
NOTICES = {
    "es": ("Esta página está por ahora en inglés.", "Las fichas mismas están"),
    "de": ("Diese Seite ist bisher auf Englisch.", "Die Einträge selbst sind"),
}


@pytest.fixture
def records(index: object) -> None:
    plant, region = make.substance(slug="plant"), make.region(code="XA")
    make.substance(slug="withdrawn", state="withdrawn")
    make.alkaloid(slug="base")
    make.assessment(substance=plant, symptom=make.symptom(slug="ache"))
    make.source(slug="paper")
    make.status(subject=plant, region=region)
    make.claim(slug="C99")
    make.article(slug="text", body="Text.")


def said(page: str) -> dict[str, set[str]]:
    """Return what a page says in which language, in text and in attributes.

    {"de": {"Wie das gemacht wird", …}, "en": {"Kratom", …}}
    """
    found: dict[str, set[str]] = defaultdict(set)
    document = html.document_fromstring(page)
    for language, text in _texts(document, document.get("lang")):
        found[language].add(" ".join(text.split()))
    return found


def _texts(element: html.HtmlElement, outer: str) -> Iterator[tuple[str, str]]:
    own = element.get("lang", outer)
    if element.tag not in ("script", "style", "code"):
        yield own, element.text or ""
        yield from ((own, element.get(name, "")) for name in SPOKEN)
        if element.get("name") == "description":
            yield own, element.get("content", "")
        for child in element:
            if isinstance(child.tag, str):
                yield from _texts(child, own)
    yield outer, element.tail or ""


def sentences(texts: Iterable[str]) -> set[str]:
    return {text for text in texts if len(re.findall(r"[^\W\d_]{2,}", text)) > 3}


def left_in_english(english: str, other: str, language: str) -> set[str]:
    """Return the sentences of a page that nobody translated."""
    before = sentences(said(english)["en"])
    assert len(before) > 3
    return before & sentences(said(other)[language])


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_is_left_in_english(language: str, client: Client) -> None:
    left = {}
    for address in WHOLE:
        english = client.get(address).content.decode()
        other = client.get(address_in(language, address)).content.decode()
        assert f'<html lang="{language}"' in other, address
        assert not any(notice in other for notice in NOTICES[language]), address
        left[address] = left_in_english(english, other, language)

    assert not any(left.values()), left


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize("language", OTHERS)
def test_what_is_marked_as_english_is(language: str, client: Client) -> None:
    for address in WHOLE:
        english = client.get(address).content.decode()
        other = client.get(address_in(language, address)).content.decode()

        assert said(other)["en"] <= said(english)["en"], address


@pytest.mark.django_db
@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("number", ERRORS)
def test_an_error_is_told_in_the_language_of_the_reader(
    number: str, language: str
) -> None:
    english = render_to_string(f"{number}.html")
    with translation.override(language):
        other = render_to_string(f"{number}.html")

    assert left_in_english(english, other, language) == set()
    assert 'href="/help/"' not in other


def test_a_sentence_that_nobody_translated_is_noticed() -> None:
    page = """<html lang="de"><p>Ja. <span lang="en">This one is marked as English.</span>
        <a title="But this one is not marked">Und</a> Everybody will see this one.</p>"""

    assert sentences(said(page)["de"]) == {
        "But this one is not marked",
        "Everybody will see this one.",
    }
