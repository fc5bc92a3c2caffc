"""Where few records have the words, others that are like them are offered beside."""

from __future__ import annotations

import pytest

from search import upkeep
from search.engine import Engine
from search.query import parse
from tests import make
from tests.search.examples import make as document

FRUIT = [
    document("plum", text="a sour orchard harvest of stone and skin, called mirabelle"),
    document("cherry", text="an orchard harvest in June, with a stone and a thin skin"),
    document(
        "quince",
        kind="symptom",
        text="an orchard harvest, hard, without stone, with furry skin",
    ),
    document("granite", text="a stone"),
    *(document(f"other-{n}", text=f"nothing of that kind, {n}") for n in range(8)),
]


@pytest.fixture
def orchard(engine: Engine) -> Engine:
    engine.rebuild(FRUIT)
    return engine


def related(engine: Engine, text: str, **more: object) -> list[str]:
    results = engine.search(parse(text, **more))  # type: ignore[arg-type]
    return [hit.slug for hit in results.related]


def test_what_is_like_the_one_record_found_is_offered_beside_it(
    orchard: Engine,
) -> None:
    results = orchard.search(parse("mirabelle"))

    assert [hit.slug for hit in results.hits] == ["plum"]
    assert results.total == 1
    assert [hit.slug for hit in results.related] == ["cherry", "quince"]


def test_one_word_in_common_makes_no_relative(orchard: Engine) -> None:
    assert "granite" not in related(orchard, "mirabelle")


def test_no_relative_fits_better_than_what_was_found(orchard: Engine) -> None:
    results = orchard.search(parse("mirabelle"))

    least = min(hit.score for hit in results.hits)
    assert all(hit.score <= least for hit in results.related)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("plum", id="a name is not a question"),
        pytest.param('"called mirabelle"', id="quotes ask for these words alone"),
        pytest.param("mirabelle -june", id="without a word means it"),
        pytest.param("pomegranate", id="of nothing there is nothing like it"),
    ],
)
def test_nothing_is_offered_beside(orchard: Engine, text: str) -> None:
    assert related(orchard, text) == []


def test_a_filter_holds_for_relatives_too(orchard: Engine) -> None:
    assert related(orchard, "mirabelle", kinds=["substance"]) == ["cherry"]


def test_the_second_page_repeats_no_relatives(orchard: Engine) -> None:
    assert related(orchard, "mirabelle", limit=10, offset=10) == []


@pytest.fixture
def records(db: None) -> None:
    for name, more in (("Kava", "kavalactone "), ("Yaqona", ""), ("Awa", "")):
        make.substance(
            slug=name.lower(),
            name=name,
            summary=f"A {more}pepper whose root is pounded for a calming island drink.",
        )
    make.substance(slug="valerian", name="Valerian", summary="A herb for the night.")
    upkeep.rebuild()


@pytest.mark.usefixtures("records")
def test_a_reader_sees_that_related_records_lack_the_words(client) -> None:
    page = client.get("/search/", {"q": "kavalactone"}).content.decode()

    found, beside = page.split("Related records")
    assert 'href="/substances/kava/"' in found
    assert 'href="/substances/yaqona/"' in beside
    assert "do not have these words" in beside
    assert "1 record<" in found


@pytest.mark.usefixtures("records")
def test_a_program_gets_them_apart_from_the_results(client) -> None:
    reply = client.get("/api/v1/search", {"q": "kavalactone"}).json()

    assert [each["slug"] for each in reply["results"]] == ["kava"]
    assert {each["slug"] for each in reply["related"]} == {"yaqona", "awa"}
    assert reply["total"] == 1
