"""What would change a level: the rule of kb.grading run backwards, by trying.

Each hint is a change that was really made to the items and graded; what does not change
the level is not said. Plain values in, plain values out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext

from kb.choices import Direction, Level, Preparation, StudyDesign
from kb.grading.items import FORM, Item, Search
from kb.grading.levels import GRADED, LEVEL_ORDER, level_said, rank
from kb.grading.steps import DOWNGRADES, MODEST, SIGN, SMALL
from kb.grading.suggestion import Suggestion, suggest

NEW = "~new"  # sorts after every key that an item can have
RETRACTIONS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Hint:
    """A change and the level it gives; `items` are the items after the change."""

    text: str
    level: Level
    items: tuple[Item, ...]
    group: str = ""


def what_would_change(
    items: Sequence[Item], searches: Iterable[Search] = ()
) -> tuple[Hint, ...]:
    """Return what would raise or lower the level, raises first."""
    searches = tuple(searches)
    items = sorted(items, key=lambda item: item.key)
    now = suggest(items, searches)
    tried = (
        *_raising(items, now),
        *_mending(items, now),
        *_lowering(items, now),
        *_retracting(items, now),
    )
    hints = []
    best = rank(now.level)
    for group, what, changed in tried:
        level = suggest(changed, searches).level
        if group == "raise" and rank(level) <= best:
            continue  # a cheaper study does as much
        if level == now.level or (group == "lower" and rank(level) > rank(now.level)):
            continue
        if group == "review" and best > rank(now.level):
            continue  # a single study would do
        if group == "raise":
            best = rank(level)
        hints.append(
            Hint(_sentence(what, now.level, level), level, tuple(changed), group)
        )
    return tuple(_worth_saying(hints, now))


Tried = tuple[str, str, Sequence[Item]]  # a group, what is done, and the items after


def _sentence(what: str, before: Level, after: Level) -> str:
    said = gettext("%(what)s would lower this to %(level)s.")
    if rank(after) > rank(before):
        said = gettext("%(what)s would raise this to %(level)s.")
    return said % {"what": what, "level": level_said(after)}


def _worth_saying(hints: list[Hint], now: Suggestion) -> Iterator[Hint]:
    """Keep each sentence once, raises before falls, and few retractions."""
    said: set[str] = set()
    retractions = 0
    for hint in sorted(hints, key=lambda hint: rank(hint.level) < rank(now.level)):
        if hint.text in said:
            continue
        said.add(hint.text)
        if hint.group == "retract":
            retractions += 1
            if retractions > RETRACTIONS_SHOWN:
                continue
        yield hint


# What can be tried


def _raising(items: Sequence[Item], now: Suggestion) -> Iterator[Tried]:
    """Yield studies that could be added, the ones that cost least first."""
    form = _form(items)
    cohort = _study(items, now, StudyDesign.COHORT, SMALL)
    said = gettext(
        "One cohort study with at least %(people)s people and no serious flaw"
    )
    if form:
        said = gettext(
            "One cohort study of %(form)s with at least %(people)s people and no serious"
            " flaw"
        )
    yield "raise", said % {"people": SMALL, "form": form}, [*items, cohort]
    said = gettext(
        "One randomised trial with at least %(people)s people and no serious flaw"
    )
    if form:
        said = gettext(
            "One randomised trial of %(form)s with at least %(people)s people and no"
            " serious flaw"
        )
    for people in (SMALL, MODEST):
        trial = _study(items, now, StudyDesign.RCT, people)
        yield "raise", said % {"people": people, "form": form}, [*items, trial]
    half = MODEST // 2
    pair = [_study(items, now, StudyDesign.RCT, half, number=n) for n in (1, 2)]
    said = gettext(
        "Two independent randomised trials that agree, with at least %(people)s people"
        " each and no serious flaw,"
    )
    if form:
        said = gettext(
            "Two independent randomised trials of %(form)s that agree, with at least"
            " %(people)s people each and no serious flaw,"
        )
    yield "raise", said % {"people": half, "form": form}, [*items, *pair]
    for level in reversed(LEVEL_ORDER[:4]):
        review = replace(
            _study(items, now, StudyDesign.SYSTEMATIC_REVIEW, MODEST),
            reviewed_design=StudyDesign.RCT,
            stated_level=level,
        )
        if rank(level) == rank(now.level) + 1:
            yield "review", _review_said(level), [*items, review]


def _review_said(level: Level) -> str:
    said = gettext("A systematic review of trials that states %(level)s certainty")
    return said % {"level": level_said(level)}


def _mending(items: Sequence[Item], now: Suggestion) -> Iterator[Tried]:
    """Yield the studies that count with one of their noted concerns gone."""
    for kind, why in DOWNGRADES.items():
        changed = [
            _without(item, kind) if item.key in now.counted else item for item in items
        ]
        said = gettext("The same studies without this concern, %(why)s,")
        yield "mend", said % {"why": gettext(why)}, changed


def _without(item: Item, kind: str) -> Item:
    changes: dict[str, Any] = {kind: 0}
    return replace(item, **changes)


def _lowering(items: Sequence[Item], now: Suggestion) -> Iterator[Tried]:
    form = _form(items)
    against = _study(items, now, StudyDesign.RCT, MODEST, agrees=False)
    said = gettext(
        "One randomised trial with at least %(people)s people and no serious flaw that"
        " finds something else"
    )
    if form:
        said = gettext(
            "One randomised trial of %(form)s with at least %(people)s people and no"
            " serious flaw that finds something else"
        )
    yield "lower", said % {"people": MODEST, "form": form}, [*items, against]
    if now.level not in GRADED:
        return
    for level in LEVEL_ORDER[:4]:
        if rank(level) == rank(now.level) - 1:
            review = replace(
                _study(items, now, StudyDesign.SYSTEMATIC_REVIEW, MODEST),
                reviewed_design=StudyDesign.RCT,
                stated_level=level,
            )
            yield "lower", _review_said(level), [*items, review]


def _retracting(items: Sequence[Item], now: Suggestion) -> Iterator[Tried]:
    """Yield the retraction of each source that counts."""
    titles = {
        item.source: item.source_title or item.source
        for item in items
        if item.key in now.counted
    }
    for source, title in sorted(titles.items()):
        changed = [
            replace(item, retracted=item.retracted or item.source == source)
            for item in items
        ]
        yield "retract", gettext("Retracting “%(title)s”") % {"title": title}, changed


def _study(
    items: Sequence[Item],
    now: Suggestion,
    design: str,
    people: int,
    *,
    number: int = 1,
    agrees: bool = True,
) -> Item:
    """Return a study without a flaw that finds the same as most of those that count."""
    counted = [item.direction for item in items if item.key in now.counted]
    usual = max(sorted(set(counted)), key=counted.count, default=Direction.IMPROVES)
    if not agrees:
        usual = next(each for each in Direction if SIGN[each] != SIGN[usual])
    subject = next((item.subject_preparation for item in items), Preparation.NOT_STATED)
    return Item(
        key=f"{NEW}-{number}",
        source=f"{NEW}-{number}",
        design=design,
        direction=usual,
        n=people,
        preparation=subject,
        subject_preparation=subject,
    )


def _form(items: Sequence[Item]) -> str:
    """Return "the whole plant or leaf" where the form matters, else ""."""
    forms = {item.subject_preparation for item in items} - {Preparation.NOT_STATED}
    barred = any(item.is_other_form for item in items)
    return gettext(FORM[Preparation(forms.pop())]) if barred and len(forms) == 1 else ""
