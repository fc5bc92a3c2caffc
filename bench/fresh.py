"""What the first query costs a new process, and how much memory it comes to hold.

    python -m bench.fresh INDEX_FOLDER < queries

Prints one JSON object: the milliseconds of the first query, of a page with facets and
snippets after it, and the memory of the process once all queries are answered. What is
mapped from files is shared by the workers; `own_mb` is what each has for itself.
"""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path

from search.engine.whoosh import WhooshEngine
from search.query import parse


def memory_mb() -> dict[str, float]:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    own, shared = (
        int(re.findall(rf"{name}:\s+(\d+) kB", status)[0]) / 1024
        for name in ("RssAnon", "RssFile")
    )
    return {"memory_mb": round(own + shared, 1), "own_mb": round(own, 1)}


def main() -> int:
    queries = [line.strip() for line in sys.stdin if line.strip()]
    engine = WhooshEngine(sys.argv[1])
    found: dict[str, float] = {}
    for name, is_bare in (("first_query_ms", True), ("first_page_ms", False)):
        started = time.process_time()
        engine.search(parse(queries.pop(0), limit=10, is_bare=is_bare))
        found[name] = round((time.process_time() - started) * 1000, 2)
    for text in queries:
        engine.search(parse(text, limit=10))
    print(json.dumps(found | memory_mb()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
