"""Keeps the stored level of each assessment true to its items, through kb.grading.

kb.regrading hears of whatever a level rests on. Every change of a level becomes a line of
kb.ledger, in the same transaction.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Q
from django.db.models.signals import post_save
from django.utils import timezone, translation

from kb import ledger, version
from kb.choices import Axis, Direction, Level, Retraction
from kb.dates import PartialDate
from kb.grading import summaries
from kb.grading.items import Item, Search
from kb.grading.steps import DOWNGRADES, UPGRADES
from kb.grading.suggestion import Suggestion, suggest
from kb.grading.summaries import EntryLevel
from kb.ledger import Act, Cause, because

if TYPE_CHECKING:
    from kb.models import (
        Assessment,
        EvidenceSearch,
        GradeChange,
        Source,
    )

__all__ = ["because"]

BATCH = 1000
YEARS_OF_AN_OVERRIDE = 2
COMPUTED = ["level", "suggested_level", "arithmetic", "needs_review"]
Causes = dict[int, list[Cause]]
_waiting: ContextVar[Causes | None] = ContextVar(
    "assessments_to_recompute", default=None
)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many assessments were graded, and how many got another level."""

    graded: int = 0
    changed: int = 0


# Grading


@contextmanager
def recomputing_once() -> Iterator[None]:
    """Put off all recomputing to the end of the block, once for each assessment."""
    if _waiting.get() is not None:
        yield
        return
    waiting: Causes = {}
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    recompute_all(waiting, causes=waiting)


def recompute_waiting() -> None:
    """Do now what `recomputing_once` has put off until here."""
    waiting = _waiting.get()
    if waiting:
        causes = dict(waiting)
        waiting.clear()
        recompute_all(causes, causes=causes)


def recompute(assessment: Assessment, *, cause: Cause | None = None) -> bool:
    """Grade an assessment anew; return whether its level changed."""
    causes = [each for each in (_override_cause(assessment), cause) if each]
    waiting = _waiting.get()
    if waiting is not None:
        gathered = waiting.setdefault(assessment.pk, [])
        gathered += [ledger.stated_cause()] if ledger.stated_cause() else causes  # type: ignore[list-item]
        return False
    with transaction.atomic():
        rows = _load([assessment.pk])
        changed = _grade(rows, {assessment.pk: causes})
    for row in rows:
        for name in COMPUTED:
            setattr(assessment, name, getattr(row, name))
    return bool(changed)


def recompute_all(
    pks: Collection[int] | None = None,
    *,
    batch: int = BATCH,
    causes: Mapping[int, list[Cause]] | None = None,
) -> Counts:
    """Grade all assessments anew, or these; about 8 queries a batch, and its writes."""
    graded = changed = 0
    with version.counting_once():
        for part in _batches(pks, batch):
            with transaction.atomic():
                rows = _load(part)
                changed += len(_grade(rows, causes or {}))
                graded += len(rows)
    return Counts(graded, changed)


def recompute_for_source(source: Source) -> list[Assessment]:
    """Follow a change of retraction through all that leans on the source.

    Returns the assessments whose level changed; kb.retraction tells of the rest.
    """
    from kb import retraction

    return [change.assessment for change in retraction.cascade(source).levels]


@transaction.atomic
def recompute_for_publication(source: Source) -> None:
    """Grade anew what leans on a source that readers now see, or no longer see."""
    from kb.models import Assessment

    with because(f"The source is now {source.get_state_display().lower()}", source):
        for assessment in Assessment.objects.filter(items__source=source).distinct():
            recompute(assessment)


def for_assessment(
    assessment: Assessment,
) -> tuple[list[Item], list[Search]]:
    """Return what the rule reads of an assessment, for the page that tries changes."""
    items = _items([assessment])[assessment.pk]
    return items, _searches([assessment]).get(question_of(assessment), [])


def _batches(pks: Collection[int] | None, size: int) -> Iterator[list[int]]:
    from kb.models import Assessment

    if pks is None:
        last = 0
        rows = Assessment.objects.order_by("pk").values_list("pk", flat=True)
        while part := list(rows.filter(pk__gt=last)[:size]):
            last = part[-1]
            yield part
        return
    rest = iter(sorted(pks))
    while part := list(islice(rest, size)):
        yield part


