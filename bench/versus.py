"""Our search beside other engines: same documents, same queries, same run, in turns.

    python -m bench.versus [--folder COLLECTION]... [--sizes 1400,10000] [--queries 100]

Each query is asked of every engine before the next one is, so that whatever else the
machine does meets all of them. The first round warms up; figures are of the others.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.corpora import Corpus, collection, synthetic
from bench.peers import Peer, peers

ROUNDS = 3
Row = dict[str, Any]


def percentile(times: Sequence[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def row(times_ms: Sequence[float]) -> Row:
    return {
        "p50_ms": round(statistics.median(times_ms), 3),
        "p95_ms": round(percentile(times_ms, 0.95), 3),
    }


def compare(corpus: Corpus, engines: Sequence[Peer], queries: int) -> dict[str, Row]:
    """Return a row an engine: time of a ranked top ten, and of a document's indexing."""
    rows: dict[str, Row] = {}
    for engine in engines:
        started = time.perf_counter()
        engine.build(corpus.documents())
        seconds = time.perf_counter() - started
        rows[engine.name] = {
            "index_ms_a_document": round(seconds * 1000 / corpus.size, 3)
        }
    times: dict[str, list[float]] = {engine.name: [] for engine in engines}
    for turn in range(ROUNDS + 1):
        for text in corpus.queries[:queries]:
            for engine in engines:
                started = time.perf_counter()
                engine.top(text)
                if turn:
                    times[engine.name].append((time.perf_counter() - started) * 1000)
    first = statistics.median(times[engines[0].name])
    for name, of_engine in times.items():
        rows[name] |= row(of_engine)
        rows[name]["ratio"] = round(statistics.median(of_engine) / first, 2)
    return rows


def table(title: str, rows: dict[str, Row]) -> str:
    columns = list(dict.fromkeys(name for each in rows.values() for name in each))
    lines = [f"{title:40}" + "".join(f"{name:>21}" for name in columns)]
    for name, each in rows.items():
        cells = "".join(f"{each.get(column, ''):>21}" for column in columns)
        lines.append(f"  {name:38}{cells}")
    return "\n".join(lines)


def run(corpora: Sequence[Corpus], queries: int) -> dict[str, dict[str, Row]]:
    found = {}
    for corpus in corpora:
        with tempfile.TemporaryDirectory() as folder:
            title = f"{corpus.name}, {corpus.size:,} documents"
            found[title] = compare(corpus, peers(Path(folder)), queries)
        print(table(title, found[title]), "\n", flush=True)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.versus", description=__doc__)
    parser.add_argument("--folder", type=Path, action="append", default=[])
    parser.add_argument("--sizes", default="1400,10000", help="made-up documents")
    parser.add_argument("--queries", type=int, default=100)
    asked = parser.parse_args()
    corpora = [collection(folder) for folder in asked.folder]
    corpora += [synthetic(int(size)) for size in asked.sizes.split(",") if size]
    print(json.dumps(run(corpora, asked.queries)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
