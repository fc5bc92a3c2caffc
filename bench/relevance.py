"""How well and how fast the project's own search ranks a judged collection.

    python -m bench.relevance FOLDER

FOLDER holds corpus.jsonl, queries.jsonl and qrels/test.tsv (BEIR's layout). Prints one
JSON object. Where few documents have the words, what is offered beside them counts as
found after them, as readers see it. p50_ms and p95_ms are of ten ranked hits with their
titles; page_p50_ms and page_p95_ms of a page of them, snippets and facets included.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import math
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from search.engine import Document
from search.engine.whoosh import WhooshEngine
from search.query import parse

DEEP = 100  # hits judged for recall and MAP
PAGE = 10

Judgements = dict[str, dict[str, int]]


def read_lines(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def read_documents(folder: Path) -> Iterator[Document]:
    for row in read_lines(folder / "corpus.jsonl"):
        title, text = row.get("title", ""), row.get("text", "")
        yield Document(
            key=row["_id"],
            kind="document",
            slug=row["_id"],
            title=title,
            text=text,
            url=f"/{row['_id']}/",
            version=hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()[:16],
        )


def read_judgements(path: Path) -> Judgements:
    """Return {query: {document: grade}}, without the documents judged useless."""
    judged: Judgements = {}
    with path.open(encoding="utf-8", newline="") as file:
        for query, document, grade in list(csv.reader(file, delimiter="\t"))[1:]:
            if int(grade) > 0:
                judged.setdefault(query, {})[document] = int(grade)
    return judged


def ndcg(found: list[str], grades: dict[str, int], depth: int = PAGE) -> float:
    def gain(values: list[int]) -> float:
        return sum(v / math.log2(rank + 2) for rank, v in enumerate(values[:depth]))

    best = gain(sorted(grades.values(), reverse=True))
    return gain([grades.get(key, 0) for key in found]) / best if best else 0.0


def average_precision(found: list[str], grades: dict[str, int]) -> float:
    hits, total = 0, 0.0
    for rank, key in enumerate(found, start=1):
        if key in grades:
            hits += 1
            total += hits / rank
    return total / len(grades)


def reciprocal_rank(found: list[str], grades: dict[str, int]) -> float:
    for rank, key in enumerate(found[:PAGE], start=1):
        if key in grades:
            return 1 / rank
    return 0.0


def percentile_95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def measure(folder: Path, index_folder: Path) -> dict[str, float]:
    engine = WhooshEngine(index_folder)
    started = time.perf_counter()
    engine.rebuild(read_documents(folder))
    index_s = time.perf_counter() - started
    judged = read_judgements(folder / "qrels" / "test.tsv")
    queries = list(read_lines(folder / "queries.jsonl"))
    queries = [row for row in queries if row["_id"] in judged]
    scores: dict[str, list[float]] = {"ndcg": [], "ap": [], "recall": [], "rr": []}
    for row in queries:
        grades = judged[row["_id"]]
        results = engine.search(parse(row["text"], limit=DEEP))
        found = [hit.key for hit in (*results.hits, *results.related)]
        scores["ndcg"].append(ndcg(found, grades))
        scores["ap"].append(average_precision(found, grades))
        scores["recall"].append(len(grades.keys() & set(found)) / len(grades))
        scores["rr"].append(reciprocal_rank(found, grades))
    ranked_ms: list[float] = []
    page_ms: list[float] = []
    for row in queries:
        for times_ms, is_bare in ((ranked_ms, True), (page_ms, False)):
            query = parse(row["text"], limit=PAGE, is_bare=is_bare)
            started = time.perf_counter()
            engine.search(query)
            times_ms.append((time.perf_counter() - started) * 1000)
    documents = engine.document_count()
    engine.close()
    return {
        "ndcg@10": round(statistics.fmean(scores["ndcg"]), 4),
        "map": round(statistics.fmean(scores["ap"]), 4),
        "recall@100": round(statistics.fmean(scores["recall"]), 4),
        "mrr@10": round(statistics.fmean(scores["rr"]), 4),
        "p50_ms": round(statistics.median(ranked_ms), 3),
        "p95_ms": round(percentile_95(ranked_ms), 3),
        "page_p50_ms": round(statistics.median(page_ms), 3),
        "page_p95_ms": round(percentile_95(page_ms), 3),
        "index_s": round(index_s, 2),
        "documents": documents,
        "queries": len(queries),
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.relevance", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    needed = [folder / "corpus.jsonl", folder / "queries.jsonl"]
    for path in (*needed, folder / "qrels" / "test.tsv"):
        if not path.is_file():
            print(f"{path} is missing", file=sys.stderr)
            return 1
    with tempfile.TemporaryDirectory() as temporary:
        print(json.dumps(measure(folder, Path(temporary) / "index")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
