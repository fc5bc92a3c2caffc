"""What a word that no document has was likely meant to be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from search.engine.near import NearMisses, slips_allowed

# Known things without a record here whose names are a slip or two from one that has.
OTHER_THINGS = frozenset(
    "ajmaline cathine cathinone clonipin cocaine coniine coptisine corynantheine cotinine"
    " cytidine ecgonidine ephedrone estrone iodine kavain ketamine mazindol menthol"
    " methysticin mitragynaline palmatine salvia tabernanthine taurine theanine theine"
    " uridine valium".split()
)
_TOO_UNLIKELY = 2.5
_LONGEST = 30
_HEARD = [
    (re.compile(written), heard)
    for written, heard in (
        ("ph", "f"),
        ("c(?=[eiy])", "s"),
        ("ck|[cq]", "k"),
        ("y", "i"),
        ("z", "s"),
        ("(?<![cst])h", ""),
    )
]
_UNHEARD = re.compile("[aeiouw]")
_DOUBLED = re.compile(r"(.)\1+")
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
    """The words that a misspelt one may have meant."""

    def __init__(
        self, names: Iterable[str], counts: Mapping[str, int], dear: Mapping[str, str]
    ) -> None:
        """`names` are words of names, `dear` those of what people look for, with how
        they sound; `counts` says how many documents have a word."""
        self._names = set(names)
        self._dear = dear
        frequent = {word for word, count in counts.items() if count > 1}
        self._counts = counts
        self.words = sorted(self._names | frequent)
        self._near = NearMisses.of(self.words, _LONGEST + 2)
        self._by_sound: dict[str, list[str]] | None = None

    def correct(self, word: str) -> Correction | None:
        """Return the likeliest word that was meant, or None. `word` is folded."""
        if not 4 <= len(word) <= _LONGEST or word in OTHER_THINGS:
            return None
        near_misses = self._near.find(word, slips_allowed(word), prefix=False)
        found = [
            (self._unlikeliness(word, near, distance), near, distance)
            for distance, place in zip(
                *map(np.ndarray.tolist, near_misses), strict=True
            )
            if len(near := self.words[place]) >= 4 and near != word
        ]
        found = [each for each in found if each[0] < _TOO_UNLIKELY]
        if found:
            _, near, distance = min(found)
            return Correction(near, self._is_sure(word, near, distance))
        same = self._sounding_like(word)
        return Correction(same, is_sure=False) if same else None

    def _unlikeliness(self, word: str, near: str, distance: int) -> float:
        """Return how many slips apart two words are, less what speaks for the one."""
        better = 0.6 if near in self._dear else 0.2 if near in self._names else 0.0
        if sound(word) == sound(near):
            better += 0.5
        elif word[0] != near[0]:
            better -= 0.3 if distance == 1 else 1.0
        if distance == 1 and _is_beside(word, near):
            better += 0.2
        common = min(self._counts.get(near, 0), 1_000) / 10_000
        return distance - better - common

    def _is_sure(self, word: str, near: str, distance: int) -> bool:
        alike = sound(word) == sound(near)
        if len(word) < 6:
            # "krill" is no misspelt "kill", though "krato" can only be "kratom".
            return near in self._dear and (
                len(near) > 5 or (alike and len(near) == len(word))
            )
        if distance == 1:
            return True
        alike = alike or sorted(word) == sorted(near)
        return near in self._dear and (alike or (len(word) > 6 and word[0] == near[0]))

    def _sounding_like(self, word: str) -> str | None:
        """Return a dear word that only sounds like it: "cafeen" for caffeine."""
        if self._by_sound is None:
            self._by_sound = {}
            for near, heard in sorted(self._dear.items()):
                self._by_sound.setdefault(heard, []).append(near)
        key = sound(word)
        if len(key) < 3:
            return None
        alike = [w for w in self._by_sound.get(key, ()) if abs(len(w) - len(word)) < 4]
        return min(alike, key=lambda w: (abs(len(w) - len(word)), w), default=None)


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """Return the consonants of a word as they are heard: "kafeen" is "kfn"."""
    for written, heard in _HEARD:
        word = written.sub(heard, word)
    return _DOUBLED.sub(r"\1", word[:1] + _UNHEARD.sub("", word[1:]))


def _is_beside(word: str, near: str) -> bool:
    """Tell whether one letter was hit beside its key: "keatom" for kratom."""
    if len(word) != len(near):
        return False
    wrong = [(a, b) for a, b in zip(word, near, strict=True) if a != b]
    return len(wrong) == 1 and wrong[0][1] in _BESIDE.get(wrong[0][0], "")
