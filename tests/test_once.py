"""What is dear is made once for all processes that test, and never half."""

from __future__ import annotations

from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.once import once


def note_who_makes(folder: Path) -> None:
    (folder / "made").write_text("whole")
    with (folder.parent / "makers").open("a") as makers:
        makers.write("one\n")


def ask(run_folder: Path) -> None:
    assert (once(run_folder, "dear", note_who_makes) / "made").read_text() == "whole"


def test_many_processes_make_it_once(tmp_path: Path) -> None:
    processes = [
        get_context("fork").Process(target=ask, args=(tmp_path,)) for _ in "abcd"
    ]
    for each in processes:
        each.start()
    for each in processes:
        each.join()

    assert [each.exitcode for each in processes] == [0, 0, 0, 0]
    assert (tmp_path / "makers").read_text() == "one\n"


def test_what_failed_half_way_is_made_anew(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "made").write_text("half")
        raise RuntimeError("the import is broken")

    with pytest.raises(RuntimeError, match="the import is broken"):
        once(tmp_path, "dear", fail)

    ask(tmp_path)
