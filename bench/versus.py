"""Our search beside other engines: same documents, same queries, same run, in turns.

    python -m bench.versus [--folder COLLECTION]... [--sizes 1400,10000] [--queries 100]

Each query is asked of every engine before the next one is, so that whatever else the
machine does meets all of them; in an order drawn anew each time, for who is asked after a
slow engine finds the processor's caches full of that. The first round warms up; figures
are of the others.
Times are those that the processor spent, of the asking thread for a query, of all threads
for an index: on a machine with other work they are steady, on a quiet one they are what a
clock shows.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from bench.corpora import Corpus, collection, synthetic
from bench.peers import Peer, peers

ROOT = Path(__file__).resolve().parent.parent
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
        started = time.process_time()
        engine.build(corpus.documents())
        ms = (time.process_time() - started) * 1000
        rows[engine.name] = {}
        if ms > 1:
            rows[engine.name]["index_ms_a_document"] = round(ms / corpus.size, 3)
    random = Random(corpus.size)
    times: dict[str, list[float]] = {engine.name: [] for engine in engines}
    for turn in range(ROUNDS + 1):
        for text in corpus.queries[:queries]:
            for engine in random.sample(engines, len(engines)):
                started = time.thread_time()
                engine.top(text)
                if turn:
                    times[engine.name].append((time.thread_time() - started) * 1000)
    ours = statistics.median(times[engines[0].name])
    for name, of_engine in times.items():
        rows[name] |= row(of_engine)
        rows[name]["ratio"] = round(statistics.median(of_engine) / ours, 2)
    return rows


def fresh(corpus: Corpus, index: Path) -> Row:
    """Return what a new process needs for its first query, and its memory."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bench.fresh", str(index)],
        cwd=ROOT,
        input="\n".join(corpus.queries),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: Row = json.loads(done.stdout)
    return found


def table(title: str, rows: dict[str, Row]) -> str:
    """Return rows as text, a column a figure; what is not measured stays blank."""
    columns = list(dict.fromkeys(name for each in rows.values() for name in each))
    widths = [len(column) + 2 for column in columns]
    lines = [f"{title:40}" + "".join(f"{name:>{len(name) + 2}}" for name in columns)]
    for name, each in rows.items():
        cells = (
            f"{each.get(column, ''):>{width}}"
            for column, width in zip(columns, widths, strict=True)
        )
        lines.append(f"  {name:38}{''.join(cells)}")
    return "\n".join(lines)


def run(corpora: Sequence[Corpus], queries: int) -> dict[str, dict[str, Row]]:
    found = {}
    for corpus in corpora:
        with tempfile.TemporaryDirectory() as folder:
            title = f"{corpus.name}, {corpus.size:,} documents"
            engines = peers(Path(folder))
            found[title] = compare(corpus, engines, queries)
            found[title]["a new process"] = fresh(corpus, Path(folder) / "ours")
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
