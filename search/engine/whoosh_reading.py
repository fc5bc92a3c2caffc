"""One generation of the index, opened: what each search reads until a commit.

Scores come from the arrays beside Whoosh's files; cards and texts from Whoosh's columns.
Private attributes of Whoosh are read here; 2.7.4 is its last version and pinned.
"""

from __future__ import annotations

import logging
import threading
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import index as whoosh_index

from search.engine import SearchUnavailable
from search.engine.array_file import Arrays, read_arrays
from search.engine.cards import Body, Card, body_of, card_of, document_of
from search.engine.scheme import FIELDS
from search.engine.segment import Gathering
from search.engine.whoosh_files import arrays_path
from search.engine.whoosh_schema import BODIES, CARDS, LENGTHS

log = logging.getLogger(__name__)

# Cards kept ready of each segment, a kilobyte each.
_MOST_CARDS = 20_000
_MOST_NUMBERS = 50_000


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


class Leaf:
    """A segment: it never changes, but for documents struck out of it.

    `kept` is for what is made of its documents once, and outlives a generation.
    """

    def __init__(
        self, folder: Path, reader: Any, offset: int, kept: dict[str, Any]
    ) -> None:
        self.reader = reader
        self.offset = offset
        self.kept = kept
        self.name: str = reader.segment().segment_id()
        self.size: int = reader.doc_count_all()
        self._columns: dict[str, Any] = {}
        self._cards: dict[int, Card] = kept.setdefault("cards", {})
        self._numbers: dict[bytes, int] = kept.setdefault("numbers", {})
        if "arrays" not in kept:
            kept["arrays"] = self._open_arrays(folder)
        self.arrays: Arrays = kept["arrays"]
        self._terms = self.arrays["terms"].data
        self._term_starts = self.arrays["terms.start"]
        self.starts = {field: self.arrays[f"{field}.start"] for field in FIELDS}
        self.is_alive: np.ndarray | None = None  # None: nothing is struck out

    def _open_arrays(self, folder: Path) -> Arrays:
        """Map the arrays of the segment; if they are lost, make them again from its
        documents, in memory: slow, but every answer is as before."""
        try:
            found = read_arrays(arrays_path(folder, self.name))
            if found.about["documents"] == self.size:
                return found
            reason = "they are of another segment"
        except (OSError, ValueError, KeyError, TypeError) as error:
            reason = str(error)
        log.error(
            "The arrays of segment %s cannot be used (%s). Every process has to make"
            " them again: run python manage.py search_index rebuild",
            self.name,
            reason,
        )
        gathering = Gathering()
        cards = self.reader._perdoc.column_reader("card", CARDS)
        bodies = self.reader._perdoc.column_reader("body", BODIES)
        sizes: dict[str, list[int]] = {"card": [0], "body": [0]}
        for doc in range(self.size):
            card, body = bytes(cards[doc]), bytes(bodies[doc])
            gathering.add(document_of(card_of(card), body_of(body)))
            sizes["card"].append(len(card))
            sizes["body"].append(len(body))
        made = gathering.finish()
        starts = {f"{name}.start": np.cumsum(each) for name, each in sizes.items()}
        return Arrays(made.about, {**made.by_name, **starts})

    def term_number(self, term: bytes) -> int:
        """Return the place of a term among the segment's, or -1."""
        place = self._numbers.get(term)
        if place is None:
            count = len(self._term_starts) - 1
            place = bisect_left(range(count), term, key=self.term_at)
            if place == count or self.term_at(place) != term:
                place = -1
            if len(self._numbers) > _MOST_NUMBERS:
                self._numbers.clear()
            self._numbers[term] = place
        return place

    def term_at(self, place: int) -> bytes:
        start, end = self._term_starts[place], self._term_starts[place + 1]
        return bytes(self._terms[start:end])

    def postings(self, field: str, number: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the documents of a term in a field and how often it stands in each."""
        first, last = self.starts[field][number], self.starts[field][number + 1]
        docs: np.ndarray = self.arrays[f"{field}.docs"][first:last]
        return docs, self.arrays[f"{field}.counts"][first:last]

    def places(self, field: str, number: int) -> np.ndarray:
        """Return where a term stands: document × 2³² + place, in order."""
        docs, counts = self.postings(field, number)
        starts = self.arrays[f"{field}.places_start"]
        places = self.arrays[f"{field}.places"][starts[number] : starts[number + 1]]
        return (np.repeat(docs.astype(np.int64), counts) << 32) + places

    def _stored(self, column: str, doc: int) -> bytes:
        if column not in self._columns:
            # Not column_reader(): it reads the size of every document first.
            self._columns[column] = self.reader._perdoc._get_column_file(column)[0]
        start = self.arrays[f"{column}.start"]
        first, last = int(start[doc]), int(start[doc + 1])
        return bytes(self._columns[column].get(first, last - first))

    def card(self, doc: int) -> Card:
        found = self._cards.get(doc)
        if found is None:
            found = card_of(self._stored("card", doc))
            if len(self._cards) > _MOST_CARDS:
                self._cards.clear()
            self._cards[doc] = found
        return found

    def body(self, doc: int) -> Body:
        return body_of(self._stored("body", doc))


class Reading:
    """The segments of one generation, their documents numbered through.

    All methods want `lock` held: Whoosh's readers are not for threads.
    """

    def __init__(self, folder: Path, known: Reading | None = None) -> None:
        """Open the newest generation; segments that `known` had are not read again."""
        self.lock = threading.RLock()
        self.is_closed = False
        with at_the_door("opening", retried=True):
            opened = whoosh_index.open_dir(str(folder))
            toc = opened._read_toc()
            # Not opened.reader(): it tries for half a second where a file is missing.
            self._reader = opened._reader(
                opened.storage, toc.schema, toc.segments, toc.generation
            )
            self.leaves = self._read_leaves(folder, known)
            self.size = sum(leaf.size for leaf in self.leaves)
            self.alive = np.ones(self.size, dtype=bool)
            for leaf in self.leaves:
                deleted = list(leaf.reader.segment().deleted_docs())
                if deleted:
                    self.alive[leaf.offset + np.array(deleted)] = False
                    leaf.is_alive = self.alive[leaf.offset : leaf.offset + leaf.size]
        self.count = int(self.alive.sum())

    def _read_leaves(self, folder: Path, known: Reading | None) -> list[Leaf]:
        before = {leaf.name: leaf.kept for leaf in known.leaves} if known else {}
        return [
            Leaf(folder, reader, offset, before.get(reader.segment().segment_id(), {}))
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

    def average_length(self, field: str) -> float:
        """Return how many terms a document has in a field, if it has any."""
        total, documents = 0.0, 0
        for leaf in self.leaves:
            of_leaf, having = leaf.arrays.about["lengths"][field]
            total, documents = total + of_leaf, documents + having
            if leaf.is_alive is not None:
                gone = LENGTHS[leaf.arrays[f"{field}.lengths"][~leaf.is_alive]]
                total -= float(gone.sum())
                documents -= int(np.count_nonzero(gone))
        return total / documents if documents and total > 0 else 1.0

    def leaf_of(self, doc: int) -> Leaf:
        for leaf in reversed(self.leaves):
            if doc >= leaf.offset:
                return leaf
        raise IndexError(doc)

    def card(self, doc: int) -> Card:
        leaf = self.leaf_of(doc)
        return leaf.card(doc - leaf.offset)

    def body(self, doc: int) -> Body:
        leaf = self.leaf_of(doc)
        return leaf.body(doc - leaf.offset)

    def order(self, name: str) -> np.ndarray:
        """Return the place of each document in an order, "order" or "titles"."""
        if len(self.leaves) == 1:
            in_order = self.leaves[0].arrays[name]
        elif self.leaves:
            docs = [leaf.arrays[name] + leaf.offset for leaf in self.leaves]
            keys = [leaf.arrays[f"{name}.keys"] for leaf in self.leaves]
            # Each is in order already, which a stable sort makes use of.
            joined = np.argsort(np.concatenate(keys), kind="stable")
            in_order = np.concatenate(docs)[joined]
        else:
            in_order = np.empty(0, dtype=np.uint32)
        rank = np.empty(self.size, dtype=np.int64)
        rank[in_order] = np.arange(self.size)
        return rank
