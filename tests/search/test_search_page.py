"""The page of results: what it finds, how it shows it, and what it does when it cannot."""

from __future__ import annotations

import gc
import re
import shutil
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from search import upkeep
from search.engine import get_engine
from tests import make

pytestmark = [
    pytest.mark.django_db,
    # Whoosh leaves a damaged file open; the collector closes it.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def records():
    """A few records to find, and the index over them."""
    kratom = make.substance(
        slug="kratom",
        name="Kratom",
        summary="A tree whose leaves are chewed against opioid withdrawal.",
        synonyms=["ketum", ("cratom", "misspelling")],
        tags=["opioid-receptor"],
    )
    ache = make.symptom(
        slug="opioid-withdrawal",
        name="Opioid withdrawal",
        synonyms=[("dope sick", "lay")],
    )
    make.assessment(substance=kratom, symptom=ache, items=2)
    make.substance(
        slug="kava", name="Kava", summary="A pepper; its tea is drunk in the Pacific."
    )
    make.claim(name="Kratom tea cures withdrawal")
    us = make.region("US", name="United States")
    ohio = make.region("US-OH", name="Ohio", parent=us)
    make.status(substance=kratom, region=ohio, status="banned", layer="supply-law")
    upkeep.rebuild()
    return kratom


@pytest.fixture
def search(client):
    def search(text="", *, expected=200, **parameters):
        response = client.get("/search/", {"q": text, **parameters})
        assert response.status_code == expected, response.status_code
        return response.content.decode()

    return search


def results(html):
    """Return the addresses of the results, in their order."""
    return re.findall(r'class="card__title"><a href="([^"]+)"', html)


def plain(html):
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


KRATOM, KAVA = "/substances/kratom/", "/substances/kava/"
WITHDRAWAL = "/symptoms/opioid-withdrawal/"


@pytest.mark.usefixtures("records")
class TestFinding:
    @pytest.mark.parametrize(
        "text", ["kratom", "KRATOM", "ketum", "cratom", " kratom "]
    )
    def test_a_name_finds_its_record_first(self, search, text):
        assert results(search(text))[0] == KRATOM

    def test_lay_words_find_the_medical_ones(self, search):
        assert WITHDRAWAL in results(search("dope sick"))

    def test_words_are_found_in_summaries_and_shown_in_context(self, search):
        html = search("pepper")

        assert results(html) == [KAVA]
        assert "<mark>pepper</mark>" in html

    def test_what_matched_by_another_name_says_so(self, search):
        assert "ketum" in plain(search("ketum")).split("record", 1)[1]

    def test_a_phrase_finds_only_the_phrase(self, search):
        assert WITHDRAWAL in results(search('"opioid withdrawal"'))
        assert results(search('"withdrawal opioid"')) == []

    def test_a_minus_leaves_out(self, search):
        assert KRATOM not in results(search("withdrawal -leaves"))
        assert WITHDRAWAL in results(search("withdrawal -leaves"))

    def test_a_kind_keeps_only_that_kind(self, search):
        assert set(results(search("withdrawal", kind="symptom"))) == {WITHDRAWAL}
        assert results(search("withdrawal kind:symptom")) == [WITHDRAWAL]

    def test_kinds_repeat(self, search):
        found = results(search("withdrawal", kind=["symptom", "substance"]))

        assert {KRATOM, WITHDRAWAL} <= set(found)

    def test_a_region_and_a_status_mean_this_status_there(self, search):
        assert results(search("", region="US-OH", status="banned")) == [KRATOM]
        assert results(search("", region="US-OH", status="controlled")) == []

    def test_a_tag_and_a_level_filter(self, search):
        assert results(search("", tag="opioid-receptor")) == [KRATOM]
        assert KRATOM in results(search("", level="high", kind="substance"))
        assert KAVA in results(search("", level="not-assessed", kind="substance"))

    def test_facets_show_counts_and_what_is_chosen(self, search):
        html = search("withdrawal", kind="symptom")

        assert re.search(r'name="kind" value="symptom" checked', html)
        options = re.findall(r'name="kind" value="([^"]+)"', html)
        assert {"symptom", "substance", "claim"} <= set(options)
        assert re.search(r'<span class="facets__count">\d+</span>', html)

    def test_a_filter_that_there_is_not_finds_nothing_and_says_so(self, search):
        html = search("kratom", kind="nonsense")

        assert results(html) == []
        assert "No record was found" in html

    def test_nothing_found_promises_nothing(self, search):
        text = plain(search("quetzalcoatlus"))

        assert "No record was found for “quetzalcoatlus”" in text
        assert text.count("“quetzalcoatlus”") == 1
        assert "No record has" not in text

    def test_of_several_words_it_says_which_no_record_has(self, search):
        text = plain(search("quetzalcoatlus xyzzyplugh"))

        assert "No record has “quetzalcoatlus”" in text
        assert "says nothing about whether it is harmless or allowed" in text

    def test_a_slip_of_the_finger_is_corrected_and_told(self, search):
        html = search("withdrawel")

        assert WITHDRAWAL in results(html)
        assert "withdrawal" in plain(html)

    def test_an_empty_query_asks_for_one(self, search):
        assert "What do you want to know?" in search("")

    def test_the_query_stays_in_the_field_as_text(self, search):
        html = search('"><script>alert(1)</script>')

        assert "<script>alert" not in html
        assert "&lt;script&gt;" in html

    def test_the_page_is_not_for_search_engines(self, search):
        assert '<meta name="robots" content="noindex">' in search("kratom")


@pytest.mark.usefixtures("records")
class TestAnyTextIsAQuery:
    @pytest.mark.parametrize(
        "text",
        [
            "x" * 10_000,
            "kratom " * 1_500,
            '"' * 501,
            "-" * 500,
            "((((",
            "kratom AND OR NOT",
            "*",
            "?",
            "kind:",
            "kind:kind:kind",
            "^~[]{}\\/:!",
            "\x00\x01",
            "กระท่อม",
            "🌿",
            "' OR 1=1 --",
            "%00%ff",
        ],
        ids=lambda text: repr(text[:12]),
    )
    def test_it_is_answered(self, search, text):
        search(text)

    @pytest.mark.parametrize(
        "text",
        [
            " ".join(f"kratom{n}" for n in range(1_000)),
            "kratom " + "(" * 3_000 + "[{<" * 300,
            '"kratom" "',
            "kratom \x00\x07\x1b[31m",
            "\u202ekratom\u202c \u200f\u2067",
            "***kratom***",
            "kratom " * 1_400,
        ],
        ids=lambda text: repr(text[:12]),
    )
    def test_the_page_makes_the_best_of_it(self, search, text):
        page = search(text)

        assert KRATOM in results(page)
        assert '<h1 class="visually-hidden">Search</h1>' in page
        # Nothing of it is shown that could turn the page around or break it.
        shown = plain(page.partition('<p class="found"')[2])
        assert not re.search("[\x00-\x08\x1b\u202e\u2067]", shown)
        assert len(page) < 150_000

    @pytest.mark.parametrize("text", ["***", '""', "\u200f\u202e", "- -- ---", "()[]"])
    def test_what_says_nothing_lists_the_records(self, search, text):
        assert {KRATOM, KAVA, WITHDRAWAL} <= set(results(search(text)))

    def test_a_long_query_still_finds(self, search):
        assert KRATOM in results(search("kratom" + " " * 9_990))

    @pytest.mark.parametrize("page", ["0", "-1", "x", "1.5", "99999999999999"])
    def test_a_page_that_is_none_is_told(self, search, page):
        assert "is not a page number" in search("kratom", page=page, expected=400)


def test_results_come_in_pages_that_keep_the_question(search):
    with make.many():
        for number in range(25):
            make.substance(name=f"Plant of many {number}", tags=["leafy"])
    upkeep.rebuild()

    first = search("plant", tag="leafy")
    second = search("plant", tag="leafy", page="2")
    third = search("plant", tag="leafy", page="3")

    pages = [results(html) for html in (first, second, third)]
    assert [len(page) for page in pages] == [10, 10, 5]
    assert len({address for page in pages for address in page}) == 25
    assert "25 records" in plain(first)
    assert 'href="?q=plant&amp;tag=leafy&amp;page=2"' in first
    assert 'rel="next"' in first
    assert 'rel="next"' not in third


def test_a_page_beyond_the_last_is_empty_and_no_error(search, records):
    assert results(search("kratom", page="50")) == []


def test_markup_in_a_record_is_text_in_its_result(search):
    make.substance(
        name="Plant <b>bold</b>", summary="<script>alert(1)</script> pepper & salt"
    )
    upkeep.rebuild()

    html = search("pepper")

    assert "<script>alert" not in html
    assert "<b>bold" not in html
    assert "<mark>pepper</mark>" in html


def test_a_result_costs_as_few_queries_however_many_there_are(client, records):
    with make.many():
        for number in range(30):
            make.substance(name=f"Leafy {number}")
    upkeep.rebuild()

    counts = []
    for text in ("pepper", "leafy"):
        client.get("/search/", {"q": text})
        with CaptureQueriesContext(connection) as queries:
            client.get("/search/", {"q": text})
        counts.append(len(queries))

    assert counts[0] == counts[1]


# When the index is not there


def folder():
    return Path(settings.SEARCH_URL.removeprefix("whoosh://"))


def remove_index():
    get_engine().close()
    get_engine.cache_clear()
    shutil.rmtree(folder())


def damage_index():
    get_engine().close()
    get_engine.cache_clear()
    for file in folder().rglob("*.seg"):
        file.write_bytes(b"nonsense" * 8)


@pytest.fixture(params=[remove_index, damage_index], ids=["missing", "damaged"])
def broken(request):
    """Break the index when called; what Whoosh left open is closed afterwards."""
    yield request.param
    gc.collect()


def test_without_an_index_the_page_says_so_with_503(client, records, broken):
    broken()

    response = client.get("/search/", {"q": "kratom"})

    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    text = plain(response.content.decode())
    assert "Search is not ready" in text
    assert "The pages themselves are all there." in text
    assert 'href="/substances/"' in response.content.decode()
    assert "Traceback" not in text
    assert str(folder()) not in text


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/substances/",
        KRATOM,
        WITHDRAWAL,
        "/regions/US-OH/",
        "/tags/opioid-receptor/",
    ],
)
def test_without_an_index_the_records_are_all_there(client, records, broken, address):
    broken()

    assert client.get(address).status_code == 200


def test_without_an_index_what_is_not_found_is_still_404(client, records, broken):
    broken()

    assert client.get("/substances/kratm/").status_code == 404


def test_without_an_index_a_record_can_still_be_saved(records, broken):
    broken()

    records.summary = "Other words."
    records.save()

    records.refresh_from_db()
    assert records.summary == "Other words."


def test_a_search_never_makes_an_empty_index_of_its_own(client, records, broken):
    broken()
    client.get("/search/", {"q": "kratom"})
    get_engine.cache_clear()

    assert client.get("/search/", {"q": "kratom"}).status_code == 503
