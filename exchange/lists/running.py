"""Takes a list row by row into drafts and proposals, and reports what it could not map.

A batch of rows is all or nothing; the proposals come at the end, all of them or none.
Whatever stops a run half-way, running it again goes on: nothing is made twice.
"""

from __future__ import annotations

import csv
from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from zlib import crc32

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from exchange.lists.drafts import Drafts
from exchange.lists.known import Known, Reference
from kb import kinds, review, version
from kb.choices import ReviewState, Verification
from kb.models import Change, RegulatoryStatus
from kb.sheets import Row
from kb.structures import BadStructure
from kb.tables import escaped
from search import freshness

BATCH = 500
MOST_ERRORS = 50  # kept for the screen; the report file has them all
# What tells one entry of a part of a record from another.
IDENTITY = {
    "synonyms": ("name", "kind"),
    "external_ids": ("scheme", "value"),
    "contains": ("alkaloid", "source"),
}


class NotMapped(Exception):
    """A row has no place among our records; the message is one of few, to be counted."""


class BadRow(Exception):
    """A row contradicts itself or is no row of this list."""


class PublicList(ABC):
    """One list: where its rows come from, and what one row becomes."""

    name: str  # "us-schedules"
    title: str  # "the DEA's list of controlled substances"
    about: str  # one line for the help
    makes: Sequence[str] = ()  # what `--new` may ask for

    @abstractmethod
    def rows(self, path: Path) -> Iterator[Row]:
        """Yield the rows of a file, or of the folder that holds it."""

    @abstractmethod
    def take(self, row: Row, run: Run) -> None:
        """Map one row. Raises NotMapped, BadRow, or what the models refuse."""

    def source(self) -> dict[str, Any]:
        """Return the fields of the source that stands for the list itself."""
        raise NotImplementedError


@dataclass
class Report:
    counts: Counter[str] = field(default_factory=Counter)
    unmapped: Counter[str] = field(default_factory=Counter)  # by reason
    errors: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        yield f"{self.counts['rows read']} rows read"
        for what, count in sorted(self.counts.items()):
            if what != "rows read" and count:
                yield f"  {count} {what}"
        if total := self.unmapped.total():
            yield f"{total} not mapped"
            for reason, count in self.unmapped.most_common():
                yield f"  {count} {reason}"


class Run:
    """What one run has found so far. What it keeps grows with our records, not with
    the rows of the list."""

    def __init__(self, public_list: PublicList, new: Sequence[str]) -> None:
        self.list = public_list
        self.new = frozenset(new)
        self.known = Known()
        self.report = Report()
        self.drafts = Drafts(self.known, self.report.counts)
        self._additions: dict[Reference, dict[str, dict[tuple[str, ...], Any]]] = (
            defaultdict(lambda: defaultdict(dict))
        )
        self._statuses: dict[str, dict[str, Any]] = {}

    def source(self) -> str:
        """Return the slug of the source that stands for the list itself."""
        return self.drafts.source(**self.list.source())

    def add(self, owner: Reference, part: str, entry: dict[str, Any]) -> None:
        """Add to a part of a record ("synonyms"): at once where readers do not see it."""
        if not self.drafts.is_published(owner):
            added = self.drafts.add(owner, part, entry)
            self.report.counts[f"{part} added to drafts"] += added
            self.report.counts["known already"] += not added
            return
        identity = tuple(str(entry[name]) for name in IDENTITY[part])
        self._additions[owner][part].setdefault(identity, entry)

    def add_name(self, owner: Reference, name: str, kind: str, source: str) -> None:
        entry = {"name": name, "kind": kind, "language": "en", "source": source}
        self.add(owner, "synonyms", entry)

    def add_occurrence(self, plant: Reference, compound: str, **fields: str) -> None:
        stem = f"{plant.slug}.{compound}.{fields['source']}"
        if len(stem) > 150:
            stem = f"{stem[:140]}.{crc32(stem.encode()):08x}"
        amounts = {"part": "", "low": None, "high": None, "unit": "", "note": ""}
        entry = {"key": stem, "alkaloid": compound, **amounts, **fields}
        entry["verification"] = Verification.UNVERIFIED.value
        self.add(plant, "contains", entry)

    def add_status(self, record: dict[str, Any]) -> None:
        self._statuses.setdefault(record["key"], record)

    def propose(self, by: Any, *, dry_run: bool) -> None:
        """Propose what was gathered: a change a record, and a change a status."""
        for owner, parts in sorted(self._additions.items()):
            self._propose_parts(owner, parts, by, dry_run)
        for record in self._statuses.values():
            self._propose_status(record, by, dry_run)

    def _propose_parts(
        self, owner: Reference, parts: dict[str, Any], by: Any, dry_run: bool
    ) -> None:
        kind = kinds.get_kind(owner.kind)
        form = review.form_of(kind, owner.slug)
        if form is None:
            return
        earlier = [form, *_proposed_before(owner.kind, owner.slug)]
        proposed, added = dict(form), 0
        for part, entries in parts.items():
            names = IDENTITY[part]
            there = {
                tuple(str(each[name]) for name in names)
                for one in earlier
                for each in one.get(part) or ()
            }
            fresh = [entry for key, entry in entries.items() if key not in there]
            self.report.counts["known already, or proposed before"] += len(
                entries
            ) - len(fresh)
            self.report.counts[f"{part} proposed"] += len(fresh)
            proposed[part] = [*form[part], *fresh]
            added += len(fresh)
        if added:
            record = kind.schema.model_validate(proposed).model_dump(mode="json")
            self._keep(kind, owner.slug, kind.comparable(record), by, dry_run)

    def _propose_status(self, record: dict[str, Any], by: Any, dry_run: bool) -> None:
        kind, key = kinds.get_kind("status"), record["key"]
        if (
            RegulatoryStatus.objects.filter(key=key).exists()
            or Change.objects.about("status", key)
            .exclude(state=ReviewState.WITHDRAWN)
            .exists()
        ):
            self.report.counts["known already, or proposed before"] += 1
            return
        form = kind.schema.model_validate(record).model_dump(mode="json")
        self.report.counts["statuses proposed"] += 1
        self._keep(kind, key, kind.comparable(form), by, dry_run)

    def _keep(
        self, kind: Any, identity: str, form: dict[str, Any], by: Any, dry_run: bool
    ) -> None:
        self.report.counts["changes that wait for review"] += 1
        if dry_run:
            return
        row = kind.find(identity)
        title = (
            str(row) if row is not None else f"{form['subject']} in {form['region']}"
        )
        reason = f"From {self.list.title}."
        review.propose(kind, identity, form, title=title, by=by, reason=reason)


