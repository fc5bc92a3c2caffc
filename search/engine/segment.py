"""The arrays of one segment of the index, made from its documents in one pass.

A text is taken apart into chunks; a chunk is a number, looked up once for all texts.
What follows (terms, postings, positions, lengths) is arithmetic on whole arrays, which
is ten times faster than a loop over postings. docs/search.md lists the arrays.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

import numpy as np

from search.engine import Document
from search.engine.array_file import Arrays, narrow
from search.engine.name_arrays import NameGathering
from search.engine.near import form_hash
from search.engine.postings import FieldPostings, Stream, invert
from search.engine.ragged import Ragged, starts_of
from search.engine.scheme import FACET_FIELDS, FIELDS
from search.engine.telling import telling_arrays
from search.engine.whoosh_schema import length_codes
from search.engine.whoosh_terms import chunk_terms, spoken_parts
from search.engine.word_arrays import word_arrays

# Between two names or tags, so that no phrase reaches from one into the next.
GAP = 100


class _Chunks(dict[str, int]):
    """A number for each chunk, given when it is first asked for."""

    def __missing__(self, chunk: str) -> int:
        self[chunk] = number = len(self) + 1
        return number


class Gathering:
    """Takes documents, gives the arrays of a segment."""

    def __init__(self) -> None:
        self.count = 0
        self.terms: list[bytes] = []  # in order, once finished
        self.postings: dict[str, FieldPostings] = {}
        # The values of each document; "place" is "US-AL=controlled".
        self.facets: dict[str, list[tuple[str, ...]]] = {
            name: [] for name in (*FACET_FIELDS, "region", "status")
        }
        self._chunks = _Chunks()
        self._streams = {field: Stream() for field in FIELDS}
        self._names = NameGathering()
        self._keys: list[int] = []

    def add(self, document: Document) -> None:
        for field, texts in (
            ("title", (document.title,)),
            ("names", document.names),
            ("tags", document.tags),
            ("summary", (document.summary,)),
            ("text", (document.text,)),
        ):
            self._streams[field].add(self._chunks, texts)
        self._names.add(self.count, document)
        self._keys.append(form_hash(document.key))
        self.facets["kind"].append((document.kind,) if document.kind else ())
        self.facets["level"].append((document.level,) if document.level else ())
        self.facets["tag"].append(_once(document.tag_slugs))
        self.facets["place"].append(_once(document.regions))
        pairs = [value.partition("=") for value in document.regions]
        self.facets["region"].append(_once(pair[0] for pair in pairs))
        self.facets["status"].append(_once(pair[2] for pair in pairs))
        self.count += 1

    def finish(self) -> Arrays:
        about: dict[str, Any] = {"documents": self.count}
        found = self._postings()
        spoken = self._spoken_words()
        self._streams.clear()
        found |= word_arrays(spoken, self._names.words, self._names.dear)
        found |= telling_arrays(self.postings, self.count, len(self.terms))
        found |= self._names.arrays()
        keys = np.array(self._keys, dtype=np.uint32)
        found["keys.docs"] = keys.argsort(kind="stable").astype(np.int32)
        found["keys.hashes"] = keys[found["keys.docs"]]
        for field, values in self.facets.items():
            found |= _facet(field, values, about)
        about["lengths"] = {
            field: [
                int(each.lengths.sum()),
                int(np.count_nonzero(each.lengths)),
            ]
            for field, each in self.postings.items()
        }
        return Arrays(about, found)

    def _postings(self) -> dict[str, np.ndarray]:
        tokens, offsets, widths = self._read_chunks()
        found: dict[str, np.ndarray] = {}
        for field, stream in self._streams.items():
            each = invert(stream, tokens, offsets, widths, len(self.terms))
            self.postings[field] = each
            found |= {
                f"{field}.start": each.start.astype(np.uint32),
                f"{field}.docs": each.docs,
                f"{field}.counts": each.counts,
                f"{field}.places": each.positions,
                f"{field}.places_start": starts_of(each.counts)[each.start].astype(
                    np.uint32
                ),
                f"{field}.lengths": length_codes(each.lengths),
            }
        sizes = np.fromiter(map(len, self.terms), dtype=np.int64, count=len(self.terms))
        found["terms"] = np.frombuffer(b"".join(self.terms), dtype=np.uint8)
        found["terms.start"] = starts_of(sizes).astype(np.uint32)
        return found

    def _read_chunks(self) -> tuple[Ragged, np.ndarray, np.ndarray]:
        """Return the terms of each chunk, by number, in order of their letters, where
        in the chunk each stands, and how many places each chunk takes."""
        numbers: dict[str, int] = {}
        lists: list[tuple[int, ...]] = [()]
        offsets: list[int] = []
        widths = [GAP]
        for chunk in self._chunks:
            whole, stems = chunk_terms(chunk)
            of_chunk = (whole, *stems) if whole else stems
            lists.append(tuple(numbers.setdefault(t, len(numbers)) for t in of_chunk))
            offsets.extend((0, *range(len(stems))) if whole else range(len(stems)))
            widths.append(len(stems))
        self.terms, place_of = _in_order(
            [term.encode("utf-8", "replace") for term in numbers]
        )
        tokens = Ragged.of(lists)
        tokens = Ragged(tokens.start, place_of[tokens.values])
        return tokens, np.array(offsets, dtype=np.int64), np.array(widths)

    def _spoken_words(self) -> dict[str, int]:
        """Return the words as written, and in how many documents each stands."""
        numbers: dict[str, int] = {}
        lists: list[tuple[int, ...]] = [()]
        for chunk in self._chunks:
            spoken = spoken_parts(chunk)
            lists.append(tuple(numbers.setdefault(w, len(numbers)) for w in spoken))
        words_of = Ragged.of(lists)
        most = max(1, len(numbers))
        counts = np.zeros(most, dtype=np.int64)
        streams = (self._streams["summary"].blocks(), self._streams["text"].blocks())
        for blocks in zip(*streams, strict=True):
            pairs: list[np.ndarray] = []
            for of_text, doc in blocks:
                sizes, places = words_of.of_each(of_text)
                pairs.append(np.repeat(doc, sizes) * most + words_of.values[places])
            every = np.sort(np.concatenate(pairs))
            once = every[np.diff(every, prepend=-1) > 0]
            counts += np.bincount(once % most, minlength=most)
        return dict(zip(numbers, counts.tolist(), strict=False))


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({sys.intern(value) for value in values if value}))


def _in_order(texts: list[bytes]) -> tuple[list[bytes], np.ndarray]:
    """Return texts in order, and the place in it of each."""
    order = sorted(range(len(texts)), key=texts.__getitem__)
    place_of = np.empty(len(texts), dtype=np.int64)
    place_of[order] = np.arange(len(texts))
    return [texts[n] for n in order], place_of


def _facet(
    field: str, values: list[tuple[str, ...]], about: dict[str, Any]
) -> dict[str, np.ndarray]:
    """Return the values of each document as places in `about[field]`."""
    known = sorted({value for each in values for value in each})
    about[field] = known
    place_of = {value: place for place, value in enumerate(known)}
    ragged = Ragged.of([tuple(place_of[v] for v in each) for each in values])
    return {
        f"{field}.start": ragged.start.astype(np.uint32),
        f"{field}.codes": narrow(ragged.values),
    }
