"""One generation of the Whoosh index, opened: what each search reads until a commit.

Whoosh's files stay Whoosh's, only its scoring loop is not used: a posting list is
decoded once into arrays, which is 60 to 180 times faster (docs/search.md). Private
attributes of Whoosh are read here; 2.7.4 is its last version and pinned.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import index as whoosh_index
from whoosh.codec.whoosh3 import LENGTHS_COLUMN
from whoosh.reading import TermNotFound
from whoosh.util.numeric import byte_to_length

from search.engine import SearchUnavailable
from search.engine.whoosh_schema import CARDS, Card, card_of

_LENGTH_OF_BYTE = np.array([byte_to_length(n) for n in range(256)], dtype=np.float32)
_NO_DOCS = np.empty(0, dtype=np.int32)
_NO_WEIGHTS = np.empty(0, dtype=np.float32)
# Some 64 MB of decoded postings; a term used again is free, the rest costs decoding.
_MOST_POSTINGS = 8_000_000


@contextmanager
def at_the_door(doing: str, *, retried: bool = False) -> Iterator[None]:
    """Turn whatever Whoosh raises into SearchUnavailable.

    Broad on purpose: a cut file shows as EOFError, TypeError, UnpicklingError,
    struct.error and others. With `retried`, a file that a merge took away is left to
    the caller, who opens the index again.
    """
    try:
        yield
    except SearchUnavailable:
        raise
    except Exception as error:
        if retried and isinstance(error, FileNotFoundError):
            raise
        raise SearchUnavailable(
            f"The search index is damaged ({doing}: {type(error).__name__} {error})."
            " Run: python manage.py search_index rebuild"
        ) from error


class Postings:
    """The documents of a term, ascending, and how often it stands in each."""

    __slots__ = ("counts", "docs")

    def __init__(self, docs: np.ndarray, counts: np.ndarray) -> None:
        self.docs = docs
        self.counts = counts


class Leaf:
    """A segment: it never changes, but for documents struck out of it.

    `kept` is for what is made of its documents once, and outlives a generation.
    """

    def __init__(self, reader: Any, offset: int, kept: dict[str, Any]) -> None:
        self.reader = reader
        self.offset = offset
        self.kept = kept
        self.name: str = reader.segment().segment_id()
        self.size: int = reader.doc_count_all()
        if "cards" not in kept:
            column = reader._perdoc.column_reader("card", CARDS)
            kept["cards"] = [card_of(column[n]) for n in range(self.size)]
        self.cards: list[Card] = kept["cards"]

    def word_counts(self) -> dict[str, int]:
        """Return in how many documents each word stands, as written."""
        counts: dict[str, int] = self.kept.setdefault("words", {})
        terms = self.reader._terms
        if not counts and "words" in terms.indexed_field_names():
            for (name, term), info in terms.items_from("words", b""):
                if name != "words":
                    break
                counts[bytes(term).decode()] = info.doc_frequency()
        return counts

    def blocks(self, field: str, term: bytes) -> Iterator[Any]:
        """Yield Whoosh's matcher at each block of a posting list."""
        try:
            matcher = self.reader._terms.matcher(
                field, term, self.reader.schema[field].format
            )
        except TermNotFound:
            return
        while matcher.is_active():
            matcher._read_ids()
            yield matcher
            matcher._next_block()


