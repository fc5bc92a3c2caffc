"""Kills a process that writes to the index, hundreds of times: nothing may be lost.

    python -m bench.kills [TIMES]

A writer puts the same documents in, all at once, in ever new versions, and makes the
index anew now and then. After each SIGKILL the index must open, hold every document,
all of one version, and have files that are as they were written. Prints one JSON object;
exits 1 at the first loss.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from search.engine import Document
from search.engine.whoosh import WhooshEngine
from search.query import parse

DOCUMENTS = 200
ROOT = Path(__file__).resolve().parent.parent


def documents(version: int) -> list[Document]:
    return [
        Document(
            key=f"substance:made-{number}",
            kind="substance",
            slug=f"made-{number}",
            title=f"Made {number}",
            url=f"/{number}/",
            version=str(version),
            text=f"Written in version {version}, with enough words for a posting list.",
        )
        for number in range(DOCUMENTS)
    ]


def write_for_ever(folder: Path) -> None:
    engine = WhooshEngine(folder)
    version = int(next(engine.versions())[1])
    while True:
        version += 1
        if version % 5:
            engine.index(documents(version))
        else:
            engine.rebuild(documents(version))
        print(version, flush=True)


def find_loss(engine: WhooshEngine) -> str:
    """Return what is wrong with the index, or "" if nothing is."""
    held = dict(engine.versions())
    if len(held) != DOCUMENTS:
        return f"{len(held)} documents of {DOCUMENTS}"
    if len(set(held.values())) != 1:
        return f"half a batch: versions {sorted(set(held.values()))}"
    if engine.search(parse("posting list")).total != DOCUMENTS:
        return "a search does not find all of them"
    return "; ".join(engine.find_damage())


def kill_writers(folder: Path, times: int) -> tuple[int, str]:
    """Return how many writers were killed, and what was lost, "" for nothing."""
    engine = WhooshEngine(folder)
    engine.rebuild(documents(1))
    command = [sys.executable, "-W", "ignore", "-m", "bench.kills", "--write"]
    moments = random.Random(7)
    for killed in range(times):
        with subprocess.Popen(
            [*command, str(folder)], cwd=ROOT, stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(moments.uniform(0, 0.25))
            writer.send_signal(signal.SIGKILL)
        if loss := find_loss(engine):
            return killed + 1, loss
    engine.index(documents(10**9))
    return times, find_loss(engine)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.kills", description=__doc__)
    parser.add_argument("times", type=int, nargs="?", default=300)
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.write:
        write_for_ever(asked.write)
    with tempfile.TemporaryDirectory() as folder:
        killed, loss = kill_writers(Path(folder) / "index", asked.times)
    print(json.dumps({"killed": killed, "lost": loss}))
    return 1 if loss else 0


if __name__ == "__main__":
    sys.exit(main())
