"""`make bench`: how long the things take that people wait for, on the shipped dataset.

Prints a table and writes bench/results/latest.json. Times are medians within one run;
each is also given as a ratio to an empty view, since machines differ. Judges nothing.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROUNDS = 40
ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results" / "latest.json"


def timed(work: Callable[[], Any]) -> float:
    """Return how many seconds one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median_ms(work: Callable[[], Any], rounds: int = ROUNDS) -> tuple[float, float]:
    """Return the median and the 95th percentile in milliseconds, after three warm calls."""
    for _ in range(3):
        work()
    times = sorted(timed(work) * 1000 for _ in range(rounds))
    return statistics.median(times), times[int(len(times) * 0.95) - 1]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ["SEARCH_URL"] = f"whoosh:///{folder}/index"
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        import django

        django.setup()
        from django.conf import settings

        settings.ALLOWED_HOSTS = ["testserver"]
        settings.STORAGES["staticfiles"]["BACKEND"] = (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
        figures = measure()
    report(figures)
    return 0


def measure() -> dict[str, dict[str, Any]]:
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from search import upkeep
    from search.engine import get_engine
    from search.query import parse

    figures: dict[str, dict[str, Any]] = {}
    call_command("migrate", verbosity=0)
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        seconds = timed(
            lambda: call_command("import", str(ROOT / "data"), stdout=nowhere)
        )
    figures["import of the dataset"] = {"seconds": round(seconds, 2)}
    documents = 0

    def rebuild() -> None:
        nonlocal documents
        documents = upkeep.rebuild()

    seconds = timed(rebuild)
    figures["full index build"] = {"seconds": round(seconds, 2), "documents": documents}

    client = Client()
    empty, _ = median_ms(lambda: client.get("/healthz"))
    figures["empty view"] = {"median_ms": round(empty, 2), "ratio": 1.0}
    engine = get_engine()
    queries = [
        "kratom withdrawal",
        "7-oh",
        "opioid",
        "can't sleep",
        "kratom legal ohio",
    ]

    def search_in_process() -> None:
        for text in queries:
            engine.search(parse(text))

    median, slow = median_ms(search_in_process)
    figures["search in process"] = {
        "median_ms": round(median / len(queries), 2),
        "p95_ms": round(slow / len(queries), 2),
    }
    pages = {
        "search page": "/search/?q=kratom+withdrawal",
        "search API": "/api/v1/search?q=kratom+withdrawal",
        "suggest API": "/api/v1/suggest?q=mitr",
        "entry page, all regions": "/substances/kratom/",
        "entry page, small": "/substances/lofexidine/",
        "alkaloid page": "/alkaloids/mitragynine/",
        "symptom page": "/symptoms/opioid-withdrawal/",
        "region page": "/regions/US-AL/",
        "entry as JSON": "/api/v1/substances/kratom",
    }
    for name, address in pages.items():
        response = client.get(address)
        if response.status_code != 200:
            figures[name] = {"status": response.status_code}
            continue
        median, slow = median_ms(lambda address=address: client.get(address))  # type: ignore[misc]
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        figures[name] = {
            "median_ms": round(median, 2),
            "p95_ms": round(slow, 2),
            "ratio": round(median / empty, 1),
            "queries": len(captured),
            "kilobytes": round(len(response.content) / 1024, 1),
        }
    figures["entry page, first view"] = first_view(client, empty)
    return figures


def first_view(client: Any, empty: float) -> dict[str, Any]:
    """Return what the entry page costs the first reader after a change."""
    from django.core.cache import caches
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def fresh() -> None:
        caches["pages"].clear()
        client.get("/substances/kratom/")

    median, slow = median_ms(fresh, rounds=15)
    caches["pages"].clear()
    with CaptureQueriesContext(connection) as captured:
        client.get("/substances/kratom/")
    return {
        "median_ms": round(median, 2),
        "p95_ms": round(slow, 2),
        "ratio": round(median / empty, 1),
        "queries": len(captured),
    }


def report(figures: dict[str, dict[str, Any]]) -> None:
    columns = ["seconds", "median_ms", "p95_ms", "ratio", "queries", "kilobytes"]
    print(f"{'':28}" + "".join(f"{column:>11}" for column in columns))
    for name, row in figures.items():
        print(
            f"{name:28}" + "".join(f"{row.get(column, ''):>11}" for column in columns)
        )
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    body = {"machine": machine, "figures": figures}
    RESULTS.write_text(json.dumps(body, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
