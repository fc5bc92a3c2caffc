"""`make bench`: how long the things take that people wait for.

    make bench                        the shipped dataset, and search beside other engines
                                      on 1,400 and 10,000 made-up documents
    make bench ARGS="--folder DIR"    and on a collection in BEIR's layout; may repeat
    make bench ARGS=--large           search alone, on 100,000 documents: five minutes

Prints tables and writes bench/results/latest.json (large.json). Times are medians within
one run, of the processor, not of a clock: other work on the machine counts less. Each is
also given as a ratio, since machines differ. Judges nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from bench import requests, versus
from bench.corpora import collection, synthetic

ROUNDS = 40
ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results"
QUERIES, QUERIES_LARGE = 100, 50


def timed(work: Callable[[], Any]) -> float:
    """Return how many seconds the processor spends on one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def median_ms(work: Callable[[], Any], rounds: int = ROUNDS) -> tuple[float, float]:
    """Return the median and the 95th percentile in milliseconds, after three warm calls."""
    for _ in range(3):
        work()
    times = sorted(timed(work) * 1000 for _ in range(rounds))
    return statistics.median(times), times[int(len(times) * 0.95) - 1]


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--folder", type=Path, action="append", default=[])
    parser.add_argument("--large", action="store_true")
    asked = parser.parse_args()
    sizes = [100_000] if asked.large else [1_400, 10_000]
    corpora = [collection(folder) for folder in asked.folder]
    corpora += [synthetic(size) for size in sizes]
    body: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        requests.start_django(folder)
        seconds = requests.load_dataset()
        if not asked.large:
            body["figures"] = measure(seconds)
            report(body["figures"])
        body["search beside other engines"] = versus.run(
            corpora, QUERIES_LARGE if asked.large else QUERIES
        )
        body["search through Django"] = requests.run(sizes)
    write("large.json" if asked.large else "latest.json", body)
    return 0


def measure(seconds: float) -> dict[str, dict[str, Any]]:
    """Measure the site; `seconds` is what the import took."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from search import upkeep
    from search.engine import get_engine
    from search.query import parse

    figures: dict[str, dict[str, Any]] = {}
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
    figures["entry page, nothing kept"] = first_view(client, empty, keeps_pieces=False)
    return figures


def first_view(
    client: Any, empty: float, *, keeps_pieces: bool = True
) -> dict[str, Any]:
    """Return what the entry page costs the first reader after a change elsewhere; or,
    where no piece of a page is kept, the first of all."""
    from django.core.cache import caches
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from kb import pieces

    def fresh() -> None:
        caches["pages"].clear()
        if not keeps_pieces:
            pieces.kept.clear()
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


def write(name: str, body: dict[str, Any]) -> None:
    RESULTS.mkdir(parents=True, exist_ok=True)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    body = {"machine": machine, "measured_on": date.today().isoformat(), **body}
    text = json.dumps(body, indent=2) + "\n"
    (RESULTS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
