"""Crashes, locks and damaged files: the Whoosh index opens, or says that it cannot."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from search.engine import Document, SearchUnavailable
from search.engine.whoosh import WhooshEngine
from search.query import parse

# A damaged file makes Whoosh give up with files open; nothing can be closed then.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

ROOT = Path(__file__).resolve().parents[2]

# Indexes the same 40 documents again and again, saying when each batch begins.
ENDLESS_WRITER = """
import sys
from search.engine import Document
from search.engine.whoosh import WhooshEngine

engine = WhooshEngine(sys.argv[1])
batch = 0
while True:
    batch += 1
    print(batch, flush=True)
    engine.index(
        Document(f"k:{n}", "substance", str(n), f"Title {n}", "/", str(batch), text="x")
        for n in range(40)
    )
"""


def make(slug: str, text: str = "") -> Document:
    return Document(f"k:{slug}", "substance", slug, slug, f"/{slug}/", "0", text=text)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[WhooshEngine]:
    made = WhooshEngine(tmp_path / "index", lock_wait_s=0.1)
    made.rebuild(make(str(number), "kept") for number in range(40))
    yield made
    made.close()


def current_folder(engine: WhooshEngine) -> Path:
    folder = engine.store.current()
    assert folder is not None
    return folder


def test_an_index_killed_while_it_is_written_opens(engine: WhooshEngine) -> None:
    command = [sys.executable, "-W", "ignore", "-c", ENDLESS_WRITER]
    for attempt in range(5):
        with subprocess.Popen(
            [*command, str(engine.store.path)], cwd=ROOT, stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout is not None
            for _ in range(2):
                writer.stdout.readline()
            time.sleep(0.012 * attempt)  # the moment of death, not a wait
            writer.send_signal(signal.SIGKILL)

        versions = dict(engine.versions())
        assert len(versions) == 40
        assert len(set(versions.values())) == 1, "half a batch is in the index"
    engine.index([make("after", "written after the kills")])
    assert engine.search(parse("kills")).total == 1


def test_a_writer_waits_for_the_lock_with_a_limit(engine: WhooshEngine) -> None:
    with (
        WhooshEngine(engine.store.path).store.locked("write"),
        pytest.raises(SearchUnavailable, match="writing"),
    ):
        engine.index([make("late")])
    engine.index([make("late")])


def test_two_rebuilds_do_not_run_at_once(engine: WhooshEngine) -> None:
    with (
        WhooshEngine(engine.store.path).store.locked("rebuild"),
        pytest.raises(SearchUnavailable),
    ):
        engine.rebuild([])
    assert engine.document_count() == 40


def test_a_rebuild_removes_folders_of_older_ones(engine: WhooshEngine) -> None:
    for _ in range(4):
        engine.rebuild([make("only")])

    folders = [path for path in engine.store.path.iterdir() if path.is_dir()]
    assert len(folders) == 2
    assert engine.document_count() == 1


@pytest.mark.parametrize("ending", [".toc", ".seg"])
@pytest.mark.parametrize("size", [0, 100, None])
def test_a_damaged_file_is_reported_and_a_rebuild_repairs(
    engine: WhooshEngine, ending: str, size: int | None
) -> None:
    engine.close()
    (path,) = current_folder(engine).glob(f"*{ending}")
    if size is None:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:size])

    with pytest.raises(SearchUnavailable, match="search_index"):
        engine.search(parse("kept"))
    with pytest.raises(SearchUnavailable):
        engine.index([make("new")])
    assert not engine.is_ready()

    engine.rebuild([make("new")])
    assert engine.document_count() == 1


@pytest.mark.parametrize("content", ["", "index-0-other", "../outside", None])
def test_a_damaged_pointer_is_reported(
    engine: WhooshEngine, content: str | None
) -> None:
    pointer = engine.store.path / "current"
    if content is None:
        pointer.unlink()
    else:
        pointer.write_text(content)

    for use in (
        lambda: engine.search(parse("kept")),
        lambda: engine.index([make("x")]),
    ):
        with pytest.raises(SearchUnavailable, match="rebuild"):
            use()

    engine.rebuild([make("new")])
    assert engine.document_count() == 1


def test_a_rebuild_that_was_killed_leaves_no_trace(engine: WhooshEngine) -> None:
    engine.store.start_building()

    engine.rebuild([make("only")])

    assert not list(engine.store.path.glob("building-*"))


def test_an_index_of_garbage_in_the_middle_of_a_file_is_no_crash(
    engine: WhooshEngine,
) -> None:
    engine.close()
    (path,) = current_folder(engine).glob("*.seg")
    content = bytearray(path.read_bytes())
    middle = len(content) // 3
    content[middle : middle + 400] = b"\xff" * 400
    path.write_bytes(content)

    # Whether the bytes matter depends on where they fall; other errors never get out.
    with contextlib.suppress(SearchUnavailable):
        engine.search(parse("kept 3 4 5"))
