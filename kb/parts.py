"""Taking a part of a change: field by field, and row by row of a list.

What a reviewer takes becomes the whole of the change, so that its history tells what
readers were shown. The rest goes back to its author as a change of its own, sent back
with a reason; mended or proposed again it goes through review as any other.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction

from kb import kinds, review
from kb.choices import ReviewState
from kb.differences import STEP, Conflict, Difference, join, partly
from kb.models import Change

# What says nothing by itself: the summary that a plain version was written for.
FOLLOWS = {"plain_summary_for": "plain_summary"}


def parts_of(change: Change) -> list[Difference]:
    """Return what can be taken by itself; empty where it is all or nothing."""
    if change.base is None or change.merges:
        return []
    found = review.seen_differences(change)
    places = {each.place for each in found}
    own = [each for each in found if FOLLOWS.get(each.place) not in places]
    return own if len(own) > 1 else []


@transaction.atomic
def approve(
    change: Change, *, by: Any, places: Collection[str], reason: str
) -> Change | None:
    """Make some places of a change what readers see; return the rest, or None.

    Raises NotAllowed with what stands in the way.
    """
    held = Change.objects.select_for_update().get(pk=change.pk)
    offered = {each.place for each in parts_of(held)}
    taken = offered.intersection(places)
    if taken == offered:
        review.approve(held, by=by)
        return None
    if not taken:
        raise review.NotAllowed("Tick what you take, or send all of it back.")
    if not reason.strip():
        raise review.NotAllowed(
            "Say why the rest is not taken: its author has to mend it."
        )
    taken |= {each for each, leader in FOLLOWS.items() if leader in taken}
    kind, whole = kinds.get_kind(held.kind), held.proposed
    held.proposed = kind.comparable(partly(held.base, whole, taken))
    held.save(update_fields=["proposed"])
    try:
        review.approve(held, by=by)
    except review.DoesNotFit as error:
        raise review.NotAllowed(
            f"What is ticked does not stand without the rest: {error.problem}"
        ) from error
    # What was sent can be sent again as long as no row of it is there by now.
    has_rows = any(STEP in place for place in taken)
    rest = Change.objects.create(
        kind=held.kind,
        identity=held.identity,
        title=held.title,
        base=held.proposed,
        proposed=whole,
        desk="" if has_rows else held.desk,
        sent={} if has_rows else held.sent,
        reason=held.reason,
        author=held.author,
        follows=held,
    )
    review.reject(rest, by=by, reason=reason)
    rest.refresh_from_db()
    return rest


@transaction.atomic
def propose_again(change: Change, *, by: Any, reason: str) -> Change:
    """Propose what was sent back as it is, with an answer to the reviewer.

    Raises NotAllowed where somebody else has changed the same since.
    """
    held = Change.objects.select_for_update().get(pk=change.pk)
    if held.base is None or not can_be_proposed_again(held, by):
        raise review.NotAllowed("Only its author proposes it again, once.")
    kind = kinds.get_kind(held.kind)
    current = review.form_of(kind, held.identity)
    if current is None:
        raise review.NotAllowed("The record is gone.")
    try:
        proposed = join(held.base, held.proposed, current)
    except Conflict as conflict:
        raise review.NotAllowed(
            f"Somebody else has changed the same since: {conflict}. Change it on its form."
        ) from None
    again = review.propose(
        kind, held.identity, proposed, title=held.title, by=by, reason=reason
    )
    again.follows = held
    again.save(update_fields=["follows"])
    return again


def can_be_proposed_again(change: Change, by: Any) -> bool:
    return (
        change.author_id == by.pk
        and change.state in (ReviewState.REJECTED, ReviewState.WITHDRAWN)
        and change.base is not None
        and not change.merges
        and not change.followed_by.exists()
    )
