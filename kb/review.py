"""Draft → in review → published → withdrawn: who may, and what follows.

Readers see nothing that two people have not seen. What is hidden is edited freely. A
change to what readers see is kept as a `Change` until somebody else approves it. An
administrator may save at once: who runs this alone has nobody to ask.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from pydantic import ValidationError as SchemaError

from kb import kinds, uses
from kb.accounts import audit
from kb.choices import AuditEvent, ReviewState, State
from kb.dates import PartialDate
from kb.differences import Conflict, Difference, differences, join
from kb.models import (
    Assessment,
    Change,
    ChangeComment,
    Curator,
    EvidenceItem,
    Record,
)
from kb.schemas.lookup import Lookup

STATEMENT_DAYS = 365
NEEDS_REASON = "Say why: a reviewer reads it, and readers find it later."
User = Any  # django.contrib.auth's user, whatever the installation uses


class NotAllowed(Exception):
    """A rule of review forbids it; the message is written for a curator."""


class DoesNotFit(NotAllowed):
    """What is proposed is not a whole record any more, or not yet."""

    def __init__(self, problem: object) -> None:
        super().__init__(f"It no longer fits what is there: {problem}")
        self.problem = problem


# Who may


def is_seen(row: Any) -> bool:
    """Tell whether readers see a row now: a record by its state, a fact by its subject."""
    if isinstance(row, Record):
        return row.is_published
    subject = getattr(row, "substance", None) or getattr(row, "alkaloid", None)
    return True if subject is None else bool(subject.is_published)


def may_save_directly(user: User, row: Any) -> bool:
    return bool(user.is_superuser) or not is_seen(row)


def has_current_statement(user: User, today: datetime.date | None = None) -> bool:
    """Tell whether somebody has said within a year what might sway them: 1 query."""
    found = Curator.objects.filter(user=user).first()
    if found is None or found.interests_stated_on is None or not found.interests:
        return False
    age = (today or timezone.localdate()) - found.interests_stated_on
    return age.days < STATEMENT_DAYS


def has_written_facts(
    user: User, record: Any, since: datetime.datetime | None = None
) -> bool:
    """Tell whether somebody wrote a fact that readers would see with a record: a query
    for each kind of fact, until one is found."""
    for relation in uses.relations_to(type(record)):
        model, name = relation.related_model, relation.field.name
        if name not in ("substance", "alkaloid"):
            continue
        written = [(model, {f"{name}_id": record.pk})]
        if model is Assessment:
            keys = model.objects.filter(**{name: record}).values("pk")
            written.append((EvidenceItem, {"assessment_id__in": keys}))
        for each, about in written:
            # A record of its own, as a claim, is published by itself.
            if not hasattr(each, "history") or issubclass(each, Record):
                continue
            lines = each.history.filter(history_user=user, **about)
            if since is not None:
                lines = lines.filter(history_date__gte=since)
            if lines.exists():
                return True
    return False


def check_may_decide(user: User) -> None:
    if not user.has_perm("kb.approve_change"):
        raise NotAllowed("Only a reviewer decides on changes.")
    if not has_current_statement(user):
        raise NotAllowed(
            "First state your interests under Curators: it is needed once a year."
        )


def public_name(user: User | None) -> str:
    """Return the name that somebody chose for the history; "a curator" where none is."""
    found = Curator.objects.filter(user=user).first() if user else None
    return str(found or "a curator")


# Forms of a record


def root_of(row: Any) -> Any:
    """Return the record that a row is a part of: an item's assessment, an amount's plant."""
    while kinds.find_kind(row) is None:
        owners = ("assessment", "substance", "alkaloid", "symptom", "region", "owner")
        found = (getattr(row, name, None) for name in owners)
        owner = next((each for each in found if each is not None), None)
        if owner is None:
            raise LookupError(f"{row!r} is neither a record nor a part of one")
        row = owner
    return row


def form_of(kind: kinds.Kind, identity: str) -> dict[str, Any] | None:
    """Return the record as it is now in its typed form, or None if there is none."""
    row = kind.find(identity)
    if row is None:
        return None
    return kind.comparable(kind.write(row).model_dump(mode="json"))


def identity_of(row: Any) -> tuple[kinds.Kind, str]:
    kind = kinds.find_kind(row)
    if kind is None:
        raise LookupError(f"{row!r} is no record of its own")
    # Read anew: a row just saved holds what was typed, not what the database made of it.
    record = kind.write(kind.all_rows().get(pk=row.pk))
    return kind, kind.identity(record)


# Proposing


def propose(
    kind: kinds.Kind,
    identity: str,
    proposed: Mapping[str, Any],
    *,
    title: str,
    by: User,
    reason: str,
    desk: str = "",
    sent: Mapping[str, Any] | None = None,
) -> Change:
    """Keep a change for review. Raises NotAllowed where it lacks a reason or an effect."""
    if not reason.strip():
        raise NotAllowed(NEEDS_REASON)
    base = form_of(kind, identity)
    if base == proposed:
        raise NotAllowed("Nothing is different, so there is nothing to review.")
    return Change.objects.create(
        kind=kind.name,
        identity=identity,
        title=title[:400],
        base=base,
        proposed=dict(proposed),
        desk=desk,
        sent=dict(sent or {}),
        reason=reason.strip(),
        author=by,
    )


def propose_values(root: Any, rows: Iterable[Any], *, by: User, reason: str) -> bool:
    """Propose what was set on rows of one record but not saved, as one change of it;
    return whether it makes a difference."""
    with transaction.atomic():
        for row in rows:
            row.save()
        kind, identity = identity_of(root)
        proposed = form_of(kind, identity)
        transaction.set_rollback(True)
    if proposed is None or proposed == form_of(kind, identity):
        return False
    propose(kind, identity, proposed, title=str(root), by=by, reason=reason)
    return True


@transaction.atomic
def send_to_review(record: Record, *, by: User, reason: str) -> Change:
    """Ask for a record that readers do not see yet to be shown."""
    if record.is_published:
        raise NotAllowed(f"{record} is published already.")
    kind, identity = identity_of(record)
    if Change.objects.open().about(kind.name, identity).exists():
        raise NotAllowed(f"{record} is waiting for review already.")
    if not reason.strip():
        raise NotAllowed(NEEDS_REASON)
    record.state = State.IN_REVIEW
    record.save()
    return Change.objects.create(
        kind=kind.name,
        identity=identity,
        title=str(record)[:400],
        base=None,
        proposed=form_of(kind, identity),
        reason=reason.strip(),
        author=by,
    )


# Deciding


@transaction.atomic
def publish(record: Record, *, by: User) -> None:
    """Show a record to readers. Raises NotAllowed if `by` has worked on it."""
    if not by.is_superuser:
        if not by.has_perm("kb.publish_record"):
            raise NotAllowed("Only a publisher publishes.")
        check_may_decide(by)
        if record.history.filter(history_user=by).exists() or has_written_facts(
            by, record
        ):
            raise NotAllowed(f"{record}: you have worked on it; somebody else decides.")
        record.reviewed_by = by
        record.reviewed_on = PartialDate.of(timezone.localdate())
    record.state = State.PUBLISHED
    record.save()
    audit.record(AuditEvent.PUBLISHED, user=by, about=record.record_key)


def withdraw_record(record: Record, *, by: User) -> None:
    """Take a record from readers at once; nothing of it is lost."""
    if not (by.is_superuser or by.has_perm("kb.publish_record")):
        raise NotAllowed("Only a publisher withdraws.")
    record.state = State.WITHDRAWN
    record.save()
    audit.record(AuditEvent.WITHDRAWN, user=by, about=record.record_key)


@transaction.atomic
def approve(change: Change, *, by: User) -> None:
    """Make a change what readers see. Raises NotAllowed with what stands in its way."""
    change = _open(change)
    check_may_decide(by)
    if change.author_id == by.pk:
        raise NotAllowed("Nobody approves their own change.")
    kind = kinds.get_kind(change.kind)
    with deciding(change):
        row = kind.find(change.identity)
        if change.merges:
            from kb import merging

            merging.apply(change)
            _sign(kind.find(change.identity), by)
        elif change.is_new and row is not None:
            _show(change, kind, row, by)
        else:
            _apply(change, kind)
            shown = kind.find(change.identity)
            if isinstance(shown, Record):
                _sign(shown, by)
    _decide(change, ReviewState.APPROVED, by, "")


@transaction.atomic
def reject(change: Change, *, by: User, reason: str) -> None:
    """Turn a change down, with the reason that its author needs to mend it."""
    change = _open(change)
    check_may_decide(by)
    if not reason.strip():
        raise NotAllowed("Say why it is rejected: its author has to mend it.")
    if change.author_id == by.pk:
        raise NotAllowed("This is your own change: withdraw it instead.")
    _back_to_draft(change)
    _decide(change, ReviewState.REJECTED, by, reason.strip())


@transaction.atomic
def withdraw(change: Change, *, by: User) -> None:
    """Take back one's own change."""
    change = _open(change)
    if change.author_id != by.pk:
        raise NotAllowed("Only its author withdraws a change.")
    _back_to_draft(change)
    _decide(change, ReviewState.WITHDRAWN, by, "")


