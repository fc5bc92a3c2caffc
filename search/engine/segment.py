"""The arrays of one segment of the index, made from its documents in one pass.

A text is taken apart into chunks; a chunk is a number, looked up once for all texts.
What follows (terms, postings, positions, lengths) is arithmetic on whole arrays, which
is ten times faster than a loop over postings. docs/search.md lists the arrays.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from search.engine import Document
from search.engine.array_file import Arrays, narrow
from search.engine.name_arrays import NameGathering
from search.engine.near import form_hash
from search.engine.ragged import Ragged, starts_of
from search.engine.scheme import FACET_FIELDS, FIELDS, K1, PROSE
from search.engine.text import chunks
from search.engine.whoosh_schema import length_codes
from search.engine.whoosh_terms import chunk_terms, spoken_parts
from search.engine.word_arrays import word_arrays

# Between two names or tags, so that no phrase reaches from one into the next.
GAP = 100
# So many terms of a document tell what it is about.
TELLING = 48
_GAP_CHUNK = 0


class _Chunks(dict[str, int]):
    """A number for each chunk, given when it is first asked for."""

    def __missing__(self, chunk: str) -> int:
        self[chunk] = number = len(self) + 1
        return number


class _Stream:
    """The chunks of one field, document after document."""

    def __init__(self) -> None:
        self.chunks = array("I")
        self.ends = array("I")

    def add(self, numbers: dict[str, int], texts: Iterable[str]) -> None:
        for place, text in enumerate(texts):
            if place:
                self.chunks.append(_GAP_CHUNK)
            self.chunks.extend(map(numbers.__getitem__, chunks(text)))
        self.ends.append(len(self.chunks))


@dataclass(frozen=True, slots=True)
class FieldPostings:
    """A field's postings by term, then document; positions in the same order."""

    start: np.ndarray  # of each term, in docs and counts
    docs: np.ndarray
    counts: np.ndarray
    positions: np.ndarray
    lengths: np.ndarray  # terms in the field, of each document


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
        self._streams = {field: _Stream() for field in FIELDS}
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
        found |= word_arrays(spoken, self._names.words, self._names.dear)
        found |= self._telling_terms()
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
            each = _invert(stream, tokens, offsets, widths, len(self.terms))
            self.postings[field] = each
            found |= {
                f"{field}.start": each.start.astype(np.uint32),
                f"{field}.docs": each.docs.astype(np.int32),
                f"{field}.counts": narrow(each.counts),
                f"{field}.places": narrow(each.positions),
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
        pairs: list[np.ndarray] = []
        for field in ("summary", "text"):
            stream = self._streams[field]
            of_text, doc = _chunks_and_docs(stream)
            sizes, places = words_of.of_each(of_text)
            pairs.append(
                np.repeat(doc, sizes) * max(1, len(numbers)) + words_of.values[places]
            )
        once = np.unique(np.concatenate(pairs))
        counts = np.bincount(once % max(1, len(numbers)), minlength=len(numbers))
        return dict(zip(numbers, counts.tolist(), strict=False))

    def _telling_terms(self) -> dict[str, np.ndarray]:
        """Return the most telling terms of each document, a row a document, from which
        the second look starts; a short row is filled up with a term that is none."""
        terms = len(self.terms)
        keys, counts, weights = [], [], []
        for field, each in self.postings.items():
            weight, b = FIELDS[field]
            used = each.lengths[each.lengths > 0]
            average = float(used.mean()) if len(used) else 1.0
            norm = weight / (1.0 - b + b * each.lengths / average)
            term = np.repeat(np.arange(terms), np.diff(each.start))
            keys.append(each.docs * max(1, terms) + term)
            counts.append(each.counts if field in PROSE else each.counts * 0)
            weights.append(each.counts * norm[each.docs])
        key = np.concatenate(keys)
        order = np.argsort(key, kind="stable")
        key = key[order]
        first = np.flatnonzero(np.diff(key, prepend=-1))
        doc, term = np.divmod(key[first], max(1, terms))
        frequency = _sums(np.concatenate(weights)[order], first)
        impact = (K1 + 1) * frequency / (frequency + K1)
        count = _sums(np.concatenate(counts)[order], first)
        size = np.bincount(doc, weights=count, minlength=self.count)[doc]
        documents = np.bincount(term, minlength=terms)
        share = count / np.maximum(size, 1)
        value = share * np.log1p(self.count / documents)[term]
        order = np.lexsort((term, -value, doc))
        doc, term = doc[order], term[order]
        column = np.arange(len(doc)) - np.searchsorted(doc, np.arange(self.count))[doc]
        kept = column < TELLING
        place = doc[kept], column[kept]
        rows = np.full((self.count, TELLING), terms, dtype=np.uint32)
        rows[place] = term[kept]
        shares = np.zeros((self.count, TELLING), dtype=np.float32)
        shares[place] = share[order][kept]
        impacts = np.zeros((self.count, TELLING), dtype=np.float32)
        impacts[place] = impact[order][kept]
        return {
            "telling.terms": rows,
            "telling.shares": shares[:, : TELLING // 2],
            # Saturated, before rarity: close enough for a second look.
            "telling.impacts": impacts,
            "terms.documents": documents.astype(np.uint32),
        }


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))


def _sums(values: np.ndarray, first: np.ndarray) -> np.ndarray:
    return np.add.reduceat(values, first) if len(first) else values[:0]


def _in_order(texts: list[bytes]) -> tuple[list[bytes], np.ndarray]:
    """Return texts in order, and the place in it of each."""
    order = sorted(range(len(texts)), key=texts.__getitem__)
    place_of = np.empty(len(texts), dtype=np.int64)
    place_of[order] = np.arange(len(texts))
    return [texts[n] for n in order], place_of


def _chunks_and_docs(stream: _Stream) -> tuple[np.ndarray, np.ndarray]:
    chunk = np.frombuffer(stream.chunks, dtype=np.uint32).astype(np.int64)
    ends = np.frombuffer(stream.ends, dtype=np.uint32).astype(np.int64)
    return chunk, np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))


def _invert(
    stream: _Stream,
    tokens: Ragged,
    offsets: np.ndarray,
    widths: np.ndarray,
    terms: int,
) -> FieldPostings:
    chunk, doc = _chunks_and_docs(stream)
    ends = np.frombuffer(stream.ends, dtype=np.uint32).astype(np.int64)
    # Places are counted from the first chunk of the document.
    place = starts_of(widths[chunk])
    first_of_doc = place[np.concatenate([[0], ends[:-1]])] if len(ends) else ends
    sizes, where = tokens.of_each(chunk)
    term = tokens.values[where]
    position = np.repeat(place[:-1] - first_of_doc[doc], sizes) + offsets[where]
    doc = np.repeat(doc, sizes)
    lengths = np.bincount(doc, minlength=len(ends))
    order = np.argsort(term, kind="stable")
    term, doc, position = term[order], doc[order], position[order]
    first = np.flatnonzero(
        np.diff(term, prepend=-1).astype(bool) | np.diff(doc, prepend=-1).astype(bool)
    )
    return FieldPostings(
        start=np.searchsorted(term[first], np.arange(terms + 1)),
        docs=doc[first],
        counts=np.diff(first, append=len(term)),
        positions=position,
        lengths=lengths,
    )


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
