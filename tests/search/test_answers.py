"""Answers above the results, from the shipped dataset: right record, or nothing."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb import law
from kb.choices import State
from kb.models import Alkaloid, Region, Substance, Synonym
from search.answers import Answer, find_answer
from search.answers.answer import IN_JSON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]

MOST_QUERIES = 8  # 2 of them read the names


def answer_to(text: str, **given: Any) -> Answer:
    found = find_answer(text, **given)
    assert found is not None, f"no answer to {text!r}"
    return found


def about(answer: Answer) -> str:
    return f"{answer.subject['kind']}:{answer.subject['slug']}"


# Which record, which kind of answer


@pytest.mark.parametrize(
    ("text", "type_", "subject"),
    [
        ("kratom legal ohio", "law", "substance:kratom"),
        ("is kratom legal in Alabama", "law", "substance:kratom"),
        ("KRATOM LEGAL ALABAMA", "law", "substance:kratom"),
        ("ketum thailand law", "law", "substance:kratom"),
        ("krathom thailand", "law", "substance:kratom"),
        ("7-OH legal", "law", "substance:7-oh-products"),
        ("7oh Ohio", "law", "substance:7-oh-products"),
        ("7 oh banned ohio", "law", "substance:7-oh-products"),
        ("mitragynine legal Alabama", "law", "alkaloid:mitragynine"),
        ("kratom tea legal ohio", "law", "substance:kratom"),
        ("kratom withdrawal", "evidence", "substance:kratom"),
        ("does kratom help with withdrawal", "evidence", "substance:kratom"),
        ("CBD anxiety", "evidence", "substance:cannabidiol"),
        ("does kratom work", "evidence", "substance:kratom"),
        ("7-oh pain", "evidence", "substance:7-oh-products"),
        ("7-oh vs mitragynine", "comparison", "alkaloid:7-hydroxymitragynine"),
        ("7-oh vs kratom", "comparison", "substance:7-oh-products"),
        ("kratom or kava for anxiety", "comparison", "substance:kratom"),
        ("kratom and kava for anxiety", "comparison", "substance:kratom"),
        ("is kratom safe", "safety", "substance:kratom"),
        ("kratom side effects", "safety", "substance:kratom"),
        ("kratom and alcohol", "safety", "substance:kratom"),
        ("kratom + tramadol", "safety", "substance:kratom"),
        ("what is 7-OH", "identity", "alkaloid:7-hydroxymitragynine"),
        ("what is kratom", "identity", "substance:kratom"),
        ("what is opioid withdrawal", "identity", "symptom:opioid-withdrawal"),
    ],
)
def test_a_question_is_answered_about_the_record_that_it_names(text, type_, subject):
    answer = answer_to(text)

    assert (answer.type, about(answer)) == (type_, subject)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "kratom",
        "Mitragyna speciosa",
        "7-OH",
        "opioid withdrawal",
        "can't sleep",
        "legal in ohio",
        "asdfgh qwerty",
        "???",
        "kratom reddit",
    ],
)
def test_what_asks_nothing_that_the_records_answer_has_no_answer(text):
    assert find_answer(text) is None


def test_every_key_of_the_contract_is_there_and_nothing_else():
    for text in ("kratom legal ohio", "kratom withdrawal", "kratom and alcohol"):
        found = answer_to(text).as_json()

        assert list(found) == list(IN_JSON)
        assert found["sentence"]
        assert found["url"].startswith("/")


# The law


def test_the_law_answer_gives_status_day_and_source():
    answer = answer_to("is kratom legal in Alabama")

    assert answer.region == {"code": "US-AL", "name": "Alabama"}
    assert answer.status == "controlled"
    assert answer.status_label == "Controlled drug"
    assert "since 10 May 2016" in answer.sentence
    assert answer.source is not None
    assert answer.verified_on
    assert answer.url == "/substances/kratom/?in=US-AL#law"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("kratom legal ohio", "US-OH"),
        ("kratom legal in OH", "US-OH"),
        ("kratom legal us-oh", "US-OH"),
        ("7-OH legal OH", "US-OH"),
        ("kratom TX", "US-TX"),
        ("kratom UK", "GB"),
        ("kratom uk law", "GB"),
        ("kratom Deutschland", "DE"),
        ("kratom legal DE", "US-DE"),
        ("kratom legal in the us", "US"),
        ("kratom legal USA", "US"),
        ("kratom legal san diego california", "US-CA/san-diego"),
        ("kratom legal California, San Diego", "US-CA/san-diego"),
        ("kratom legal in Georgia, USA", "US-GA"),
        ("kratom legal new mexico", "US-NM"),
        ("kratom legal West Virginia", "US-WV"),
        ("kratom legal per state", None),
        ("is kratom legal in or near me", None),
        ("hi, is kratom legal, ok", None),
        ("can kratom be sold and banned", None),
        ("is 7-oh legal", None),
        ("how are kratom laws for us", None),
    ],
)
def test_a_place_is_known_by_name_and_code_but_not_by_a_word(text, code):
    answer = answer_to(text)

    assert answer.type == "law"
    assert (answer.region["code"] if answer.region else None) == code


def test_the_law_answer_says_what_holds_today():
    kratom = Substance.objects.get(slug="kratom")
    for code in ("US-OH", "TH", "PR", "US-PR", "GE", "US-GA", "PE"):
        region = Region.objects.get(code=code)
        answer = answer_to("kratom legal", region=code)

        effective = law.effective_in(kratom, region)
        assert answer.status == effective.status
        assert answer.stale == effective.is_stale


def test_of_two_places_with_one_name_that_with_rules_is_meant():
    state = answer_to("kratom legal georgia")

    assert state.region == {"code": "US-GA", "name": "Georgia"}


def test_an_unchecked_place_is_not_called_allowed():
    answer = answer_to("kanna legal peru")

    assert answer.status == "not-checked"
    assert answer.source is None
    assert answer.sentence == (
        "Nobody has checked the law on kanna in Peru for Pharmakon."
        " That does not mean that it is allowed."
    )


def test_without_a_place_the_law_answer_counts_places():
    answer = answer_to("is kratom legal")

    assert (answer.region, answer.status) == (None, None)
    assert "places checked. Choose a place." in answer.sentence
    assert answer.url == "/substances/kratom/#law"


def test_a_chosen_place_counts_where_the_text_names_none():
    chosen = answer_to("is kratom legal", region="TH")
    named = answer_to("is kratom legal in Alabama", region="TH")
    unknown = answer_to("is kratom legal", region="XX")

    assert chosen.region == {"code": "TH", "name": "Thailand"}
    assert named.region == {"code": "US-AL", "name": "Alabama"}
    assert unknown.region is None


def test_law_that_reaches_a_product_says_by_which_alkaloid():
    answer = answer_to("7-oh legal ohio")

    assert "the law on 7-hydroxymitragynine" in answer.sentence


# Evidence


@pytest.mark.parametrize(
    "text", ["kratom withdrawal", "does kratom help with withdrawal", "kratom dopesick"]
)
def test_kratom_withdrawal_is_read_as_opioid_withdrawal_first(text):
    answer = answer_to(text)

    assert answer.symptom == {"slug": "opioid-withdrawal", "name": "Opioid withdrawal"}
    assert answer.level == "very-low"
    assert answer.direction == "improves"
    assert answer.source is not None
    assert answer.url == "/substances/kratom/#why-opioid-withdrawal-benefit"


def test_kratom_withdrawal_tells_of_its_other_reading():
    answer = answer_to("kratom withdrawal")

    assert "kratom withdrawal is on record as a harm of its own" in answer.sentence


def test_what_has_better_evidence_for_the_same_need_stands_beside():
    answer = answer_to("kratom withdrawal")

    assert answer.better
    assert {each["level"] for each in answer.better} <= {"high", "moderate", "low"}
    assert all("pioid withdrawal" in each["about"] for each in answer.better)
    assert "Kratom" not in {each["title"] for each in answer.better}


@pytest.mark.parametrize(
    "text",
    [
        "withdrawal from kratom",
        "kratom withdrawal symptoms",
        "how long does kratom withdrawal last",
        "does kratom cause withdrawal",
        "quitting kratom",
        "help with kratom withdrawal",
    ],
)
def test_withdrawal_from_kratom_is_a_harm_of_its_own(text):
    answer = answer_to(text)

    assert answer.symptom == {"slug": "kratom-withdrawal", "name": "Kratom withdrawal"}
    assert answer.direction == "causes"


def test_what_nobody_assessed_is_said_and_better_evidence_named():
    answer = answer_to("does kanna help with withdrawal")

    assert answer.level == "not-assessed"
    assert (
        answer.sentence == "Nobody has assessed kanna for opioid withdrawal here yet."
    )
    assert answer.source is None
    assert answer.better


def test_a_harm_does_not_pass_for_help():
    answer = answer_to("does kratom help with nausea")

    assert answer.level == "not-assessed"
    assert "As a harm it is on record:" in answer.sentence


def test_animals_give_no_direction_for_people():
    answer = answer_to("7-oh pain")

    assert (answer.level, answer.direction) == ("none", None)


# Comparison


def test_a_comparison_names_both_and_what_each_is_supported_for():
    answer = answer_to("7-oh vs mitragynine")

    assert answer.with_ is not None
    assert answer.with_["slug"] == "mitragynine"
    assert "are different things" in answer.sentence
    assert "used for another thing: concentrated 7-OH products" in answer.sentence
    assert answer.url.startswith("/compare/?a=alkaloid%3A7-hydroxymitragynine&b=")


def test_a_comparison_for_a_symptom_keeps_to_it():
    answer = answer_to("kratom vs lofexidine for withdrawal")

    assert answer.symptom is not None
    assert answer.symptom["slug"] == "opioid-withdrawal"
    assert "Kratom: very low certainty, about opioid withdrawal" in answer.sentence
    assert "Lofexidine: moderate certainty" in answer.sentence


# Safety


def test_the_gravest_harm_answers_whether_it_is_safe():
    answer = answer_to("is kratom safe")

    assert answer.symptom is not None
    assert answer.symptom["slug"] == "mortality"
    assert answer.level not in (None, "none", "not-assessed")


@pytest.mark.parametrize(
    ("text", "symptom"),
    [
        ("can kratom damage my liver", "liver-injury"),
        ("kratom pregnancy", "neonatal-withdrawal"),
        ("can kratom kill you", "mortality"),
        ("is kratom addictive", "dependence"),
    ],
)
def test_a_worry_is_answered_with_the_harm_it_is_about(text, symptom):
    answer = answer_to(text)

    assert answer.type == "safety"
    assert answer.symptom is not None
    assert answer.symptom["slug"] == symptom


def test_nothing_recorded_about_a_pair_is_no_reassurance():
    answer = answer_to("kratom and alcohol")

    assert answer.with_ == {"kind": None, "slug": None, "name": "alcohol"}
    assert answer.level == "not-assessed"
    assert answer.sentence.startswith(
        "Nothing is recorded here about kratom together with alcohol."
        " That is no sign of safety."
    )


def test_a_recorded_interaction_is_found_by_link_and_by_word():
    linked = answer_to("methadone with lofexidine")
    by_word = answer_to("kratom and seroquel")

    assert linked.source is not None
    assert linked.with_ is not None
    assert linked.with_["slug"] == "lofexidine"
    assert "quetiapine" in by_word.sentence
    assert by_word.source is not None


def test_what_averts_a_harm_is_not_answered_as_if_it_did_it():
    answer = answer_to("naloxone overdose")

    assert answer.type == "evidence"
    assert answer.symptom is not None
    assert answer.symptom["slug"] == "overdose-reversal"
    assert answer.direction == "improves"


def test_no_harm_on_record_is_not_harmless():
    answer = answer_to("is corydalis safe")

    assert answer.level == "not-assessed"
    assert "does not mean that it is harmless" in answer.sentence


# Identity


def test_identity_tells_the_alkaloid_from_the_products():
    answer = answer_to("what is 7-OH")

    assert answer.sentence.startswith("7-Hydroxymitragynine, also called")
    assert "another thing: concentrated 7-OH products" in answer.sentence
    assert answer.url == "/alkaloids/7-hydroxymitragynine/"


# What holds for all


def test_names_follow_the_database():
    assert find_answer("is gratomleaf legal") is None
    kratom = Substance.objects.get(slug="kratom")

    Synonym.objects.create(substance=kratom, name="gratomleaf")
    assert about(answer_to("is gratomleaf legal")) == "substance:kratom"

    kratom.state = State.WITHDRAWN
    kratom.save()
    assert find_answer("is gratomleaf legal") is None


def test_an_unpublished_alkaloid_is_not_named():
    alkaloid = Alkaloid.objects.get(slug="7-hydroxymitragynine")
    alkaloid.state = State.DRAFT
    alkaloid.save()

    assert about(answer_to("what is 7-OH")) == "substance:7-oh-products"


@pytest.mark.parametrize(
    "text",
    [
        "is kratom legal in Alabama",
        "is kratom legal",
        "kratom withdrawal",
        "does kratom work",
        "kratom vs kava",
        "is kratom safe",
        "kratom and tramadol",
        "what is kratom",
        "kratom",
    ],
)
def test_an_answer_takes_few_queries(text):
    with CaptureQueriesContext(connection) as queries:
        find_answer(text)

    assert len(queries) <= MOST_QUERIES


@pytest.mark.parametrize(
    "text", ["kratom withdrawal " * 600, "ก" * 10_000, "7-" * 5_000]
)
def test_a_very_long_text_takes_no_longer(text):
    find_answer("kratom")
    started = time.perf_counter()

    find_answer(text)

    assert time.perf_counter() - started < 2


WORDS = (
    "kratom 7-OH 7oh mitragynine kava withdrawal from with and or vs legal ohio Georgia US"
    " IN what is safe liver alcohol + help can't sleep kratom's -not kind:claim \x00 ' ﬁ"
).split(" ")


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    text=st.lists(st.sampled_from(WORDS) | st.text(max_size=8), max_size=7).map(
        " ".join
    )
)
def test_any_text_has_an_answer_or_none(text):
    found = find_answer(text)

    assert found is None or (found.sentence and found.as_json()["url"])
