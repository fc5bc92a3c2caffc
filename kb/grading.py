"""The level of an assessment from its evidence items, with its arithmetic.

Plain values in, plain values out. The rule is that of docs/method.md: the best kind
of study sets the start, concerns move it down, and the reader sees every step. Two laws
hold and are tested: the order of the items never matters, and an item that is worse
than what is there never raises a level. `kb.hints` runs the rule backwards.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.translation import gettext_noop as _

from kb.choices import (
    Axis,
    Direction,
    Level,
    Preparation,
    StudyDesign,
    Verification,
)

LEVEL_ORDER: tuple[Level, ...] = (
    Level.HIGH,
    Level.MODERATE,
    Level.LOW,
    Level.VERY_LOW,
    Level.NONE,
    Level.NOT_ASSESSED,
)
LEVEL_OF_POINTS = {4: Level.HIGH, 3: Level.MODERATE, 2: Level.LOW, 1: Level.VERY_LOW}
GRADED = frozenset(LEVEL_OF_POINTS.values())

REVIEWS = frozenset({StudyDesign.SYSTEMATIC_REVIEW, StudyDesign.META_ANALYSIS})
MEASUREMENTS = frozenset(
    {StudyDesign.CHEMICAL_ANALYSIS, StudyDesign.OUTBREAK_INVESTIGATION}
)
# Statements lean on studies that are not linked here: alone they say neither that there
# is evidence nor that somebody looked and found none.
STATEMENTS = frozenset(
    {
        StudyDesign.GUIDELINE,
        StudyDesign.EXPERT_STATEMENT,
        StudyDesign.REGULATORY_NOTICE,
        StudyDesign.NARRATIVE_REVIEW,
    }
)
# A design that is not in this table is not scored.
START: dict[str, int] = {
    StudyDesign.RCT: 4,
    StudyDesign.NONRANDOMISED_TRIAL: 2,
    StudyDesign.COHORT: 2,
    StudyDesign.CASE_CONTROL: 2,
    StudyDesign.INTERRUPTED_SERIES: 2,
    StudyDesign.REGISTRY: 2,
    StudyDesign.PHARMACOKINETIC: 2,
    StudyDesign.CHEMICAL_ANALYSIS: 2,
    StudyDesign.OUTBREAK_INVESTIGATION: 2,
    StudyDesign.SYSTEMATIC_REVIEW: 1,  # of studies whose design nobody recorded
    StudyDesign.META_ANALYSIS: 1,
    StudyDesign.UNCONTROLLED_STUDY: 1,
    StudyDesign.CASE_SERIES: 1,
    StudyDesign.CASE_REPORT: 1,
    StudyDesign.SURVEY: 1,
    StudyDesign.SPONTANEOUS_REPORTS: 1,
    StudyDesign.DEATH_REGISTER: 1,
    StudyDesign.CONTENT_ANALYSIS: 1,
    StudyDesign.PRODUCT_LABEL: 1,
    StudyDesign.ANIMAL: 0,
    StudyDesign.IN_VITRO: 0,
    StudyDesign.TRIAL_REGISTRATION: 0,
}

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
LABORATORY = frozenset({StudyDesign.ANIMAL, StudyDesign.IN_VITRO})
FORM = {
    Preparation.WHOLE: "the whole plant or leaf",
    Preparation.EXTRACT: "an extract",
    Preparation.ISOLATE: "an isolated or made compound",
    Preparation.MEDICINE: "a manufactured medicine",
    Preparation.PRODUCT: "a retail product",
}


class Basis(StrEnum):
    """What a suggested level rests on."""

    STATED = "stated by review"
    COMPUTED = "computed"
    MEASUREMENT = "measurement"
    LABORATORY = "laboratory only"
    SEARCHED = "looked for, none found"
    OTHER_FORM = "another form only"
    NO_STUDY = "no study in people"
    NOTHING_VERIFIED = "nothing verified"
    NOTHING_LINKED = "no study linked"


@dataclass(frozen=True, slots=True)
class Item:
    """One evidence item, as kb.schemas.evidence means its fields."""

    key: str
    source: str
    design: str
    direction: str
    source_title: str = ""
    reviewed_design: str | None = None
    n: int | None = None
    verification: str = Verification.VERIFIED
    retracted: bool = False
    stated_level: str | None = None
    risk_of_bias: int = 0
    inconsistency: int = 0
    indirectness: int = 0
    imprecision: int = 0
    publication_bias: int = 0
    large_effect: int = 0
    dose_gradient: int = 0
    opposing_confounding: int = 0
    fails_design: bool = False
    inside_review: str | None = None
    duplicate_of: str | None = None
    preparation: str = Preparation.NOT_STATED
    subject_preparation: str = Preparation.NOT_STATED
    bridging_reason: str = ""

    @property
    def is_other_form(self) -> bool:
        """Tell whether another form was studied than the subject is; both are stated."""
        forms = {self.preparation, self.subject_preparation}
        return len(forms) == 2 and Preparation.NOT_STATED not in forms

    @property
    def preparation_barrier(self) -> str:
        """Say which form was studied instead, if that bars it from counting; else ""."""
        if not self.is_other_form or self.bridging_reason:
            return ""
        return self._forms()

    def _forms(self) -> str:
        studied = FORM[Preparation(self.preparation)]
        return (
            f"It studied {studied}, not {FORM[Preparation(self.subject_preparation)]}"
        )

    @property
    def bridge(self) -> str:
        """Say why it counts although another form was studied; "" if none was."""
        if not self.is_other_form or not self.bridging_reason:
            return ""
        reason = self.bridging_reason.strip().rstrip(".")
        return f"{self._forms()}. It counts all the same: {reason}."

    @property
    def studied(self) -> str:
        """The design that counts: for a review, that of the studies it pools."""
        if self.design in REVIEWS and self.reviewed_design:
            return self.reviewed_design
        return self.design


@dataclass(frozen=True, slots=True)
class Search:
    """Somebody looked for studies, and says when, where and what came of it."""

    key: str
    day: str  # as a reader has it: "22 November 2026"
    looked_for: str
    where: str
    found: str

    @property
    def sentence(self) -> str:
        wanted, found = _inside(self.looked_for), _inside(self.found)
        return f"Looked for {wanted} on {self.day} in {self.where.strip()}: {found}."


@dataclass(frozen=True, slots=True)
class Step:
    text: str
    change: int
    keys: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True)
class EntryLevel:
    """The level on a card, which way the finding points, and what it is about."""

    level: Level
    direction: Direction | None
    about: str | None


def rank(level: str) -> int:
    """Return 4 for high down to 1 for very low, 0 for none, -1 for not assessed."""
    return 4 - LEVEL_ORDER.index(Level(level))


def start_points(item: Item) -> int | None:
    """Return where an item of this design starts, or None if it is not scored."""
    points = START.get(item.studied)
    if points is None:
        return None
    return min(points, 2) if item.fails_design else points


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
    usable = _usable(items, aside)
    people = [item for item in usable if _is_in_people(item)]
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
        item.key: "It is not about people: left out here."
        for item in kept
        if only_people and start_points(item) == 0
    }
    found = suggest(kept, searches, left_out=laboratory)
    dropped = [
        (item.key, "Its source is left out here.")
        for item in items
        if item.source in without
    ]
    return replace(found, set_aside=tuple(sorted([*found.set_aside, *dropped])))


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
        level, direction, about, _ = best[0]
        return EntryLevel(level, direction, about)
    looked = any(level == Level.NONE for level, *_ in benefits)
    return EntryLevel(Level.NONE if looked else Level.NOT_ASSESSED, None, None)


# What may count at all


def _usable(items: Sequence[Item], aside: dict[str, str]) -> list[Item]:
    """Return the items that stand; note in `aside` why each other one does not."""
    by_key = {item.key: item for item in items}
    for item in items:
        if item.key in aside:
            continue
        if item.retracted:
            aside[item.key] = "Its source was retracted."
        elif item.verification == Verification.UNVERIFIED:
            aside[item.key] = "Nobody has opened its source: no level rests on it."
        elif barrier := item.preparation_barrier:
            aside[item.key] = f"{barrier}."
    standing = sorted(key for key in by_key if key not in aside)
    scored = {key for key in standing if start_points(by_key[key]) is not None}
    people = {key for key in scored if _is_in_people(by_key[key])}

    def rivals(key: str) -> set[str]:
        """Return what may count in place of an item: never a mouse for a person."""
        return people if key in people else scored

    twin_of = {
        key: _leader(key, lambda item: item.duplicate_of, by_key, rivals(key))
        for key in standing
    }
    for key in standing:
        if twin := twin_of[key]:
            aside[key] = f"It repeats {twin}, which counts."
            continue
        reviews = {each for each in rivals(key) if by_key[each].design in REVIEWS}
        holder = _leader(key, lambda item: item.inside_review, by_key, reviews)
        holder = (twin_of[holder] or holder) if holder else None
        if holder and holder != key:
            aside[key] = f"It is part of the review {holder}, which counts."
    return [item for item in items if item.key not in aside]


def _leader(
    key: str,
    link: Callable[[Item], str | None],
    by_key: dict[str, Item],
    eligible: set[str],
) -> str | None:
    """Follow a link to the first eligible item: it counts in place of this one.

    Where links go round in a circle, its first key counts, so that one always does.
    """
    path: list[str] = []
    follow = link(by_key[key])
    while follow and follow in by_key and follow not in path:
        path.append(follow)
        follow = link(by_key[follow])
    leaders = [other for other in path if other in eligible]
    if key in path and key in leaders and key == min(leaders):
        return None
    return next((other for other in leaders if other != key), None)


def _is_in_people(item: Item) -> bool:
    """Tell whether it was seen in people (or measured in what they take), not a lab."""
    return (start_points(item) or 0) > 0


# The three ways to a result


def _stated(
    reviews: list[Item], items: Sequence[Item], aside: dict[str, str]
) -> Suggestion:
    level = min((Level(str(item.stated_level)) for item in reviews), key=rank)
    text = f"A review of the evidence states this level: {level.label.lower()}."
    if len({item.stated_level for item in reviews}) > 1:
        text = (
            "Reviews state different levels; the most cautious counts: "
            f"{level.label.lower()}."
        )
    keys = tuple(item.key for item in reviews)
    steps = [Step(text, rank(level), keys), *_bridges(reviews)]
    reason = "A review states the level of all studies together."
    return _result(level, rank(level), Basis.STATED, steps, keys, items, aside, reason)


def _computed(
    people: list[Item], items: Sequence[Item], aside: dict[str, str]
) -> Suggestion:
    studies = [item for item in people if item.studied not in MEASUREMENTS]
    start = max(start_points(item) or 0 for item in studies or people)
    pool = [i for i in studies or people if start_points(i) == start]
    for item in people:
        if studies and item.studied in MEASUREMENTS:
            aside[item.key] = "It measures products or an outbreak; studies come first."
        elif item not in pool:
            aside[item.key] = "A weaker kind of study than those that count."
    keys = tuple(item.key for item in pool)
    steps = [Step(_start_text(start, pool), start, keys)]
    bridges = _bridges(pool)
    if start == 1 and studies:
        text = "Evidence of this kind stays very low, however much there is of it."
        steps.append(Step(text, 0, keys))
    else:
        steps += _downgrades(pool, start, is_measurement=not studies)
        if len(steps) == 1 and not any(item.fails_design for item in pool):
            steps += _upgrades(pool, start) if studies else _replication(pool)
        steps += _limits(pool, start, sum(step.change for step in steps))
    steps[1:1] = bridges
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
        _is_in_people(item)
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
    laboratory = (
        "Only animals or cells were studied; that says nothing sure about people."
    )
    if any(start_points(item) for item in barred):
        laboratory = (
            "Of this form only animals or cells were studied, of another people too."
        )
    is_laboratory = any(item.studied in LABORATORY for item in looked)
    if unopened:
        level, basis = Level.NOT_ASSESSED, Basis.NOTHING_VERIFIED
        texts = [
            "Nothing that was found about people was seen in its source and stands."
        ]
    elif searches:
        level, basis = Level.NONE, Basis.SEARCHED
        texts += [laboratory] if is_laboratory else []
    elif barred and not [item for item in looked if item in usable]:
        level, basis = Level.NONE, Basis.OTHER_FORM
        texts = [
            "Only another form was studied; of this one nothing is known in people."
        ]
    elif is_laboratory:
        level, basis = Level.NONE, Basis.LABORATORY
        texts = [laboratory]
    elif looked:
        level, basis = Level.NONE, Basis.NO_STUDY
        texts = ["Somebody looked: no study in people with results was found."]
    elif items and not usable:
        level, basis = Level.NOT_ASSESSED, Basis.NOTHING_VERIFIED
        texts = [
            "Nothing that was found about people was seen in its source and stands."
        ]
    else:
        level, basis = Level.NOT_ASSESSED, Basis.NOTHING_LINKED
        texts = ["No study is linked yet."]
    keys = tuple(item.key for item in usable)
    steps = [*(Step(text, 0, keys) for text in texts), *_bridges(usable)]
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
        return "Animals or cells: it never counts for people."
    if item.studied == StudyDesign.TRIAL_REGISTRATION:
        return "A registration without results."
    if start_points(item) is None:
        return "Not a study: shown as context, not scored."
    return ""


# The steps


def _inside(text: str) -> str:
    """Return a text as it stands inside a sentence: "None found." → "none found"."""
    text = text.strip().rstrip(".")
    first = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if first.istitle() else text


def _bridges(pool: Sequence[Item]) -> list[Step]:
    """Return a step for each reason to count a finding on another form."""
    reasons: dict[str, list[str]] = {}
    for item in pool:
        if item.bridge:
            reasons.setdefault(item.bridge, []).append(item.key)
    return [Step(text, 0, tuple(keys)) for text, keys in sorted(reasons.items())]


def _start_text(start: int, pool: list[Item]) -> str:
    designs = sorted({_design_text(item) for item in pool})
    return f"Starts at {LEVEL_OF_POINTS[start].label.lower()}: {', '.join(designs)}."


def _design_text(item: Item) -> str:
    text = StudyDesign(item.design).label.lower()
    if item.studied != item.design:
        text += f" ({StudyDesign(item.studied).label.lower()})"
    return text + (", not done as its design asks" if item.fails_design else "")


def _downgrades(pool: list[Item], start: int, *, is_measurement: bool) -> list[Step]:
    """Return a step for the worst concern of each kind in the pool."""
    steps = []
    known = None if is_measurement else people_counted(pool)
    for kind, why in DOWNGRADES.items():
        worst = max(getattr(item, kind) for item in pool)
        keys = tuple(item.key for item in pool if getattr(item, kind) == worst)
        if worst == 0:
            keys = tuple(item.key for item in pool)
            if kind == "inconsistency" and len({SIGN[i.direction] for i in pool}) > 1:
                worst, why = (
                    1,
                    "the studies point in different directions (inconsistency)",
                )
            limit = MODEST if start == 4 else SMALL
            if kind == "imprecision" and known is not None and known < limit:
                limit = SMALL if known < SMALL else MODEST
                worst, why = 1, f"{known} people, fewer than {limit} (imprecision)"
        if worst:
            weight = "serious" if worst == 1 else "very serious"
            steps.append(Step(f"Down {worst}, {weight}: {why}.", -worst, keys))
    return steps


def _upgrades(pool: list[Item], start: int) -> list[Step]:
    """Return the steps up: only from low, as far as every pooled study goes."""
    if start != 2:
        return []
    keys = tuple(item.key for item in pool)
    least = {kind: min(getattr(item, kind) for item in pool) for kind in UPGRADES}
    return [
        Step(f"Up {least[kind]}: {why}.", least[kind], keys)
        for kind, why in UPGRADES.items()
        if least[kind]
    ]


def _replication(pool: list[Item]) -> list[Step]:
    keys = tuple(item.key for item in pool)
    steps = []
    sources = len({item.source for item in pool})
    if sources >= 2:
        text = f"Up 1: {sources} sources measured it, each on its own."
        steps.append(Step(text, 1, keys))
    known = people_counted(pool)
    if known is not None and known >= SMALL:
        text = f"Up 1: {known} samples or people, at least {SMALL}."
        steps.append(Step(text, 1, keys))
    return steps


def _limits(pool: list[Item], start: int, points: int) -> list[Step]:
    """Return the steps that keep a result inside what such a pool can ever show."""
    keys = tuple(item.key for item in pool)
    known = people_counted(pool)
    sized = {item.source for item in pool if item.n is not None}
    is_small = known is not None and known < SMALL
    if start == 4 and points > 2 and is_small and len(sized) == 1:
        text = f"At most low: only one study gives its size, {known} people."
        return [Step(text, 2 - points, keys)]
    if points < 1:
        return [Step("Results in people are never below very low.", 1 - points, keys)]
    if points > 4:
        return [Step("Nothing is above high.", 4 - points, keys)]
    return []


def people_counted(pool: Sequence[Item]) -> int | None:
    """Return how many people the pool is known to hold, or None if that is not known.

    Two findings of one source are about the same people. Reviews overlap, so only the
    largest counts; a review that does not say how many leaves the whole unknown. A
    single study that does not say adds nobody.
    """
    if any(item.design in REVIEWS and item.n is None for item in pool):
        return None
    if all(item.n is None for item in pool):
        return None
    largest_review = max((i.n or 0 for i in pool if i.design in REVIEWS), default=0)
    sizes: dict[str, int] = {}
    for item in pool:
        if item.design not in REVIEWS:
            sizes[item.source] = max(sizes.get(item.source, 0), item.n or 0)
    return largest_review + sum(sizes.values())
