"""The level that evidence items add up to: examples, and the laws that always hold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.choices import Direction, Level, StudyDesign
from kb.grading import (
    DOWNGRADES,
    LEVEL_ORDER,
    MEASUREMENTS,
    REVIEWS,
    UPGRADES,
    Basis,
    EntryLevel,
    Item,
    Search,
    entry_level,
    people_counted,
    rank,
    regrade,
    safety_level,
    start_points,
    suggest,
)

D = StudyDesign
STARTS = {
    D.SYSTEMATIC_REVIEW: 1,
    D.META_ANALYSIS: 1,
    D.RCT: 4,
    D.NONRANDOMISED_TRIAL: 2,
    D.COHORT: 2,
    D.CASE_CONTROL: 2,
    D.INTERRUPTED_SERIES: 2,
    D.REGISTRY: 2,
    D.UNCONTROLLED_STUDY: 1,
    D.CASE_SERIES: 1,
    D.CASE_REPORT: 1,
    D.SURVEY: 1,
    D.SPONTANEOUS_REPORTS: 1,
    D.DEATH_REGISTER: 1,
    D.CONTENT_ANALYSIS: 1,
    D.ANIMAL: 0,
    D.IN_VITRO: 0,
    D.CHEMICAL_ANALYSIS: 2,
    D.OUTBREAK_INVESTIGATION: 2,
    D.PHARMACOKINETIC: 2,
    D.NARRATIVE_REVIEW: None,
    D.GUIDELINE: None,
    D.REGULATORY_NOTICE: None,
    D.PRODUCT_LABEL: 1,
    D.EXPERT_STATEMENT: None,
    D.TRIAL_REGISTRATION: 0,
    D.NEWS: None,
    D.NOT_A_STUDY: None,
}


def item(key: str = "a", design: str = D.RCT, **fields: Any) -> Item:
    defaults = {"source": f"source-{key}", "direction": Direction.IMPROVES, "n": 500}
    return Item(key=key, design=design, **(defaults | fields))


# Where a design starts


def test_every_design_has_a_place_in_the_table():
    assert set(STARTS) == set(StudyDesign)


@pytest.mark.parametrize(("design", "points"), STARTS.items())
def test_a_design_starts_where_the_rule_book_says(design, points):
    assert start_points(item(design=design)) == points


@pytest.mark.parametrize("design", sorted(REVIEWS))
@pytest.mark.parametrize(
    ("reviewed", "points"), [(D.RCT, 4), (D.COHORT, 2), (D.CASE_REPORT, 1), (None, 1)]
)
def test_a_review_starts_where_its_studies_do(design, reviewed, points):
    assert start_points(item(design=design, reviewed_design=reviewed)) == points


@pytest.mark.parametrize(
    ("design", "points"), [(D.RCT, 2), (D.COHORT, 2), (D.SURVEY, 1)]
)
def test_a_study_that_fails_its_design_starts_at_low_at_most(design, points):
    assert start_points(item(design=design, fails_design=True)) == points


def test_the_two_silences_rank_below_every_grade_and_apart():
    assert [rank(level) for level in LEVEL_ORDER] == [4, 3, 2, 1, 0, -1]


# Examples


def kratom_surveys() -> list[Item]:
    return [
        item("s1", D.SURVEY, n=8049, indirectness=1),
        item("s2", D.SURVEY, n=2798, risk_of_bias=1),
        item("c1", D.CASE_REPORT, n=1, direction=Direction.NO_CLEAR_EFFECT),
        item("m1", D.ANIMAL, n=None),
    ]


REVIEW_OF_TRIALS: dict[str, Any] = {
    "design": D.SYSTEMATIC_REVIEW,
    "reviewed_design": D.RCT,
}
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


# The level of an entry


@pytest.mark.parametrize(
    ("summaries", "expected"),
    [
        ([], EntryLevel(Level.NOT_ASSESSED, None, None)),
        (
            [("harm", "causes", "high", "liver-injury")],
            EntryLevel(Level.NOT_ASSESSED, None, None),
        ),
        (
            [
                ("harm", "causes", "high", "dependence"),
                ("benefit", "no-clear-effect", "high", "anxiety"),
                ("benefit", "improves", "low", "pain"),
                ("benefit", "improves", "very-low", "opioid-withdrawal"),
            ],
            EntryLevel(Level.LOW, Direction.IMPROVES, "pain"),
        ),
        (
            [
                ("benefit", "improves", "none", "pain"),
                ("benefit", "no-clear-effect", "moderate", "anxiety"),
            ],
            EntryLevel(Level.MODERATE, Direction.NO_CLEAR_EFFECT, "anxiety"),
        ),
        (
            [
                ("benefit", "improves", "none", "pain"),
                ("benefit", "improves", "not-assessed", "anxiety"),
            ],
            EntryLevel(Level.NONE, None, None),
        ),
        (
            [("benefit", "improves", "not-assessed", "anxiety")],
            EntryLevel(Level.NOT_ASSESSED, None, None),
        ),
    ],
)
def test_an_entry_has_the_level_of_its_best_supported_benefit(summaries, expected):
    assert entry_level(summaries) == expected
    assert entry_level(reversed(summaries)) == expected


# Laws

steps_of_two = st.sampled_from([0, 0, 0, 1, 2])
fields_of_an_item = st.fixed_dictionaries(
    {
        "source": st.sampled_from(["s", "t", "u", "v", "w"]),
        "design": st.sampled_from(list(StudyDesign)),
        "direction": st.sampled_from(list(Direction)),
        "reviewed_design": st.sampled_from([None, D.RCT, D.COHORT, D.SURVEY, D.ANIMAL]),
        "n": st.none() | st.integers(0, 600),
        "verification": st.sampled_from(
            ["verified", "verified", "partial", "unverified"]
        ),
        "retracted": st.sampled_from([False, False, False, True]),
        "stated_level": st.sampled_from([None] * 4 + list(Level)),
        "fails_design": st.sampled_from([False, False, True]),
        **dict.fromkeys([*DOWNGRADES, *UPGRADES], steps_of_two),
    }
)


@st.composite
def lists_of_items(draw: st.DrawFn, min_size: int = 0) -> list[Item]:
    drawn = draw(st.lists(fields_of_an_item, min_size=min_size, max_size=6))
    keys = [f"k{number}" for number in range(len(drawn))]
    link = st.none() | st.none() | st.sampled_from(keys or [None])
    return [
        Item(key, **fields, inside_review=draw(link), duplicate_of=draw(link))
        for key, fields in zip(keys, drawn, strict=True)
    ]


@st.composite
def pools(draw: st.DrawFn) -> list[Item]:
    """Items that all stand, of one start, and none of which states a level."""
    design = draw(
        st.sampled_from([D.RCT, D.COHORT, D.SURVEY, D.CHEMICAL_ANALYSIS, *REVIEWS])
    )
    items = draw(lists_of_items(min_size=1))
    return [
        replace(
            found,
            design=design,
            reviewed_design=D.RCT,
            verification="verified",
            retracted=False,
            stated_level=None,
            fails_design=False,
            inside_review=None,
            duplicate_of=None,
        )
        for found in items
    ]


def added(fields: dict[str, Any], **changes: Any) -> Item:
    return Item("new", **(fields | changes))


@given(st.data())
def test_the_order_of_the_items_never_matters(data):
    items = data.draw(lists_of_items())

    assert suggest(items) == suggest(data.draw(st.permutations(items)))


@given(lists_of_items())
def test_every_item_counts_or_is_set_aside_with_a_reason(items):
    suggestion = suggest(items)

    aside = dict(suggestion.set_aside)
    assert sorted([*suggestion.counted, *aside]) == [found.key for found in items]
    assert all(aside.values())


@given(lists_of_items())
def test_the_steps_sum_to_the_points_and_the_points_are_the_level(items):
    suggestion = suggest(items)

    assert sum(step.change for step in suggestion.steps) == (suggestion.points or 0)
    assert suggestion.steps
    if suggestion.points is None:
        assert suggestion.level in (Level.NONE, Level.NOT_ASSESSED)
    else:
        assert suggestion.points == rank(suggestion.level)


@given(
    lists_of_items(), fields_of_an_item, st.sampled_from(["retracted", "unverified"])
)
def test_an_item_that_does_not_stand_never_raises(items, fields, why):
    change = {"retracted": True} if why == "retracted" else {"verification": why}

    after = suggest([*items, added(fields, **change)])

    assert rank(after.level) <= rank(suggest(items).level)
    assert "new" in dict(after.set_aside)


@given(lists_of_items(min_size=1), fields_of_an_item)
def test_a_weaker_kind_of_study_never_raises(items, fields):
    before = suggest(items)
    worse = added(fields, stated_level=None)
    starts = [
        start_points(found) or 0 for found in items if found.key in before.counted
    ]

    if starts and (start_points(worse) or 0) < max(starts):
        assert rank(suggest([*items, worse]).level) <= rank(before.level)


@given(pools(), fields_of_an_item)
def test_a_study_with_more_wrong_than_all_others_never_raises(pool, fields):
    """More wrong: at least the worst of each kind, at least what the numbers alone
    take off, and one concern more. However many people it adds, the level stays."""
    worst = {kind: max(getattr(i, kind) for i in pool) for kind in DOWNGRADES}
    for kind in ("imprecision", "inconsistency"):
        worst[kind] = max(worst[kind], 1)
    worst["risk_of_bias"] = min(worst["risk_of_bias"] + 1, 2)
    worse = added(
        fields,
        design=pool[0].design,
        reviewed_design=D.RCT,
        stated_level=None,
        fails_design=False,
        **worst,
    )

    after = suggest([*pool, worse])

    assert rank(after.level) <= rank(suggest(pool).level)


@given(pools(), fields_of_an_item, st.data())
def test_a_further_finding_of_the_same_source_never_raises(pool, fields, data):
    known = data.draw(st.sampled_from(pool))
    more = added(
        fields,
        source=known.source,
        n=known.n,
        design=known.design,
        reviewed_design=D.RCT,
        stated_level=None,
        fails_design=False,
    )

    assert rank(suggest([*pool, more]).level) <= rank(suggest(pool).level)


@given(lists_of_items(min_size=1), st.sampled_from(sorted(DOWNGRADES)), st.data())
def test_one_more_downgrade_never_raises(items, kind, data):
    place = data.draw(st.integers(0, len(items) - 1))
    changed = list(items)
    changed[place] = replace(
        items[place], **{kind: min(2, getattr(items[place], kind) + 1)}
    )

    assert rank(suggest(changed).level) <= rank(suggest(items).level)


@given(st.lists(fields_of_an_item, min_size=1, max_size=6))
def test_animals_and_cells_never_lift_above_none(drawn):
    items = [
        Item(f"k{i}", **(fields | {"design": D.ANIMAL, "reviewed_design": None}))
        for i, fields in enumerate(drawn)
    ]

    assert rank(suggest(items).level) <= rank(Level.NONE)


@given(lists_of_items(), fields_of_an_item)
def test_a_laboratory_finding_changes_nothing_for_people(items, fields):
    before = suggest(items)
    laboratory = added(fields, design=D.IN_VITRO, reviewed_design=None)

    after = suggest([*items, laboratory])

    if before.points is None:
        assert rank(after.level) <= rank(Level.NONE)
    else:
        assert (after.level, after.steps) == (before.level, before.steps)


@given(st.lists(fields_of_an_item, min_size=1, max_size=6))
def test_surveys_never_rise_above_very_low(drawn):
    items = [
        Item(f"k{i}", **(fields | {"design": D.SURVEY}))
        for i, fields in enumerate(drawn)
    ]

    assert rank(suggest(items).level) <= rank(Level.VERY_LOW)


@settings(max_examples=50)
@given(lists_of_items())
def test_a_stated_level_is_taken_as_stated(items):
    items = [replace(found, stated_level=None) for found in items]
    review = Item(
        "new",
        "review",
        D.SYSTEMATIC_REVIEW,
        Direction.IMPROVES,
        reviewed_design=D.RCT,
        stated_level=Level.MODERATE,
    )

    suggestion = suggest([*items, review])

    assert (suggestion.level, suggestion.basis) == (Level.MODERATE, Basis.STATED)
    assert suggestion.counted == ("new",)


@given(lists_of_items())
def test_what_was_retracted_counts_for_nothing(items):
    items = [replace(i, inside_review=None, duplicate_of=None) for i in items]
    suggestion = suggest(items)
    without = suggest([found for found in items if not found.retracted])

    assert not {i.key for i in items if i.retracted} & set(suggestion.counted)
    if without.points is not None:
        assert suggestion.counted == without.counted
        assert suggestion.level == without.level


def test_measurements_are_designs_that_the_table_scores():
    assert all(STARTS[design] == 2 for design in MEASUREMENTS)


# Safety notes


@pytest.mark.parametrize(
    ("design", "verification", "harm", "level"),
    [
        (D.CASE_REPORT, "verified", None, Level.VERY_LOW),
        (D.SURVEY, "partial", None, Level.VERY_LOW),
        (D.CASE_REPORT, "unverified", None, Level.NOT_ASSESSED),
        (D.CASE_REPORT, "verified", ("causes", "low"), Level.LOW),
        (D.CASE_REPORT, "verified", ("no-clear-effect", "low"), Level.VERY_LOW),
        (D.CASE_REPORT, "verified", ("causes", "none"), Level.VERY_LOW),
        (D.COHORT, "verified", None, Level.NOT_ASSESSED),
        (D.COHORT, "verified", ("worsens", "moderate"), Level.MODERATE),
        (D.SYSTEMATIC_REVIEW, "verified", None, Level.NOT_ASSESSED),
        (D.IN_VITRO, "verified", ("causes", "high"), Level.NONE),
        (D.REGULATORY_NOTICE, "verified", ("causes", "high"), Level.NOT_ASSESSED),
        (None, "verified", None, Level.NOT_ASSESSED),
    ],
)
def test_a_safety_note_is_as_sure_as_what_is_graded(design, verification, harm, level):
    assert safety_level(design, verification, harm) == level


# Searches, and what a reader leaves out


def search(key: str = "q") -> Search:
    return Search(
        key, "1 May 2026", "Any trial.", "PubMed", "Nothing but letters was found."
    )


@given(lists_of_items())
def test_a_search_never_changes_what_rests_on_people(items):
    before, after = suggest(items), suggest(items, [search()])

    if before.points is not None:
        assert replace(after, searched=()) == before
    else:
        assert after.level in (before.level, Level.NONE)
    assert after.searched == (
        (
            "q",
            "Looked for any trial on 1 May 2026 in PubMed: nothing but letters was found.",
        ),
    )


@given(lists_of_items(), st.sets(st.sampled_from(["s", "t", "u", "v", "w"])))
def test_to_leave_out_a_source_is_as_if_it_were_not_there(items, without):
    kept = [found for found in items if found.source not in without]

    left = regrade(items, without=without)

    expected = suggest(kept)
    assert (left.level, left.counted) == (expected.level, expected.counted)
    assert sorted([*left.counted, *dict(left.set_aside)]) == [i.key for i in items]


@given(lists_of_items())
def test_to_leave_out_nothing_changes_nothing(items):
    assert regrade(items) == suggest(items)


@given(lists_of_items())
def test_without_animals_and_cells_the_level_is_the_same(items):
    before, people = suggest(items), regrade(items, only_people=True)

    if before.points is not None:
        assert (people.level, people.counted) == (before.level, before.counted)
    else:
        assert rank(people.level) <= rank(Level.NONE)
