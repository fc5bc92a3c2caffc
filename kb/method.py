"""The rule of kb.grading in words, each rule with examples that the rule works out.

/method/ shows the words, the rule's own tables and numbers, and what `suggest`
makes of each example at that moment; a test holds that this is what the words say.
Plain values in, plain values out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from kb.choices import Direction, Level, Preparation, StudyDesign, Verification
from kb.grading.designs import REVIEWS, START
from kb.grading.items import Item, Search
from kb.grading.levels import LEVEL_OF_POINTS
from kb.grading.steps import MODEST, SMALL
from kb.grading.suggestion import Suggestion, suggest

LEVEL_MEANS = {
    Level.HIGH: _("The true effect lies close to what the studies show."),
    Level.MODERATE: _("It is probably close, but may differ a good deal."),
    Level.LOW: _("It may well differ a good deal."),
    Level.VERY_LOW: _("Nobody can say with any confidence what the true effect is."),
    Level.NONE: _("Somebody looked: no study in people, at most animals or cells."),
    Level.NOT_ASSESSED: _("Nobody has looked here yet. It says nothing either way."),
}

# The parts of the page, for its contents list.
SECTIONS = {
    "levels": _("What the levels mean"),
    "rule": _("How a level is computed"),
    "examples": _("What always holds, worked out"),
    "people": _("What people may change"),
    "law": _("How the law is summarised"),
    "checked": _("What “seen in part” and “not verified” mean"),
}
# The numbers that the words name are those of the rule.
NUMBERS = {
    "modest": MODEST,
    "small": SMALL,
    "below_modest": MODEST - 1,
    "below_small": SMALL - 1,
}


def _said(text: str) -> str:
    """Return a marked text in the language of the page, with the numbers put in."""
    return gettext(text) % NUMBERS


@dataclass(frozen=True)
class Example:
    """Some evidence in words and as items, and the level that the words promise."""

    what: str
    gives: Level
    items: tuple[Item, ...] = ()
    searches: tuple[Search, ...] = ()

    @property
    def said(self) -> str:
        return _said(self.what)

    @property
    def worked(self) -> Suggestion:
        """What the rule makes of it now."""
        return suggest(self.items, self.searches)


@dataclass(frozen=True)
class Rule:
    """What always holds; the examples show it at work."""

    text: str
    examples: tuple[Example, ...]

    @property
    def said(self) -> str:
        return _said(self.text)


def starts() -> list[tuple[int, Level, list[str]]]:
    """Return (points, level, the designs that start there), the strongest first."""
    found: dict[int, list[str]] = {}
    for design, points in START.items():
        if design not in REVIEWS:
            found.setdefault(points, []).append(str(StudyDesign(design).label))
    return [
        (points, LEVEL_OF_POINTS.get(points, Level.NONE), found[points])
        for points in sorted(found, reverse=True)
    ]


def context_only() -> list[str]:
    """Return the designs that are shown as context and never scored."""
    return [str(design.label) for design in StudyDesign if design not in START]


def _item(key: str, design: StudyDesign, n: int | None = None, **values: Any) -> Item:
    values = {"direction": Direction.IMPROVES, "source": key, **values}
    return Item(key=key, design=design, n=n, **values)


def _trial(key: str = "trial", n: int = 500, **values: Any) -> Item:
    return _item(key, StudyDesign.RCT, n, **values)


def _survey(key: str, n: int = 5000, **values: Any) -> Item:
    return _item(key, StudyDesign.SURVEY, n, **values)


def _review(n: int, reviewed: StudyDesign, **values: Any) -> Item:
    return _item(
        "review",
        StudyDesign.SYSTEMATIC_REVIEW,
        n,
        reviewed_design=reviewed,
        **values,
    )


_LEAF: dict[str, Any] = {
    "subject_preparation": Preparation.WHOLE,
    "preparation": Preparation.ISOLATE,
}

RULES: tuple[Rule, ...] = (
    Rule(
        _(
            "The strongest design decides. Weaker studies beside it neither raise the level"
            " nor lower it."
        ),
        (
            Example(_("One sound trial of 500 people"), Level.HIGH, (_trial(),)),
            Example(
                _(
                    "The same trial, and a survey of 5,000 people that points the other way"
                ),
                Level.HIGH,
                (_trial(), _survey("survey", direction=Direction.WORSENS)),
            ),
        ),
    ),
    Rule(
        _("A review starts where the studies in it start."),
        (
            Example(
                _("A review of trials with 900 people"),
                Level.HIGH,
                (_review(900, StudyDesign.RCT),),
            ),
            Example(
                _("A review of cohort studies with 900 people"),
                Level.LOW,
                (_review(900, StudyDesign.COHORT),),
            ),
        ),
    ),
    Rule(
        _("A certainty that a systematic review states itself is taken as stated."),
        (
            Example(
                _("A review of trials that calls its own evidence moderate"),
                Level.MODERATE,
                (_review(900, StudyDesign.RCT, stated_level=Level.MODERATE),),
            ),
        ),
    ),
    Rule(
        _(
            "Flaws take points away: one where they are serious, two where they are very"
            " serious. Studies that point in different directions lose one by themselves."
        ),
        (
            Example(
                _("A trial of 500 people in which nobody was blinded"),
                Level.MODERATE,
                (_trial(risk_of_bias=1),),
            ),
            Example(
                _("Two trials of 500 people; one finds an effect, the other none"),
                Level.MODERATE,
                (
                    _trial("first"),
                    _trial("second", direction=Direction.NO_CLEAR_EFFECT),
                ),
            ),
            Example(
                _("A trial of 500 people called randomised that was not truly so"),
                Level.LOW,
                (_trial(fails_design=True),),
            ),
        ),
    ),
    Rule(
        _(
            "Size counts. Trials with fewer than %(modest)s people together lose a point,"
            " other studies with fewer than %(small)s; a single trial with fewer than"
            " %(small)s is at most low."
        ),
        (
            Example(
                _("One trial of %(modest)s people"), Level.HIGH, (_trial(n=MODEST),)
            ),
            Example(
                _("One trial of %(below_modest)s people"),
                Level.MODERATE,
                (_trial(n=MODEST - 1),),
            ),
            Example(
                _("One trial of %(below_small)s people"),
                Level.LOW,
                (_trial(n=SMALL - 1),),
            ),
        ),
    ),
    Rule(
        _(
            "Studies without random assignment can rise, but only where nothing took a point"
            " away."
        ),
        (
            Example(
                _("A cohort study of 900 people with a large effect"),
                Level.MODERATE,
                (_item("cohort", StudyDesign.COHORT, 900, large_effect=1),),
            ),
            Example(
                _("The same, with much doubt about who was compared with whom"),
                Level.VERY_LOW,
                (
                    _item(
                        "cohort",
                        StudyDesign.COHORT,
                        900,
                        large_effect=1,
                        risk_of_bias=1,
                    ),
                ),
            ),
        ),
    ),
    Rule(
        _(
            "Surveys, case reports and poison-centre reports stay very low, however many"
            " there are."
        ),
        (
            Example(
                _("Three surveys of 5,000 people each"),
                Level.VERY_LOW,
                tuple(_survey(f"survey-{number}") for number in (1, 2, 3)),
            ),
        ),
    ),
    Rule(
        _(
            "Animals, cells and tissue never count for people. They stand in a list of their"
            " own."
        ),
        (
            Example(
                _("Four animal studies, and nothing in people"),
                Level.NONE,
                tuple(
                    _item(f"animals-{number}", StudyDesign.ANIMAL)
                    for number in (1, 2, 3, 4)
                ),
            ),
            Example(
                _("The same beside one survey"),
                Level.VERY_LOW,
                (_survey("survey"), _item("animals", StudyDesign.ANIMAL)),
            ),
        ),
    ),
    Rule(
        _(
            "What was found with another form does not count, unless a curator writes why it"
            " does. The reason stands on the page."
        ),
        (
            Example(
                _("A trial of an isolated compound, asked about for the leaf"),
                Level.NONE,
                (_trial(**_LEAF),),
            ),
            Example(
                _("The same, with a written reason"),
                Level.HIGH,
                (
                    _trial(
                        **_LEAF,
                        bridging_reason="The leaf gives the same blood levels of it",
                    ),
                ),
            ),
        ),
    ),
    Rule(
        _(
            "Nothing counts twice: neither a repetition, nor a study that is already inside a"
            " counted review."
        ),
        (
            Example(
                _("Two small trials, of which one repeats the other's 90 people"),
                Level.LOW,
                (_trial("first", n=90), _trial("second", n=90, duplicate_of="first")),
            ),
        ),
    ),
    Rule(
        _(
            "A retracted source stops counting at once, and a finding that nobody has seen in"
            " its source never starts. If nothing else is left, the level is not assessed."
        ),
        (
            Example(
                _("One trial of 500 people, retracted"),
                Level.NOT_ASSESSED,
                (_trial(retracted=True),),
            ),
            Example(
                _("The same, beside a survey"),
                Level.VERY_LOW,
                (_trial(retracted=True), _survey("survey")),
            ),
            Example(
                _("One trial, remembered but not opened"),
                Level.NOT_ASSESSED,
                (_trial(verification=Verification.UNVERIFIED),),
            ),
        ),
    ),
    Rule(
        _("To have looked and found nothing is another thing than not to have looked."),
        (
            Example(
                _("A recorded search that found no study in people"),
                Level.NONE,
                searches=(
                    Search(
                        "search",
                        "22 November 2026",
                        "any controlled trial",
                        "PubMed",
                        "none found",
                    ),
                ),
            ),
            Example(
                _("A registered trial without results"),
                Level.NONE,
                (_item("registration", StudyDesign.TRIAL_REGISTRATION),),
            ),
            Example(_("No study and no search on record"), Level.NOT_ASSESSED),
        ),
    ),
    Rule(
        _(
            "Measurements of products, and outbreaks traced to them, are graded by sampling:"
            " a point for a second independent source, one for %(small)s samples."
        ),
        (
            Example(
                _("One laboratory that tested 30 products"),
                Level.LOW,
                (_item("one", StudyDesign.CHEMICAL_ANALYSIS, 30),),
            ),
            Example(
                _("Two laboratories that tested 60 products each"),
                Level.HIGH,
                (
                    _item("one", StudyDesign.CHEMICAL_ANALYSIS, 60),
                    _item("two", StudyDesign.CHEMICAL_ANALYSIS, 60),
                ),
            ),
        ),
    ),
    Rule(
        _("Evidence in people is never below very low."),
        (
            Example(
                _("A trial of 60 people with very serious flaws of three kinds"),
                Level.VERY_LOW,
                (_trial(n=60, risk_of_bias=2, indirectness=2, publication_bias=2),),
            ),
        ),
    ),
)
