"""Near misses: comparing one word with thousands at once, in arrays."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np

# Letters of a word that its signature tells of.
SIGNED = 12


def slips_allowed(word: str) -> int:
    """Return how many slips are forgiven in a word: a short one is soon another."""
    if len(word) < 3:
        return 0
    return 1 if len(word) < 6 else 2


def form_hash(form: str) -> int:
    """Return the same 32 bits for the same text, in every process."""
    return crc32(form.encode("utf-8", "replace"))


def letters_of(words: Sequence[str], width: int) -> np.ndarray:
    """Return the first letters of words, a row a word: big-endian, so that bytes
    compare as letters do. What is beyond 16 bits is one letter; the end is 0."""
    padded = "".join(word[:width].ljust(width, "\0") for word in words)
    codes = np.frombuffer(padded.encode("utf-32-le", "replace"), dtype="<u4")
    return np.minimum(codes, 0xFFFF).astype(">u2").reshape(len(words), width)


def signatures(letters: np.ndarray) -> np.ndarray:
    """Return which letters each word begins with, a bit a letter (some share one)."""
    found = np.zeros(len(letters), dtype=np.uint32)
    for column in letters[:, :SIGNED].T:
        codes = column.astype(np.uint32)
        found |= np.where(codes > 0, np.uint32(1) << (codes % 32), np.uint32(0))
    return found


class NearMisses:
    """Words, as letters, of which those near to another one are found."""

    def __init__(
        self, letters: np.ndarray, sizes: np.ndarray, signed: np.ndarray
    ) -> None:
        self._letters = letters
        self._sizes = sizes
        self._signed = signed

    @classmethod
    def of(cls, words: Sequence[str], width: int) -> NearMisses:
        letters = letters_of(words, width)
        sizes = np.fromiter(map(len, words), dtype=np.int32, count=len(words))
        return cls(letters, sizes, signatures(letters))

    def find(
        self, typed: str, slips: int, *, prefix: bool
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return slips and place of each word within `slips` of `typed`.

        A slip is a letter too many, too few, another one, or two in wrong order. With
        `prefix`, the beginning of the word is compared.
        """
        nothing = np.empty(0, dtype=np.int64)
        if not len(self._sizes) or not typed or not slips:
            return nothing, nothing
        codes = [min(ord(letter), 0xFFFF) for letter in typed]
        width = min(len(typed) + slips, self._letters.shape[1])
        chosen = self._likely(codes, slips, prefix=prefix)
        if not len(chosen):
            return nothing, nothing
        letters = np.ascontiguousarray(
            self._letters[chosen, :width].T.astype(np.uint16)
        )
        near = _distances(codes, letters, slips)
        if prefix:
            distances = near.min(axis=0)
        else:
            ends = np.minimum(self._sizes[chosen], width)
            distances = near[ends, np.arange(len(chosen))]
        hits = np.flatnonzero(distances <= slips)
        return distances[hits], chosen[hits]

    def _likely(self, codes: list[int], slips: int, *, prefix: bool) -> np.ndarray:
        """Return the words of about this length that lack no more of its first letters
        than may be slips: a twentieth of all, which alone are compared."""
        signed = 0
        for code in codes[: SIGNED - slips]:
            signed |= 1 << (code % 32)
        lacking = np.bitwise_count(~self._signed & np.uint32(signed))
        sizes = self._sizes
        if prefix:
            fits = sizes >= len(codes) - slips
        else:
            fits = (sizes >= len(codes) - slips) & (sizes <= len(codes) + slips)
        return np.flatnonzero((lacking <= slips) & fits)


def _distances(typed: list[int], letters: np.ndarray, slips: int) -> np.ndarray:
    """Return the last row of the edit table: distance to each beginning.

    Only the band of `slips` beside the diagonal is filled in; the rest is far.
    """
    width, count = letters.shape
    far = np.uint8(99)
    before = np.full((width + 1, count), far, dtype=np.uint8)
    before[: slips + 1] = np.arange(min(slips, width) + 1, dtype=np.uint8)[:, None]
    older = before
    for row, letter in enumerate(typed, start=1):
        now = np.full((width + 1, count), far, dtype=np.uint8)
        if row <= slips:
            now[0] = row
        for place in range(max(1, row - slips), min(width, row + slips) + 1):
            other = letters[place - 1] != letter
            best = np.minimum(before[place] + 1, now[place - 1] + 1)
            best = np.minimum(best, before[place - 1] + other)
            if row > 1 and place > 1:
                swapped = (letters[place - 2] == letter) & (
                    letters[place - 1] == typed[row - 2]
                )
                swap = np.where(swapped, older[place - 2] + 1, far)
                best = np.minimum(best, swap)
            now[place] = np.minimum(best, far)
        older, before = before, now
    return before
