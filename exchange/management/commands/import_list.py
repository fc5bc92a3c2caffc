"""`import_list LIST PATH --by CURATOR`: takes a public list in, as drafts and proposals."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from exchange.lists import LISTS
from exchange.lists.running import run_list
from kb.sheets import Unreadable


class Command(BaseCommand):
    help = (
        "Map a downloaded list to our records. What readers see does not move: each"
        " addition waits for review, what is new is a draft. Lists: "
        + "; ".join(f"{name}: {each.about}" for name, each in LISTS.items())
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("list", choices=sorted(LISTS))
        parser.add_argument("path", type=Path, help="the file, or its folder")
        parser.add_argument(
            "--by", help="the account in whose name it is proposed; another approves"
        )
        parser.add_argument(
            "--new",
            nargs="+",
            default=[],
            metavar="KIND",
            help="make drafts of what is not recorded: "
            + "; ".join(
                f"{', '.join(each.makes)} ({name})"
                for name, each in LISTS.items()
                if each.makes
            ),
        )
        parser.add_argument(
            "--report", type=Path, help="write each row that was not mapped to this CSV"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="map and count, write nothing"
        )

    def handle(self, *args: Any, path: Path, dry_run: bool, **options: Any) -> None:
        chosen = LISTS[options["list"]]
        unknown = sorted(set(options["new"]) - set(chosen.makes))
        if unknown:
            makes = ", ".join(chosen.makes) or "nothing"
            raise CommandError(f"--new {unknown[0]}: this list makes {makes}.")
        by = None
        if options["by"]:
            by = get_user_model().objects.filter(username=options["by"]).first()
            if by is None:
                raise CommandError(f"There is no account {options['by']!r}.")
        elif not dry_run:
            raise CommandError(
                "Say in whose name with --by: somebody else approves what comes of it."
            )
        try:
            report = run_list(
                chosen,
                path,
                by=by,
                new=options["new"],
                dry_run=dry_run,
                report_path=options["report"],
            )
        except Unreadable as problem:
            raise CommandError(str(problem)) from problem
        for line in report.lines():
            self.stdout.write(line)
        for error in report.errors:
            self.stderr.write(error)
        if dry_run:
            self.stdout.write("dry run: nothing was written")
        if report.counts["rows with errors"]:
            sys.exit(1)
