"""`overrides [--open] [--csv]`: every level that a curator set, beside the rule's own.

`overrides --csv > docs/level-differences.csv` writes the list that the repository keeps.
"""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from kb import evidence
from kb.models import Assessment

COLUMNS = ["subject", "symptom", "axis", "comparator", "suggested", "curated", "reason"]


class Command(BaseCommand):
    help = (
        "List the levels that a curator set, with the rule's own level and the reason."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--open", action="store_true", help="only those to look at again"
        )
        parser.add_argument(
            "--csv", action="store_true", help="as CSV, those that differ from the rule"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        rows = _rows(only_open=options["open"])
        if options["csv"]:
            writer = csv.writer(self.stdout, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(_values(row) for row in rows if row.is_overridden)
            return
        for row in rows:
            state = "to look at again" if evidence.override_is_open(row) else "in force"
            self.stdout.write(
                f"{row} ({row.get_axis_display()}): the rule gives "
                f"{row.get_suggested_level_display().lower()}, {row.override_by} set "
                f"{row.get_level_display().lower()} on {row.override_on}; {state}"
            )
            self.stdout.write(f"  {row.override_reason}")
        if not rows:
            self.stderr.write("There is none.")


def _rows(*, only_open: bool) -> list[Assessment]:
    if only_open:
        rows = evidence.open_overrides()
    else:
        rows = list(
            Assessment.objects.overridden().select_related(
                "substance", "alkaloid", "symptom"
            )
        )
    return sorted(rows, key=_values)


def _values(row: Assessment) -> list[str]:
    return [
        row.subject.record_key,
        row.symptom.slug,
        row.axis,
        row.comparator,
        row.suggested_level,
        row.level,
        row.override_reason,
    ]
