"""How sure anyone can be of an entry, and of a safety note, from what is graded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kb.choices import Axis, Direction, Level, Verification
from kb.grading.designs import LABORATORY, REVIEWS, START
from kb.grading.levels import GRADED, rank
from kb.grading.steps import SIGN


@dataclass(frozen=True, slots=True)
class EntryLevel:
    """The level on a card, which way the finding points, and what it is about."""

    level: Level
    direction: Direction | None
    about: str | None


def entry_level(
    summaries: Iterable[tuple[str, str, str, str] | tuple[str, str, str, str, int]],
) -> EntryLevel:
    """Return the level of the best-supported benefit in people.

    A summary is an assessment as (axis, direction, level, about), and how many findings
    count for it: among equal levels more of them win. Where people were
    studied and no benefit was found, it is the best-supported of those results, with
    its own direction, so that a card cannot pass it off as a benefit.
    """
    benefits = [
        (Level(level), Direction(direction), about, findings[0] if findings else 0)
        for axis, direction, level, about, *findings in summaries
        if axis == Axis.BENEFIT
    ]
    found = [benefit for benefit in benefits if rank(benefit[0]) > 0]
    helps = [benefit for benefit in found if benefit[1] == Direction.IMPROVES]
    if best := sorted(helps or found, key=lambda b: (-rank(b[0]), -b[3], b[2], b[1])):
        level, direction, about, _count = best[0]
        return EntryLevel(level, direction, about)
    looked = any(level == Level.NONE for level, *_ in benefits)
    return EntryLevel(Level.NONE if looked else Level.NOT_ASSESSED, None, None)


def safety_level(
    design: str | None, verification: str, harm: tuple[str, str] | None = None
) -> Level:
    """Return how sure anyone can be of a safety note, from what is graded already.

    `design` is its source's, for a review that of the studies it pools; `harm` is
    (direction, level) of the assessment of this very harm. Where there is none, only
    designs that allow a single level speak: cases, reports and surveys are very low,
    animals and cells none. Everything else stays not assessed.
    """
    points = START.get(design or "")
    if points is None or verification == Verification.UNVERIFIED:
        return Level.NOT_ASSESSED
    if harm and SIGN[harm[0]] < 0 and harm[1] in GRADED and points > 0:
        return Level(harm[1])
    if design in LABORATORY:
        return Level.NONE
    is_lowest = points == 1 and design not in REVIEWS
    return Level.VERY_LOW if is_lowest else Level.NOT_ASSESSED
