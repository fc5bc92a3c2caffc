"""Whole search requests through Django: facets, highlights and answer included.

    python -m bench.requests [--sizes 10000,100000]

The shipped dataset is in the database, made-up documents are in the index. Every second
query also asks what is known ("… kratom withdrawal"), so that an answer is assembled.
Each text is asked once: nothing is answered from memory.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bench.corpora import synthetic
from bench.versus import Row, row, table

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
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        call_command("import", str(ROOT / "data"), stdout=nowhere)


def timed_ms(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def asked(queries: Sequence[str]) -> list[str]:
    return [
        f"{text} kratom withdrawal" if place % 2 else text
        for place, text in enumerate(queries)
    ]


def measure(size: int) -> dict[str, Row]:
    """Return the times of requests and of suggestions over `size` documents."""
    from django.test import Client

    from search.engine import get_engine

    corpus = synthetic(size, queries=2 * QUERIES + 20)
    get_engine().rebuild(corpus.documents())
    client = Client()

    readers = itertools.count()

    def get(address: str) -> None:
        # The limit of requests is one for each reader.
        number = next(readers)
        reader = f"198.51.{number // 200 % 256}.{number % 200}"
        response = client.get(address, REMOTE_ADDR=reader)
        assert response.status_code == 200, f"{response.status_code}: {address}"

    texts = asked(corpus.queries)
    warm, pages, apis = texts[:20], texts[20 : 20 + QUERIES], texts[20 + QUERIES :]
    for text in warm:
        get(f"/search/?q={quote(text)}")
        get(f"/api/v1/search?q={quote(text)}")
    empty, page_ms, api_ms, suggest_ms = [], [], [], []
    for page, api in zip(pages, apis, strict=True):
        empty.append(timed_ms(lambda: get("/healthz")))
        page_ms.append(timed_ms(lambda page=page: get(f"/search/?q={quote(page)}")))  # type: ignore[misc]
        api_ms.append(timed_ms(lambda api=api: get(f"/api/v1/search?q={quote(api)}")))  # type: ignore[misc]
        word = page.split()[0]
        for typed in (word[:2], word[:4], f"{word[:3]}x{word[3:]}"):
            address = f"/api/v1/suggest?q={quote(typed)}"
            suggest_ms.append(timed_ms(lambda address=address: get(address)))  # type: ignore[misc]
    rows = {
        "empty view": row(empty),
        "search page": row(page_ms),
        "search API": row(api_ms),
        "suggestions": row(suggest_ms),
    }
    for each in rows.values():
        each["above_empty_ms"] = round(each["p50_ms"] - rows["empty view"]["p50_ms"], 3)
    return rows | bad_input(get)


def bad_input(get: Callable[[str], None]) -> dict[str, Row]:
    times = {
        name: [
            timed_ms(lambda text=text: get(f"/search/?q={quote(text)}"))
            for _ in "12345678"
        ]  # type: ignore[misc]
        for name, text in BAD.items()
    }
    every = sorted(ms for of_text in times.values() for ms in of_text)
    slowest = max(times, key=lambda name: max(times[name]))
    return {
        "bad input": row(every)
        | {
            "p99_ms": round(every[int(len(every) * 0.99)], 1),
            "slowest": slowest,
        }
    }


def run(sizes: Sequence[int]) -> dict[str, dict[str, Row]]:
    """Measure each size in turn. Wants Django to be started."""
    found = {}
    for size in sizes:
        title = f"through Django, {size:,} documents"
        found[title] = measure(size)
        print(table(title, found[title]), "\n", flush=True)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.requests", description=__doc__)
    parser.add_argument("--sizes", default="10000", help="made-up documents")
    sizes = [int(size) for size in parser.parse_args().sizes.split(",")]
    with tempfile.TemporaryDirectory() as folder:
        start_django(folder)
        print(json.dumps(run(sizes)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