def _proposed_before(kind: str, identity: str) -> list[dict[str, Any]]:
    """Return the forms that were proposed and not taken back: what was turned down once
    is not asked again."""
    changes = Change.objects.about(kind, identity)
    asked = changes.exclude(state=ReviewState.WITHDRAWN)
    return list(asked.values_list("proposed", flat=True))


class _DryRun(Exception):
    """Rolls the transaction back."""


def run_list(
    public_list: PublicList,
    path: Path,
    *,
    by: Any,
    new: Sequence[str] = (),
    dry_run: bool = False,
    report_path: Path | None = None,
) -> Report:
    """Take a list in, in the name of `by`. Raises Unreadable.

    A dry run does all of it in one transaction and rolls that back. The report file has
    a line for each row that was not mapped or not right.
    """
    with ExitStack() as stack:
        writer = None
        if report_path is not None:
            file = stack.enter_context(
                report_path.open("w", newline="", encoding="utf-8")
            )
            writer = csv.writer(file)
            writer.writerow(["line", "row", "reason"])
        if by is not None:
            stack.enter_context(review.working(by, f"From {public_list.title}"))
        run = Run(public_list, new)
        try:
            if not dry_run:
                _take_all(run, path, writer, by, dry_run=False)
                return run.report
            with transaction.atomic(), version.counting_once(), freshness.noting_once():
                _take_all(run, path, writer, by, dry_run=True)
                raise _DryRun
        except _DryRun:
            return run.report


def _take_all(run: Run, path: Path, writer: Any, by: Any, *, dry_run: bool) -> None:
    rows = iter(run.list.rows(path))
    while batch := list(islice(rows, BATCH)):
        with transaction.atomic(), version.counting_once(), freshness.noting_once():
            for row in batch:
                _take(run, row, writer)
    with transaction.atomic():
        run.propose(by, dry_run=dry_run)


def _take(run: Run, row: Row, writer: Any) -> None:
    report = run.report
    report.counts["rows read"] += 1
    try:
        run.list.take(row, run)
        return
    except NotMapped as reason:
        said = str(reason)
        report.unmapped[said] += 1
    except (BadRow, BadStructure, ValidationError, IntegrityError) as error:
        said = "; ".join(_sentences(error))
        report.counts["rows with errors"] += 1
        if len(report.errors) < MOST_ERRORS:
            report.errors.append(f"line {row.line}: {said}")
    if writer is not None:
        shown = " | ".join(value for value in row.cells.values() if value)
        writer.writerow([row.line, escaped(shown[:300]), escaped(said)])


def _sentences(error: Exception) -> Iterator[str]:
    if isinstance(error, IntegrityError):
        yield f"the database refused it: {str(error).splitlines()[0]}"
    elif hasattr(error, "error_dict"):
        for field, messages in error.message_dict.items():  # type: ignore[attr-defined]
            yield from (f"{field.strip('_')}: {message}" for message in messages)
    else:
        yield from getattr(error, "messages", [str(error)])
