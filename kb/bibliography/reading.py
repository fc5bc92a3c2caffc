"""What every reader of a format hands back: a record, or why there is none, and where."""

from __future__ import annotations

from dataclasses import dataclass

from kb.bibliography.record import Csl


@dataclass(frozen=True)
class Read:
    """One record of a file. `number` and `line` count from 1; csl is None if it failed."""

    number: int
    line: int
    csl: Csl | None = None
    problem: str = ""


def failed(number: int, line: int, problem: str) -> Read:
    return Read(number, line, problem=problem)
