"""`python -m bench.regrade`: how long it takes to grade a large base anew.

Builds 100,000 assessments with some 250,000 items in a database of its own, grades all of
them twice (every level changes; none does) and prints the figures as JSON. Judges nothing.

    python -m bench.regrade --assessments 20000 --names occurrences.csv.gz
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any

OUTCOMES = 50
SOURCES = 5_000
CHUNK = 2_000
SEED = 20_261_124
DESIGNS = (
    ("rct", 1),
    ("cohort", 2),
    ("case-report", 3),
    ("cross-sectional-survey", 3),
    ("animal", 4),
    ("in-vitro", 4),
    ("systematic-review", 1),
)


def main() -> int:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/regrade.sqlite3"
        os.environ["SEARCH_URL"] = f"whoosh:///{folder}/index"
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        import django

        django.setup()
        figures = measure(arguments.assessments, arguments.names)
    json.dump(figures, sys.stdout, indent=2)
    sys.stdout.write("\n")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--assessments", type=int, default=100_000)
    parser.add_argument(
        "--names",
        type=Path,
        help="a CSV (.gz too) with a column organism_name; else the names are made up",
    )
    return parser.parse_args()


def measure(assessments: int, names: Path | None) -> dict[str, Any]:
    from django.core.management import call_command

    from kb import evidence
    from kb.models import Assessment, EvidenceItem, GradeChange
    from search import freshness

    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    build(assessments, names)
    figures: dict[str, Any] = {
        "assessments": Assessment.objects.count(),
        "items": EvidenceItem.objects.count(),
        "build_s": _since(started),
    }
    for run in ("all_change", "none_changes"):
        started, worked = time.perf_counter(), time.process_time()
        # The index is not part of this: gather its notes, and never write them.
        token = freshness._collecting.set(set())
        counts = evidence.recompute_all()
        freshness._collecting.reset(token)
        seconds = _since(started)
        figures[run] = {
            "seconds": seconds,
            "processor_s": round(time.process_time() - worked, 2),
            "graded": counts.graded,
            "levels_changed": counts.changed,
            "per_second": round(counts.graded / max(seconds, 0.001)),
        }
    figures["ledger_lines"] = GradeChange.objects.count()
    figures["machine"] = f"{platform.machine()}, {os.cpu_count()} cores"
    figures["python"] = platform.python_version()
    return figures


def _since(started: float) -> float:
    return round(time.perf_counter() - started, 2)


def build(assessments: int, names: Path | None) -> None:
    """Fill an empty database, always with the same rows."""
    from kb.models import Assessment, EvidenceItem, Source, Substance, Symptom

    chance = random.Random(SEED)
    symptoms = Symptom.objects.bulk_create(
        Symptom(
            slug=f"outcome-{n}", name=f"Outcome {n}", kind="symptom", state="published"
        )
        for n in range(OUTCOMES)
    )
    sources = Source.objects.bulk_create(
        (
            Source(
                slug=f"source-{n}",
                name=f"A study of something, number {n}",
                kind="journal-article",
                state="published",
                retraction="retracted" if n % 97 == 0 else "none",
            )
            for n in range(SOURCES)
        ),
        batch_size=CHUNK,
    )
    wanted = -(-assessments // OUTCOMES)
    substances = Substance.objects.bulk_create(
        (
            Substance(slug=f"plant-{n}", name=name, category="plant", state="published")
            for n, name in enumerate(islice(_names(names), wanted))
        ),
        batch_size=CHUNK,
    )
    pairs = ((plant, symptom) for plant in substances for symptom in symptoms)
    rows = (
        Assessment(
            substance=plant,
            symptom=symptom,
            axis=chance.choice(["benefit", "harm"]),
            direction="improves",
            conclusion="It may be so.",
        )
        for plant, symptom in islice(pairs, assessments)
    )
    designs, weights = zip(*DESIGNS, strict=True)
    while chunk := list(islice(rows, CHUNK)):
        Assessment.objects.bulk_create(chunk)
        EvidenceItem.objects.bulk_create(
            EvidenceItem(
                verification="verified",
                key=f"{assessment.pk}.{number}",
                assessment=assessment,
                source=chance.choice(sources),
                design=chance.choices(designs, weights)[0],
                direction=chance.choice(["improves", "improves", "no-clear-effect"]),
                n=chance.choice([None, 1, 12, 60, 250, 1_000]),
                risk_of_bias=chance.choice([0, 0, 1]),
                finding="Something was found, and here it stands in one plain sentence.",
            )
            for assessment in chunk
            for number in range(chance.choice([1, 2, 2, 3, 4]))
        )


def _names(path: Path | None) -> Iterator[str]:
    """Yield names, each once: those of the file first, then made-up ones."""
    if path is not None:
        seen: set[str] = set()
        with path.open("rb") as raw:
            packed: Any = gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw
            for row in csv.DictReader(io.TextIOWrapper(packed, "utf-8")):
                name = row["organism_name"][:200]
                if name and name not in seen:
                    seen.add(name)
                    yield name
    yield from (f"Plant {n}" for n in count(1))


if __name__ == "__main__":
    sys.exit(main())
