"""Which changes that wait for review speak of a record: as theirs, or anywhere in them.

A change is kept as JSON, where a record stands as "substance:kratom", as its slug in a
field, or in a text as [[kratom]] or [@kruegel-2016]. What is found here may be too much
(another kind's slug that is the same), never too little.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from kb.models import Change, Record

# Words of these never name a record, though they may be the same as a slug.
WORDS = frozenset("tags name names synonyms slug id key language value scheme".split())


def waiting_about(record: Record, *, but: Change | None = None) -> Iterator[Change]:
    """Yield the open changes that speak of a record, oldest first: 1 query, which the
    database narrows to those whose JSON holds its slug."""
    slug = record.slug
    holding = (
        Q(identity__contains=slug)
        | Q(merges=slug)
        | Q(before__contains=slug)
        | Q(after__contains=slug)
    )
    rows = Change.objects.open().alias(
        before=Cast("base", TextField()), after=Cast("proposed", TextField())
    )
    for change in rows.filter(holding).order_by("pk"):
        if (but is None or change.pk != but.pk) and speaks_of(change, record):
            yield change


def speaks_of(change: Change, record: Record) -> bool:
    """Tell whether a change is of a record, of a part of it, or names it."""
    if change.kind == record.KIND and record.slug in (change.identity, change.merges):
        return True
    return any(_names(form, record) for form in (change.base, change.proposed))


def _names(form: Any, record: Record, field: str = "") -> bool:
    if isinstance(form, dict):
        return any(_names(each, record, name) for name, each in form.items())
    if isinstance(form, list):
        return any(_names(each, record, field) for each in form)
    if not isinstance(form, str) or field in WORDS:
        return False
    if form in (record.slug, record.record_key):
        return True
    slug = re.escape(record.slug)
    linked = rf"\[\[(?:{record.KIND}:)?{slug}(?=[\]|])|@{slug}(?![\w-])"
    return re.search(linked, form) is not None
