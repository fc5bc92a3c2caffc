"""Checks cited addresses now, as the worker does by itself."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kb import links


class Command(BaseCommand):
    help = (
        "Checks whether cited addresses still open, politely; the worker does it daily."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--due", action="store_true", help="only those whose check is due"
        )
        parser.add_argument(
            "--limit", type=int, default=links.LIMIT, help="so many at most"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        report = links.check_due(limit=options["limit"], only_due=options["due"])
        self.stdout.write(str(report))
