"""Where a record is used: what points to it, and what names it in a text.

Read from the models themselves, so that no link is forgotten.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

# Given a record, the rows whose text names it by its slug.
TextUses = Callable[[Any], QuerySet[Any]]
_in_texts: list[TextUses] = []


def register(finder: TextUses) -> None:
    """Let a room that knows kb say where its texts name a record."""
    _in_texts.append(finder)


def relations_to(model: type[models.Model]) -> Iterator[Any]:
    """Yield each relation that points to a model from rows that somebody writes.

    Tables between two are left out: the relation of their owner is there. So are histories.
    """
    relations: list[Any] = model._meta.get_fields(include_hidden=True)
    for relation in relations:
        if not relation.auto_created or relation.concrete:
            continue
        related = relation.related_model
        if related._meta.auto_created or related.__name__.startswith("Historical"):
            continue
        yield relation


def uses_of(record: models.Model) -> list[QuerySet[Any]]:
    """Return, for each kind of row, those that use a record; none is asked for yet."""
    paths: dict[type[models.Model], list[str]] = defaultdict(list)
    for relation in relations_to(type(record)):
        paths[relation.related_model].append(relation.field.name)
    found = []
    for model, names in paths.items():
        pointing = Q()
        for name in names:
            pointing |= Q(**{name: record.pk})
        found.append((model, model._default_manager.filter(pointing)))
    for finder in _in_texts:
        rows = finder(record)
        known = dict(found)
        if rows.model in known:
            both = Q(pk__in=known[rows.model].values("pk")) | Q(
                pk__in=rows.values("pk")
            )
            known[rows.model] = rows.model._default_manager.filter(both)
            found = list(known.items())
        else:
            found.append((rows.model, rows))
    return [rows.distinct() for _, rows in found]
