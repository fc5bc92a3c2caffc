"""What is typed is taken apart, and any text can be typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engine import Query
from search.query import LONGEST_TEXT, MOST_WORDS, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kratom tea", {"words": ("kratom", "tea")}),
        ("  7-OH  ", {"words": ("7-OH",)}),
        (
            '"opioid withdrawal" tea',
            {"words": ("tea",), "phrases": ("opioid withdrawal",)},
        ),
        ("“opioid withdrawal”", {"phrases": ("opioid withdrawal",)}),
        ("kratom -tea", {"words": ("kratom",), "excluded": ("tea",)}),
        ("--tea", {"excluded": ("tea",)}),
        ('-"green tea"', {"excluded_phrases": ("green tea",)}),
        ("kind:Claim kratom", {"words": ("kratom",), "kinds": ("claim",)}),
        ('level:"Very low"', {"levels": ("very-low",)}),
        ("region:us-al", {"regions": ("US-AL",)}),
        ("region:us-ca/San-Diego", {"regions": ("US-CA/san-diego",)}),
        ("STATUS:banned status:unclear", {"statuses": ("banned", "unclear")}),
        ('tag:"opioid receptor"', {"tags": ("opioid-receptor",)}),
        ("dose:high", {"words": ("dose:high",)}),
        ("mankind:x", {"words": ("mankind:x",)}),
        ("kind:", {"words": ("kind:",)}),
        ('kind:""', {}),
        ('an "open quote', {"words": ("an", "open", "quote")}),
        ('""', {}),
        ("- -", {}),
        ("", {}),
        ("a\x00b\ud800c", {"words": ("a", "b", "c")}),
    ],
)
def test_parts(text: str, expected: dict[str, tuple[str, ...]]) -> None:
    query = parse(text)

    parts = {
        name: getattr(query, name)
        for name in Query.__dataclass_fields__
        if name not in ("text", "limit", "offset") and getattr(query, name)
    }
    assert parts == expected


@given(
    st.text(st.characters(exclude_categories=["C"], exclude_characters='":“”„‟«»＂'))
)
def test_words_without_marks_are_read_as_those_with_them(text: str) -> None:
    plain = " ".join(word.lstrip("-") for word in text.split())

    query = parse(f"{plain} region:de")

    assert parse(plain).words == query.words
    assert (query.phrases, query.excluded) == ((), ())


def test_filters_beside_the_text_add_to_those_in_it() -> None:
    query = parse("kind:claim", kinds=["source", "claim"], regions=["de"], limit=5)

    assert query.kinds == ("source", "claim")
    assert query.regions == ("DE",)
    assert query.limit == 5


def test_a_negative_page_is_the_first() -> None:
    assert parse("", limit=-1, offset=-5) == Query(limit=0, offset=0)


@given(st.text(alphabet=st.characters()))
def test_any_text_can_be_typed(text: str) -> None:
    query = parse(text)

    assert isinstance(query, Query)
    assert all(word.strip() for word in query.words)


@given(st.text(alphabet='ab -":kindtag()\t“'))
def test_any_use_of_the_signs_can_be_typed(text: str) -> None:
    parse(text)


def test_a_long_text_is_cut() -> None:
    query = parse("word " * 10_000)

    assert len(query.text) <= LONGEST_TEXT
    assert len(query.words) == MOST_WORDS
