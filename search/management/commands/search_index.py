"""`search_index rebuild|update|check`: make, mend or prove the index."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search import freshness, upkeep
from search.engine import SearchUnavailable


class Command(BaseCommand):
    help = "Rebuild the search index, catch up with the database, or compare the two."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["rebuild", "update", "check"])
        parser.add_argument(
            "--if-needed",
            action="store_true",
            help="with rebuild: only when the index is missing or differs",
        )

    def handle(self, *args: Any, action: str, if_needed: bool, **options: Any) -> None:
        try:
            if action == "rebuild":
                self.rebuild(if_needed=if_needed)
            elif action == "update":
                self.update()
            else:
                self.check_index()
        except SearchUnavailable as error:
            raise CommandError(str(error)) from error

    def rebuild(self, *, if_needed: bool) -> None:
        if if_needed and upkeep.is_whole():
            self.stdout.write("The index is whole.")
            return
        self.stdout.write(f"{upkeep.rebuild()} documents indexed.")

    def update(self) -> None:
        freshness.work_off()
        drift = upkeep.compare()
        upkeep.mend(drift)
        for line in drift.damage:
            self.stdout.write(line)
        if drift.damage:
            self.stdout.write("The index was damaged and has been made anew.")
        else:
            self.stdout.write(
                f"{len(drift)} documents mended." if drift else "Nothing to mend."
            )

    def check_index(self) -> None:
        drift = upkeep.compare()
        for line in drift.lines():
            self.stdout.write(line)
        if drift:
            self.stdout.write(f"{len(drift)} differences.")
            sys.exit(1)
        self.stdout.write("The index holds exactly what is published.")
