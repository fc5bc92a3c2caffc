"""The level that evidence items add up to, by examples."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.choices import Direction, Level
from kb.grading.items import Item, people_counted
from kb.grading.levels import LEVEL_ORDER, rank
from kb.grading.suggestion import Basis, suggest
from tests.kb.graded_items import (
    REVIEW_OF_TRIALS,
    D,
    item,
    kratom_surveys,
)


def test_the_two_silences_rank_below_every_grade_and_apart():
    assert [rank(level) for level in LEVEL_ORDER] == [4, 3, 2, 1, 0, -1]


EXAMPLES: list[tuple[str, list[Item], Level, Basis]] = [
    (
        "kratom for opioid withdrawal: surveys and cases",
        kratom_surveys(),
        Level.VERY_LOW,
        Basis.COMPUTED,
    ),
    (
        "buprenorphine keeps people in treatment: stated high",
        [
            item("r", **REVIEW_OF_TRIALS, n=5430, stated_level=Level.HIGH),
            item("t", n=60, risk_of_bias=2, inside_review="r"),
        ],
        Level.HIGH,
        Basis.STATED,
    ),
    (
        "two reviews that do not agree: the cautious one",
        [
            item("r1", **REVIEW_OF_TRIALS, stated_level=Level.MODERATE),
            item("r2", **REVIEW_OF_TRIALS, stated_level=Level.LOW),
        ],
        Level.LOW,
        Basis.STATED,
    ),
    (
        "sound trials that agree",
        [item("a"), item("b")],
        Level.HIGH,
        Basis.COMPUTED,
    ),
    (
        "trials with 300 people in all",
        [item("a", n=150), item("b", n=150)],
        Level.MODERATE,
        Basis.COMPUTED,
    ),
    ("one small trial alone", [item("a", n=40)], Level.LOW, Basis.COMPUTED),
    (
        "one small trial, and one that does not say how many",
        [item("a", n=40), item("b", n=None)],
        Level.LOW,
        Basis.COMPUTED,
    ),
    (
        "one small trial told twice",
        [item("a", n=40, source="x"), item("b", n=40, source="x")],
        Level.LOW,
        Basis.COMPUTED,
    ),
    (
        "trials in opposite directions",
        [item("a"), item("b", direction=Direction.NO_CLEAR_EFFECT)],
        Level.MODERATE,
        Basis.COMPUTED,
    ),
    (
        "everything wrong at once",
        [item("a", risk_of_bias=2, indirectness=2, publication_bias=1)],
        Level.VERY_LOW,
        Basis.COMPUTED,
    ),
    ("cohorts", [item("a", D.COHORT)], Level.LOW, Basis.COMPUTED),
    (
        "cohort with a large effect",
        [item("a", D.COHORT, large_effect=1)],
        Level.MODERATE,
        Basis.COMPUTED,
    ),
    (
        "a large effect that only one of two cohorts saw",
        [item("a", D.COHORT, large_effect=2), item("b", D.COHORT)],
        Level.LOW,
        Basis.COMPUTED,
    ),
    (
        "a large effect does not lift a flawed cohort",
        [item("a", D.COHORT, large_effect=2, risk_of_bias=1)],
        Level.VERY_LOW,
        Basis.COMPUTED,
    ),
    (
        "nothing lifts a trial that failed its design",
        [item("a", fails_design=True, large_effect=2)],
        Level.LOW,
        Basis.COMPUTED,
    ),
    (
        "nothing lifts a survey",
        [item("a", D.SURVEY, large_effect=2, dose_gradient=1)],
        Level.VERY_LOW,
        Basis.COMPUTED,
    ),
    (
        "one analysis of eight products",
        [item("a", D.CHEMICAL_ANALYSIS, n=8)],
        Level.LOW,
        Basis.MEASUREMENT,
    ),
    (
        "an outbreak of 199 and an analysis of its own",
        [
            item("a", D.OUTBREAK_INVESTIGATION, n=199),
            item("b", D.CHEMICAL_ANALYSIS, n=68),
        ],
        Level.HIGH,
        Basis.MEASUREMENT,
    ),
    (
        "a measurement says nothing where people were studied",
        [item("a", D.CHEMICAL_ANALYSIS, n=500), item("b", D.CASE_REPORT, n=1)],
        Level.VERY_LOW,
        Basis.COMPUTED,
    ),
    (
        "animals and cells only",
        [item("a", D.ANIMAL), item("b", D.IN_VITRO)],
        Level.NONE,
        Basis.LABORATORY,
    ),
    (
        "a review of animal studies, whatever it states",
        [item("a", D.META_ANALYSIS, reviewed_design=D.ANIMAL, stated_level="high")],
        Level.NONE,
        Basis.LABORATORY,
    ),
    (
        "a registered trial without results",
        [item("a", D.TRIAL_REGISTRATION)],
        Level.NONE,
        Basis.NO_STUDY,
    ),
    ("nothing at all", [], Level.NOT_ASSESSED, Basis.NOTHING_LINKED),
    (
        "a guideline whose studies are not linked",
        [item("a", D.GUIDELINE)],
        Level.NOT_ASSESSED,
        Basis.NOTHING_LINKED,
    ),
    (
        "a trial that nobody opened, beside a mouse",
        [item("a", verification="unverified"), item("b", D.ANIMAL)],
        Level.NOT_ASSESSED,
        Basis.NOTHING_VERIFIED,
    ),
    (
        "seen in part is seen",
        [item("a", verification="partial")],
        Level.HIGH,
        Basis.COMPUTED,
    ),
]


@pytest.mark.parametrize(
    ("items", "level", "basis"),
    [example[1:] for example in EXAMPLES],
    ids=[example[0] for example in EXAMPLES],
)
def test_an_example_gets_the_level_of_the_rule_book(items, level, basis):
    suggestion = suggest(items)

    assert (suggestion.level, suggestion.basis) == (level, basis)


@pytest.mark.parametrize(
    ("design", "people", "level"),
    [
        (D.RCT, 400, Level.HIGH),
        (D.RCT, 399, Level.MODERATE),
        (D.RCT, 100, Level.MODERATE),
        (D.RCT, 99, Level.LOW),
        (D.COHORT, 100, Level.LOW),
        (D.COHORT, 99, Level.VERY_LOW),
        (D.CHEMICAL_ANALYSIS, 100, Level.MODERATE),
        (D.CHEMICAL_ANALYSIS, 99, Level.LOW),
    ],
)
def test_one_person_more_or_less_tells_where_the_rule_book_draws_its_lines(
    design, people, level
):
    assert suggest([item(design=design, n=people)]).level == level


@pytest.mark.parametrize(
    ("trials", "limit"), [((399,), 400), ((100,), 400), ((50, 49), 100)]
)
def test_the_step_names_the_line_that_was_missed(trials, limit):
    items = [item(str(place), n=people) for place, people in enumerate(trials)]

    (step,) = [s for s in suggest(items).steps if "imprecision" in s.text]

    assert f"{sum(trials)} people, fewer than {limit} " in step.text


def test_a_retracted_review_stops_stating_and_its_trial_counts_again():
    review = item("r", **REVIEW_OF_TRIALS, stated_level=Level.HIGH)
    trial = item("t", n=60, inside_review="r")

    before = suggest([review, trial])
    after = suggest([replace(review, retracted=True), trial])

    assert before.counted == ("r",)
    assert (after.counted, after.level) == (("t",), Level.LOW)
    assert dict(after.set_aside)["r"] == "Its source was retracted."


def test_a_twin_is_set_aside_only_while_the_other_counts():
    twins = [item("a"), item("b", duplicate_of="a")]

    assert suggest(twins).counted == ("a",)
    assert suggest([replace(twins[0], retracted=True), twins[1]]).counted == ("b",)


def test_twins_that_name_each_other_count_once():
    twins = [item("a", duplicate_of="b"), item("b", duplicate_of="a")]

    assert suggest(twins).counted == ("a",)


def test_a_trial_inside_a_repeated_review_is_still_inside():
    review = item("r", **REVIEW_OF_TRIALS)
    again = item("s", **REVIEW_OF_TRIALS, duplicate_of="r")
    trial = item("t", inside_review="s")

    assert suggest([review, again, trial]).counted == ("r",)


def test_the_steps_can_be_read():
    steps = suggest([item("a", n=150, indirectness=1), item("b", n=150)]).steps

    assert [(step.change, step.text, step.keys) for step in steps] == [
        (4, "Starts at high: randomised controlled trial.", ("a", "b")),
        (
            -1,
            (
                "Down 1, serious: other people or another outcome than asked about "
                "(indirectness)."
            ),
            ("a",),
        ),
        (
            -1,
            "Down 1, serious: 300 people, fewer than 400 (imprecision).",
            ("a", "b"),
        ),
    ]


@pytest.mark.parametrize(
    ("items", "people"),
    [
        ([item("a", n=None)], None),
        ([item("a", n=30), item("b", n=None)], 30),
        ([item("a", n=30, source="x"), item("b", n=50, source="x")], 50),
        ([item("a", **REVIEW_OF_TRIALS, n=None), item("b", n=50)], None),
        (
            [
                item("a", **REVIEW_OF_TRIALS, n=300),
                item("b", **REVIEW_OF_TRIALS, n=200),
                item("c", n=50),
            ],
            350,
        ),
    ],
)
def test_people_are_counted_once(items, people):
    assert people_counted(items) == people
