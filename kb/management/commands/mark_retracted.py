"""`mark_retracted FILE|- [--dry-run] [--undo]`: retractions from a list of PMIDs or DOIs."""

from __future__ import annotations

import csv
import re
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Q

from kb import retraction
from kb.choices import Retraction
from kb.dates import PartialDate
from kb.models import Source

LONGEST_LINE = 10_000  # bytes
MOST_BAD_LINES = 20  # shown; all are counted
BATCH = 500
PMID = re.compile(r"[1-9]\d{0,8}")
DOI = re.compile(r"10\.\d{4,9}/\S+")
PREFIX = re.compile(
    r"(?:pmid:?|doi:|https?://(?:dx\.)?doi\.org/|https?://pubmed\.ncbi\.nlm\.nih\.gov/)\s*",
    re.IGNORECASE,
)


class Named(NamedTuple):
    """A publication that a list names, by one of its numbers."""

    pmid: str
    doi: str


class Command(BaseCommand):
    help = (
        "Mark sources as retracted from a list: one PMID or DOI a line, or a CSV with a "
        "column pmid or doi. Grades anew and flags all that leaned on them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", help="a text or CSV file, or - for standard input")
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="tell what would change, write nothing",
        )
        parser.add_argument(
            "--undo", action="store_true", help="take the retraction of these back"
        )
        parser.add_argument(
            "--on",
            default="",
            help="the day of the retraction: 2016, 2016-05, 2016-05-10",
        )

    def handle(
        self, *args: Any, path: str, dry_run: bool, undo: bool, on: str, **options: Any
    ) -> None:
        wanted = Retraction.NONE if undo else Retraction.RETRACTED
        try:
            day = PartialDate(on) if on else None
        except ValueError as error:
            raise CommandError(f"--on: {error}") from error
        self.bad_lines = 0
        tally: Counter[str] = Counter()
        with transaction.atomic(), _opened(path) as file:
            named = self._read(file, path)
            seen: set[int] = set()
            while batch := list(islice(named, BATCH)):
                found = _found(batch)
                ours = {
                    number for source in found for number in (source.pmid, source.doi)
                }
                tally["read"] += len(batch)
                tally["ours"] += sum(not ours.isdisjoint(each) for each in batch)
                for source in found:
                    if source.pk not in seen:
                        self._mark(source, wanted, day, tally)
                seen.update(source.pk for source in found)
            if dry_run:
                transaction.set_rollback(True)
        self._report(tally, undo=undo, dry_run=dry_run)

    def _mark(
        self,
        source: Source,
        wanted: Retraction,
        day: PartialDate | None,
        tally: Counter[str],
    ) -> None:
        if source.retraction == wanted:
            tally["known"] += 1
            return
        effects = retraction.mark(source, wanted, on=day)
        tally["changed"] += 1
        self.stdout.write(f"{source.slug}: {source}")
        for line in effects.lines():
            self.stdout.write(f"  {line}")

    def _report(self, tally: Counter[str], *, undo: bool, dry_run: bool) -> None:
        done = "no longer retracted" if undo else "marked as retracted"
        stood = "were not retracted" if undo else "were marked already"
        self.stdout.write(
            f"{tally['read']} named; {tally['ours']} are sources here, "
            f"{tally['read'] - tally['ours']} are not"
        )
        self.stdout.write(f"{tally['changed']} {done}, {tally['known']} {stood}")
        if self.bad_lines:
            hidden = self.bad_lines - MOST_BAD_LINES
            if hidden > 0:
                self.stderr.write(f"… and {hidden} more")
            self.stderr.write(
                f"{self.bad_lines} lines could not be read and were left out"
            )
        if dry_run:
            self.stdout.write("dry run: nothing was written")

    def _read(self, file: BinaryIO, path: str) -> Iterator[Named]:
        """Yield what the lines name, in a stream; tell of each line that names nothing."""
        name = "standard input" if path == "-" else path
        columns: dict[str, int] | None = None
        number = 0
        while line := file.readline(LONGEST_LINE):
            number += 1
            if not line.endswith(b"\n") and len(line) == LONGEST_LINE:
                while (rest := file.readline(LONGEST_LINE)) and not rest.endswith(
                    b"\n"
                ):
                    pass
                self._tell(name, number, f"is longer than {LONGEST_LINE} bytes")
                continue
            try:
                cells = next(csv.reader([line.decode("utf-8-sig").rstrip("\r\n")]), [])
            except UnicodeDecodeError:
                self._tell(name, number, "is not UTF-8")
                continue
            except csv.Error as error:
                self._tell(name, number, f"is no line of a CSV file ({error})")
                continue
            cells = [cell.strip() for cell in cells]
            if not any(cells):
                continue
            if columns is None:
                columns = _columns(cells)
                if columns:
                    continue
            named = _named(cells, columns)
            if named is None:
                shown = ",".join(cells)[:60]
                self._tell(name, number, f"{shown!r} holds neither a PMID nor a DOI")
                continue
            yield named

    def _tell(self, name: str, number: int, what: str) -> None:
        self.bad_lines += 1
        if self.bad_lines <= MOST_BAD_LINES:
            self.stderr.write(f"{name}: line {number}: {what}")


@contextmanager
def _opened(path: str) -> Iterator[BinaryIO]:
    """Open a file for reading. Raises CommandError in one plain sentence."""
    if path == "-":
        yield sys.stdin.buffer
        return
    with ExitStack() as stack:
        try:
            file = stack.enter_context(Path(path).open("rb"))
        except FileNotFoundError:
            raise CommandError(f"There is no file {path}.") from None
        except IsADirectoryError:
            raise CommandError(f"{path} is a folder; give a file.") from None
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        yield file


def _columns(cells: list[str]) -> dict[str, int]:
    """Return {"pmid": 0, "doi": 3} if this is a header, else nothing."""
    names = [cell.lower() for cell in cells]
    return {name: names.index(name) for name in ("pmid", "doi") if name in names}


def _named(cells: list[str], columns: dict[str, int] | None) -> Named | None:
    """Return what a line names; without a header its first cell says it."""
    places = list(columns.values()) if columns else [0]
    texts = [
        PREFIX.sub("", cells[place], count=1) for place in places if place < len(cells)
    ]
    texts = [text.rstrip("/").lower() for text in texts]
    pmid = next((text for text in texts if PMID.fullmatch(text)), "")
    doi = next((text for text in texts if DOI.fullmatch(text)), "")
    return Named(pmid, doi) if pmid or doi else None


def _found(batch: list[Named]) -> list[Source]:
    named = Q(pmid__in=[each.pmid for each in batch if each.pmid])
    named |= Q(doi__in=[each.doi for each in batch if each.doi])
    return list(Source.objects.filter(named).order_by("slug"))
