"""Keeps the stored level of each assessment true to its items, through kb.grading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from django.db import models, transaction

from kb import grading
from kb.choices import Axis, Direction, Level

if TYPE_CHECKING:
    from kb.models import Assessment, Source

_waiting: ContextVar[set[int] | None] = ContextVar("assessments_to_recompute", default=None)


@contextmanager
def recomputing_once() -> Iterator[None]:
    """Put off all recomputing to the end of the block, once for each assessment."""
    from kb.models import Assessment

    waiting: set[int] = set()
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    for assessment in Assessment.objects.filter(pk__in=waiting).for_matrix():
        recompute(assessment)


@transaction.atomic
def recompute(assessment: Assessment) -> bool:
    """Grade an assessment anew; return whether its level changed."""
    from kb.models import Assessment

    waiting = _waiting.get()
    if waiting is not None:
        waiting.add(assessment.pk)
        return False
    items = assessment.items.select_related("source", "inside_review", "duplicate_of")
    suggestion = grading.suggest([item.graded() for item in items])
    before = (assessment.level, assessment.suggested_level, assessment.arithmetic)
    assessment.suggested_level = suggestion.level
    assessment.level = assessment.override_level or suggestion.level
    assessment.arithmetic = _as_json(suggestion)
    if before == (assessment.level, assessment.suggested_level, assessment.arithmetic):
        return False
    models.Model.save(
        assessment, update_fields=["level", "suggested_level", "arithmetic", "needs_review"]
    )
    return before[0] != assessment.level and Assessment.objects.filter(
        pk=assessment.pk
    ).exists()


@transaction.atomic
def recompute_for_source(source: Source) -> list[Assessment]:
    """Grade anew all that leans on a source, flag it for review, return what changed."""
    from kb.models import Assessment

    changed = []
    for assessment in Assessment.objects.filter(items__source=source).distinct():
        assessment.needs_review = True
        if recompute(assessment):
            changed.append(assessment)
        else:
            models.Model.save(assessment, update_fields=["needs_review"])
    return changed


def _as_json(suggestion: grading.Suggestion) -> dict[str, object]:
    """Return the arithmetic as plain JSON, as the page and the API show it."""
    return {
        "basis": suggestion.basis,
        "points": suggestion.points,
        "steps": [
            {"text": step.text, "change": step.change, "items": list(step.keys)}
            for step in suggestion.steps
        ],
        "counted": list(suggestion.counted),
        "set_aside": [
            {"item": key, "reason": reason} for key, reason in suggestion.set_aside
        ],
    }


def entry_level(assessments: Iterable[Assessment]) -> grading.EntryLevel:
    """Return the level that a card shows: that of the best-supported benefit."""
    return grading.entry_level(
        (
            Axis(assessment.axis),
            Direction(assessment.direction),
            Level(assessment.level),
            assessment.symptom.name,
        )
        for assessment in assessments
    )