def comment(change: Change, *, by: User, text: str) -> ChangeComment:
    if not text.strip():
        raise NotAllowed("Write something first.")
    return ChangeComment.objects.create(change=change, author=by, text=text.strip())


def seen_differences(change: Change) -> list[Difference]:
    """Return what a change does, place by place, as it was proposed."""
    return differences(change.base, change.proposed)


def _open(change: Change) -> Change:
    """Return the change as it is now, held against a second decision at the same time."""
    now = Change.objects.select_for_update().get(pk=change.pk)
    if not now.is_open:
        raise NotAllowed(f"It was {now.get_state_display().lower()} already.")
    return now


def _show(change: Change, kind: kinds.Kind, row: Any, by: User) -> None:
    if has_written_facts(by, row, since=change.created_at):
        raise NotAllowed(
            "You have added to it since it was sent; somebody else decides."
        )
    if form_of(kind, change.identity) != change.proposed:
        raise NotAllowed(
            "It was edited since it was sent. Its author has to send it again."
        )
    row.state = State.PUBLISHED
    _sign(row, by)


def _sign(row: Any, by: User) -> None:
    row.reviewed_by = by
    row.reviewed_on = PartialDate.of(timezone.localdate())
    row.save()


def _apply(change: Change, kind: kinds.Kind) -> None:
    current = form_of(kind, change.identity)
    if change.base is not None and current is None:
        raise NotAllowed("The record is gone.")
    content = change.proposed
    if change.base is not None and current is not None:
        try:
            content = join(change.base, change.proposed, current)
        except Conflict as conflict:
            raise NotAllowed(
                f"Somebody else has changed the same since: {conflict}. Its author has"
                " to look again."
            ) from None
    try:
        record = kind.schema.model_validate(content)
        lookup = Lookup()
        kind.save(record, lookup)
        if kind.link:
            kind.link(record, lookup)
    except (SchemaError, ValidationError, IntegrityError, KeyError) as error:
        raise DoesNotFit(error) from error


