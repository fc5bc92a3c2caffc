"""The second clock of the law: what the site said on an earlier day.

The first clock is in the rows themselves (`since`, `until`). The second is their history:
a version of a row was recorded from its `history_date` until that of the next one, or
until the row was deleted. Nothing is overwritten; a correction ends one version and
begins another. Regions, subjects and sources carry the names that they have now.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from kb.models import Alkaloid, RegulatoryStatus, Substance
from kb.regulation import ROW_FIELDS, Rule

if TYPE_CHECKING:
    from kb.law import Subject

REMOVED = "A source that was removed since"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a rule, and while it was what the site said."""

    rule: Rule
    reaches: tuple[str, ...]  # slugs of the substances that it covered too
    recorded_from: datetime.datetime
    recorded_until: datetime.datetime | None = None


def rules_as_of(subject: Subject, as_of: datetime.date) -> list[Rule]:
    """Return the rules that bear on a subject as recorded at the end of a day: 1 query.

    Rows deleted since are among them. What is about a subject that readers may not see
    today is not.
    """
    rows = _latest(as_of)
    if isinstance(subject, Substance):
        reaching = _reaches().filter(substance=subject.pk).values("history")
        rows = rows.filter(Q(substance=subject.pk) | Q(pk__in=reaching))
    else:
        rows = rows.filter(alkaloid=subject.pk)
    return [_rule(row) for row in _once(rows) if _is_shown(row)]


def rules_in(
    chain: Iterable[str], as_of: datetime.date
) -> list[tuple[Rule, list[Subject]]]:
    """Return the rules of some regions as recorded at the end of a day, each with the
    subjects that it bore on: 3 queries."""
    found_rows = _once(_latest(as_of).filter(region__code__in=list(chain)))
    rows = [row for row in found_rows if _is_shown(row)]
    reached: dict[int, list[int]] = defaultdict(list)
    pairs = _reaches().filter(history__in=[row.pk for row in rows])
    for history, substance in pairs.values_list("history", "substance"):
        reached[history].append(substance)
    substances = Substance.objects.in_bulk(
        {pk for pks in reached.values() for pk in pks}
    )
    found = []
    for row in rows:
        subjects: list[Subject] = [row.substance or row.alkaloid]
        subjects += [substances[pk] for pk in reached[row.pk] if pk in substances]
        found.append((_rule(row), subjects))
    return found


def versions(key: str) -> list[Version]:
    """Return every version of a rule, the oldest first: 2 queries.

    Two versions in a row that say the same count as one.
    """
    rows = list(_joined(RegulatoryStatus.history.filter(key=key)))
    rows.sort(key=lambda row: (row.history_date, row.pk))
    reached: dict[int, list[str]] = defaultdict(list)
    pairs = _reaches().filter(history__in=[row.pk for row in rows])
    for history, slug in pairs.values_list("history", "substance__slug"):
        reached[history].append(slug or "")
    found: list[Version] = []
    for row in rows:
        new = None
        if row.history_type != "-" and _is_shown(row):
            new = Version(_rule(row), tuple(sorted(reached[row.pk])), row.history_date)
        before = found[-1] if found and found[-1].recorded_until is None else None
        if before is not None:
            if new and (new.rule, new.reaches) == (before.rule, before.reaches):
                continue
            found[-1] = replace(before, recorded_until=row.history_date)
        if new is not None:
            found.append(new)
    return found


# What of a rule a reader would call a change of the law; a new check is none.
SAID = ("status", "is_pending", "since", "until", "expires_on", "schedule", "summary")


def recorded(
    keys: Collection[str],
) -> dict[str, tuple[datetime.datetime, datetime.datetime]]:
    """Return for each key when it was first recorded, and since when it says what it
    says now: 1 query."""
    rows = RegulatoryStatus.history.filter(key__in=keys)
    rows = rows.order_by("history_date", "history_id")
    found: dict[str, tuple[datetime.datetime, datetime.datetime]] = {}
    said: dict[str, tuple[Any, ...]] = {}
    for key, moment, *values in rows.values_list("key", "history_date", *SAID):
        if key not in found:
            found[key] = moment, moment
        elif said[key] != tuple(values):
            found[key] = found[key][0], moment
        said[key] = tuple(values)
    return found


def _latest(as_of: datetime.date) -> Any:
    """Return the last version of each row that was recorded by the end of a day."""
    next_day = as_of + datetime.timedelta(days=1)
    end = timezone.make_aware(datetime.datetime.combine(next_day, datetime.time.min))
    return _joined(
        RegulatoryStatus.history.filter(history_date__lt=end).latest_of_each()
    )


def _joined(rows: Any) -> Any:
    return rows.select_related("region", "source", "substance", "alkaloid")


def _once(rows: Any) -> list[Any]:
    """Leave out what was deleted by then; of two versions of one instant, the later."""
    newest: dict[int, Any] = {}
    for row in rows.order_by("history_id"):
        newest[row.id] = row
    return [row for row in newest.values() if row.history_type != "-"]


def _reaches() -> Any:
    """Return what each version reached: rows of (history, substance)."""
    return RegulatoryStatus.history.model.reaches.model.objects.all()


def _is_shown(row: Any) -> bool:
    subject: Substance | Alkaloid | None = row.substance or row.alkaloid
    return subject is not None and subject.is_published and row.region is not None


def _rule(row: Any) -> Rule:
    source = row.source
    return Rule(
        subject=(row.substance or row.alkaloid).record_key,
        region=row.region.code,
        region_name=row.region.name,
        region_kind=row.region.kind,
        source_slug=source.slug if source and source.is_published else "",
        source_title=source.name if source else REMOVED,
        source_published=source.published if source else None,
        **{field: getattr(row, field) for field in ROW_FIELDS},
    )
