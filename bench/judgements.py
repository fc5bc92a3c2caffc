"""How well the shipped dataset is searched, by our own judged queries.

    python -m bench.judgements [--misses]

Loads the dataset into a database and an index of its own and prints one JSON object:
how often the first hit, or one of the first three, is a record that answers the query.
With `--misses`, what came first instead is listed too.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.shipped import shipped_site

ROOT = Path(__file__).resolve().parent.parent
JUDGEMENTS = ROOT / "tests" / "search" / "judgements.jsonl"
DEEP = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """A query, the records that answer it, and where the first of them was found."""

    query: str
    kind: str  # "name", "misspelling", "law" …
    want: tuple[str, ...]
    found: tuple[str, ...]

    @property
    def rank(self) -> int | None:
        """Return the place of the first record wanted, from 1, or None."""
        places = (n for n, key in enumerate(self.found, start=1) if key in self.want)
        return next(places, None)


def judge(path: Path = JUDGEMENTS) -> list[Judged]:
    """Ask the engine of this process each query."""
    from search.engine import get_engine
    from search.query import parse

    judged = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        hits = get_engine().search(parse(row["query"], limit=DEEP)).hits
        found = tuple(hit.key for hit in hits)
        judged.append(Judged(row["query"], row["kind"], tuple(row["want"]), found))
    return judged


def figures(judged: Iterable[Judged]) -> dict[str, float]:
    """Return success@1, success@3 and the mean reciprocal rank."""
    ranks = [each.rank for each in judged]
    return {
        "success@1": round(statistics.fmean(rank == 1 for rank in ranks), 4),
        "success@3": round(statistics.fmean((rank or 99) <= 3 for rank in ranks), 4),
        "mrr@10": round(statistics.fmean(1 / rank if rank else 0 for rank in ranks), 4),
        "queries": len(ranks),
    }


def report(judged: list[Judged]) -> dict[str, Any]:
    kinds = dict.fromkeys(each.kind for each in judged)
    by_kind = {
        kind: figures(each for each in judged if each.kind == kind) for kind in kinds
    }
    return {**figures(judged), "by_kind": by_kind}


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.judgements", description=__doc__)
    parser.add_argument("--misses", action="store_true", help="list what was missed")
    asked = parser.parse_args()
    with shipped_site():
        judged = judge()
    if asked.misses:
        for each in judged:
            if each.rank != 1:
                print(each.rank, each.query, "→", *each.found[:3], file=sys.stderr)
    print(json.dumps(report(judged)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
