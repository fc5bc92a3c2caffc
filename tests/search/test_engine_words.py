"""What every search engine promises about words: snippets, spelling, suggestions."""

from __future__ import annotations

import pytest

from search.engine import Engine
from search.query import parse
from tests.search.examples import KRATOM, MITRAGYNINE, make

# What a hit shows


def test_a_snippet_marks_what_matches(engine: Engine) -> None:
    engine.rebuild(
        [make("a", summary="Short.", text="word " * 300 + "withdrawal & <b>")]
    )

    (hit,) = engine.search(parse("withdrawals")).hits

    assert ("withdrawal", True) in hit.snippet
    assert len("".join(text for text, _ in hit.snippet)) < 240
    assert hit.snippet[0][0].startswith("…")


def test_a_hit_says_which_name_matched(filled: Engine) -> None:
    hits = filled.search(parse("ketum")).hits
    assert hits[0].matched == "also called ketum"
    assert filled.search(parse("kratom")).hits[0].matched == ""
    hit = filled.search(parse("speciosa withdrawal")).hits[0]
    assert hit.matched == "also called Mitragyna speciosa"
    assert filled.search(parse("kratom")).hits[0].title_parts == (("Kratom", True),)


def test_a_hit_by_a_tag_alone_says_so(engine: Engine) -> None:
    engine.rebuild([make("a", tags=("Sold as supplement",), summary="A leaf.")])

    assert (
        engine.search(parse("supplement")).hits[0].matched
        == "tagged Sold as supplement"
    )


def test_a_hit_carries_its_level(filled: Engine) -> None:
    hit = filled.search(parse("kratom")).hits[0]

    assert (hit.level, hit.level_about) == ("very-low", "Opioid withdrawal")
    assert (hit.kind, hit.url) == ("substance", "/substances/kratom/")


# Spelling


def test_results_for_a_better_spelling_when_nothing_is_found(filled: Engine) -> None:
    results = filled.search(parse("kratim"))

    assert results.corrected
    assert results.suggestion == "kratom"
    assert results.hits[0].slug == "kratom"


def test_a_better_spelling_is_only_offered_when_something_is_found(
    filled: Engine,
) -> None:
    results = filled.search(parse("kratim withdrawal -ketamine"))

    assert not results.corrected
    assert results.suggestion == "kratom withdrawal -ketamine"
    assert results.total


@pytest.mark.parametrize(
    "typed", ["mitragynine", "mitraphylline", "ketum", "ketamine", "leaves", "7-OH"]
)
def test_a_known_word_is_never_exchanged(filled: Engine, typed: str) -> None:
    results = filled.search(parse(typed))

    assert results.suggestion is None
    assert not results.corrected


def test_a_compound_is_corrected_as_one(filled: Engine) -> None:
    results = filled.search(parse("7-hydroxymitraginine"))

    assert results.suggestion == "7-hydroxymitragynine"


def test_a_word_that_no_document_has_is_told(filled: Engine) -> None:
    assert filled.search(parse("kratom xyzzy")).unknown == ("xyzzy",)
    assert filled.search(parse("kratim")).unknown == ("kratim",)
    assert filled.search(parse("how much kratom")).unknown == ()


def test_what_was_likely_meant_is_looked_for_beside_the_rest(filled: Engine) -> None:
    results = filled.search(parse("kratom insomina"))

    assert not results.corrected
    assert results.suggestion == "kratom insomnia"
    assert {"kratom", "insomnia"} <= {hit.slug for hit in results.hits}


@pytest.mark.parametrize(
    "typed", ["kavain", "ketamin", "mitraphyllin", "mitragynaline"]
)
def test_another_thing_is_never_put_in_its_place(engine: Engine, typed: str) -> None:
    engine.rebuild([KRATOM, MITRAGYNINE, make("kava", "Kava")])

    results = engine.search(parse(typed))

    assert not results.corrected
    assert results.total == 0


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("krotom", "kratom"),
        ("keatom", "kratom"),
        ("jratom", "kratom"),
        ("kr8tom", "kratom"),
        ("krato", "kratom"),
        ("kraotm", "kratom"),
        ("insomniac", "insomnia"),
        ("ketamene", "ketamine"),
        ("mitraginin", "mitragynine"),
        ("speciossa", "speciosa"),
    ],
)
def test_slips_of_ear_and_hand_are_forgiven(
    filled: Engine, typed: str, meant: str
) -> None:
    results = filled.search(parse(typed))

    assert results.corrected
    assert results.suggestion == meant


def test_two_slips_in_a_word_of_the_text_are_only_offered(engine: Engine) -> None:
    texts = {"a": "Carried home.", "b": "Carried away."}
    engine.rebuild([make(slug, text=text) for slug, text in texts.items()])

    results = engine.search(parse("caried"))
    assert results.corrected

    results = engine.search(parse("cerrjed"))
    assert (results.total, results.suggestion) == (0, "carried")


def test_filters_alone_never_make_a_correction(filled: Engine) -> None:
    results = filled.search(parse("kratom", kinds=["nothing"]))

    assert results.total == 0
    assert results.suggestion is None


# Suggestions


def suggested(engine: Engine, text: str) -> list[str]:
    return [suggestion.slug for suggestion in engine.suggest(text)]


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("kra", "kratom"),
        ("Ket", "ketamine"),
        ("ketu", "kratom"),
        ("7-o", "7-hydroxymitragynine"),
        ("7 o", "7-hydroxymitragynine"),
        ("hydroxy", "7-hydroxymitragynine"),
        ("specio", "kratom"),
        ("กระ", "kratom"),
        ("krtaom", "kratom"),
        ("mitragnyine", "mitragynine"),
        ("cant sl", "insomnia"),
        ("can't sl", "insomnia"),
    ],
)
def test_suggestions(filled: Engine, typed: str, slug: str) -> None:
    assert suggested(filled, typed)[0] == slug


def test_a_suggestion_names_what_matched(filled: Engine) -> None:
    best = filled.suggest("ketum")[0]

    assert (best.title, best.matched, best.kind) == ("Kratom", "ketum", "substance")


def test_each_record_is_suggested_once_and_no_more_than_asked(filled: Engine) -> None:
    slugs = suggested(filled, "mitr")

    assert len(slugs) == len(set(slugs))
    assert slugs[:2] == ["mitragynine", "mitraphylline"]
    assert len(filled.suggest("mitr", limit=1)) == 1
    assert filled.suggest("mitr", limit=0) == []
    assert filled.suggest("") == []
