"""Whole search requests through Django: facets, highlights and answer included.

    python -m bench.requests [--sizes 10000,100000]

The shipped dataset is in the database; in the index its documents stand among made-up
ones. Every second query also asks what is known ("… kratom withdrawal"), so that an answer
is assembled. Each text is asked once: no answer is ready. Times are the processor's, as
in `versus.py`.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from urllib.parse import quote

from bench.corpora import synthetic
from bench.versus import Row, row, table
from search.engine import Document

ROOT = Path(__file__).resolve().parent.parent
QUERIES = 120
# What nobody types, and what must not cost more than a moment.
BAD = {
    "10,000 letters": "kratom" * 1_700,
    "10,000 letters in words": "bamo kidi pesa loto " * 500,
    "1,000 words": " ".join(f"bamo{n}" for n in range(1_000)),
    "1,000 misspelt words": " ".join(
        f"withdrwal{chr(97 + n % 26)}" for n in range(1_000)
    ),
    "a phrase of 64 words": '"' + "bamo bamu " * 32 + '"',
    "stars": "*** ** * *?*",
    "unbalanced quotes": '"bamo "bamu bami" "" " -"',
    "deep brackets": "(" * 2_000 + "bamo" + ")" * 2_000,
    "control characters": "bamo\x00\x01\x1b[31m\x7f bamu\r\n\t",
    "right-to-left marks": "\u202ebamo\u202c \u200fbamu\u061c \u2067קרטום\u2069",
    "minus signs": "-" * 5_000 + " bamo --bamu - -",
    "letters without spaces": "ก" * 5_000,
}


def start_django(folder: str) -> None:
    os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
    os.environ["SEARCH_URL"] = f"whoosh:///{folder}/index"
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django
    from django.core.management import call_command

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    call_command("migrate", verbosity=0)
    gc.freeze()  # as deploy/gunicorn.conf.py does before the workers part


def load_dataset() -> float:
    """Import the shipped dataset; return how many seconds that took."""
    from django.core.management import call_command

    started = time.process_time()
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        call_command("import", str(ROOT / "data"), stdout=nowhere)
    return time.process_time() - started


class Haystack:
    """haystack with Whoosh, in a process of its own, asked in turn with ours."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        with (folder / "documents.jsonl").open("w", encoding="utf-8") as file:
            for each in documents:
                text = f"{each.summary}\n{each.text}"
                file.write(json.dumps({"title": each.title, "text": text}) + "\n")
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "bench.haystack_site.serve", folder],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.index_ms = self._read()

    def _read(self) -> float:
        assert self._process.stdout is not None
        return float(self._process.stdout.readline())

    def search_ms(self, text: str) -> float:
        assert self._process.stdin is not None
        self._process.stdin.write(" ".join(text.split()) + "\n")
        self._process.stdin.flush()
        return self._read()

    def close(self) -> None:
        self._process.communicate(timeout=30)
        self._folder.cleanup()


def asked(queries: Sequence[str]) -> list[str]:
    return [
        f"{text} kratom withdrawal" if place % 2 else text
        for place, text in enumerate(queries)
    ]


def measure(size: int, *, beside: bool) -> dict[str, Row]:
    """Return the times of requests and of suggestions over `size` documents; `beside`
    a site that uses haystack, whose index takes minutes."""
    from django.test import Client

    from search.documents import all_documents
    from search.engine import get_engine

    corpus = synthetic(size, queries=2 * QUERIES + 20)
    shipped = list(all_documents())
    documents = [*shipped, *itertools.islice(corpus.documents(), size - len(shipped))]
    get_engine().rebuild(documents)
    haystack = Haystack(documents) if beside else None
    del documents, shipped
    client = Client()

    readers = itertools.count()

    def get_ms(address: str) -> float:
        # The limit of requests is one for each reader.
        number = next(readers)
        reader = f"198.51.{number // 200 % 256}.{number % 200}"
        started = time.thread_time()
        response = client.get(address, REMOTE_ADDR=reader)
        took_ms = (time.thread_time() - started) * 1000
        assert response.status_code == 200, f"{response.status_code}: {address}"
        return took_ms

    texts = asked(corpus.queries)
    warm, pages, apis = texts[:20], texts[20 : 20 + QUERIES], texts[20 + QUERIES :]
    for text in warm:
        get_ms(f"/search/?q={quote(text)}")
        get_ms(f"/api/v1/search?q={quote(text)}")
        if haystack:
            haystack.search_ms(text)
    empty, page_ms, api_ms, suggest_ms, haystack_ms = [], [], [], [], []
    for page, api in zip(pages, apis, strict=True):
        empty.append(get_ms("/healthz"))
        page_ms.append(get_ms(f"/search/?q={quote(page)}"))
        api_ms.append(get_ms(f"/api/v1/search?q={quote(api)}"))
        if haystack:
            haystack_ms.append(haystack.search_ms(" ".join(page.split()[:3])))
        word = page.split()[0]
        for typed in (word[:2], word[:4], f"{word[:3]}x{word[3:]}"):
            suggest_ms.append(get_ms(f"/api/v1/suggest?q={quote(typed)}"))
    rows = {
        "empty view": row(empty),
        "search page": row(page_ms),
        "search API": row(api_ms),
        "suggestions": row(suggest_ms),
    }
    if haystack:
        rows["haystack and Whoosh"] = row(haystack_ms)
        rows["haystack and Whoosh"]["index_ms_a_document"] = round(haystack.index_ms, 1)
        haystack.close()
    for each in rows.values():
        each["ratio"] = round(each["p50_ms"] / rows["search page"]["p50_ms"], 2)
        each["above_empty_ms"] = round(each["p50_ms"] - rows["empty view"]["p50_ms"], 3)
    return rows | bad_input(get_ms)


def bad_input(get_ms: Callable[[str], float]) -> dict[str, Row]:
    times = {
        name: [get_ms(f"/search/?q={quote(text)}") for _ in range(8)]
        for name, text in BAD.items()
    }
    every = sorted(ms for of_text in times.values() for ms in of_text)
    slowest = max(times, key=lambda name: max(times[name]))
    p99_ms = round(every[int(len(every) * 0.99)], 1)
    return {"bad input": row(every) | {"p99_ms": p99_ms, "slowest": slowest}}


def run(sizes: Sequence[int], beside: int = 2_000) -> dict[str, dict[str, Row]]:
    """Measure each size in turn, up to `beside` documents beside haystack. Wants Django
    to be started."""
    found = {}
    for size in sizes:
        title = f"through Django, {size:,} documents"
        found[title] = measure(size, beside=size <= beside)
        print(table(title, found[title]), "\n", flush=True)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.requests", description=__doc__)
    parser.add_argument("--sizes", default="1400,10000", help="made-up documents")
    parser.add_argument(
        "--beside", type=int, default=2_000, help="most documents for haystack"
    )
    asked_for = parser.parse_args()
    sizes = [int(size) for size in asked_for.sizes.split(",")]
    with tempfile.TemporaryDirectory() as folder:
        start_django(folder)
        load_dataset()
        print(json.dumps(run(sizes, asked_for.beside)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
