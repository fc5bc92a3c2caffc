"""The level that the items of one assessment support, in one of three ways.

Reviews may state it, studies in people give it, or nothing in people speaks at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from kb.choices import Level, StudyDesign, Verification
from kb.grading.designs import LABORATORY, MEASUREMENTS, REVIEWS, STATEMENTS
from kb.grading.items import Item, Search, is_in_people, start_points
from kb.grading.levels import GRADED, LEVEL_OF_POINTS, level_said, rank
from kb.grading.standing import usable_items
from kb.grading.steps import (
    Step,
    bridges,
    downgrades,
    limits,
    replication,
    start_text,
    upgrades,
)


class Basis(StrEnum):
    """What a suggested level rests on."""

    STATED = _("stated by review")
    COMPUTED = _("computed")
    MEASUREMENT = _("measurement")
    LABORATORY = _("laboratory only")
    SEARCHED = _("looked for, none found")
    OTHER_FORM = _("another form only")
    NO_STUDY = _("no study in people")
    NOTHING_VERIFIED = _("nothing verified")
    NOTHING_LINKED = _("no study linked")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A level and how it came about; the changes of its steps sum to its points."""

    level: Level
    points: int | None
    basis: Basis
    steps: tuple[Step, ...]
    counted: tuple[str, ...]
    set_aside: tuple[tuple[str, str], ...]
    searched: tuple[tuple[str, str], ...] = ()


def suggest(
    items: Sequence[Item],
    searches: Iterable[Search] = (),
    *,
    left_out: Mapping[str, str] | None = None,
) -> Suggestion:
    """Return the level that the items of one assessment support, with every step.

    `searches` say that somebody looked; they never change a level that rests on people.
    `left_out` gives keys that a reader leaves out for once, each with the reason.
    """
    items = sorted(items, key=lambda item: item.key)
    searches = sorted(searches, key=lambda search: search.key)
    aside = dict(left_out or {})
    usable = usable_items(items, aside)
    people = [item for item in usable if is_in_people(item)]
    stated = [i for i in people if i.design in REVIEWS and i.stated_level in GRADED]
    if stated:
        found = _stated(stated, items, aside)
    elif people:
        found = _computed(people, items, aside)
    else:
        found = _silent(usable, searches, items, aside)
    searched = tuple((search.key, search.sentence) for search in searches)
    return replace(found, searched=searched)


def regrade(
    items: Sequence[Item],
    searches: Iterable[Search] = (),
    *,
    without: Collection[str] = (),
    only_people: bool = False,
) -> Suggestion:
    """Return the level without some sources (slugs), or from people alone."""
    kept = [item for item in items if item.source not in without]
    laboratory = {
        item.key: gettext("It is not about people: left out here.")
        for item in kept
        if only_people and start_points(item) == 0
    }
    found = suggest(kept, searches, left_out=laboratory)
    dropped = [
        (item.key, gettext("Its source is left out here."))
        for item in items
        if item.source in without
    ]
    return replace(found, set_aside=tuple(sorted([*found.set_aside, *dropped])))


def _stated(
    reviews: list[Item], items: Sequence[Item], aside: dict[str, str]
) -> Suggestion:
    level = min((Level(str(item.stated_level)) for item in reviews), key=rank)
    text = gettext("A review of the evidence states this level: %(level)s.")
    if len({item.stated_level for item in reviews}) > 1:
        text = gettext(
            "Reviews state different levels; the most cautious counts: %(level)s."
        )
    text %= {"level": level_said(level)}
    keys = tuple(item.key for item in reviews)
    steps = [Step(text, rank(level), keys), *bridges(reviews)]
    reason = gettext("A review states the level of all studies together.")
    return _result(level, rank(level), Basis.STATED, steps, keys, items, aside, reason)


