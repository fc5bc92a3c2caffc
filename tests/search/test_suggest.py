"""What opens below the search field as one types."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings

from search import upkeep
from tests import make

pytestmark = pytest.mark.django_db

ADDRESS = "/search/suggest"


@pytest.fixture
def records():
    make.substance(
        slug="kratom",
        name="Kratom",
        synonyms=[("ketum", "local"), ("กระท่อม", "local")],
    )
    make.substance(slug="kava", name="Kava")
    make.symptom(slug="insomnia", name="Insomnia", synonyms=[("can't sleep", "lay")])
    make.claim(slug="C90", name="Kratom makes people taller.")
    upkeep.rebuild()


@pytest.fixture
def suggest(client, records):
    def suggest(text):
        response = client.get(ADDRESS, {"q": text})
        assert response.status_code == 200
        return response.content.decode()

    return suggest


def options(html):
    """Return address and text of each suggestion, in order."""
    found = re.findall(r'<a [^>]*role="option"[^>]*href="([^"]+)"[^>]*>(.*?)</a>', html)
    return [
        (address, " ".join(unescape(re.sub("<[^>]*>", " ", text)).split()))
        for address, text in found
    ]


KRATOM, KAVA = "/substances/kratom/", "/substances/kava/"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("kra", (KRATOM, "Kratom")),
        ("KRATO", (KRATOM, "Kratom")),
        ("ketu", (KRATOM, "Kratom ketum")),
        ("กระ", (KRATOM, "Kratom กระท่อม")),
        ("krtao", (KRATOM, "Kratom")),
        ("kav", (KAVA, "Kava")),
        ("cant sl", ("/symptoms/insomnia/", "Insomnia can't sleep")),
        ("  kra  ", (KRATOM, "Kratom")),
    ],
)
def test_a_name_is_completed_from_its_beginning(suggest, typed, first):
    assert options(suggest(typed))[0] == first


def test_suggestions_stand_in_groups_by_kind(suggest):
    html = suggest("kra")

    assert re.findall(r'role="group" aria-label="([^"]+)"', html) == [
        "Substances",
        "Claims that circulate",
    ]


def test_a_suggestion_is_a_link_that_tab_does_not_stop_at(suggest):
    html = suggest("kra")

    assert html.count('role="option"') == html.count('tabindex="-1"')


@pytest.mark.parametrize("typed", ["", "   ", "???", "***", "\x00", "quetzalcoatlus"])
def test_nothing_like_it_is_an_empty_list(suggest, typed):
    assert options(suggest(typed)) == []


@pytest.mark.parametrize(
    "typed", ["k" * 10_000, "kratom " * 1_500, "\u202ekratom", '"kra', "kra\x00"]
)
def test_any_text_is_answered(suggest, typed):
    suggest(typed)


def test_markup_in_a_name_is_text(client):
    make.substance(name="Plant <b>bold</b>", synonyms=['"><script>'])
    upkeep.rebuild()

    html = client.get(ADDRESS, {"q": "plant"}).content.decode()

    assert "<b>bold" not in html
    assert "&lt;b&gt;bold" in html


def test_it_is_no_page_and_not_for_search_engines(client, records):
    response = client.get(ADDRESS, {"q": "kra"})

    assert "<html" not in response.content.decode()
    assert response["X-Robots-Tag"] == "noindex"


def test_without_an_index_the_field_just_has_no_suggestions(client):
    response = client.get(ADDRESS, {"q": "kra"})

    assert response.status_code == 200
    assert options(response.content.decode()) == []


def test_it_asks_the_database_nothing(client, records, django_assert_num_queries):
    client.get(ADDRESS, {"q": "kra"})

    with django_assert_num_queries(0):
        client.get(ADDRESS, {"q": "kra"})


def test_the_field_is_a_plain_form_around_which_suggestions_are_laid(client):
    html = client.get("/").content.decode()

    assert re.search(r'<form class="search[^>]*action="/search/" method="get"', html)
    assert re.search(
        r'<auto-complete [^>]*src="/search/suggest" for="q-suggestions"', html
    )
    assert re.search(r'id="q-suggestions"[^>]* hidden>', html)
    scripts = re.findall(r"<script ([^>]*)>(.*?)</script>", html, re.DOTALL)
    scripts = [each for each in scripts if "application/ld+json" not in each[0]]
    assert scripts
    assert all('type="module"' in given and not body for given, body in scripts)


def test_the_script_asks_no_other_host_and_keeps_its_licence():
    script = Path(settings.BASE_DIR, "static/js/vendor/auto-complete-element.js")

    assert "http" not in script.read_text()
    assert (
        "@github/auto-complete-element"
        in Path(settings.BASE_DIR, "NOTICES.md").read_text()
    )
