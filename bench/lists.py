"""Whether a list is taken in a stream: memory and time for 30,000 and 300,000 rows.

    python -m bench.lists

Makes a list of plants and compounds and a database of its own, which is thrown away.
Prints one JSON object; `peak_mb` is what Python held at most during the run, beyond what
it held before, and `resident_mb` what the process had at its end.
"""

from __future__ import annotations

import csv
import json
import os
import random
import resource
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path
from typing import Any

SIZES = (3_000, 30_000, 300_000)
# Few enough that 3,000 rows name them all: what is left to grow is the list itself.
PLANTS, COMPOUNDS, ARTICLES = 10, 20, 1
CHANCE_KNOWN = 0.1


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ["SEARCH_URL"] = f"whoosh:///{folder}/index"
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        print(json.dumps(measure(Path(folder))))
    return 0


def measure(folder: Path) -> dict[str, Any]:
    from exchange.lists import LISTS
    from exchange.lists.running import run_list

    by = make_records()
    figures = {}
    for size in SIZES:
        path = folder / "occurrences.csv"
        write_list(path, size)
        tracemalloc.start()
        started = time.process_time()
        report = run_list(
            LISTS["plant-compounds"],
            path,
            by=by,
            dry_run=True,
            report_path=folder / "report.csv",
        )
        took = time.process_time() - started
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        figures[str(size)] = {
            "took_s": round(took, 1),
            "peak_mb": round(peak / 2**20, 1),
            "resident_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "proposed": report.counts["contains proposed"],
            "not_mapped": report.unmapped.total(),
        }
    return figures


def make_records() -> Any:
    """Make plants and compounds as readers see them; return who takes the list in."""
    from django.contrib.auth.models import User

    from kb.models import Alkaloid, Substance

    for number in range(PLANTS):
        Substance.objects.create(
            slug=f"plant-{number}",
            name=f"Plant {number}",
            category="plant",
            scientific_name=f"Planta numerata-{number}",
            state="published",
        )
    for number in range(COMPOUNDS):
        Alkaloid.objects.create(
            slug=f"compound-{number}",
            name=f"compound {number}",
            smiles=f"C{'C' * number}N",
            state="published",
        )
    return User.objects.create(username="bench")


def write_list(path: Path, size: int) -> None:
    chance = random.Random(size)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["organism_name", "structure_name", "inchikey", "doi"])
        for number in range(size):
            is_known = chance.random() < CHANCE_KNOWN
            plant = chance.randrange(PLANTS) if is_known else PLANTS + number
            compound = chance.randrange(COMPOUNDS)
            doi = f"10.1000/bench.{chance.randrange(ARTICLES)}"
            writer.writerow(
                [f"Planta numerata-{plant}", f"compound {compound}", "", doi]
            )


if __name__ == "__main__":
    sys.exit(main())
