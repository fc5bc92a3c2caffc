"""Files that are not as they were written: found, told, mended; and many writers at once."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from search.engine import SearchUnavailable
from search.engine.whoosh import WhooshEngine
from search.query import parse
from tests.search.examples import ALL, make

ROOT = Path(__file__).resolve().parents[2]

# Indexes twenty documents of its own, one by one, as a web worker does.
WRITER = """
import sys
from search.engine import Document
from search.engine.whoosh import WhooshEngine

engine = WhooshEngine(sys.argv[1], lock_wait_s=60)
name = sys.argv[2]
for n in range(20):
    slug = f"{name}-{n}"
    engine.index([
        Document(f"k:{slug}", "substance", slug, slug, "/", "1", text="written"),
        Document("k:shared", "substance", "shared", "Shared", "/", slug, text="shared"),
    ])
"""
REBUILDER = """
import sys
from search.engine import Document
from search.engine.whoosh import WhooshEngine

engine = WhooshEngine(sys.argv[1], lock_wait_s=60)
for _ in range(6):
    engine.rebuild(
        [Document(key, "substance", key, key, "/", "1") for key in ("k:first", "k:last")]
    )
"""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[WhooshEngine]:
    made = WhooshEngine(tmp_path / "index", lock_wait_s=5)
    made.rebuild(ALL)
    made.index([make("later", text="A second segment.")])
    yield made
    made.close()


def files(engine: WhooshEngine) -> list[Path]:
    folder = engine.store.current()
    assert folder is not None
    return sorted(path for path in folder.iterdir() if path.is_file())


def test_a_whole_index_has_no_damage(engine: WhooshEngine) -> None:
    assert engine.find_damage() == []

    engine.remove(["substance:kratom"])
    assert engine.find_damage() == []


def test_where_there_is_no_index_there_is_no_damage(tmp_path: Path) -> None:
    assert WhooshEngine(tmp_path / "none").find_damage() == []


@pytest.mark.parametrize("ending", [".seg", ".arrays", ".toc"])
def test_a_flipped_bit_is_found_wherever_it_is(
    engine: WhooshEngine, ending: str
) -> None:
    rng = random.Random(3)
    for path in (path for path in files(engine) if path.suffix == ending):
        whole = path.read_bytes()
        for place in (0, len(whole) - 1, *rng.choices(range(len(whole)), k=20)):
            flipped = bytearray(whole)
            flipped[place] ^= 1 << rng.randrange(8)
            path.write_bytes(flipped)

            assert f"damaged: {path.name} is not as it was written" in (
                engine.find_damage()
            )
        path.write_bytes(whole)
    assert engine.find_damage() == []


@pytest.mark.parametrize("ending", [".arrays", ".sums", ".sum"])
def test_a_lost_file_is_told(engine: WhooshEngine, ending: str) -> None:
    lost = next(path for path in files(engine) if path.suffix == ending)
    lost.unlink()

    (line,) = engine.find_damage()
    assert lost.stem in line


@pytest.mark.parametrize("content", [None, b"", b"nonsense" * 100])
def test_without_its_arrays_an_index_answers_as_before(
    engine: WhooshEngine, content: bytes | None
) -> None:
    queries = ["kratom", "opioid withdrawal tea", '"main alkaloid"', "mitragynin"]
    before = [engine.search(parse(text)) for text in queries]
    engine.close()
    for path in files(engine):
        if path.suffix == ".arrays" and content is None:
            path.unlink()
        elif path.suffix == ".arrays" and content is not None:
            path.write_bytes(content)

    assert [engine.search(parse(text)) for text in queries] == before


def test_a_flipped_bit_never_gets_out_as_another_error(engine: WhooshEngine) -> None:
    rng = random.Random(5)
    arrays = next(path for path in files(engine) if path.suffix == ".arrays")
    whole = arrays.read_bytes()
    for _ in range(60):
        flipped = bytearray(whole)
        for place in rng.choices(range(len(whole)), k=40):
            flipped[place] ^= 0x80
        arrays.write_bytes(flipped)
        other = WhooshEngine(engine.store.path)
        try:
            other.search(parse("kratom opioid withdrawl tea"))
            other.suggest("krat")
        except SearchUnavailable:
            pass
        other.close()


def test_many_writers_at_once_lose_nothing(engine: WhooshEngine) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", code, engine.store.path, name],
            cwd=ROOT,
        )
        for code, name in (
            (WRITER, "web-1"),
            (WRITER, "web-2"),
            (WRITER, "admin"),
        )
    ]

    assert [writer.wait(timeout=120) for writer in writers] == [0, 0, 0]

    held = dict(engine.versions())
    for name in ("web-1", "web-2", "admin"):
        assert {f"k:{name}-{n}" for n in range(20)} <= held.keys()
    assert held["k:shared"].endswith("-19")
    assert len(held) == len(ALL) + 1 + 60 + 1
    assert engine.search(parse("shared")).total == 1
    assert engine.find_damage() == []


def test_what_is_written_while_others_rebuild_is_kept(engine: WhooshEngine) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", code, engine.store.path, "web"],
            cwd=ROOT,
        )
        for code in (WRITER, REBUILDER)
    ]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0]

    # A rebuild replaces all it is not told of, but for what comes while it runs.
    held = dict(engine.versions())
    assert {"k:first", "k:last"} <= held.keys()
    engine.index([make("afterwards")])
    assert engine.find_damage() == []
