"""The texts of texts/, with the marks that a check should set; and how well it sets them.

A text is a file. Each line of it is a sentence, followed by what it should be given:

    Kratom eases withdrawal. || C09 ?C14 !figure | kratom opioid-withdrawal ?region-US

After the two bars stand the claims that it makes and, with a sign of exclamation, the
notes that it should get; after the next bar the records that it names. What has a
question mark may be found and need not be. A line without bars has no mark of any kind.
Marks were written before the texts were checked. `development` is there to find rules
with; `held_out` only judges them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from articles.checking import CheckedSentence, check_text

TEXTS = Path(__file__).parent / "texts"
HALVES = ("development", "held_out")
KINDS = ("claims", "records", "notes")

Mark = tuple[str, int, str]  # (name of the text, number of the line, "C09")


@dataclass
class Tally:
    """Marks that were found, wanted, and allowed without being wanted."""

    found: set[Mark] = field(default_factory=set)
    wanted: set[Mark] = field(default_factory=set)
    allowed: set[Mark] = field(default_factory=set)

    @property
    def wrong(self) -> set[Mark]:
        return self.found - self.wanted - self.allowed

    @property
    def missed(self) -> set[Mark]:
        return self.wanted - self.found

    @property
    def precision(self) -> float:
        right = len(self.found & self.wanted)
        return right / (right + len(self.wrong)) if self.found else 1.0

    @property
    def recall(self) -> float:
        wanted = len(self.wanted)
        return len(self.found & self.wanted) / wanted if wanted else 1.0


@dataclass(frozen=True)
class MarkedText:
    name: str
    lines: tuple[str, ...]  # "" is a break between paragraphs
    marks: tuple[
        tuple[str, ...], ...
    ]  # of each line: ("claims C09", "records ?kratom")

    @property
    def text(self) -> str:
        """Return the text as a reader would paste it: sentences run on in a paragraph."""
        return "".join(
            line + end for line, end in zip(self.lines, self._ends, strict=True)
        )

    @property
    def _ends(self) -> list[str]:
        """Return what follows each line: a new line where one begins or ends, else a space."""
        ends = []
        for line, following in zip(self.lines, (*self.lines[1:], ""), strict=True):
            runs_on = line and following and line[-1] in ".!?”"
            listed = line.startswith(("#", "- ")) or following.startswith(("#", "- "))
            ends.append(" " if runs_on and not listed else "\n")
        return ends

    def line_at(self, place: int) -> int:
        """Return the number of the line that holds this character of the text."""
        number = at = 0
        for line, end in zip(self.lines, self._ends, strict=True):
            at += len(line) + len(end)
            if place < at:
                return number
            number += 1
        return number - 1


def read_texts(half: str) -> list[MarkedText]:
    return [read_text(path) for path in sorted((TEXTS / half).glob("*.txt"))]


def read_text(path: Path) -> MarkedText:
    lines, marks = [], []
    for written in path.read_text(encoding="utf-8").splitlines():
        sentence, _, rest = written.partition(" ||")
        claims, _, records = rest.partition("|")
        lines.append(sentence)
        marks.append(
            (
                *(
                    _mark("notes" if "!" in each else "claims", each)
                    for each in claims.split()
                ),
                *(_mark("records", each) for each in records.split()),
            )
        )
    return MarkedText(path.stem, tuple(lines), tuple(marks))


def _mark(kind: str, written: str) -> str:
    return f"{kind} {written.replace('!', '').replace('region-', '')}"


def measure(texts: Iterable[MarkedText]) -> dict[str, Tally]:
    """Check the texts and return a tally for each of KINDS."""
    tallies = {kind: Tally() for kind in KINDS}
    for text in texts:
        for number, marks in enumerate(text.marks):
            for mark in marks:
                kind, name = mark.split(" ")
                tally = tallies[kind]
                kept = tally.allowed if name.startswith("?") else tally.wanted
                kept.add((text.name, number, name.removeprefix("?")))
        for one in check_text(text.text).sentences:
            number = text.line_at(one.sentence.start)
            for kind, names in _found(one).items():
                tallies[kind].found |= {(text.name, number, name) for name in names}
    return tallies


def _found(one: CheckedSentence) -> dict[str, set[str]]:
    return {
        "claims": {made.claim.slug for made in one.claims},
        "records": {record.slug for record in one.records},
        "notes": {flag.kind for flag in one.flags},
    }
