"""How fast the law is answered: one subject everywhere, and a table of all of them.

    python -m bench.law

Makes regions, subjects and rules in a database of its own, which is thrown away. Prints
one JSON object; times are those of a process that has answered before.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

REGIONS, SUBJECTS, RULES_EACH, ROUNDS = 300, 1000, 20, 15
STATUSES = [
    "controlled",
    "banned",
    "regulated-sale",
    "age-limit",
    "uncontrolled",
    "unclear",
]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ["SEARCH_URL"] = f"whoosh:///{folder}/index"
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        make_law()
        print(json.dumps(measure()))
    return 0


def make_law() -> None:
    """Make 10 countries with 29 parts each, and rules that lie scattered over them."""
    from kb.models import Region, RegulatoryStatus, Source, Substance

    chance = random.Random(4)
    source = Source.objects.create(
        slug="act", name="Act", kind="legislation", published="2020", state="published"
    )
    countries = Region.objects.bulk_create(
        Region(code=f"Z{chr(65 + n)}", name=f"Country {n}", kind="country")
        for n in range(10)
    )
    parts = Region.objects.bulk_create(
        Region(
            code=f"{country.code}-{n:02}",
            name=f"Part {n} of {country.name}",
            kind="subdivision",
            parent=country,
        )
        for country in countries
        for n in range(REGIONS // 10 - 1)
    )
    regions = [*countries, *parts]
    subjects = Substance.objects.bulk_create(
        Substance(
            slug=f"s{n}", name=f"Substance {n}", category="plant", state="published"
        )
        for n in range(SUBJECTS)
    )
    rows = []
    for n, subject in enumerate(subjects):
        # The first subject has a rule in every region, the others in some.
        places = regions if n == 0 else chance.sample(regions, RULES_EACH)
        for place in places:
            rows.append(
                RegulatoryStatus(
                    key=f"{subject.slug}.{place.code}",
                    substance=subject,
                    region=place,
                    source=source,
                    status=chance.choice(STATUSES),
                    layer="drug-law",
                    since=chance.choice(["2016", "2019-05", "2021-08-24"]),
                    instrument="An act",
                    summary="What the act says.",
                    confidence="medium",
                    verified_on="2026-10-01",
                )
            )
    RegulatoryStatus.objects.bulk_create(rows, batch_size=500)


def measure() -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from kb import law
    from kb.models import Region, Substance
    from kb.places import RegionTree

    first = Substance.objects.get(slug="s0")
    regions = list(Region.objects.all())
    subjects = list(Substance.objects.all())

    def one_subject() -> None:
        tree = RegionTree()
        found = law.in_regions(first, tree.by_pk.values(), tree=tree)
        assert len(found) == REGIONS
        assert all(each.effective.status for each in found)

    def whole_table() -> None:
        cells = 0
        for row in law.table(subjects, regions):
            cells += sum(1 for each in row if each.effective.status)
        assert cells == REGIONS * SUBJECTS

    with CaptureQueriesContext(connection) as asked_once:
        one_subject()
    with CaptureQueriesContext(connection) as asked_for_table:
        whole_table()
    one_subject_s, one_subject_cpu_s = median_s(one_subject, ROUNDS)
    table_s, table_cpu_s = median_s(whole_table, 3)
    return {
        "regions": REGIONS,
        "subjects": SUBJECTS,
        "rules": REGIONS + (SUBJECTS - 1) * RULES_EACH,
        "one_subject_queries": len(asked_once),
        "one_subject_ms": round(one_subject_s * 1000, 1),
        "one_subject_cpu_ms": round(one_subject_cpu_s * 1000, 1),
        "table_queries": len(asked_for_table),
        "table_s": round(table_s, 2),
        "table_cpu_s": round(table_cpu_s, 2),
    }


def median_s(work: Callable[[], None], rounds: int) -> tuple[float, float]:
    """Return the median time, and that of this process alone, on a busy machine less."""
    whole, own = [], []
    for _ in range(rounds):
        start, own_start = time.perf_counter(), time.process_time()
        work()
        whole.append(time.perf_counter() - start)
        own.append(time.process_time() - own_start)
    return statistics.median(whole), statistics.median(own)


if __name__ == "__main__":
    sys.exit(main())
