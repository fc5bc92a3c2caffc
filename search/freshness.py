"""Keeps the index true to the database: a note in the transaction, the index after it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models.signals import m2m_changed, post_save, pre_delete
from taggit.models import Tag

from kb.models import Region, RegulatoryStatus, Substance
from search.affected import affected_by
from search.engine import SearchUnavailable, get_engine
from search.models import PendingKey

log = logging.getLogger(__name__)

BATCH = 500
_collecting: ContextVar[set[str] | None] = ContextVar("keys_to_note", default=None)


def connect() -> None:
    """Listen to every model whose rows appear in documents.

    Deletions are heard before they happen: afterwards nobody knows what was linked.
    """
    for label in ("kb", "articles", "taggit"):
        for model in apps.get_app_config(label).get_models():
            if not model.__name__.startswith("Historical"):
                post_save.connect(_on_save, sender=model)
                pre_delete.connect(_on_delete, sender=model)
    m2m_changed.connect(_on_link, sender=RegulatoryStatus.reaches.through)


def _on_save(instance: models.Model, created: bool, **kwargs: Any) -> None:
    if created and isinstance(instance, Region | Tag):
        note([instance.record_key] if isinstance(instance, Region) else [])
    else:
        note(affected_by(instance))


def _on_delete(instance: models.Model, **kwargs: Any) -> None:
    note(affected_by(instance))


def _on_link(
    instance: models.Model, action: str, pk_set: set[int] | None, **kwargs: Any
) -> None:
    if not isinstance(instance, RegulatoryStatus):
        return
    if action in ("post_add", "post_remove", "pre_clear"):
        substances = Substance.objects.filter(pk__in=pk_set or ())
        note({*affected_by(instance), *(each.record_key for each in substances)})


def note(keys: Iterable[str]) -> None:
    """Note changed records in this transaction; index them once it has committed."""
    collecting = _collecting.get()
    if collecting is not None:
        collecting.update(keys)
        return
    notes = [PendingKey(key=key) for key in sorted(set(keys))]
    if not notes:
        return
    PendingKey.objects.bulk_create(
        notes,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["noted_at"],
        batch_size=BATCH,
    )
    transaction.on_commit(work_off)


@contextmanager
def noting_once() -> Iterator[None]:
    """Gather the notes of the block and write them at its end, each once."""
    keys: set[str] = set()
    token = _collecting.set(keys)
    try:
        yield
    finally:
        _collecting.reset(token)
    note(keys)


def work_off() -> int:
    """Bring the index up to the notes; return how many were struck out.

    Never raises because of the index: what it cannot do now stays noted.
    """
    from search.documents import documents_for

    done = 0
    while True:
        notes = list(PendingKey.objects.order_by("pk")[:BATCH])
        if not notes:
            return done
        try:
            engine = get_engine()
            with engine.following():
                documents, gone = documents_for([each.key for each in notes])
                engine.remove(gone)
                engine.index(documents)
        except SearchUnavailable as error:
            log.error(
                "The search index cannot be written; %d waiting: %s", len(notes), error
            )
            return done
        for each in notes:
            PendingKey.objects.filter(key=each.key, noted_at=each.noted_at).delete()
        done += len(notes)