def _load(pks: Sequence[int]) -> list[Assessment]:
    """Lock these assessments, load what grading and its listeners read: 2 to 4 queries.

    Subjects and symptoms are few: each is loaded once, not once a row.
    """
    from kb.models import Alkaloid, Assessment, Substance, Symptom

    rows = list(
        Assessment.objects.select_for_update().filter(pk__in=pks).order_by("pk")
    )
    for model, *names in (
        (Substance, "slug", "name", "preparation"),
        (Alkaloid, "slug", "name"),
        (Symptom, "slug", "name"),
    ):
        name = model.KIND
        wanted = {getattr(row, f"{name}_id") for row in rows} - {None}
        if not wanted:
            continue
        found = model._default_manager.only(*names).in_bulk(wanted)
        for row in rows:
            if (pk := getattr(row, f"{name}_id")) is not None:
                setattr(row, name, found[pk])
    return rows


# The fields of Item that a row of the database fills, and from where: what
# EvidenceItem.graded does for one row, without making 240,000 instances for 100,000.
FILLED = {
    **{
        name: name
        for name in (
            "key",
            "design",
            "reviewed_design",
            "n",
            "direction",
            "verification",
            "stated_level",
            "fails_design",
            "preparation",
            "bridging_reason",
            *DOWNGRADES,
            *UPGRADES,
        )
    },
    "source": "source__slug",
    "source_title": "source__name",
    "inside_review": "inside_review__key",
    "duplicate_of": "duplicate_of__key",
}


def _items(assessments: Sequence[Assessment]) -> dict[int, list[Item]]:
    """Return the items of each assessment, as the rule reads them: 1 query."""
    from kb.models import EvidenceItem

    forms = {each.pk: each.subject_preparation for each in assessments}
    rows = (
        EvidenceItem.objects.of_published_sources()
        .filter(assessment_id__in=forms)
        .order_by()
    )
    found: dict[int, list[Item]] = {pk: [] for pk in forms}
    for pk, retraction, *values in rows.values_list(
        "assessment_id", "source__retraction", *FILLED.values()
    ):
        item = Item(
            **dict(zip(FILLED, values, strict=True)),
            retracted=retraction == Retraction.RETRACTED,
            subject_preparation=forms[pk],
        )
        found[pk].append(item)
    return found


Question = tuple[int | None, int | None, int, str]


def question_of(row: Assessment | EvidenceSearch) -> Question:
    return row.substance_id, row.alkaloid_id, row.symptom_id, row.axis


def _searches(
    assessments: Sequence[Assessment],
) -> dict[Question, list[Search]]:
    """Return the recorded searches for the questions of these assessments: 1 query."""
    from kb.models import EvidenceSearch
    from kb.pages.local import day

    rows = EvidenceSearch.objects.filter(
        Q(substance_id__in={each.substance_id for each in assessments})
        | Q(alkaloid_id__in={each.alkaloid_id for each in assessments}),
        symptom_id__in={each.symptom_id for each in assessments},
    )
    found: dict[Question, list[Search]] = defaultdict(list)
    for row in rows:
        search = Search(
            row.key, day(row.searched_on), row.looked_for, row.where, row.found
        )
        found[question_of(row)].append(search)
    return found


@translation.override(settings.LANGUAGE_CODE)  # what is stored is English
def _grade(
    rows: Sequence[Assessment], causes: Mapping[int, list[Cause]]
) -> list[Assessment]:
    """Grade loaded assessments, store what differs; return those with another level."""
    from kb.models import GradeChange

    items, searches = _items(rows), _searches(rows)
    differing: list[Assessment] = []
    for_history: list[Assessment] = []
    for row in rows:
        suggestion = suggest(items[row.pk], searches.get(question_of(row), ()))
        before = [getattr(row, name) for name in COMPUTED]
        is_first = not row.arithmetic
        row.suggested_level = suggestion.level
        row.level = row.override_level or suggestion.level
        row.arithmetic = as_json(suggestion)
        acts = {cause.act for cause in causes.get(row.pk, ())}
        if not is_first and row.override_level and Act.OVERRIDDEN not in acts:
            row.needs_review |= bool(acts & ledger.EVIDENCE_ACTS)
        after = [getattr(row, name) for name in COMPUTED]
        if before != after:
            differing.append(row)
        if [*before[:2], before[3]] != [*after[:2], after[3]]:
            for_history.append(row)
    lines = list(_ledger_lines(differing, causes))
    if differing:
        _store(differing, for_history)
        GradeChange.objects.bulk_create(lines)
    return [each.assessment for each in lines]


