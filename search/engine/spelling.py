"""Near misses: words and beginnings of words a slip or two away from what was typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np


def slips_allowed(word: str) -> int:
    """Return how many slips are forgiven in a word: a short one is soon another."""
    if len(word) < 3:
        return 0
    return 1 if len(word) < 6 else 2


class NearMisses:
    """Compares one word with thousands at once: arrays instead of a loop a word."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self._lengths = np.array([len(word) for word in words], dtype=np.int32)
        self._letters: dict[int, np.ndarray] = {}

    def _columns(self, width: int) -> np.ndarray:
        """Return the first `width` letters of each word, a row a place in the word."""
        letters = self._letters.get(width)
        if letters is None:
            padded = "".join(word[:width].ljust(width, "\0") for word in self.words)
            codes = np.frombuffer(
                padded.encode("utf-32-le", "replace"), dtype=np.uint32
            )
            letters = np.ascontiguousarray(codes.reshape(len(self.words), width).T)
            self._letters[width] = letters
        return letters

    def find(self, typed: str, slips: int, *, prefix: bool) -> list[tuple[int, int]]:
        """Return (slips, place in `words`) of each word within `slips` of `typed`.

        A slip is a letter too many, too few, another one, or two in wrong order. With
        `prefix`, the beginning of the word is compared.
        """
        if not self.words or not typed or not slips:
            return []
        letters = self._columns(min(len(typed) + slips, 40))
        if prefix:
            chosen = np.flatnonzero(self._lengths >= len(typed) - slips)
        else:
            chosen = np.flatnonzero(np.abs(self._lengths - len(typed)) <= slips)
        if not len(chosen):
            return []
        near = self._distances(typed, letters[:, chosen], slips)
        width = len(letters)
        if prefix:
            distances = near.min(axis=0)
        else:
            ends = np.minimum(self._lengths[chosen], width)
            distances = near[ends, np.arange(len(chosen))]
        hits = np.flatnonzero(distances <= slips)
        return [(int(distances[n]), int(chosen[n])) for n in hits]

    @staticmethod
    def _distances(typed: str, letters: np.ndarray, slips: int) -> np.ndarray:
        """Return the last row of the edit table: distance to each beginning.

        Only the band of `slips` beside the diagonal is filled in; the rest is far.
        """
        width, count = letters.shape
        far = np.uint8(99)
        before = np.full((width + 1, count), far, dtype=np.uint8)
        before[: slips + 1] = np.arange(min(slips, width) + 1, dtype=np.uint8)[:, None]
        older = before
        for row, letter in enumerate(map(ord, typed), start=1):
            now = np.full((width + 1, count), far, dtype=np.uint8)
            if row <= slips:
                now[0] = row
            for place in range(max(1, row - slips), min(width, row + slips) + 1):
                other = letters[place - 1] != letter
                best = np.minimum(before[place] + 1, now[place - 1] + 1)
                best = np.minimum(best, before[place - 1] + other)
                if row > 1 and place > 1:
                    swapped = (letters[place - 2] == letter) & (
                        letters[place - 1] == ord(typed[row - 2])
                    )
                    swap = np.where(swapped, older[place - 2] + 1, far)
                    best = np.minimum(best, swap)
                now[place] = np.minimum(best, far)
            older, before = before, now
        return before


class Dictionary:
    """The words that a misspelt one may have meant."""

    def __init__(self, names: Iterable[str], counts: dict[str, int]) -> None:
        """`names` are words of names, `counts` says how many documents have a word."""
        self._names = set(names)
        frequent = {word for word, count in counts.items() if count > 1}
        self._counts = counts
        self.words = sorted(self._names | frequent)
        self._near = NearMisses(self.words)

    def correct(self, word: str) -> str | None:
        """Return the likeliest word that was meant, or None. `word` is folded."""
        if len(word) < 4 or len(word) > 30:
            return None
        slips = 1 if len(word) < 5 else 2
        found = [
            (distance - 0.5 * (near in self._names), -self._counts.get(near, 0), near)
            for distance, place in self._near.find(word, slips, prefix=False)
            if len(near := self.words[place]) >= 4 and near != word
        ]
        return min(found)[2] if found else None
