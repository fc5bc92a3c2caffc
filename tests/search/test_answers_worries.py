"""What worried people ask: help first, what is recorded, and plainly what is not."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from search.answers import find_answer, is_danger

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]

HELP_FIRST = "Get help now when this happens"


def sentence(text: str) -> str:
    answer = find_answer(text)
    assert answer is not None, f"no answer to {text!r}"
    return answer.sentence


# Help first


@pytest.mark.parametrize(
    "text",
    [
        "overdose what to do",
        "he won't wake up",
        "I want to die",
        "not breathing after kratom",
        "he is having a seizure",
        "Überdosis was tun",
        "er atmet nicht",
        "sobredosis qué hacer",
        "quiero morir",
    ],
)
def test_whoever_may_be_in_danger_is_told_where_help_is_first(client, text):
    page = client.get("/search/", {"q": text}).text

    assert HELP_FIRST in page
    assert page.index(HELP_FIRST) < page.index('role="status"')


@pytest.mark.parametrize(
    "text", ["kratom", "kratom legal ohio", "kratom pain", "kratom brain fog"]
)
def test_a_plain_question_is_not_called_an_emergency(client, text):
    assert HELP_FIRST not in client.get("/search/", {"q": text}).text


def test_a_question_about_the_law_is_no_emergency():
    assert is_danger("naloxone overdose")
    assert not is_danger("is it legal to give naloxone in an overdose")


# Doses


@pytest.mark.parametrize(
    "text",
    ["how much kratom", "kratom dosage", "kratom Dosierung", "cuánto kratom tomar"],
)
def test_no_dose_is_recommended_and_why_one_says_little(text):
    said = sentence(text)

    assert said.startswith("No amount of kratom is recommended here.")
    assert "differs many times over" in said


def test_how_much_it_helps_is_no_question_of_dose():
    assert "recommended" not in sentence("how much does kratom help with pain")


# What is not recorded


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("can I drive on kratom", "kratom and driving"),
        ("kratom breastfeeding", "kratom and breastfeeding"),
        ("is kratom ok for kids", "kratom and children"),
        ("methadone overdose", "methadone and overdose and death"),
        ("my friend took too much methadone", "methadone and overdose and death"),
        ("does kratom show up on a drug test", "kratom and drug tests"),
    ],
)
def test_a_worry_that_no_record_answers_is_said_to_be_so(text, asked):
    assert f"Nothing is recorded here about {asked}." in sentence(text)


def test_how_long_it_lasts_is_said_to_be_unknown():
    assert "How long it lasts is not recorded here." in sentence(
        "how long does kratom withdrawal last"
    )
    assert "How long" not in sentence("kratom withdrawal symptoms")


def test_what_works_says_first_for_what():
    said = sentence("kratom cancer cure")

    assert said.startswith(
        "Of all its uses, the most is known about opioid withdrawal:"
    )


# Taken together


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("gabapentin with opioids", "higher odds of opioid-related death"),
        ("st johns wort methadone", "fell to about half"),
        ("kratom and xanax", "midazolam"),
        ("kratom with zoloft", "Serotonin syndrome"),
        ("kratom and adderall", "modafinil"),
        ("kratom and ibuprofen", "over-the-counter pain medicines"),
        ("kratom while on methadone", "most often an opioid"),
    ],
)
def test_a_recorded_interaction_is_told_of_a_group_and_of_its_members(text, found):
    assert found in sentence(text)


def test_what_nobody_checked_is_told_with_that():
    said = sentence("gabapentin with opioids")

    assert said.endswith("Nobody has checked this in its source yet.")


def test_a_member_of_a_group_does_not_answer_for_the_group():
    answer = find_answer("kratom and xanax")

    assert answer is not None
    assert answer.level == "not-assessed"
    assert "That is no sign of safety." in answer.sentence


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("7-oh withdrawal", "severe opioid-like withdrawal"),
        ("tianeptine withdrawal", "poisoning and withdrawal"),
    ],
)
def test_withdrawal_from_something_is_told_where_its_dependence_is(text, found):
    answer = find_answer(text)

    assert answer is not None
    assert found in answer.sentence
    assert answer.source is not None
    assert answer.level == "not-assessed"


# In other words and languages


@pytest.mark.parametrize(
    ("text", "type_", "symptom"),
    [
        ("quit kratom cold turkey", "evidence", "kratom-withdrawal"),
        ("macht Kratom süchtig", "safety", "dependence"),
        ("el kratom es adictivo", "safety", "dependence"),
        ("kann man von Kratom sterben", "safety", "mortality"),
        ("Kratom Schwangerschaft", "safety", "neonatal-withdrawal"),
        ("kratom embarazo", "safety", "neonatal-withdrawal"),
        ("Kratom Entzug wie lange", "evidence", "kratom-withdrawal"),
        ("Methadon Entzug", "evidence", "opioid-withdrawal"),
        ("metadona abstinencia", "evidence", "opioid-withdrawal"),
    ],
)
def test_german_and_spanish_questions_are_answered(text, type_, symptom):
    answer = find_answer(text)

    assert answer is not None
    assert answer.type == type_
    assert answer.symptom is not None
    assert answer.symptom["slug"] == symptom


def test_the_german_article_asks_of_no_death():
    answer = find_answer("was ist die Wirkung von Kratom")

    assert answer is not None
    assert answer.symptom is None or answer.symptom["slug"] != "mortality"


@pytest.mark.parametrize(
    ("address", "shown"),
    [("/symptoms/overdose/", False), ("/de/symptoms/overdose/", True)],
)
def test_words_of_another_language_stand_on_the_pages_of_that_language(
    client, address, shown
):
    assert ("Überdosis" in client.get(address).text) is shown


def test_a_refusal_speaks_the_language_of_the_page():
    with override("de"):
        answer = find_answer("Kratom Dosierung")

    assert answer is not None
    assert answer.sentence.startswith("Hier wird keine Menge von Kratom empfohlen.")
