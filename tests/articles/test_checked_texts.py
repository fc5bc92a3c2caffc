"""Of the marked texts the check finds nearly all, and next to nothing that is not there."""

from __future__ import annotations

from functools import cache

import pytest

from tests.articles.marked import HALVES, Tally, measure, read_texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]


@cache
def tallies(half: str) -> dict[str, Tally]:
    return measure(read_texts(half))


def test_there_are_texts_enough_and_each_is_of_some_length():
    texts = [text for half in HALVES for text in read_texts(half)]

    assert len(texts) >= 32
    assert all(8 <= sum(map(bool, text.lines)) <= 25 for text in texts)


@pytest.mark.parametrize("half", HALVES)
def test_known_claims_are_found_and_nobody_is_accused_wrongly(half):
    claims = tallies(half)["claims"]

    assert claims.precision >= 0.95, sorted(claims.wrong)
    assert claims.recall >= 0.75, sorted(claims.missed)


@pytest.mark.parametrize("half", HALVES)
def test_records_are_found_and_look_alikes_are_left_alone(half):
    records = tallies(half)["records"]

    assert records.precision >= 0.95, sorted(records.wrong)
    assert records.recall >= 0.95, sorted(records.missed)


@pytest.mark.parametrize("half", HALVES)
def test_wrong_links_and_bare_figures_are_noted(half):
    notes = tallies(half)["notes"]

    assert not notes.wrong
    assert not notes.missed
