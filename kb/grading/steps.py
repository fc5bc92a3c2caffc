"""The steps from where a pool of studies starts to its points, each in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from kb.choices import Direction, StudyDesign
from kb.grading.items import Item, people_counted
from kb.grading.levels import LEVEL_OF_POINTS, level_said
from kb.languages import current

DOWNGRADES = {
    "risk_of_bias": _("flaws in how the studies were done (risk of bias)"),
    "inconsistency": _("the studies do not agree (inconsistency)"),
    "indirectness": _(
        "other people or another outcome than asked about (indirectness)"
    ),
    "imprecision": _("too few people, or too wide a range (imprecision)"),
    "publication_bias": _(
        "studies without an effect may be missing (publication bias)"
    ),
}
UPGRADES = {
    "large_effect": _("the effect is large"),
    "dose_gradient": _("more of it, or longer use, goes with more of the effect"),
    "opposing_confounding": _("what could mislead here would only weaken the effect"),
}
SIGN: dict[str, int] = {
    Direction.IMPROVES: 1,
    Direction.NO_CLEAR_EFFECT: 0,
    Direction.WORSENS: -1,
    Direction.CAUSES: -1,
}
SMALL, MODEST = 100, 400  # people; facts: GRADE, as docs/method.md quotes it


@dataclass(frozen=True, slots=True)
class Step:
    text: str
    change: int
    keys: tuple[str, ...] = ()


def bridges(pool: Sequence[Item]) -> list[Step]:
    """Return a step for each reason to count a finding on another form."""
    reasons: dict[str, list[str]] = {}
    for item in pool:
        if item.bridge:
            reasons.setdefault(item.bridge, []).append(item.key)
    return [Step(text, 0, tuple(keys)) for text, keys in sorted(reasons.items())]


def start_text(start: int, pool: list[Item]) -> str:
    designs = sorted({_design_text(item) for item in pool})
    return gettext("Starts at %(level)s: %(designs)s.") % {
        "level": level_said(LEVEL_OF_POINTS[start]),
        "designs": ", ".join(designs),
    }


def _design_text(item: Item) -> str:
    text = _design_said(item.design)
    if item.studied != item.design:
        text += f" ({_design_said(item.studied)})"
    if item.fails_design:
        return gettext("%(design)s, not done as its design asks") % {"design": text}
    return text


def _design_said(design: str) -> str:
    label = gettext(str(StudyDesign(design).label))
    return (
        label if current() == "de" else label.lower()
    )  # German nouns stay as they are


def downgrades(pool: list[Item], start: int, *, is_measurement: bool) -> list[Step]:
    """Return a step for the worst concern of each kind in the pool."""
    steps = []
    known = None if is_measurement else people_counted(pool)
    for kind, label in DOWNGRADES.items():
        why = gettext(label)
        worst = max(getattr(item, kind) for item in pool)
        keys = tuple(item.key for item in pool if getattr(item, kind) == worst)
        if worst == 0:
            keys = tuple(item.key for item in pool)
            if kind == "inconsistency" and len({SIGN[i.direction] for i in pool}) > 1:
                worst, why = (
                    1,
                    gettext(
                        "the studies point in different directions (inconsistency)"
                    ),
                )
            limit = MODEST if start == 4 else SMALL
            if kind == "imprecision" and known is not None and known < limit:
                limit = SMALL if known < SMALL else MODEST
                worst, why = 1, _too_few(known, limit)
        if worst:
            text = gettext("Down 1, serious: %(why)s.")
            if worst > 1:
                text = gettext("Down %(by)s, very serious: %(why)s.")
            steps.append(Step(text % {"by": worst, "why": why}, -worst, keys))
    return steps


def _too_few(known: int, limit: int) -> str:
    said = gettext("%(known)s people, fewer than %(limit)s (imprecision)")
    return said % {"known": known, "limit": limit}


def upgrades(pool: list[Item], start: int) -> list[Step]:
    """Return the steps up: only from low, as far as every pooled study goes."""
    if start != 2:
        return []
    keys = tuple(item.key for item in pool)
    least = {kind: min(getattr(item, kind) for item in pool) for kind in UPGRADES}
    return [
        Step(
            gettext("Up %(by)s: %(why)s.") % {"by": least[kind], "why": gettext(why)},
            least[kind],
            keys,
        )
        for kind, why in UPGRADES.items()
        if least[kind]
    ]


def replication(pool: list[Item]) -> list[Step]:
    keys = tuple(item.key for item in pool)
    steps = []
    sources = len({item.source for item in pool})
    if sources >= 2:
        text = gettext("Up 1: %(sources)s sources measured it, each on its own.")
        steps.append(Step(text % {"sources": sources}, 1, keys))
    known = people_counted(pool)
    if known is not None and known >= SMALL:
        text = gettext("Up 1: %(known)s samples or people, at least %(limit)s.")
        steps.append(Step(text % {"known": known, "limit": SMALL}, 1, keys))
    return steps


def limits(pool: list[Item], start: int, points: int) -> list[Step]:
    """Return the steps that keep a result inside what such a pool can ever show."""
    keys = tuple(item.key for item in pool)
    known = people_counted(pool)
    sized = {item.source for item in pool if item.n is not None}
    is_small = known is not None and known < SMALL
    if start == 4 and points > 2 and is_small and len(sized) == 1:
        text = gettext("At most low: only one study gives its size, %(known)s people.")
        return [Step(text % {"known": known}, 2 - points, keys)]
    if points < 1:
        return [
            Step(
                gettext("Results in people are never below very low."), 1 - points, keys
            )
        ]
    if points > 4:
        return [Step(gettext("Nothing is above high."), 4 - points, keys)]
    return []