def _back_to_draft(change: Change) -> None:
    if change.is_new:
        row = kinds.get_kind(change.kind).find(change.identity)
        if isinstance(row, Record) and row.state == State.IN_REVIEW:
            row.state = State.DRAFT
            row.save()


def _decide(change: Change, state: ReviewState, by: User, decision: str) -> None:
    change.state = state
    change.decided_by = by
    change.decided_at = timezone.now()
    change.decision = decision
    change.save()


# History: what a decision saved says which change it was, and whose


_deciding: ContextVar[Change | None] = ContextVar("deciding", default=None)


@contextmanager
def deciding(change: Change) -> Iterator[None]:
    """Note the change in every line of history that the block writes."""
    token = _deciding.set(change)
    try:
        yield
    finally:
        _deciding.reset(token)


_reason: ContextVar[str] = ContextVar("reason", default="")


@contextmanager
def because(reason: str) -> Iterator[None]:
    """Note a reason in every line of history that the block writes."""
    token = _reason.set(reason)
    try:
        yield
    finally:
        _reason.reset(token)


_working: ContextVar[tuple[User, str] | None] = ContextVar("working", default=None)


@contextmanager
def working(by: User, reason: str) -> Iterator[None]:
    """Put a name and a reason into the history where no page does, as from a command.

    Who brought a list in has worked on what came of it, and does not publish that.
    """
    token = _working.set((by, reason[:100]))
    try:
        yield
    finally:
        _working.reset(token)


def note_change(sender: Any, history_instance: Any, **_: Any) -> None:
    """Receive simple_history's signal before a line of history is stored."""
    change, reason, working_now = _deciding.get(), _reason.get(), _working.get()
    if reason:
        history_instance.history_change_reason = reason[:100]
    if change is not None:
        history_instance.history_change_reason = f"change {change.pk}"
        history_instance.history_user = change.author
    elif working_now is not None:
        history_instance.history_user, history_instance.history_change_reason = (
            working_now
        )