class Reading:
    """All methods that touch Whoosh want `lock` held: its readers are not for threads
    (8 threads on one searcher gave wrong answers)."""

    def __init__(self, folder: Path, known: Reading | None = None) -> None:
        """Open the newest generation; segments that `known` had are not read again."""
        self.lock = threading.RLock()
        self.is_closed = False
        self._postings: OrderedDict[tuple[str, str], Postings] = OrderedDict()
        self._postings_held = 0
        with at_the_door("opening", retried=True):
            opened = whoosh_index.open_dir(str(folder))
            toc = opened._read_toc()
            # Not opened.reader(): it tries for half a second where a file is missing.
            self._reader = opened._reader(
                opened.storage, toc.schema, toc.segments, toc.generation
            )
            self.leaves = self._read_leaves(known)
            self.size = sum(leaf.size for leaf in self.leaves)
            self.alive = np.ones(self.size, dtype=bool)
            for leaf in self.leaves:
                for deleted in leaf.reader.segment().deleted_docs():
                    self.alive[leaf.offset + deleted] = False
        self.has_deletions = not self.alive.all()
        self.count = int(self.alive.sum())
        self.cards: list[Card] = [card for leaf in self.leaves for card in leaf.cards]

    def _read_leaves(self, known: Reading | None) -> list[Leaf]:
        before = {leaf.name: leaf.kept for leaf in known.leaves} if known else {}
        return [
            Leaf(reader, offset, before.get(reader.segment().segment_id(), {}))
            for reader, offset in self._reader.leaf_readers()
            if hasattr(reader, "_perdoc")  # an index without a document has none
        ]

    def close(self) -> None:
        with self.lock:
            if not self.is_closed:
                self.is_closed = True
                self._reader.close()

    def living(self) -> np.ndarray:
        """Return the numbers of all documents that are not struck out."""
        return np.flatnonzero(self.alive)

    def postings(self, field: str, term: str) -> Postings:
        found = self._postings.get((field, term))
        if found is not None:
            self._postings.move_to_end((field, term))
            return found
        found = self._decode(field, term.encode("utf-8", "replace"))
        self._postings[field, term] = found
        self._postings_held += len(found.docs) + 8
        while self._postings_held > _MOST_POSTINGS:
            _, dropped = self._postings.popitem(last=False)
            self._postings_held -= len(dropped.docs) + 8
        return found

    def _decode(self, field: str, term: bytes) -> Postings:
        numbers: list[np.ndarray] = []
        counts: list[np.ndarray] = []
        with at_the_door("reading postings", retried=True):
            for leaf in self.leaves:
                for block in leaf.blocks(field, term):
                    block._read_weights()
                    docs = np.fromiter(block._ids, dtype=np.int32)
                    numbers.append(docs + np.int32(leaf.offset))
                    counts.append(np.fromiter(block._weights, dtype=np.float32))
        if not numbers:
            return Postings(_NO_DOCS, _NO_WEIGHTS)
        docs, weights = np.concatenate(numbers), np.concatenate(counts)
        if self.has_deletions:
            kept = self.alive[docs]
            docs, weights = docs[kept], weights[kept]
        return Postings(docs, weights)

    def positions(self, field: str, term: str) -> dict[int, list[int]]:
        """Return where a term stands in each document, struck-out ones included."""
        found: dict[int, list[int]] = {}
        encoded = term.encode("utf-8", "replace")
        with at_the_door("reading positions", retried=True):
            for leaf in self.leaves:
                decode = leaf.reader.schema[field].format.decode_positions
                for block in leaf.blocks(field, encoded):
                    block._read_values()
                    for doc, value in zip(block._ids, block._values, strict=True):
                        found[leaf.offset + doc] = decode(value)
        return found

    def lengths(self, field: str) -> np.ndarray:
        """Return how many terms each document has in a field, as Whoosh rounds it."""
        lengths = np.zeros(self.size, dtype=np.float32)
        name = f"_{field}_len"
        with at_the_door("reading lengths", retried=True):
            for leaf in self.leaves:
                perdoc = leaf.reader._perdoc
                if not perdoc.has_column(name):
                    continue
                column = perdoc.column_reader(name, LENGTHS_COLUMN)
                written = min(column._count, leaf.size)
                raw = column._dbfile.get(column._basepos, written)
                values = _LENGTH_OF_BYTE[np.frombuffer(raw, dtype=np.uint8)]
                lengths[leaf.offset : leaf.offset + written] = values
        return lengths

    def values(self, field: str) -> list[tuple[str, np.ndarray]]:
        """Return each value of a field and the documents that have it."""
        values: set[str] = set()
        with at_the_door("reading values", retried=True):
            for leaf in self.leaves:
                if field in leaf.reader._terms.indexed_field_names():
                    for name, term in leaf.reader._terms.terms_from(field, b""):
                        if name != field:
                            break
                        values.add(bytes(term).decode())
        found = ((value, self.postings(field, value).docs) for value in sorted(values))
        return [(value, docs) for value, docs in found if len(docs)]

    def word_counts(self) -> dict[str, int]:
        counts: Counter[str] = Counter()
        with at_the_door("reading words", retried=True):
            for leaf in self.leaves:
                counts.update(leaf.word_counts())
        return counts

    def body(self, doc: int) -> tuple[Any, ...]:
        """Return summary, text, tags, tag slugs and regions of a document."""
        with at_the_door("reading a document", retried=True):
            for leaf in reversed(self.leaves):
                if doc >= leaf.offset:
                    stored = leaf.reader._perdoc.stored_fields(doc - leaf.offset)
                    return stored["body"]
        raise IndexError(doc)
