"""What is graded: evidence items and searches, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from kb.choices import Preparation, Verification
from kb.grading.designs import REVIEWS, START

FORM = {
    Preparation.WHOLE: _("the whole plant or leaf"),
    Preparation.EXTRACT: _("an extract"),
    Preparation.ISOLATE: _("an isolated or made compound"),
    Preparation.MEDICINE: _("a manufactured medicine"),
    Preparation.PRODUCT: _("a retail product"),
}


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
        return gettext("It studied %(studied)s, not %(asked)s") % {
            "studied": gettext(FORM[Preparation(self.preparation)]),
            "asked": gettext(FORM[Preparation(self.subject_preparation)]),
        }

    @property
    def bridge(self) -> str:
        """Say why it counts although another form was studied; "" if none was."""
        if not self.is_other_form or not self.bridging_reason:
            return ""
        reason = self.bridging_reason.strip().rstrip(".")
        return gettext("%(forms)s. It counts all the same: %(reason)s.") % {
            "forms": self._forms(),
            "reason": reason,
        }

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
        said = gettext("Looked for %(wanted)s on %(day)s in %(where)s: %(found)s.")
        return said % {
            "wanted": _inside(self.looked_for),
            "day": self.day,
            "where": self.where.strip(),
            "found": _inside(self.found),
        }


def _inside(text: str) -> str:
    """Return a text as it stands inside a sentence: "None found." → "none found"."""
    text = text.strip().rstrip(".")
    first = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if first.istitle() else text


def start_points(item: Item) -> int | None:
    """Return where an item of this design starts, or None if it is not scored."""
    points = START.get(item.studied)
    if points is None:
        return None
    return min(points, 2) if item.fails_design else points


def is_in_people(item: Item) -> bool:
    """Tell whether it was seen in people (or measured in what they take), not a lab."""
    return (start_points(item) or 0) > 0


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
