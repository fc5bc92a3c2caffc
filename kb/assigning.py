"""Who looks after what next, and tags put on many records: what the lists of the desk do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.text import slugify

from kb import review
from kb.models import Assignment, Record, TaggedRecord
from kb.schemas.lookup import Lookup


@transaction.atomic
def assign(keys: Iterable[str], person: Any | None, *, by: Any) -> int:
    """Give what the keys name to somebody, or with None to nobody; return how many moved.

    Each is saved by itself, so that the history tells who had it when.
    """
    moved = 0
    for key in keys:
        found = Assignment.objects.filter(about=key).first()
        if person is None:
            if found is None:
                continue
            found.delete()
        elif found is None:
            Assignment.objects.create(about=key, person=person, by=by)
        elif found.person_id != person.pk:
            found.person, found.by = person, by
            found.save()
        else:
            continue
        moved += 1
    return moved


@transaction.atomic
def tag(record: Record, name: str, *, by: Any, remove: bool = False) -> str:
    """Put a tag on a record or take it off: return "saved", "proposed" or "unchanged".

    Where readers see the record it becomes a change for review.
    """
    slug = slugify(name)
    if not slug:
        raise review.NotAllowed("A tag needs a letter or a digit.")
    kind, identity = review.identity_of(record)
    form = review.form_of(kind, identity)
    assert form is not None
    if (slug in form["tags"]) != remove:
        return "unchanged"
    if not review.may_save_directly(by, record):
        tags = {*form["tags"]} - {slug} if remove else {*form["tags"], slug}
        said = f"Tag “{slug}” {'off' if remove else 'on'}."
        proposed = {**form, "tags": sorted(tags)}
        review.propose(kind, identity, proposed, title=str(record), by=by, reason=said)
        return "proposed"
    where = {
        "content_type": ContentType.objects.get_for_model(record),
        "object_id": record.pk,
    }
    if remove:
        for each in TaggedRecord.objects.filter(**where, tag__slug=slug):
            each.delete()
    else:
        TaggedRecord.objects.create(tag=Lookup().tag(slug), **where)
    return "saved"
