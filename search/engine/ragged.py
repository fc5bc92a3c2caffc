"""Lists of different lengths, in one array."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Ragged:
    """Lists of different lengths in one array: list n is values[start[n]:start[n+1]]."""

    start: np.ndarray
    values: np.ndarray

    @classmethod
    def of(cls, lists: list[tuple[int, ...]]) -> Ragged:
        sizes = np.fromiter(map(len, lists), dtype=np.int64, count=len(lists))
        every = (value for each in lists for value in each)
        return cls(starts_of(sizes), np.fromiter(every, dtype=np.int64))

    def of_each(self, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return how long each of these lists is, and where their values stand."""
        first = self.start[numbers]
        sizes = self.start[numbers + 1] - first
        return sizes, ranges(first, sizes)


def starts_of(sizes: np.ndarray) -> np.ndarray:
    """Return where lists of these sizes start, and, as the last, where they end."""
    starts = np.zeros(len(sizes) + 1, dtype=np.int64)
    np.cumsum(sizes, out=starts[1:])
    return starts


def ranges(first: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return first[0], first[0] + 1, … sizes[0] numbers, then those from first[1] on."""
    before = np.cumsum(sizes) - sizes
    return np.repeat(first - before, sizes) + np.arange(int(sizes.sum()))