def _computed(
    people: list[Item], items: Sequence[Item], aside: dict[str, str]
) -> Suggestion:
    studies = [item for item in people if item.studied not in MEASUREMENTS]
    start = max(start_points(item) or 0 for item in studies or people)
    pool = [i for i in studies or people if start_points(i) == start]
    for item in people:
        if studies and item.studied in MEASUREMENTS:
            aside[item.key] = gettext(
                "It measures products or an outbreak; studies come first."
            )
        elif item not in pool:
            aside[item.key] = gettext("A weaker kind of study than those that count.")
    keys = tuple(item.key for item in pool)
    steps = [Step(start_text(start, pool), start, keys)]
    bridging = bridges(pool)
    if start == 1 and studies:
        text = gettext(
            "Evidence of this kind stays very low, however much there is of it."
        )
        steps.append(Step(text, 0, keys))
    else:
        steps += downgrades(pool, start, is_measurement=not studies)
        if len(steps) == 1 and not any(item.fails_design for item in pool):
            steps += upgrades(pool, start) if studies else replication(pool)
        steps += limits(pool, start, sum(step.change for step in steps))
    steps[1:1] = bridging
    points = sum(step.change for step in steps)
    basis = Basis.COMPUTED if studies else Basis.MEASUREMENT
    level = LEVEL_OF_POINTS[points]
    return _result(level, points, basis, steps, keys, items, aside, "")


def _silent(
    usable: list[Item],
    searches: Sequence[Search],
    items: Sequence[Item],
    aside: dict[str, str],
) -> Suggestion:
    """Tell apart: nobody looked, nobody verified, and no study in people was found."""
    unopened = any(
        is_in_people(item)
        and not item.retracted
        and item.verification == Verification.UNVERIFIED
        for item in items
    )
    looked = [
        item
        for item in items
        if item.design not in STATEMENTS
        and (item in usable or (item.key in aside and start_points(item) == 0))
        and not item.retracted
        and item.verification != Verification.UNVERIFIED
        and not item.preparation_barrier
    ]
    barred = [item for item in items if item.key in aside and item.preparation_barrier]
    texts = [search.sentence for search in searches]
    laboratory = gettext(
        "Only animals or cells were studied; that says nothing sure about people."
    )
    if any(start_points(item) for item in barred):
        laboratory = gettext(
            "Of this form only animals or cells were studied, of another people too."
        )
    is_laboratory = any(item.studied in LABORATORY for item in looked)
    if unopened:
        level, basis = Level.NOT_ASSESSED, Basis.NOTHING_VERIFIED
        texts = [
            gettext(
                "Nothing that was found about people was seen in its source and stands."
            )
        ]
    elif searches:
        level, basis = Level.NONE, Basis.SEARCHED
        texts += [laboratory] if is_laboratory else []
    elif barred and not [item for item in looked if item in usable]:
        level, basis = Level.NONE, Basis.OTHER_FORM
        texts = [
            gettext(
                "Only another form was studied; of this one nothing is known in people."
            )
        ]
    elif is_laboratory:
        level, basis = Level.NONE, Basis.LABORATORY
        texts = [laboratory]
    elif looked:
        level, basis = Level.NONE, Basis.NO_STUDY
        texts = [gettext("Somebody looked: no study in people with results was found.")]
    elif items and not usable:
        level, basis = Level.NOT_ASSESSED, Basis.NOTHING_VERIFIED
        texts = [
            gettext(
                "Nothing that was found about people was seen in its source and stands."
            )
        ]
    else:
        level, basis = Level.NOT_ASSESSED, Basis.NOTHING_LINKED
        texts = [gettext("No study is linked yet.")]
    keys = tuple(item.key for item in usable)
    steps = [*(Step(text, 0, keys) for text in texts), *bridges(usable)]
    return _result(level, None, basis, steps, (), items, aside, "")


def _result(
    level: Level,
    points: int | None,
    basis: Basis,
    steps: list[Step],
    counted: tuple[str, ...],
    items: Sequence[Item],
    aside: dict[str, str],
    reason: str,
) -> Suggestion:
    set_aside = tuple(
        (item.key, aside.get(item.key) or _context_reason(item) or reason)
        for item in items
        if item.key not in counted
    )
    return Suggestion(level, points, basis, tuple(steps), counted, set_aside)


def _context_reason(item: Item) -> str:
    if item.studied in LABORATORY:
        return gettext("Animals or cells: it never counts for people.")
    if item.studied == StudyDesign.TRIAL_REGISTRATION:
        return gettext("A registration without results.")
    if start_points(item) is None:
        return gettext("Not a study: shown as context, not scored.")
    return ""
