"""What each activity is allowed, figures, and one book for many regions."""

from __future__ import annotations

import pytest

from kb.regulation import (
    ACTIVITIES,
    Book,
)
from tests.kb.legal_rules import KRATOM, TODAY, found, rule


def test_each_activity_has_its_own_value():
    found_there = found(
        rule(
            "regulated-sale",
            possession="legal",
            sale="restricted",
            cultivation="unclear",
        )
    )

    assert [getattr(found_there, each) for each in ACTIVITIES] == [
        "legal",
        "restricted",
        "not-stated",
        "not-stated",
        "unclear",
    ]


@pytest.mark.parametrize(
    ("possession", "importing"),
    [("legal", "restricted"), ("unclear", "restricted"), ("illegal", "not-stated")],
)
def test_where_the_deciding_rule_is_silent_another_speaks(possession, importing):
    state = rule("regulated-sale", possession=possession)
    federal = rule("no-authorised-product", "US", importing="restricted")

    assert found(state, federal).importing == importing


def test_of_two_others_the_stricter_speaks():
    federal = rule("uncontrolled", "US", key="x", importing="legal")
    stricter = rule("no-authorised-product", "US", key="y", importing="illegal")

    assert found(rule("age-limit"), federal, stricter).importing == "illegal"


def test_what_an_expired_row_says_of_an_activity_is_unclear():
    lapsed = rule(
        "banned", importing="legal", expires_on="2026-10", verified_on="2026-09"
    )

    assert (found(lapsed).importing, found(lapsed).cultivation) == (
        "unclear",
        "not-stated",
    )


def test_a_figure_is_told_with_its_unit():
    capped = rule(
        "banned", form="extract", threshold=0.05, threshold_unit="% by weight"
    )

    result = found(capped)

    assert result.because[0].startswith(
        "Ohio: banned supply, for extract, above 0.05 % by weight."
    )
    assert (result.threshold, result.threshold_unit) == (0.05, "% by weight")
    assert capped.scope_text == "extract, above 0.05 % by weight"
    assert rule("banned").scope_text == ""


def test_one_book_answers_for_many_regions_as_each_alone():
    rules = [rule("uncontrolled", "US"), rule("banned"), rule("age-limit", "US-NE")]
    book = Book(rules, subject=KRATOM, on=TODAY, today=TODAY)

    for chain in (
        ("US-OH", "US"),
        ("US-AL", "US"),
        ("US-NE/lincoln", "US-NE", "US"),
        ("SE",),
    ):
        assert book.effective(chain) == found(*rules, chain=chain)
    assert book.effective(("US-AL", "US")).inherited_from == "US"
    assert book.effective(("US",)).inherited_from is None
