"""What differs between two forms of a record, taking a part of that, and joining two
people's changes.

Forms are records as dumped by their schema: plain JSON values. Nothing is stored here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

Form = Mapping[str, Any]
# What names one of several in a list: the first of these that all of them have.
NAMES = (("key",), ("name", "kind"), ("scheme", "value"))
STEP = " › "
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")  # a tag, or what a record is called


@dataclass(frozen=True, slots=True)
class Difference:
    """One place that differs; None is a place that is not there."""

    place: str  # "contains › kratom.mitragynine.doe-2020 › low"
    before: Any
    after: Any


class Conflict(Exception):
    """Two people changed the same places; `places` names them."""

    def __init__(self, places: Sequence[str]) -> None:
        super().__init__(", ".join(places))
        self.places = tuple(places)


def differences(before: Form | None, after: Form | None) -> list[Difference]:
    """Return all places that differ, in the order of their names."""
    return list(_differences(dict(before or {}), dict(after or {}), ""))


def _differences(before: Any, after: Any, place: str) -> Iterator[Difference]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted(before.keys() | after.keys()):
            yield from _differences(
                before.get(name), after.get(name), _within(place, name)
            )
        return
    named = _by_name(before, after)
    if named is None:
        yield Difference(place, before, after)
    else:
        yield from _differences(*named, place)


def _within(place: str, name: str) -> str:
    return f"{place}{STEP}{name}" if place else name


def _by_name(before: Any, after: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Return two lists of named things as {name: thing}, or None if they are not that.

    Slugs name themselves, where what changes is which they are and not their order.
    """
    lists = [before or [], after or []]
    if not all(isinstance(each, list) for each in lists):
        return None
    things = [thing for each in lists for thing in each]
    if things and all(
        isinstance(each, str) and SLUG.fullmatch(each) for each in things
    ):
        return _slugs_by_name(*lists)
    if not things or not all(isinstance(thing, dict) for thing in things):
        return None
    for names in NAMES:
        if all(all(name in thing for name in names) for thing in things):
            first, second = (
                {" ".join(str(thing[name]) for name in names): thing for thing in each}
                for each in lists
            )
            return first, second
    return None


def _slugs_by_name(
    before: list[str], after: list[str]
) -> tuple[dict[str, str], dict[str, str]] | None:
    kept = [each for each in before if each in after]
    is_in_order = kept == [each for each in after if each in before]
    is_once_each = all(len({*each}) == len(each) for each in (before, after))
    if not (is_in_order and is_once_each):
        return None
    return {each: each for each in before}, {each: each for each in after}


def partly(before: Form | None, after: Form, taken: Collection[str]) -> dict[str, Any]:
    """Return `before` with those differences to `after` whose places are taken."""
    found: dict[str, Any] = _partly(dict(before or {}), dict(after), "", taken)
    return found


def _partly(before: Any, after: Any, place: str, taken: Collection[str]) -> Any:
    if before == after or place in taken:
        return after
    if isinstance(before, dict) and isinstance(after, dict):
        return _partly_each(before, after, place, taken)
    named = _by_name(before, after)
    if named is None:
        return before
    found = list(_partly_each(*named, place, taken).values())
    if found:
        return found
    # An empty list is not the same as none, so it is the one of the two that is empty.
    return before if not before else after if not after else []


def _partly_each(
    before: dict[str, Any], after: dict[str, Any], place: str, taken: Collection[str]
) -> dict[str, Any]:
    """Choose for each name, in the order of `after`; what only `before` has stays behind
    what it stood behind."""
    names = [*after]
    last = -1
    for name in before:
        if name not in after:
            names.insert(last + 1, name)
        last = names.index(name)
    found = {}
    for name in names:
        chosen = _partly(before.get(name), after.get(name), _within(place, name), taken)
        if chosen is not None or (name in before and name in after):
            found[name] = chosen
    return found


Marked = list[tuple[str, bool]]  # a piece of text, and whether the other side lacks it


def marked(before: str, after: str) -> tuple[Marked, Marked]:
    """Return two texts in pieces, word by word, so that a reader sees what differs."""
    first, second = (re.findall(r"\s+|\w+|[^\w\s]", text) for text in (before, after))
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    left: Marked = []
    right: Marked = []
    for what, start, end, other_start, other_end in matcher.get_opcodes():
        for side, words in (
            (left, first[start:end]),
            (right, second[other_start:other_end]),
        ):
            if words:
                side.append(("".join(words), what != "equal"))
    return left, right


def join(base: Form, proposed: Form, current: Form) -> dict[str, Any]:
    """Return `current` with what `proposed` changed since `base`.

    Raises Conflict where the same place was changed both ways. Two people's rows of one
    list both stand, as do two fields of one row.
    """
    mine = {each.place: each.after for each in differences(base, proposed)}
    theirs = {each.place: each.after for each in differences(base, current)}
    whole = {
        name
        for form in (base, proposed, current)
        for name, value in form.items()
        if isinstance(value, dict)  # an override and its reason are one statement
    }
    clash = [
        place
        for place, value in mine.items()
        if any(
            _meet(place, other, whole)
            for other, theirs_now in theirs.items()
            if (place, value) != (other, theirs_now)
        )
    ]
    if clash:
        raise Conflict(clash)
    return partly(current, proposed, mine)


def _meet(place: str, other: str, whole: Collection[str]) -> bool:
    """Tell whether two places are one, or one of them within the other."""
    steps, others = place.split(STEP), other.split(STEP)
    if steps[0] == others[0] and steps[0] in whole:
        return True
    shorter = min(len(steps), len(others))
    return steps[:shorter] == others[:shorter]
