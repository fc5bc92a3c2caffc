"""The public history of a record: what changed, when, by whom, and why."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from kb import review
from kb.choices import ReviewState, State
from kb.differences import Difference, marked
from kb.models import Change, Curator, Record
from kb.pages import words

LINES = 100
# Told by the line itself, or of no use to a reader.
UNTOLD = frozenset(
    "id slug state created_at updated_at reviewed_by reviewed_on needs_review drawing"
    " arithmetic".split()
)


def context(record: Record) -> dict[str, Any]:
    """Return what kb/history.html shows: 3 queries."""
    names = {row.user_id: str(row) for row in Curator.objects.exclude(public_name="")}
    changes = list(
        Change.objects.filter(state=ReviewState.APPROVED)
        .filter(
            Q(kind=record.KIND, identity=record.slug)
            | Q(proposed__subject=record.record_key)
        )
        .order_by("-decided_at")[:LINES]
    )
    lines = [_of_change(change, record, names) for change in changes]
    lines += _of_rows(record, names)
    lines.sort(key=lambda line: line["at"], reverse=True)
    return {"record": record, "lines": lines[:LINES]}


def _name(user_id: int | None, names: dict[int, str]) -> str:
    if user_id is None:
        return gettext("with the data that this site was given")
    return gettext("by %(name)s") % {"name": names.get(user_id) or gettext("a curator")}


def _of_change(change: Change, record: Record, names: dict[int, str]) -> dict[str, Any]:
    assert change.decided_at is not None
    is_itself = (change.kind, change.identity) == (record.KIND, record.slug)
    return _line(
        at=change.decided_at,
        what=_("Shown to readers") if change.base is None else _("Changed"),
        about="" if is_itself else change.title,
        by=_name(change.author_id, names),
        approved_by=names.get(change.decided_by_id or 0) or gettext("another curator"),
        why=change.reason,
        differences=[] if change.base is None else review.seen_differences(change),
    )


def _of_rows(record: Record, names: dict[int, str]) -> list[dict[str, Any]]:
    """Return the lines of what was saved without a proposal, since readers see it."""
    rows = list(record.history.order_by("-history_date", "-history_id")[: LINES + 1])
    lines = []
    for row, before in pairwise([*rows, None]):
        reason = row.history_change_reason or ""
        if row.state != State.PUBLISHED or reason.startswith("change "):
            continue
        is_new = before is None or before.state != State.PUBLISHED
        found = [] if is_new else _differences(row, before)
        if not is_new and not found:
            continue
        lines.append(
            _line(
                at=row.history_date,
                what=_("Shown to readers") if is_new else _("Changed"),
                by=_name(row.history_user_id, names),
                why=reason,
                differences=found,
            )
        )
    return lines


def _differences(row: Any, before: Any) -> list[Difference]:
    delta = row.diff_against(before, excluded_fields=UNTOLD & _fields(row))
    return [
        Difference(change.field.replace("_", " "), change.old, change.new)
        for change in delta.changes
    ]


def _fields(row: Any) -> set[str]:
    return {field.name for field in row.tracked_fields}


def _line(
    *,
    at: datetime,
    what: str,
    by: str,
    differences: list[Difference],
    about: str = "",
    approved_by: str = "",
    why: str = "",
) -> dict[str, Any]:
    shown = []
    for each in differences:
        before, after = words.plain(each.before), words.plain(each.after)
        left, right = marked(before, after)
        shown.append({"place": each.place, "before": left, "after": right})
    return {
        "at": at,
        "what": what,
        "about": about,
        "by": by,
        "approved_by": approved_by,
        "why": why,
        "differences": shown,
    }
