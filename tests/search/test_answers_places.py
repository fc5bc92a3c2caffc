"""Places that nobody recorded, in a question: found where meant, and never by accident."""

from __future__ import annotations

import pytest

from search.answers import find_answer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("kratom legal catalonia", "ES-CT"),
        ("kratom bavaria", "DE-BY"),
        ("kratom île-de-france", "FR-IDF"),
        ("is kratom legal in Stockholm?", "SE-AB"),
        ("kratom legal ES-CT", "ES-CT"),
        ("kratom legal FR-75", "FR-75C"),
        ("kratom barcelona spain", "ES-B"),
        ("kratom portland jamaica", "JM-04"),
        ("kratom legal mexico city", "MX-CMX"),
        ("kratom legal ohio", "US-OH"),
        ("kratom legal paris", "FR-75C"),
    ],
)
def test_a_place_is_found_by_name_and_by_code(question, code):
    answer = find_answer(question)

    assert answer is not None
    assert answer.type == "law"
    assert answer.region is not None
    assert answer.region["code"] == code


@pytest.mark.parametrize(
    "question",
    [
        "kratom para",
        "kratom male",
        "kratom bath",
        "kratom delta",
        "red bali kratom",
        "kratom ganja",
        "kratom legal portland",
        "kratom legal long island",
        "kratom legal limburg",
    ],
)
def test_a_word_that_is_a_place_somewhere_is_not_taken_for_it(question):
    answer = find_answer(question)

    assert answer is None or answer.region is None


def test_the_answer_says_in_full_which_place_and_whose_law():
    answer = find_answer("kratom legal catalonia")
    assert answer is not None
    sentence = answer.sentence

    assert sentence.startswith("In Catalonia, Spain: ")
    assert "This is the law of Spain; nothing of Catalonia, Spain’s" not in sentence
    assert "nothing of Catalonia’s own was checked" in sentence


def test_a_search_for_the_place_alone_leads_to_its_page(client):
    text = client.get("/search/", {"q": "catalonia"}).content.decode()

    assert '<a href="/regions/ES-CT/">Catalonia, Spain</a>' in text
