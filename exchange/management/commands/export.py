"""`export PATH`: the published knowledge base as a file, or as the readable folder."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from exchange import exporting


class Command(BaseCommand):
    help = "Write all published records as one JSON document."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "path",
            help="a file (.json, .jsonl, either with .gz), a folder, or - for standard output",
        )

    def handle(self, *args: Any, path: str, **options: Any) -> None:
        if path == "-":
            sys.stdout.buffer.write(exporting.as_document())
            sys.stdout.buffer.flush()
            return
        try:
            if path.endswith("/") or Path(path).is_dir():
                exporting.export_folder(Path(path))
            else:
                exporting.export_to(path)
        except OSError as error:
            raise CommandError(
                f"{path}: cannot be written: {error.strerror}"
            ) from error
