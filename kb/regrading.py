"""Listens to whatever a level rests on, so that no way of saving or deleting it is forgotten."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import QuerySet
from django.db.models.signals import post_delete, post_save, pre_save

from kb.choices import Preparation
from kb.evidence import Question, question_of, recompute
from kb.ledger import Act, Cause

if TYPE_CHECKING:
    from kb.models import Assessment, EvidenceItem, EvidenceSearch, Substance


def watch() -> None:
    """Listen to everything that a level rests on; retractions come from Source.save."""
    from kb.models import Assessment, EvidenceItem, EvidenceSearch, Substance

    for model in (EvidenceItem, EvidenceSearch, Substance):
        pre_save.connect(_remember, sender=model)
    pre_save.connect(_note_override, sender=Assessment)
    post_save.connect(_on_item, sender=EvidenceItem)
    post_delete.connect(_on_item_gone, sender=EvidenceItem)
    post_save.connect(_on_search, sender=EvidenceSearch)
    post_delete.connect(_on_search_gone, sender=EvidenceSearch)
    post_save.connect(_on_substance, sender=Substance)


REMEMBERED = {
    "EvidenceItem": ["assessment_id"],
    "EvidenceSearch": ["substance_id", "alkaloid_id", "symptom_id", "axis"],
    "Substance": ["preparation"],
}


def _remember(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    """Keep what the row said before it is saved: 1 query, none for a new row."""
    instance._said_before = None
    if not instance._state.adding:
        names = REMEMBERED[sender.__name__]
        rows = sender._default_manager.filter(pk=instance.pk)
        instance._said_before = rows.values_list(*names).first()


def _note_override(
    instance: Assessment, update_fields: Collection[str] | None = None, **kwargs: Any
) -> None:
    names = ("override_level", "override_reason", "override_by", "override_on")
    if update_fields is not None and not set(names) & set(update_fields):
        return
    before: tuple[Any, ...] | None = (None, "", "", None)
    if not instance._state.adding:
        rows = type(instance)._default_manager.filter(pk=instance.pk)
        before = rows.values_list(*names).first() or before
    now = tuple(getattr(instance, name) for name in names)
    instance._override_changed = now != before  # type: ignore[attr-defined]


def _on_item(
    instance: EvidenceItem, created: bool, raw: bool = False, **kwargs: Any
) -> None:
    if raw:
        return
    act = Act.ADDED if created else Act.CHANGED
    before = getattr(instance, "_said_before", None)
    if before and before[0] != instance.assessment_id:
        act = Act.ADDED
        left = type(instance.assessment).objects.filter(pk=before[0]).first()
        if left is not None:
            recompute(left, cause=Cause.of_item(Act.REMOVED, instance))
    recompute(instance.assessment, cause=Cause.of_item(act, instance))


def _on_item_gone(instance: EvidenceItem, origin: Any = None, **kwargs: Any) -> None:
    if _is_own_deletion(instance, origin):
        recompute(instance.assessment, cause=Cause.of_item(Act.REMOVED, instance))


def _on_search(instance: EvidenceSearch, raw: bool = False, **kwargs: Any) -> None:
    if raw:
        return
    before = getattr(instance, "_said_before", None)
    if before and before != question_of(instance):
        _recompute_question(before, Cause.of_search(Act.UNSEARCHED, instance))
    _recompute_question(question_of(instance), Cause.of_search(Act.SEARCHED, instance))


def _on_search_gone(
    instance: EvidenceSearch, origin: Any = None, **kwargs: Any
) -> None:
    if _is_own_deletion(instance, origin):
        cause = Cause.of_search(Act.UNSEARCHED, instance)
        _recompute_question(question_of(instance), cause)


def _on_substance(instance: Substance, raw: bool = False, **kwargs: Any) -> None:
    before = getattr(instance, "_said_before", None)
    if raw or before is None or before[0] == instance.preparation:
        return
    label = Preparation(instance.preparation).label.lower()
    for assessment in instance.assessment_set.all():
        recompute(assessment, cause=Cause(Act.FORM, label))


def _recompute_question(question: Question, cause: Cause) -> None:
    from kb.models import Assessment

    names = ("substance_id", "alkaloid_id", "symptom_id", "axis")
    for row in Assessment.objects.filter(**dict(zip(names, question, strict=True))):
        recompute(row, cause=cause)


def _is_own_deletion(instance: models.Model, origin: Any) -> bool:
    """Tell whether rows of this kind were deleted, not what they belong to."""
    model = origin.model if isinstance(origin, QuerySet) else type(origin)
    return model is type(instance)
