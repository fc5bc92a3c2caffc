"""How hard a text is to read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.reading_level import count_syllables, reading_level

WORD = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12)
SENTENCE = st.lists(WORD, min_size=1, max_size=12).map(
    lambda each: " ".join(each) + "."
)


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("cat", 1),
        ("used", 1),
        ("people", 2),
        ("alone", 2),
        ("kratom", 2),
        ("started", 2),
        ("medicine", 3),
        ("opioid", 3),
        ("substances", 3),
        ("buprenorphine", 4),
        ("2019", 1),
    ],
)
def test_syllables_are_those_that_one_hears(word, syllables):
    assert count_syllables(word) == syllables


def test_the_grade_is_that_of_the_published_formula():
    level = reading_level("The cat sat on the mat. It was a fine day.")

    # 11 words, 2 sentences, 11 syllables
    assert (level.words, level.sentences, level.syllables) == (11, 2, 11)
    assert level.grade == round(0.39 * 5.5 + 11.8 * 1 - 15.59, 1)
    assert level.ease == round(206.835 - 1.015 * 5.5 - 84.6, 1)


def test_terms_of_the_field_read_harder_than_everyday_words():
    plain = reading_level("It slows the heart. People can faint when they stand up.")
    term = reading_level(
        "Orthostatic hypotension and bradycardia are characteristic adverse effects."
    )

    assert plain.is_plain
    assert not term.is_plain
    assert term.ease < plain.ease


@pytest.mark.parametrize("text", ["", "  ", "…", "–. ?"])
def test_a_text_without_words_has_no_level(text):
    assert reading_level(text) is None


@given(st.text())
def test_any_text_has_a_level_or_none(text):
    level = reading_level(text)

    assert level is None or level.syllables >= level.words >= level.sentences >= 1


@given(SENTENCE)
def test_saying_it_twice_changes_nothing(text):
    assert reading_level(f"{text} {text}").grade == reading_level(text).grade


@given(SENTENCE, SENTENCE)
def test_one_long_sentence_reads_harder_than_two_short_ones(first, second):
    one = reading_level(f"{first.removesuffix('.')} {second}")
    two = reading_level(f"{first} {second}")

    assert one.grade > two.grade
    assert one.ease < two.ease
