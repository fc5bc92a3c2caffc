"""How well, and how fast, a text is checked, by the marked texts of tests/articles/texts/.

    python -m bench.check_text [--misses]

Loads the dataset into a database of its own and prints one JSON object: for each half of
the texts the precision and recall of claims, records and notes, and how many seconds the
longest text takes, and texts that were made to be slow. With `--misses`, the marks of
the development half that are wrong or missing are listed too; of the other half never,
since no rule may be made with it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.shipped import shipped_site

if TYPE_CHECKING:
    from tests.articles.marked import MarkedText, Tally

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5


def figures(texts: list[MarkedText], tallies: dict[str, Tally]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "texts": len(texts),
        "sentences": sum(bool(line) for text in texts for line in text.lines),
    }
    for kind, tally in tallies.items():
        found[kind] = {
            "precision": round(tally.precision, 3),
            "recall": round(tally.recall, 3),
            "wanted": len(tally.wanted),
        }
    return found


def seconds_for_the_longest(texts: list[MarkedText]) -> float:
    """Return the fastest of some rounds over as many characters as are checked at once."""
    from articles.checking import LONGEST_TEXT, check_text

    whole = "\n\n".join(text.text for text in texts)
    longest = (whole * (LONGEST_TEXT // len(whole) + 1))[:LONGEST_TEXT]
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        check_text(longest)
        times.append(time.perf_counter() - started)
    return round(min(times), 2)


def seconds_for_the_worst() -> dict[str, float]:
    """Return how long texts take that were made to be slow, the slowest first."""
    from articles.checking import LONGEST_TEXT, check_text

    found = {}
    for piece in ("kratom. ", "no ", "7-OH-", "a", "(", "said, ", "kratom not "):
        text = (piece * LONGEST_TEXT)[:LONGEST_TEXT]
        started = time.perf_counter()
        check_text(text)
        found[piece] = round(time.perf_counter() - started, 2)
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))


def list_misses(texts: list[MarkedText], tallies: dict[str, Tally]) -> None:
    lines = {text.name: text.lines for text in texts}
    for kind, tally in tallies.items():
        for what, marks in (("wrong", tally.wrong), ("missed", tally.missed)):
            for name, number, mark in sorted(marks):
                print(
                    f"{kind} {what}: {mark} {name}: {lines[name][number]}",
                    file=sys.stderr,
                )


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.check_text", description=__doc__)
    parser.add_argument("--misses", action="store_true", help="list what was missed")
    asked = parser.parse_args()
    with shipped_site():
        from tests.articles.marked import HALVES, measure, read_texts

        report: dict[str, Any] = {}
        for half in HALVES:
            texts = read_texts(half)
            tallies = measure(texts)
            report[half] = figures(texts, tallies)
            if asked.misses and half == "development":
                list_misses(texts, tallies)
        report["seconds_for_100_kb"] = seconds_for_the_longest(read_texts(HALVES[0]))
        report["seconds_for_the_worst"] = seconds_for_the_worst()
    print(json.dumps(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
