"""Finds the record that an address names, or says why there is none to show."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import QuerySet
from django.http import Http404

from kb.choices import State
from kb.models import OldSlug, Record

Found = TypeVar("Found", bound=Record)


class Withdrawn(Http404):
    """The record was public once and was taken back: 410, not 404."""


class Moved(Http404):
    """The record has another slug now: a redirect to the same address with that one."""

    def __init__(self, now: str) -> None:
        super().__init__(now)
        self.now = now


def get_published(records: QuerySet[Found], slug: str) -> Found:
    """Return the published record of a slug. Raises Moved, Withdrawn, or Http404.

    records may be of any state. 1 query where it is there, else 2 more.
    """
    found = records.filter(slug=slug, state=State.PUBLISHED).first()
    if found is not None:
        return found
    kind = records.model.KIND
    moved = OldSlug.objects.filter(kind=kind, slug=slug).first()
    if moved is not None:
        raise Moved(moved.now)
    gone = records.model._default_manager.filter(slug=slug, state=State.WITHDRAWN)
    if gone.exists():
        raise Withdrawn(f"The {kind} {slug!r} was withdrawn.")
    raise Http404(f"There is no {kind} {slug!r}.")
