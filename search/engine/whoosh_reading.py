"""One generation of the index, opened: what each search reads until a commit.

Scores come from the arrays beside Whoosh's files; cards and texts from Whoosh's columns,
mapped too. Whoosh's own reader is left out: it reads every file whole, which is a third
of a second and 400 MB a process for 100,000 documents.
"""

from __future__ import annotations

import logging
import threading
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from search.engine import SearchUnavailable
from search.engine.array_file import Arrays, read_arrays
from search.engine.cards import Body, Card, body_of, card_of, document_of
from search.engine.near import form_hash
from search.engine.scheme import FIELDS
from search.engine.segment import Gathering
from search.engine.whoosh_files import (
    StoredColumns,
    arrays_path,
    read_stored,
    read_toc,
)
from search.engine.whoosh_schema import LENGTHS

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
        self, folder: Path, segment: Any, offset: int, kept: dict[str, Any]
    ) -> None:
        self.offset = offset
        self.kept = kept
        self.name: str = segment.segment_id()
        self.size: int = segment.doc_count_all()
        if "stored" not in kept:
            kept["stored"] = StoredColumns(folder, segment)
        self._stored: StoredColumns = kept["stored"]
        self._cards: dict[int, Card] = kept.setdefault("cards", {})
        self._numbers: dict[bytes, int] = kept.setdefault("numbers", {})
        if "arrays" not in kept:
            kept["arrays"] = self._open_arrays(folder, segment)
        self.arrays: Arrays = kept["arrays"]
        self._terms = self.arrays["terms"].data
        self._term_starts = self.arrays["terms.start"]
        self.starts = {field: self.arrays[f"{field}.start"] for field in FIELDS}
        self.is_alive: np.ndarray | None = None  # None: nothing is struck out

    def _open_arrays(self, folder: Path, segment: Any) -> Arrays:
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
        sizes: dict[str, list[int]] = {"card": [0], "body": [0]}
        for card, body in read_stored(folder, segment):
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

    def _read(self, column: str, doc: int) -> bytes:
        start = self.arrays[f"{column}.start"]
        return self._stored.read(column, int(start[doc]), int(start[doc + 1]))

    def card(self, doc: int) -> Card:
        found = self._cards.get(doc)
        if found is None:
            found = card_of(self._read("card", doc))
            if len(self._cards) > _MOST_CARDS:
                self._cards.clear()
            self._cards[doc] = found
        return found

    def body(self, doc: int) -> Body:
        return body_of(self._read("body", doc))

    def documents_of(self, key: str) -> list[int]:
        """Return the documents of a key that are not struck out: one, or none."""
        hashes = self.arrays["keys.hashes"]
        wanted = np.uint32(form_hash(key))
        first, last = hashes.searchsorted(wanted), hashes.searchsorted(wanted, "right")
        return [
            doc
            for doc in self.arrays["keys.docs"][first:last].tolist()
            if self.card(doc).key == key
            and (self.is_alive is None or self.is_alive[doc])
        ]


class Reading:
    """The segments of one generation, their documents numbered through.

    All methods want `lock` held: what is made once is made without another.
    """

    def __init__(self, folder: Path, known: Reading | None = None) -> None:
        """Open the newest generation; segments that `known` had are not read again."""
        self.lock = threading.RLock()
        self.is_closed = False
        with at_the_door("opening", retried=True):
            before = {leaf.name: leaf.kept for leaf in known.leaves} if known else {}
            self.leaves: list[Leaf] = []
            self.size = 0
            for segment in read_toc(folder).segments:
                kept = before.get(segment.segment_id(), {})
                leaf = Leaf(folder, segment, self.size, kept)
                deleted = list(segment.deleted_docs())
                if deleted:
                    leaf.is_alive = np.ones(leaf.size, dtype=bool)
                    leaf.is_alive[deleted] = False
                self.leaves.append(leaf)
                self.size += leaf.size
            self.alive = np.ones(self.size, dtype=bool)
            for leaf in self.leaves:
                if leaf.is_alive is not None:
                    self.alive[leaf.offset : leaf.offset + leaf.size] = leaf.is_alive
        self.count = int(self.alive.sum())

    def close(self) -> None:
        """Let go of the files: what is mapped goes with the last that refers to it."""
        with self.lock:
            self.is_closed = True
            self.leaves = []

    def living(self) -> np.ndarray:
        """Return the numbers of all documents that are not struck out."""
        return np.flatnonzero(self.alive)

    def average_length(self, field: str) -> float:
        """Return how many terms a document has in a field, if it has any."""
        total, documents = 0.0, 0
        for leaf in self.leaves:
            of_leaf, having = leaf.arrays.about["lengths"][field]
            if leaf.is_alive is not None and having:
                # Lengths are kept rounded up, so only their share is taken off.
                rounded = LENGTHS[leaf.arrays[f"{field}.lengths"]]
                living = rounded[leaf.is_alive]
                of_leaf *= float(living.sum() / rounded.sum())
                having = int(np.count_nonzero(living))
            total, documents = total + of_leaf, documents + having
        return total / documents if documents and total > 0 else 1.0

    def leaf_of(self, doc: int) -> Leaf:
        for leaf in reversed(self.leaves):
            if doc >= leaf.offset:
                return leaf
        raise IndexError(doc)

    def card(self, doc: int) -> Card:
        leaf = self.leaf_of(doc)
        return leaf.card(doc - leaf.offset)

    def cards(self, docs: Iterable[int]) -> list[Card]:
        if len(self.leaves) != 1:
            return [self.card(doc) for doc in docs]
        card = self.leaves[0].card
        return [card(doc) for doc in docs]

    def body(self, doc: int) -> Body:
        leaf = self.leaf_of(doc)
        return leaf.body(doc - leaf.offset)

    def order(self, name: str) -> np.ndarray:
        """Return the place of each document in an order, "order" or "titles"."""
        if len(self.leaves) == 1:
            return self.leaves[0].arrays[f"{name}.rank"]
        if self.leaves:
            docs = [leaf.arrays[name] + leaf.offset for leaf in self.leaves]
            keys = [leaf.arrays[f"{name}.keys"] for leaf in self.leaves]
            # Each is in order already, which a stable sort makes use of.
            joined = np.argsort(np.concatenate(keys), kind="stable")
            in_order = np.concatenate(docs)[joined]
        else:
            in_order = np.empty(0, dtype=np.uint32)
        rank = np.empty(self.size, dtype=np.uint32)
        rank[in_order] = np.arange(self.size)
        return rank
