"""What differs between two forms of a record, and joining two people's changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.differences import Conflict, Difference, differences, join, marked, partly

values = st.one_of(st.none(), st.integers(0, 3), st.text("ab", max_size=2))
parts = st.lists(
    st.fixed_dictionaries({"key": st.sampled_from("xyz"), "low": values}),
    max_size=3,
    unique_by=lambda part: part["key"],
)
forms = st.fixed_dictionaries(
    {"name": values, "summary": values, "tags": st.lists(values, max_size=2)},
    optional={
        "part_of": st.lists(st.sampled_from("abcde"), max_size=4, unique=True),
        "contains": parts,
        "override": st.fixed_dictionaries({"by": values}),
    },
)


def test_each_place_that_differs_is_named():
    before = {
        "name": "Kratom",
        "contains": [{"key": "a", "low": 1, "unit": "%"}, {"key": "b", "low": 2}],
    }
    after = {
        "name": "Kratom",
        "contains": [{"key": "a", "low": 3, "unit": "%"}, {"key": "c", "low": 4}],
    }

    assert differences(before, after) == [
        Difference("contains › a › low", 1, 3),
        Difference("contains › b", {"key": "b", "low": 2}, None),
        Difference("contains › c", None, {"key": "c", "low": 4}),
    ]


def test_a_record_that_was_not_there_is_new_field_by_field():
    assert differences(None, {"name": "Kratom"}) == [Difference("name", None, "Kratom")]


@given(st.text(), st.text())
def test_marking_words_loses_no_letter(before, after):
    left, right = marked(before, after)

    assert "".join(text for text, _ in left) == before
    assert "".join(text for text, _ in right) == after
    same = "".join(text for text, differs in left if not differs)
    assert same == "".join(text for text, differs in right if not differs)


def test_only_the_words_that_differ_are_marked():
    assert marked("A gentle leaf.", "A leaf.") == (
        [("A", False), (" gentle", True), (" leaf.", False)],
        [("A", False), (" leaf.", False)],
    )


@given(forms)
def test_a_form_does_not_differ_from_itself(form):
    assert differences(form, form) == []


@given(forms, forms)
def test_the_way_back_is_the_same_way_turned_round(one, other):
    there = differences(one, other)
    back = differences(other, one)

    assert back == [Difference(each.place, each.after, each.before) for each in there]


def test_tags_come_and_go_one_by_one():
    assert differences({"tags": ["a", "b"]}, {"tags": ["b", "c"]}) == [
        Difference("tags › a", "a", None),
        Difference("tags › c", None, "c"),
    ]


def test_another_order_of_the_same_is_one_difference():
    before, after = {"sources": ["a", "b", "c"]}, {"sources": ["b", "a"]}

    assert differences(before, after) == [
        Difference("sources", ["a", "b", "c"], ["b", "a"])
    ]


@given(forms, forms, st.data())
def test_what_is_taken_of_a_change_is_taken_and_nothing_else(base, proposed, data):
    offered = differences(base, proposed)
    places = [each.place for each in offered]
    taken = data.draw(st.sets(st.sampled_from(places)) if places else st.just(set()))

    between = partly(base, proposed, taken)

    assert differences(base, between) == [e for e in offered if e.place in taken]
    left = [e for e in offered if e.place not in taken]
    assert differences(between, proposed) == left


@given(forms, forms)
def test_a_change_to_what_nobody_else_touched_is_taken_as_it_is(base, proposed):
    joined = join(base, proposed, base)

    assert differences(joined, proposed) == []


@given(forms, forms, forms)
def test_nobody_s_change_is_lost_or_it_is_a_conflict(base, mine, theirs):
    changed = {each.place: each.after for each in differences(base, mine)}
    try:
        joined = join(base, mine, theirs)
    except Conflict as conflict:
        places = {*conflict.places}
    else:
        places = set()
    assert places <= {*changed}
    if places:
        return
    undone = {each.place for each in differences(joined, mine)}
    assert not undone & {*changed}
    moved = {each.place: each.after for each in differences(theirs, joined)}
    assert moved.items() <= changed.items()


def test_two_people_s_rows_of_one_list_both_stand():
    base = {"items": [{"key": "a", "n": 1}, {"key": "b", "n": 1}], "tags": ["x"]}
    mine = {"items": [{"key": "a", "n": 2}, {"key": "b", "n": 1}], "tags": ["x", "y"]}
    theirs = {
        "items": [{"key": "a", "n": 1}, {"key": "b", "n": 3}, {"key": "c", "n": 4}],
        "tags": [],
    }

    assert join(base, mine, theirs) == {
        "items": [{"key": "a", "n": 2}, {"key": "b", "n": 3}, {"key": "c", "n": 4}],
        "tags": ["y"],
    }


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "place"),
    [
        ([{"key": "a", "n": 1}], [{"key": "a", "n": 2}], [], "items › a › n"),
        ([{"key": "a", "n": 1}], [], [{"key": "a", "n": 2}], "items › a"),
        ([], [{"key": "a", "n": 1}], [{"key": "a", "n": 2}], "items › a"),
        (
            {"by": "a", "why": "b"},
            {"by": "c", "why": "b"},
            {"by": "a", "why": "d"},
            "items › by",
        ),
        (["a", "b"], ["b", "a"], ["a", "b", "c"], "items"),
    ],
)
def test_one_row_taken_away_and_changed_is_a_conflict(base, mine, theirs, place):
    with pytest.raises(Conflict) as conflict:
        join({"items": base}, {"items": mine}, {"items": theirs})

    assert conflict.value.places == (place,)


def test_the_same_field_changed_two_ways_is_a_conflict():
    with pytest.raises(Conflict, match="name"):
        join({"name": "a"}, {"name": "b"}, {"name": "c"})
