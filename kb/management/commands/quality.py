"""Prints the figures of quality, and keeps those of the day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kb import quality


class Command(BaseCommand):
    help = (
        "Prints the figures of /quality/; with --record keeps them as those of today."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--record", action="store_true", help="keep them; once a day is enough"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["record"]:
            day = quality.record()
            self.stdout.write(f"Kept as the figures of {day}.")
        for figure in quality.figures():
            self.stdout.write(
                f"{figure.share:>8}  {figure.part:>6} of {figure.total:<6} {figure.title}"
            )
