"""What always holds of a level, whatever the evidence items are."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from kb.choices import Direction, Level
from kb.grading.items import Item, Search, start_points
from kb.grading.levels import rank
from kb.grading.steps import DOWNGRADES
from kb.grading.suggestion import Basis, regrade, suggest
from tests.kb.graded_items import (
    D,
    added,
    fields_of_an_item,
    lists_of_items,
    pools,
)


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
