"""The rule run backwards: each hint, when carried out, gives what it says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.choices import Direction, Level, StudyDesign
from kb.grading.items import Item, Search
from kb.grading.levels import rank
from kb.grading.suggestion import suggest
from kb.hints import what_would_change
from tests.kb.graded_items import item, kratom_surveys, lists_of_items

D = StudyDesign


def texts(items: list[Item]) -> list[str]:
    return [hint.text for hint in what_would_change(items)]


def test_for_kratom_and_withdrawal_it_names_the_trial_that_is_missing():
    found = texts(kratom_surveys())

    assert (
        "One cohort study with at least 100 people and no serious flaw would raise this to "
        "low."
    ) in found
    assert (
        "One randomised trial with at least 100 people and no serious flaw would raise this "
        "to moderate."
    ) in found
    assert (
        "One randomised trial with at least 400 people and no serious flaw would raise this "
        "to high."
    ) in found


def test_a_study_that_adds_nothing_to_a_cheaper_one_is_not_named():
    found = texts([item("a", D.RCT, n=300)])

    assert [text for text in found if "raise" in text and "study" in text] == []
    assert next(text for text in found if "randomised trial with" in text) == (
        "One randomised trial with at least 100 people and no serious flaw would raise this "
        "to high."
    )


def test_a_concern_that_holds_a_level_down_is_named():
    found = texts([item("a", risk_of_bias=1)])

    assert (
        "The same studies without this concern, flaws in how the studies were done (risk of "
        "bias), would raise this to high."
    ) in found


def test_the_retraction_of_the_source_that_carries_a_level_is_named():
    found = texts([item("a", source_title="The one trial"), item("b", D.SURVEY)])

    assert "Retracting “The one trial” would lower this to very low." in found


def test_a_review_that_states_less_is_named_where_a_review_counts():
    review = item("r", D.SYSTEMATIC_REVIEW, reviewed_design=D.RCT, stated_level="high")

    assert (
        "A systematic review of trials that states moderate certainty would lower this to "
        "moderate."
    ) in texts([review])


def test_a_trial_that_finds_something_else_lowers_what_trials_agree_on():
    assert any("finds something else" in text for text in texts([item("a"), item("b")]))


def test_with_nothing_at_all_a_cohort_would_be_a_start():
    assert texts([])[0].startswith("One cohort study")


def test_where_a_form_is_barred_the_study_has_to_be_of_the_right_one():
    isolate = item("a", preparation="isolate", subject_preparation="whole")

    assert texts([isolate])[0] == (
        "One cohort study of the whole plant or leaf with at least 100 people and no serious "
        "flaw would raise this to low."
    )


SEARCHES = st.lists(
    st.builds(
        Search,
        key=st.sampled_from(["q1", "q2"]),
        day=st.just("1 May 2026"),
        looked_for=st.just("trials"),
        where=st.just("PubMed"),
        found=st.just("none found"),
    ),
    max_size=2,
    unique_by=lambda search: search.key,
)


@given(lists_of_items(), SEARCHES)
def test_each_hint_carried_out_gives_what_it_says(items, searches):
    now = suggest(items, searches)

    for hint in what_would_change(items, searches):
        after = suggest(hint.items, searches)
        assert after.level == hint.level != now.level
        verb = "raise" if rank(hint.level) > rank(now.level) else "lower"
        assert hint.text.endswith(f"would {verb} this to {hint.level.label.lower()}.")


@given(lists_of_items(), st.integers(0, 20_000))
def test_at_least_means_that_more_people_do_no_harm(items, more):
    for hint in what_would_change(items):
        if not hint.text.startswith(("One ", "Two ")) or "finds" in hint.text:
            continue
        larger = [
            replace(each, n=(each.n or 0) + more)
            if each.key.startswith("~new")
            else each
            for each in hint.items
        ]
        assert rank(suggest(larger).level) >= rank(hint.level)


@given(lists_of_items(), st.data())
def test_the_order_of_the_items_does_not_matter(items, data):
    shuffled = data.draw(st.permutations(items))

    assert what_would_change(items) == what_would_change(shuffled)


@given(lists_of_items())
def test_no_sentence_stands_twice_and_raises_come_first(items):
    hints = what_would_change(items)
    now = rank(suggest(items).level)

    assert len({hint.text for hint in hints}) == len(hints)
    ups = [rank(hint.level) > now for hint in hints]
    assert ups == sorted(ups, reverse=True)


@pytest.mark.parametrize("level", [Level.HIGH, Level.LOW])
def test_what_a_review_states_no_single_trial_raises(level):
    review = item("r", D.SYSTEMATIC_REVIEW, reviewed_design=D.RCT, stated_level=level)

    assert not any(text.startswith("One ") for text in texts([review]))


def test_a_hint_agrees_with_what_is_there():
    harmful = [item("a", n=300, direction=Direction.CAUSES)]

    added = what_would_change(harmful)[0].items[-1]

    assert added.direction == Direction.CAUSES
