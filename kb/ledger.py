"""The grade ledger: one line for each change of a level, with its cause.

Causes are gathered while things change; a line is written when a level has changed and
never otherwise. Lines are only ever added.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kb.choices import Level

if TYPE_CHECKING:
    from kb.models import Assessment, EvidenceItem, EvidenceSearch, GradeChange, Source

LONGEST = 300


class Act(StrEnum):
    """What happened, in the words that open the sentence."""

    ADDED = "Evidence added"
    CHANGED = "Evidence changed"
    REMOVED = "Evidence removed"
    RETRACTED = "Source retracted"
    REINSTATED = "Source no longer retracted"
    CONCERN = "Expression of concern about a source"
    SEARCHED = "Search recorded"
    UNSEARCHED = "Record of a search removed"
    OVERRIDDEN = "Override set by a curator"
    LIFTED = "Override lifted"
    FORM = "Form of the subject recorded anew"
    RULE = "Graded anew by the rule"
    OTHER = ""


# What makes a curator look again at an override.
EVIDENCE_ACTS = frozenset(
    {Act.ADDED, Act.CHANGED, Act.REMOVED, Act.RETRACTED, Act.REINSTATED, Act.CONCERN}
)


@dataclass(frozen=True, slots=True)
class Cause:
    act: Act
    what: str = ""
    source_id: int | None = None

    @classmethod
    def of_item(cls, act: Act, item: EvidenceItem) -> Cause:
        return cls(act, item.source.name, item.source_id)

    @classmethod
    def of_source(cls, act: Act, source: Source) -> Cause:
        return cls(act, source.name, source.pk)

    @classmethod
    def of_search(cls, act: Act, search: EvidenceSearch) -> Cause:
        return cls(act, search.looked_for, search.source_id)

    @classmethod
    def of_override(cls, assessment: Assessment) -> Cause:
        if assessment.override_level is None:
            return cls(Act.LIFTED)
        what = f"{assessment.override_by}: {assessment.override_reason}"
        return cls(Act.OVERRIDDEN, what)


_because: ContextVar[Cause | None] = ContextVar("cause_of_changes", default=None)


@contextmanager
def because(text: str, source: Source | None = None) -> Iterator[None]:
    """Give all changes of the block this cause, in place of what is seen from here."""
    token = _because.set(Cause(Act.OTHER, text, source.pk if source else None))
    try:
        yield
    finally:
        _because.reset(token)


def stated_cause() -> Cause | None:
    return _because.get()


def line(
    assessment: Assessment, before: str, after: str, causes: Sequence[Cause]
) -> GradeChange:
    """Return a line that is not stored yet."""
    from kb.models import GradeChange

    sources = {cause.source_id for cause in causes}
    return GradeChange(
        assessment=assessment,
        before=Level(before),
        after=Level(after),
        cause=sentence(causes),
        source_id=sources.pop() if len(sources) == 1 else None,
    )


def sentence(causes: Sequence[Cause]) -> str:
    """Return the causes as one sentence of at most 300 characters."""
    by_act: dict[Act, list[str]] = {}
    for cause in dict.fromkeys(causes):
        by_act.setdefault(cause.act, []).append(cause.what.strip().rstrip("."))
    parts = [_phrase(act, whats) for act, whats in by_act.items()]
    parts = [part for part in parts if part] or [Act.RULE.value]
    text = "; ".join([parts[0], *(part[:1].lower() + part[1:] for part in parts[1:])])
    if len(text) >= LONGEST:
        text = text[: LONGEST - 2].rstrip() + "…"
    return f"{text}."


def _phrase(act: Act, whats: Sequence[str]) -> str:
    named = [what for what in whats if what]
    if act is Act.OTHER:
        return "; ".join(named)
    if not named:
        return act.value
    if len(named) == 1:
        return f"{act.value}: {named[0]}"
    return f"{act.value}: {len(named)} times"
