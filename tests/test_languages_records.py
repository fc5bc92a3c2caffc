"""Pages that are put together from records say nothing in English that is not marked.

The Spanish and the German page are compared with the English one, over the shipped
dataset: what stands in all of them, in more than three words, has to be what a record
says, and marked so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils import translation

from articles.models import Article
from kb.gazetteer.spoken import spoken_name
from kb.models import Assessment, Region, Source
from kb.places import RegionTree

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]

OTHERS = ("es", "de")
MOST_WORDS = 3  # in a row, that may be alike by chance or are a name
WORD = re.compile(r"[^\W\d_]{2,}")
ALIKE = {"Suffolk County (New York)"}  # a place that has no other name in German
VOID = frozenset(
    "area base br col embed hr img input link meta source track wbr".split()
)
SILENT = frozenset(("script", "style", "code", "textarea"))
# Read aloud or shown, though they are no text.
SPOKEN = ("alt", "aria-label", "placeholder", "title", "data-label")

PAGES = [
    "/",
    "/substances/",
    "/substances/kratom/",
    "/substances/kratom/?in=US-OH",
    "/substances/kratom/?in=DE&on=2015-05-01",
    "/substances/kratom/law/",
    "/substances/kratom/law/?in=US-AL&as_of=2026-01-01",
    "/substances/kratom/card/",
    "/substances/kratom/card/?in=DE",
    "/substances/kratom/history/",
    "/substances/buprenorphine/",
    "/alkaloids/",
    "/alkaloids/mitragynine/",
    "/symptoms/",
    "/symptoms/opioid-withdrawal/",
    "/claims/",
    "/claims/C01/",
    "/sources/",
    "/regions/",
    "/regions/DE/",
    "/regions/US/",
    "/regions/US-CA/",
    "/help/",
    "/help/?in=DE",
    "/compare/?a=kratom&b=buprenorphine",
    "/articles/",
    "/check/",
    "/changes/",
    "/law/changes/",
    "/law/fresh/",
    "/law/contradictions/",
    "/method/ledger/",
    "/method/overrides/",
    "/search/?q=kratom+legal+ohio",
    "/search/?q=kratom+legal",
    "/search/?q=kratom+withdrawal",
    "/search/?q=7-oh+vs+mitragynine",
    "/search/?q=is+kratom+safe",
    "/search/?q=kratom+pregnancy",
    "/search/?q=kratom+and+alcohol",
    "/search/?q=what+is+kratom",
    "/search/?q=does+kratom+help+insomnia",
]


class Said(HTMLParser):
    """The texts of a page with the language that each is in: [("es", "Qué rige"), …]."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[tuple[str, str]] = []
        self._open: list[tuple[str, str]] = [("", "")]
        self.feed(html)

    @property
    def _language(self) -> str:
        return self._open[-1][1]

    def handle_starttag(
        self, tag: str, attributes: list[tuple[str, str | None]]
    ) -> None:
        given = {name: value or "" for name, value in attributes}
        language = given.get("lang", self._language)
        if given.get("translate") == "no":  # a name of no language
            language = "zxx"
        for name in SPOKEN:
            if name in given:
                self._take(language, given[name])
        if tag not in VOID:
            self._open.append((tag, language))

    def handle_endtag(self, tag: str) -> None:
        if any(each == tag for each, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._open[-1][0] not in SILENT:
            self._take(self._language, data)

    def _take(self, language: str, text: str) -> None:
        self.texts.append((language, " ".join(text.split())))


def unmarked(english: str, other: str, language: str) -> Iterator[str]:
    """Yield the English texts of a page in another language that are not marked."""
    known = {text for _, text in Said(english).texts}
    texts = Said(other).texts
    marked = {text for spoken, text in texts if spoken != language}
    for spoken, text in texts:
        is_title = text.removesuffix(" · Pharmakon") in marked
        if spoken != language or is_title or text in ALIKE:
            continue
        if text in known and len(WORD.findall(text)) > MOST_WORDS:
            yield text


def test_a_text_that_is_not_marked_is_found() -> None:
    english = (
        '<html lang="en"><p>Nobody has looked at it.</p><b>One two three</b></html>'
    )
    german = english.replace('lang="en"', 'lang="de"')

    assert list(unmarked(english, german, "de")) == ["Nobody has looked at it."]
    marked = german.replace("<p>", '<p lang="en">')
    assert not list(unmarked(english, marked, "de"))


@pytest.mark.parametrize("address", PAGES)
def test_a_page_says_nothing_in_english_that_is_not_marked(
    address: str, client: Client
) -> None:
    english = client.get(address)
    assert english.status_code == 200
    for language in OTHERS:
        other = client.get(f"/{language}{address}")

        found = list(
            unmarked(english.content.decode(), other.content.decode(), language)
        )

        assert not found, (language, found[:10], len(found))


@pytest.mark.parametrize("kind", ["why", "article", "source"])
def test_nor_does_the_page_of_a_single_record(kind: str, client: Client) -> None:
    records = {
        "why": Assessment.objects.filter(level="low").order_by("pk"),
        "article": Article.objects.published().order_by("pk"),
        "source": Source.objects.published().exclude(design="").order_by("pk"),
    }
    found = records[kind].first()
    assert found is not None

    test_a_page_says_nothing_in_english_that_is_not_marked(
        found.get_absolute_url(), client
    )


@pytest.mark.parametrize(
    ("code", "recorded", "spanish", "german"),
    [
        ("DE", "Germany", "Alemania", "Deutschland"),
        ("US-NC", "North Carolina", "Carolina del Norte", "North Carolina"),
        ("DE-BY", "Bavaria", "Baviera", "Bayern"),
        ("US-PR", "Puerto Rico", "Puerto Rico", "Puerto Rico"),
        ("US-CA/oceanside", "Oceanside", "Oceanside", "Oceanside"),
    ],
)
def test_a_place_has_its_name_in_the_language_or_the_recorded_one(
    code: str, recorded: str, spanish: str, german: str
) -> None:
    for language, name in (("en", recorded), ("es", spanish), ("de", german)):
        with translation.override(language):
            assert spoken_name(code, recorded) == name
            assert Region(code=code, name=recorded).spoken_name == name


def test_a_place_is_found_by_the_name_that_its_page_shows() -> None:
    tree = RegionTree()
    for language in OTHERS:
        for region in Region.objects.filter(parent=None):
            with translation.override(language):
                assert region in tree.named(region.spoken_name), region.spoken_name


def test_what_one_reader_asked_is_answered_to_the_next_in_their_own_language(
    client: Client,
) -> None:
    said = [
        client.get(f"{prefix}/search/?q=kratom+legal+Alemania").content.decode()
        for prefix in ("/es", "/de", "", "/es")
    ]

    assert "Alemania: " in said[0]
    assert "Deutschland: " in said[1]
    assert "In Germany: " in said[2]
    assert "Alemania: " in said[3]


def test_what_programs_read_is_english_whoever_asked_before(client: Client) -> None:
    address = "/api/v1/substances/kratom/law?region=DE"
    before = client.get(address).json()
    for language in OTHERS:
        client.get(f"/{language}/substances/kratom/?in=DE")
        client.get(f"/{language}/search/?q=kratom+legal+germany")

    assert client.get(address).json() == before
    assert (
        "Germany"
        in client.get("/api/v1/search?q=kratom+legal+germany").content.decode()
    )


def test_the_steps_of_a_level_are_told_in_the_language_and_stored_in_english(
    client: Client,
) -> None:
    level = Assessment.objects.filter(level="low").order_by("pk").first()
    assert level is not None

    html = client.get(f"/de{level.get_absolute_url()}").content.decode()

    assert "Beginnt bei" in html
    with translation.override("de"):
        level.save()
    level.refresh_from_db()
    assert level.arithmetic["steps"][0]["text"].startswith(("Starts at", "A review"))


def test_home_names_the_places_of_new_law_in_its_language(client: Client):
    english = Region.objects.get(code="US").name

    assert f">{english}</a>" in client.get("/").content.decode()
    german = client.get("/de/").content.decode()
    assert f">{english}</a>" not in german
    assert ">Vereinigte Staaten</a>" in german
