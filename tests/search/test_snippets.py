"""Marking a text: quickly, and yet every word that a term is in."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.lang.snowball.english import EnglishStemmer

from search.engine.cards import Body, Card
from search.engine.snippets import MarkedDocument, MarkedText, beginnings
from search.engine.text import _CHUNK
from search.engine.whoosh_terms import chunk_terms, stem

WORDS = (
    "kratom Kratoms 7-OH 7oh 5-HT2A mitragynine's café cafe\u0301 dying lying skies tie"
    " ｋｒａｔｏｍ İstanbul K kra\u00adtom a.b. x--y -z it's กระท่อม α-pinene U.S.A. 1.5"
    " sleeping sleep, (sleeps) “sleepy” no. II \u200fkratom\u202c _under_ e·f withdrawal/pain"
).split(" ")
SPACES = [" ", "\n", "\u00a0", "\u2028", "\x1c", "", "-", ", "]
texts = st.lists(
    st.tuples(st.sampled_from(WORDS) | st.text(max_size=4), st.sampled_from(SPACES))
).map(lambda pieces: "".join(word + space for word, space in pieces))


def every_place(text: str) -> dict[str, list[tuple[int, int]]]:
    """Return the places of all terms, each chunk looked at."""
    places: dict[str, list[tuple[int, int]]] = {}
    for match in _CHUNK.finditer(text):
        whole, stems = chunk_terms(match.group())
        for term in {whole, *stems} - {""}:
            places.setdefault(term, []).append(match.span())
    return places


@given(texts)
@settings(max_examples=250, deadline=None)
def test_every_place_of_a_term_is_marked(text):
    places = every_place(text)

    marks = MarkedText(text).marks({*places, "nowhere", "7"})

    expected = sorted(
        (start, end, term) for term, spans in places.items() for start, end in spans
    )
    assert [mark for mark in marks if mark[2] in places] == expected


@given(texts, texts, texts, texts)
@settings(max_examples=120, deadline=None)
def test_each_part_of_a_document_is_marked_as_if_it_stood_alone(
    title, summary, text, name
):
    found = document(title, summary, text, name)
    wanted = dict.fromkeys([*every_place(f"{title}\n{summary}")][:3], 1.0)

    shown = found.shown(wanted)

    assert "".join(piece for piece, _ in shown.title) == title
    spans = sorted(
        {span for term in wanted for span in every_place(title).get(term, ())}
    )
    assert [piece for piece, is_match in shown.title if is_match] == [
        title[start:end] for start, end in spans
    ]
    if any(is_match for _, is_match in shown.snippet):
        marked = {piece for piece, is_match in shown.snippet if is_match}
        both = f"{summary}\n{text}"
        places = every_place(both)
        assert marked <= {both[a:b] for term in wanted for a, b in places.get(term, ())}


def document(title, summary, text, *names):
    card = Card(
        "source:x", "source", "x", title, "/sources/x/", "", "", "1", 1.0, names
    )
    return MarkedDocument(card, Body(summary, text, (), (), ()))


SUFFIXES = sorted(
    {
        suffix
        for step in ("1a", "1b", "2", "3", "4")
        for suffix in getattr(EnglishStemmer, f"_EnglishStemmer__step{step}_suffixes")
    }
    | {"y", "ies", "ying", "yly", "ied", "ily"}
)


@given(
    st.text("abdegilnorstuy", min_size=1, max_size=8),
    st.sampled_from(SUFFIXES),
    st.sampled_from(["", *SUFFIXES]),
)
@settings(max_examples=1_000, deadline=None)
def test_a_word_begins_as_its_stem_is_looked_for(word, first, second):
    word += first + second

    assert word.startswith(beginnings(stem(word)))


@pytest.mark.parametrize("word", EnglishStemmer._EnglishStemmer__special_words)
def test_so_does_a_word_with_a_stem_of_its_own(word):
    assert word.startswith(beginnings(stem(word)))


def test_the_summary_is_shown_where_the_text_has_no_more_of_it():
    weights = {term: 0.1 * n for n, term in enumerate(["one", "two", "three"], 1)}
    backwards = dict(reversed(weights.items()))
    found = document("", "one two three", "three two one, further down")

    for wanted in (weights, backwards):
        shown = found.shown(wanted).snippet
        assert "".join(piece for piece, _ in shown) == "one two three"
