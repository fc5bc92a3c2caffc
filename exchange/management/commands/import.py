"""`import PATH [--dry-run]`: reads an export; all or nothing."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from exchange.importing import ImportRefused, import_entries
from exchange.reading import Unreadable, read


class Command(BaseCommand):
    help = "Read records from a file or folder. Nothing is written unless all of it is right."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "path", help="a .json or .jsonl file (.gz too), a folder, or -"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="check and count, write nothing"
        )

    def handle(self, *args: Any, path: str, dry_run: bool, **options: Any) -> None:
        try:
            report = import_entries(read(path), dry_run=dry_run)
        except (Unreadable, ImportRefused) as refusal:
            for error in refusal.errors:
                self.stderr.write(error)
            count = len(refusal.errors)
            self.stderr.write(
                f"{count} error{'s' if count > 1 else ''}; nothing was written."
            )
            sys.exit(1)
        for line in report.lines():
            self.stdout.write(line)
        for note in report.notes:
            self.stdout.write(f"note: {note}")
        if dry_run:
            self.stdout.write("dry run: nothing was written")
