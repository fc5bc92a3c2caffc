"""The postings of a field, from the chunks of its texts: arithmetic on whole arrays.

Numbers are kept as narrow as they are: of 100,000 documents there are eight million.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from search.engine.array_file import narrow
from search.engine.ragged import Ragged, starts_of
from search.engine.text import chunks

GAP_CHUNK = 0
# Documents whose chunks are looked up together, so that the work needs little memory.
_BLOCK = 4_096


class Stream:
    """The chunks of one field, document after document."""

    def __init__(self) -> None:
        self.chunks = array("I")
        self.ends = array("I")

    def add(self, numbers: dict[str, int], texts: Iterable[str]) -> None:
        for place, text in enumerate(texts):
            if place:
                self.chunks.append(GAP_CHUNK)
            self.chunks.extend(map(numbers.__getitem__, chunks(text)))
        self.ends.append(len(self.chunks))

    def blocks(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield the chunks of some documents, and the document of each chunk."""
        every = np.frombuffer(self.chunks, dtype=np.uint32)
        ends = np.frombuffer(self.ends, dtype=np.uint32).astype(np.int64)
        starts = np.concatenate([[0], ends])
        for first in range(0, len(ends), _BLOCK):
            some = starts[first : first + _BLOCK + 1]
            docs = np.arange(first, first + len(some) - 1)
            chunk = every[some[0] : some[-1]].astype(np.int64)
            yield chunk, np.repeat(docs, np.diff(some))


@dataclass(frozen=True, slots=True)
class FieldPostings:
    """A field's postings by term, then document; positions in the same order."""

    start: np.ndarray  # of each term, in docs and counts
    docs: np.ndarray
    counts: np.ndarray
    positions: np.ndarray
    lengths: np.ndarray  # terms in the field, of each document


def invert(
    stream: Stream, tokens: Ragged, offsets: np.ndarray, widths: np.ndarray, terms: int
) -> FieldPostings:
    """Return the postings of a field. `tokens` has the terms of each chunk, `offsets`
    where in the chunk each stands, `widths` how many places each chunk takes."""
    term, doc, position = _tokens(stream, tokens, offsets, widths)
    lengths = np.bincount(doc, minlength=len(stream.ends))
    order = np.argsort(term, kind="stable")
    term = term[order]
    doc = doc[order]
    position = narrow(position)[order]
    del order
    is_first = np.ones(len(term), dtype=bool)
    np.not_equal(term[1:], term[:-1], out=is_first[1:])
    is_first[1:] |= doc[1:] != doc[:-1]
    first = is_first.nonzero()[0].astype(np.int32)
    return FieldPostings(
        start=np.searchsorted(term[first], np.arange(terms + 1, dtype=np.int32)),
        docs=doc[first],
        counts=narrow(np.diff(first, append=np.int32(len(term)))),
        positions=position,
        lengths=lengths,
    )


def _tokens(
    stream: Stream, tokens: Ragged, offsets: np.ndarray, widths: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return term, document and place of each token, in order of the documents."""
    none = np.empty(0, dtype=np.int32)
    found = [(none, none, none)]
    for chunk, doc in stream.blocks():
        # Places are counted from the first chunk of the document.
        place = starts_of(widths[chunk])[:-1]
        if len(chunk):
            is_first = np.diff(doc, prepend=-1).astype(bool)
            place = place - place[np.maximum.accumulate(_places(is_first))]
        sizes, where = tokens.of_each(chunk)
        position = np.repeat(place, sizes) + offsets[where]
        every = (tokens.values[where], np.repeat(doc, sizes), position)
        found.append(tuple(each.astype(np.int32) for each in every))  # type: ignore[arg-type]
    term, doc, position = (np.concatenate(each) for each in zip(*found, strict=True))
    return term, doc, position


def _places(is_first: np.ndarray) -> np.ndarray:
    return np.where(is_first, np.arange(len(is_first)), 0)
