"""What follows when a source is retracted, or a retraction is taken back.

In one transaction the levels that leaned on it are worked out anew, and everything that
cites it is flagged for review. Whoever asks gets the list of what changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import Q

from kb import evidence
from kb.choices import Level, Retraction
from kb.dates import PartialDate
from kb.ledger import Act, Cause

if TYPE_CHECKING:
    from kb.models import Assessment, Claim, Source

ACTS = {
    Retraction.RETRACTED: Act.RETRACTED,
    Retraction.CONCERN: Act.CONCERN,
    Retraction.NONE: Act.REINSTATED,
}


@dataclass(frozen=True, slots=True)
class LevelChange:
    assessment: Assessment
    before: Level
    after: Level

    def __str__(self) -> str:
        before, after = self.before.label.lower(), self.after.label.lower()
        return f"{self.assessment}: {before} → {after}"


@dataclass(frozen=True, slots=True)
class Effects:
    """All that leaned on a source; `levels` is the part whose level changed."""

    source: Source
    levels: tuple[LevelChange, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    claims: tuple[Claim, ...] = ()
    articles: tuple[Any, ...] = ()
    others: dict[str, int] = field(default_factory=dict)

    def lines(self) -> Iterator[str]:
        """Yield one line for each thing that changed or was flagged, for people."""
        changed = {change.assessment.pk for change in self.levels}
        yield from (f"level changed: {change}" for change in self.levels)
        for assessment in self.assessments:
            if assessment.pk not in changed:
                level = assessment.get_level_display().lower()
                yield f"level stands, flagged for review: {assessment} ({level})"
        for claim in self.claims:
            yield f"claim flagged for review: {claim.slug}: {claim}"
        for article in self.articles:
            yield f"article flagged for review: {article}"
        for name, count in sorted(self.others.items()):
            yield f"cites it too: {name}: {count}"

    def __bool__(self) -> bool:
        return bool(self.assessments or self.claims or self.articles or self.others)


_reports: ContextVar[list[Effects] | None] = ContextVar("retractions", default=None)


@contextmanager
def reporting() -> Iterator[list[Effects]]:
    """Gather the effects of every retraction that is saved in the block."""
    reports: list[Effects] = []
    token = _reports.set(reports)
    try:
        yield reports
    finally:
        _reports.reset(token)


@transaction.atomic
def mark(
    source: Source,
    retraction: Retraction = Retraction.RETRACTED,
    *,
    on: PartialDate | None = None,
) -> Effects:
    """Mark a source (un)retracted and follow it through; the same twice changes nothing."""
    if source.retraction == retraction:
        return Effects(source)
    source.retraction = retraction
    source.retracted_on = on if retraction == Retraction.RETRACTED else None
    with reporting() as reports:
        source.save()
    outer = _reports.get()
    if outer is not None:
        outer.extend(reports)
    return reports[0]


@transaction.atomic
def cascade(source: Source) -> Effects:
    """Grade anew and flag all that leans on a source; return what changed."""
    assessments, levels = _regrade(source)
    claims = list(source.claims.all())
    for claim in claims:
        _flag(claim)
    articles = _articles(source, claims)
    for article in articles:
        _flag(article)
    effects = Effects(
        source,
        tuple(levels),
        tuple(assessments),
        tuple(claims),
        tuple(articles),
        _others(source),
    )
    reports = _reports.get()
    if reports is not None:
        reports.append(effects)
    return effects


def _regrade(source: Source) -> tuple[list[Assessment], list[LevelChange]]:
    from kb.models import Assessment

    cause = Cause.of_source(ACTS[Retraction(source.retraction)], source)
    assessments = list(
        Assessment.objects.filter(items__source=source)
        .distinct()
        .select_related("substance", "alkaloid", "symptom")
        .order_by("pk")
    )
    levels = []
    for assessment in assessments:
        _flag(assessment)
        before = Level(assessment.level)
        if evidence.recompute(assessment, cause=cause):
            levels.append(LevelChange(assessment, before, Level(assessment.level)))
    return assessments, levels


def _flag(row: Any) -> None:
    """Ask for a review, with history; past Assessment.save, which would grade it."""
    if not row.needs_review:
        row.needs_review = True
        models.Model.save(row, update_fields=["needs_review"])


def _articles(source: Source, claims: list[Claim]) -> list[Any]:
    """Return the articles that cite it, or a claim that does.

    They lie in a room that kb does not know: they are reached through the relation.
    """
    if not hasattr(source, "articles"):
        return []
    leaning = Q(sources=source) | Q(claims__in=claims)
    return list(source.articles.model._default_manager.filter(leaning).distinct())


def _others(source: Source) -> dict[str, int]:
    """Return how many other facts cite it, by kind: {"safety notes": 2}."""
    found: dict[str, int] = {}
    told = {"evidence items", "claims", "articles"}
    relations: list[Any] = source._meta.get_fields(include_hidden=True)
    for relation in relations:
        if not relation.auto_created or relation.concrete:
            continue
        model = relation.related_model
        name = str(model._meta.verbose_name_plural)
        is_ours = not model._meta.auto_created and not model.__name__.startswith(
            ("Historical", "GradeChange")
        )
        if not is_ours or name in told:
            continue
        count = model._default_manager.filter(**{relation.field.name: source}).count()
        if count:
            found[name] = found.get(name, 0) + count
    return found