def _ledger_lines(
    rows: Sequence[Assessment], causes: Mapping[int, list[Cause]]
) -> Iterator[GradeChange]:
    """Yield a line for each level that is another one than the ledger has: 1 query.

    The ledger, not the row in hand, says what readers saw before: an instance that was
    loaded long ago may just have been saved with an old level.
    """
    from kb.models import GradeChange

    last = dict(
        GradeChange.objects.filter(assessment_id__in=[row.pk for row in rows])
        .order_by("pk")
        .values_list("assessment_id", "after")
    )
    stated = ledger.stated_cause()
    for row in rows:
        before = last.get(row.pk, Level.NOT_ASSESSED)
        if before != row.level:
            why = [stated] if stated else causes.get(row.pk, [])
            yield ledger.line(row, before, row.level, why)


def _store(rows: Sequence[Assessment], for_history: Sequence[Assessment]) -> None:
    """Write many at once, and tell those who listen to saves."""
    from kb.models import Assessment

    _update(rows)
    Assessment.history.bulk_history_create(list(for_history), update=True)
    for row in rows:
        row.skip_history_when_saving = True  # type: ignore[attr-defined]
        post_save.send(
            Assessment,
            instance=row,
            created=False,
            raw=False,
            update_fields=frozenset(COMPUTED),
            using=row._state.db,
        )


def _update(rows: Sequence[Assessment]) -> None:
    """Store what was computed, with one statement for all rows.

    `bulk_update` was tried: its CASE for each value took two thirds of the whole time.
    """
    meta: Any = rows[0]._meta
    connection = connections[rows[0]._state.db or DEFAULT_DB_ALIAS]
    quote = connection.ops.quote_name
    fields = [meta.get_field(name) for name in COMPUTED]
    columns = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    statement = f"UPDATE {quote(meta.db_table)} SET {columns} WHERE {quote(meta.pk.column)} = %s"
    values = [
        (
            *(
                field.get_db_prep_save(getattr(row, field.attname), connection)
                for field in fields
            ),
            row.pk,
        )
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)


def as_json(suggestion: Suggestion) -> dict[str, object]:
    """Return the arithmetic as plain JSON, as the page and the API show it."""
    return {
        "basis": suggestion.basis,
        "points": suggestion.points,
        "steps": [
            {"text": step.text, "change": step.change, "items": list(step.keys)}
            for step in suggestion.steps
        ],
        "counted": list(suggestion.counted),
        "set_aside": [
            {"item": key, "reason": reason} for key, reason in suggestion.set_aside
        ],
        "searched": [
            {"search": key, "text": text} for key, text in suggestion.searched
        ],
    }


def entry_level(assessments: Iterable[Assessment]) -> EntryLevel:
    """Return the level that a card shows: that of the best-supported benefit."""
    return summaries.entry_level(
        (
            Axis(assessment.axis),
            Direction(assessment.direction),
            Level(assessment.level),
            assessment.symptom.name,
            assessment.findings_counted,
        )
        for assessment in assessments
    )


# Overrides


def override_is_open(assessment: Assessment, on: datetime.date | None = None) -> bool:
    """Tell whether somebody has to look at an override again.

    It is so once something under it has changed, and after two years in any case.
    """
    if assessment.override_level is None or assessment.override_on is None:
        return False
    set_on = PartialDate(assessment.override_on).latest
    year = set_on.year + YEARS_OF_AN_OVERRIDE
    day = 28 if (set_on.month, set_on.day) == (2, 29) else set_on.day
    expires_on = set_on.replace(year=year, day=day)
    return assessment.needs_review or (on or timezone.localdate()) >= expires_on


def open_overrides(on: datetime.date | None = None) -> list[Assessment]:
    """Return the overrides that somebody has to look at again: 1 query."""
    from kb.models import Assessment

    rows = Assessment.objects.overridden().select_related(
        "substance", "alkaloid", "symptom"
    )
    return [row for row in rows if override_is_open(row, on)]


def count_open_overrides(on: datetime.date | None = None) -> int:
    """Return how many there are: 1 query, of what tells it and no more."""
    from kb.models import Assessment

    rows = Assessment.objects.overridden().order_by()
    told_by = rows.only("override_level", "override_on", "needs_review")
    return sum(override_is_open(row, on) for row in told_by)


def _override_cause(assessment: Assessment) -> Cause | None:
    """Return the change of an override that the save just now made, once."""
    changed = assessment.__dict__.pop("_override_changed", False)
    return Cause.of_override(assessment) if changed else None
