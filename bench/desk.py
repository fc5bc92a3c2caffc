"""How fast the desk is with 100,000 rows of each of its main kinds.

    python -m bench.desk [--rows 100000]

Fills a database of its own, which is thrown away, prints one JSON object and writes it to
bench/results/desk.json: for each kind the median ms of processor time of its list, a page
in the middle, a search, a change page and its history. The front page is there twice: what
it counts over many rows is kept until a record changes. Judges nothing; the tests of the
admin count queries.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROUNDS = 3
SEED = 1_000  # rows made as the program makes them; the database copies them
RESULTS = Path(__file__).parent / "results" / "desk.json"
WORDS = (
    "leaf root tea extract sleep pain fever cough mood trial survey case report".split()
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ["SEARCH_URL"] = f"whoosh:///{folder}/index"
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        import django

        django.setup()
        from django.core.management import call_command
        from django.test.utils import setup_test_environment

        setup_test_environment()
        logging.disable(logging.WARNING)
        call_command("migrate", verbosity=0)
        start = time.perf_counter()
        fill(rows)
        print(f"filled in {time.perf_counter() - start:.0f} s", file=sys.stderr)
        found = json.dumps({"rows": rows, "processor_ms": measure()}, indent=2)
        RESULTS.write_text(f"{found}\n")
        print(found)
    return 0


def fill(rows: int) -> None:
    """Make so many of each kind, leaning on each other as the real ones do."""
    from django.contrib.auth.models import User

    from kb.models import (
        Assessment,
        AuditEntry,
        Claim,
        EvidenceItem,
        Region,
        RegulatoryStatus,
        Source,
        Substance,
        Symptom,
        Synonym,
    )

    user = User.objects.create_superuser("bench", password="no one logs in here")
    seed = range(min(rows, SEED))

    def name(number: int) -> str:
        return f"{WORDS[number % 13].title()} {WORDS[number % 7]} {number}"

    def make(model: Any, build: Any) -> list[Any]:
        made: list[Any] = model.objects.bulk_create(build(n) for n in seed)
        multiply(model, rows)
        return made

    record = {"state": "published", "summary": "What it is, in a sentence."}
    seen = {**record, "verification": "verified"}
    sources = make(
        Source,
        lambda n: Source(slug=f"s-{n}", name=name(n), kind="journal-article", **seen),
    )
    substances = make(
        Substance,
        lambda n: Substance(slug=f"p-{n}", name=name(n), category="plant", **seen),
    )
    symptoms = Symptom.objects.bulk_create(
        Symptom(slug=f"y-{n}", name=name(n), kind="symptom", **seen) for n in range(60)
    )
    regions = Region.objects.bulk_create(
        Region(
            code=f"{chr(65 + n // 26)}{chr(65 + n % 26)}",
            name=f"Land {n}",
            kind="country",
        )
        for n in range(300)
    )
    make(Synonym, lambda n: Synonym(substance=substances[n], name=f"Other {name(n)}"))
    make(
        Claim,
        lambda n: Claim(
            slug=f"C{n}",
            name=name(n),
            substance=substances[n],
            topic="efficacy",
            verdict="unsupported",
            level="very-low",
            why="Nobody compared it with anything.",
            harm_if_believed="medium",
            **record,
        ),
    )
    assessments = make(
        Assessment,
        lambda n: Assessment(
            substance=substances[n],
            symptom=symptoms[n % 60],
            axis="benefit",
            direction="improves",
            conclusion="Some felt better.",
        ),
    )
    make(
        EvidenceItem,
        lambda n: EvidenceItem(
            key=f"i-{n}",
            assessment=assessments[n],
            source=sources[n],
            design="rct",
            direction="improves",
            finding=f"It helped {n % 90} of 90.",
            verification="verified",
        ),
    )
    make(
        RegulatoryStatus,
        lambda n: RegulatoryStatus(
            key=f"r-{n}",
            substance=substances[n],
            region=regions[n % 300],
            source=sources[n],
            status="banned",
            layer="drug-law",
            possession="illegal",
            sale="illegal",
            since=f"20{n % 20 + 10}-05-10",
            instrument="An act",
            summary="What the act says.",
            confidence="medium",
            verified_on=f"2026-{n % 10 + 1:02}-{n % 28 + 1:02}",
        ),
    )
    make(
        AuditEntry,
        lambda n: AuditEntry(
            event="logged-in", user=user, username="bench", address="192.0.2.0/24"
        ),
    )


def multiply(model: Any, rows: int) -> None:
    """Copy the rows of a model within the database until there are so many.

    Numbers at the end of names and keys go on counting; a copy leans on the copy of what
    its row leans on, where that is of a kind which is multiplied too.
    """
    from django.db import connection

    first = model._default_manager.order_by("pk")[0].pk
    numbered, moving = {"slug", "name", "key"}, {"substance", "source", "assessment"}
    columns = list(model._meta.concrete_fields)
    while (have := model._default_manager.count()) < rows:
        values = []
        for field in columns:
            column = f'"{field.column}"'
            if field.primary_key or field.name in moving:
                column = f"{column} + {have}"
            elif field.name in numbered:
                number = f"(id - {first} + {have})"
                column = f"rtrim({column}, '0123456789') || {number}"
            values.append(column)
        names = ", ".join(f'"{field.column}"' for field in columns)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({names})"
                f" SELECT {', '.join(values)} FROM {model._meta.db_table}"
                f" WHERE id < {first + min(have, rows - have)}"
            )


def measure() -> dict[str, Any]:
    from django.contrib.auth.models import User
    from django.test import Client
    from django.urls import reverse

    from kb import version
    from kb.models import (
        Assessment,
        AuditEntry,
        Claim,
        EvidenceItem,
        RegulatoryStatus,
        Source,
        Substance,
        Synonym,
    )

    client = Client()
    client.force_login(User.objects.get(username="bench"))
    client.get("/admin/")  # the very first page of a process reads its templates too
    version.bump()
    start = time.process_time()
    client.get("/admin/")
    after_change = round((time.process_time() - start) * 1000)
    found: dict[str, Any] = {
        "desk, front page": timed(client, "/admin/"),
        "desk, front page after a change": after_change,
    }
    for model in (
        Substance,
        Source,
        Claim,
        Assessment,
        EvidenceItem,
        RegulatoryStatus,
        Synonym,
        AuditEntry,
    ):
        stem = f"admin:kb_{model._meta.model_name}_"
        listed = reverse(f"{stem}changelist")
        row = model._default_manager.order_by("pk")[5]
        pages = {
            "list": listed,
            "page in the middle": f"{listed}?p={model._default_manager.count() // 100}",
            "search": f"{listed}?q=fever+{row.pk}",
            "search, nothing found": f"{listed}?q=zzzz",
            "change": reverse(f"{stem}change", args=[row.pk]),
            "history": reverse(f"{stem}history", args=[row.pk]),
        }
        for page, address in pages.items():
            found[f"{model._meta.verbose_name}, {page}"] = figures = timed(
                client, address
            )
            print(model._meta.verbose_name, page, figures, file=sys.stderr)
    return found


def timed(client: Any, address: str) -> int:
    """Return the median ms of a page, once it has been asked for before."""
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address}: {response.status_code}")
    took = []
    for _ in range(ROUNDS):
        start = time.process_time()
        client.get(address)
        took.append(time.process_time() - start)
    return round(statistics.median(took) * 1000)


if __name__ == "__main__":
    sys.exit(main())
