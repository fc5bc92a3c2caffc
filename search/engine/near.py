"""Near misses: comparing one word with hundreds of thousands at once, in arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

import numpy as np

from search.engine.array_file import Arrays
from search.engine.ragged import ranges, starts_of

# Beginnings of up to so many letters are kept ready; longer ones are few.
_LEVELS = 6
TREE = ("shared", "nodes", "nodes.letters", "nodes.start")
_FAR = np.uint8(99)
_NO_LETTER = -1


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
    return as_letters("".join(w[:width].ljust(width, "\0") for w in words), width)


def as_letters(padded: str, width: int) -> np.ndarray:
    """Return such rows of words that are joined, each `width` long."""
    codes = np.frombuffer(padded.encode("utf-32-le", "replace"), dtype="<u4")
    return np.minimum(codes, 0xFFFF).astype(">u2").reshape(-1, width)


def tree_of(letters: np.ndarray) -> dict[str, np.ndarray]:
    """Return the beginnings of words that are in order, as a tree that `NearMisses` walks.

    `shared` says how many letters each word begins with as the one before it does. Of
    each beginning of up to `_LEVELS` letters `nodes` says which word is the first that
    has it, and `nodes.letters` its last letter; `nodes.start` where each length starts.
    """
    count, width = letters.shape
    differs = np.ones((count, width + 1), dtype=bool)
    if count:
        differs[1:, :width] = letters[1:] != letters[:-1]
    shared = differs.argmax(axis=1).astype(np.uint8)
    shared[:1] = 0
    levels = [np.flatnonzero(shared < size) for size in range(1, _LEVELS + 1)]
    last = [letters[words, size] for size, words in enumerate(levels)]
    return {
        "shared": shared,
        "nodes": np.concatenate([np.append(each, count) for each in levels]).astype(
            np.uint32
        ),
        "nodes.letters": np.concatenate([np.append(each, 0) for each in last]).astype(
            np.uint16
        ),
        "nodes.start": starts_of(np.array([len(each) + 1 for each in levels])).astype(
            np.uint32
        ),
    }


class _Nodes(NamedTuple):
    """Beginnings of one length: the words that have each, how far what was typed is
    from it at best so far, and the band of the edit table for its last letter."""

    first: np.ndarray
    end: np.ndarray
    letters: np.ndarray
    best: np.ndarray
    # Row k, of beginnings of d letters: slips to the first d + k - slips letters typed.
    band: np.ndarray


class NearMisses:
    """Words in order, of which those near to another one are found.

    All words are compared at once, a letter at a time; beginnings that are too far
    from what was typed are left behind with all words that have them.
    """

    def __init__(self, letters: np.ndarray, tree: Mapping[str, np.ndarray]) -> None:
        """Take the letters of words, zeros behind the last, and their `tree_of`."""
        self._letters = letters
        self._shared = tree["shared"]
        starts = tree["nodes.start"].tolist()
        self._levels = [
            (tree["nodes"][a:b], tree["nodes.letters"][a:b])
            for a, b in pairwise(starts)
        ]

    @classmethod
    def among(cls, arrays: Arrays, name: str) -> NearMisses:
        """Return those of a segment: its "words", or the "entries" of its names."""
        tree = {part: arrays[f"{name}.{part}"] for part in TREE}
        return cls(arrays[f"{name}.letters"], tree)

    def find(
        self, typed: str, slips: int, *, prefix: bool
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return slips and place of each word within `slips` of `typed`.

        A slip is a letter too many, too few, another one, or two in wrong order. With
        `prefix`, the beginning of the word is compared.
        """
        nothing = np.empty(0, dtype=np.int64)
        count, width = self._letters.shape
        if not count or not typed or not slips:
            return nothing, nothing
        codes = _Typed(typed, slips)
        nodes = codes.root(count)
        older = nodes.band
        found = [(nothing, nothing, nothing)]  # slips; the first and last of words
        for size in range(1, min(width, len(typed) + slips + (not prefix)) + 1):
            parent, first, end, letters = self._below(nodes, size)
            band = codes.next_band(
                size,
                letters,
                nodes.letters[parent],
                nodes.band[:, parent],
                older[:, parent],
            )
            slips_now = codes.whole(size, band)
            if prefix:
                best = np.minimum(nodes.best[parent], slips_now)
                goes_on = band.min(axis=0) < np.minimum(best, slips + 1)
                if size == width:
                    goes_on[:] = False
                hits = ~goes_on & (best <= slips)
            else:
                # A word ends where a zero follows, or where there is room for no more.
                is_end = letters == 0
                best = np.where(is_end, nodes.best[parent], slips_now)
                goes_on = ~is_end & (band.min(axis=0) <= slips)
                hits = (is_end | (size == width)) & (best <= slips)
            found.append((best[hits], first[hits], end[hits]))
            kept = goes_on.nonzero()[0]
            if not len(kept):
                break
            older = nodes.band[:, parent[kept]]
            nodes = _Nodes(
                first[kept], end[kept], letters[kept], best[kept], band[:, kept]
            )
        distances, firsts, ends = map(np.concatenate, zip(*found, strict=True))
        sizes = ends - firsts
        return np.repeat(distances, sizes), ranges(firsts, sizes)

    def _below(
        self, nodes: _Nodes, size: int
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return the beginnings of `size` letters below shorter ones: the place of that
        one, their first word, the one after their last, and their last letter."""
        if size <= len(self._levels):
            starts, letters = self._levels[size - 1]
            at = starts.searchsorted(nodes.first.astype(starts.dtype))
            sizes = starts.searchsorted(nodes.end.astype(starts.dtype)) - at
            places = ranges(at, sizes)
            parent = np.repeat(np.arange(len(at)), sizes)
            first = starts[places].astype(np.int64)
            return parent, first, starts[places + 1].astype(np.int64), letters[places]
        sizes = nodes.end - nodes.first
        words = ranges(nodes.first, sizes)
        kept = (self._shared[words] < size).nonzero()[0]
        parent = np.repeat(np.arange(len(sizes)), sizes)[kept]
        first = words[kept]
        end = nodes.end[parent]
        end[:-1] = np.minimum(end[:-1], first[1:])
        letters = self._letters[first, size - 1].astype(np.uint16)
        return parent, first, end, letters


class _Typed:
    """What was typed, and how its edit table goes on letter by letter, for many words
    at once: only the band of `slips` beside the diagonal is kept, the rest is far."""

    def __init__(self, typed: str, slips: int) -> None:
        self.size = len(typed)
        self.slips = slips
        # Before and behind it as many letters that no word has, so that bands are whole.
        none = [_NO_LETTER] * (2 * slips + 2)
        codes = [min(ord(letter), 0xFFFF) for letter in typed]
        self._codes = np.array([*none, *codes, *none], dtype=np.int32)

    def root(self, count: int) -> _Nodes:
        """Return the beginning without a letter, which `count` words have."""
        band = np.full((2 * self.slips + 1, 1), _FAR, dtype=np.uint8)
        for typed in range(min(self.slips, self.size) + 1):
            band[typed + self.slips] = typed
        return _Nodes(
            np.zeros(1, dtype=np.int64),
            np.full(1, count, dtype=np.int64),
            np.zeros(1, dtype=np.uint16),
            self.whole(0, band),
            band,
        )

    def next_band(
        self,
        size: int,
        letters: np.ndarray,
        letters_before: np.ndarray,
        before: np.ndarray,
        older: np.ndarray,
    ) -> np.ndarray:
        """Return the band for the letter at place `size`, from those of the letter
        before it and of the one before that."""
        slips = self.slips
        # The last letter of those typed that each row stands for, and the one before.
        at = slips + 1 + size
        last = self._codes[at : at + len(before), None]
        last_but_one = self._codes[at - 1 : at - 1 + len(before), None]
        band = before + (letters != last)
        np.minimum(band[:-1], before[1:] + 1, out=band[:-1])
        swapped = (letters == last_but_one) & (letters_before == last)
        np.minimum(band, older + 1, out=band, where=swapped)
        typed = range(size - slips, size + slips + 1)
        for k, letters_typed in enumerate(typed):
            if letters_typed == 0:
                band[k] = size
            elif letters_typed < 0 or letters_typed > self.size:
                band[k] = _FAR
            elif k:
                np.minimum(band[k], band[k - 1] + 1, out=band[k])
        return band

    def whole(self, size: int, band: np.ndarray) -> np.ndarray:
        """Return the slips from all that was typed to beginnings of `size` letters."""
        row = self.size - size + self.slips
        if 0 <= row < len(band):
            return band[row]
        return np.full(band.shape[1], _FAR, dtype=np.uint8)
