"""What a word that no document has was likely meant to be."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from search.engine.array_file import Arrays
from search.engine.near import slips_allowed
from search.engine.sounds import sound
from search.engine.word_arrays import (
    DEAR,
    IN_TEXT,
    LONGEST,
    SHORTEST,
    Known,
    SegmentWords,
)

# Known things without a record here whose names are a slip or two from one that has.
OTHER_THINGS = frozenset(
    "ajmaline cathine cathinone clonipin cocaine coniine coptisine corynantheine cotinine"
    " cytidine ecgonidine ephedrone estrone iodine kavain ketamine mazindol menthol"
    " methysticin mitragynaline palmatine salvia tabernanthine taurine theanine theine"
    " uridine valium".split()
)
_TOO_UNLIKELY = 2.5
_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")


def _keys_beside() -> dict[str, str]:
    """Return for each key those around it."""
    at = {key: (x, y) for y, row in enumerate(_ROWS) for x, key in enumerate(row)}
    return {
        key: "".join(
            other
            for other, (u, v) in at.items()
            if other != key and abs(v - y) < 2 and abs(u - x) < 2
        )
        for key, (x, y) in at.items()
    }


_BESIDE = _keys_beside()


class Correction(NamedTuple):
    """A word that may have been meant. If not `is_sure`, it may be another thing, and
    is only offered: cocaine is no misspelt codeine."""

    word: str
    is_sure: bool


class Dictionary:
    """The words of one reading that a misspelt one may have meant."""

    def __init__(self, segments: Iterable[Arrays]) -> None:
        self._segments = [SegmentWords(arrays) for arrays in segments]

    def correct(self, word: str) -> Correction | None:
        """Return the likeliest word that was meant, or None. `word` is folded."""
        if not SHORTEST <= len(word) <= LONGEST or word in OTHER_THINGS:
            return None
        near = self._near(word)
        found = [
            (unlikely, known.word)
            for known, distance in near.values()
            if (unlikely := _unlikeliness(word, known, distance)) < _TOO_UNLIKELY
        ]
        if found:
            known, distance = near[min(found)[1]]
            is_sure = _is_sure(word, known, distance)
            return Correction(known.written or known.word, is_sure)
        same = self._sounding_like(word)
        return Correction(same.written or same.word, is_sure=False) if same else None

    def _near(self, word: str) -> dict[str, tuple[Known, int]]:
        """Return the words that are near, each as all segments together have it."""
        found: dict[str, tuple[Known, int]] = {}
        for segment in self._segments:
            for distance, known in segment.near(word, slips_allowed(word)):
                if known.word in found:
                    known = _joined(found[known.word][0], known)
                found[known.word] = known, distance
        # One document alone may have misspelt it.
        return {
            known.word: (known, distance)
            for known, distance in found.values()
            if known.word != word and (known.worth > IN_TEXT or known.documents > 1)
        }

    def _sounding_like(self, word: str) -> Known | None:
        """Return a dear word that only sounds like it: "cafeen" for caffeine."""
        heard = sound(word)
        if len(heard) < 3:
            return None
        alike = [
            known
            for segment in self._segments
            for known in segment.sounding(heard)
            if abs(len(known.word) - len(word)) < 4 and sound(known.word) == heard
        ]
        return min(
            alike, key=lambda w: (abs(len(w.word) - len(word)), w.word), default=None
        )


def _joined(one: Known, other: Known) -> Known:
    return Known(
        one.word,
        one.documents + other.documents,
        max(one.worth, other.worth),
        one.written or other.written,
    )


def _unlikeliness(word: str, known: Known, distance: int) -> float:
    """Return how many slips apart two words are, less what speaks for the one."""
    near = known.word
    better = (0.0, 0.2, 0.6)[known.worth]
    if sound(word) == sound(near):
        better += 0.5
    elif word[0] != near[0]:
        better -= 0.3 if distance == 1 else 1.0
    if distance == 1 and _is_beside(word, near):
        better += 0.2
    common = min(known.documents, 1_000) / 10_000
    return distance - better - common


def _is_sure(word: str, known: Known, distance: int) -> bool:
    near, is_dear = known.word, known.worth == DEAR
    alike = sound(word) == sound(near)
    if len(word) < 6:
        # "krill" is no misspelt "kill", though "krato" can only be "kratom".
        return is_dear and (len(near) > 5 or (alike and len(near) == len(word)))
    if distance == 1:
        return True
    alike = alike or sorted(word) == sorted(near)
    return is_dear and (alike or (len(word) > 6 and word[0] == near[0]))


def _is_beside(word: str, near: str) -> bool:
    """Tell whether one letter was hit beside its key: "keatom" for kratom."""
    if len(word) != len(near):
        return False
    wrong = [(a, b) for a, b in zip(word, near, strict=True) if a != b]
    return len(wrong) == 1 and wrong[0][1] in _BESIDE.get(wrong[0][0], "")
