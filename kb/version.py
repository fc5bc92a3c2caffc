"""One number that grows with every change of a record, in the change's own transaction.

Whoever keeps something made from the records (a page, an export) keeps it under this
number: after a commit it is found outdated at once, after a rollback it never was.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection, models
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.utils import timezone

_waiting: ContextVar[list[bool] | None] = ContextVar("version_waiting", default=None)
# Models of which no page shows anything by their own change.
UNSEEN = frozenset(
    "Assignment Change ChangeComment DataVersion Job LinkCheck QualityDay"
    " ReaderReport RecentCount".split()
)
EPOCH = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
_NOW = "SELECT number, changed_at FROM kb_dataversion ORDER BY id LIMIT 1"


class Version(NamedTuple):
    number: int
    changed_at: datetime.datetime


def current() -> Version:
    """Return the present version: 1 query, which every page of the site asks.

    In SQL, because to put the same together from a queryset takes eight times as long.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NOW)
        row = cursor.fetchone()
    if row is None:
        return Version(0, EPOCH)
    number, changed_at = row
    return Version(number, changed_at.replace(tzinfo=datetime.UTC))  # SQLite has none


def bump() -> None:
    """Count one more change: 1 query, 2 the very first time."""
    from kb.models import DataVersion

    waiting = _waiting.get()
    if waiting is not None:
        waiting.append(True)
        return
    changed = DataVersion.objects.update(
        number=models.F("number") + 1, changed_at=timezone.now()
    )
    if not changed:
        DataVersion.objects.create(number=1)


@contextmanager
def counting_once() -> Iterator[None]:
    """Count all changes of the block as one."""
    waiting: list[bool] = []
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    if waiting:
        bump()


def watch(app_label: str) -> None:
    """Count every change of an app's models, histories and the counter itself apart."""
    for model in apps.get_app_config(app_label).get_models(include_auto_created=True):
        if model.__name__.startswith("Historical") or model.__name__ in UNSEEN:
            continue
        if model._meta.auto_created:
            m2m_changed.connect(_on_change, sender=model)
        else:
            post_save.connect(_on_change, sender=model)
            post_delete.connect(_on_change, sender=model)


def _on_change(sender: Any, action: str = "post_", **kwargs: Any) -> None:
    if action.startswith("post_"):
        bump()
