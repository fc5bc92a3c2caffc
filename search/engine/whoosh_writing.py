"""Writes a segment: Whoosh's files, our arrays beside them, and sums over both.

Whoosh's own writer sorts postings one by one on disk and pickles each list of places.
Here a segment is gathered in memory (`segment.py`) and its postings are put down block
by block in Whoosh's format: the same files, ten times sooner.
"""

from __future__ import annotations

import math
import struct
from array import array
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from pickle import dumps
from typing import Any

import numpy as np
from whoosh.codec.whoosh3 import LENGTHS_COLUMN, WHOOSH3_HEADER_MAGIC
from whoosh.index import clean_files, open_dir
from whoosh.util.numeric import length_to_byte
from whoosh.writing import SegmentWriter

from search.engine import Document
from search.engine.array_file import Arrays, write_arrays
from search.engine.cards import document_of, written
from search.engine.postings import FieldPostings
from search.engine.ragged import starts_of
from search.engine.scheme import FACET_FIELDS, FIELDS
from search.engine.segment import Gathering
from search.engine.whoosh_files import arrays_path, write_sums, write_toc
from search.engine.whoosh_reading import Reading
from search.engine.whoosh_schema import BODIES, CARDS, make_codec

_BLOCK = 128
# Postings of a field that are put down together.
_POSTINGS = 100_000
# Of about equally large segments so many are joined into one.
_MOST_ALIKE = 4
_INFO = struct.Struct("!BfIBBfII")

# A term, its documents, how often it stands in each and where: None for once, nowhere.
Postings = tuple[bytes, list[int], list[int] | None, list[bytes] | None]


class Writer(SegmentWriter):
    """Takes documents; at `commit` they are in the index, or none of them is."""

    def __init__(self, folder: Path) -> None:
        self._reading = Reading(folder)
        # Whoosh's own lock is left out: the store's covers a rebuild too.
        super().__init__(open_dir(str(folder)), _lk=False, codec=make_codec())
        self.gathering = Gathering()
        self._keys: list[str] = []
        self._sizes = {"card": array("I"), "body": array("I")}

    def add(self, document: Document) -> None:
        """Add a document. Raises TypeError, and adds nothing, for what is no text."""
        card, body = written(document)
        self.gathering.add(document)
        self._keys.append(document.key)
        perdoc = self.perdocwriter
        perdoc.start_doc(self.docnum)
        for name, column, stored in (("card", CARDS, card), ("body", BODIES, body)):
            perdoc.add_column_value(name, column, stored)
            self._sizes[name].append(len(stored))
        perdoc.finish_doc()
        self.docnum += 1
        self._added = True

    def strike_out(self, key: str) -> None:
        """Remove the document of a key from what was there before."""
        for leaf in self._reading.leaves:
            for doc in leaf.documents_of(key):
                self.delete_document(leaf.offset + doc)

    def living(self, segment: Any) -> Iterator[Document]:
        """Yield the documents of a segment that are not struck out, here either."""
        for leaf in self._reading.leaves:
            if leaf.name == segment.segment_id():
                for doc in range(leaf.size):
                    if not segment.is_deleted(doc):
                        yield document_of(leaf.card(doc), leaf.body(doc))

    def commit(self) -> None:
        super().commit(mergetype=_join_alike)

    def _finalize_segment(self) -> Any:
        made = self.gathering.finish()
        finished = super()._finalize_segment()
        # After Whoosh has put its files together: it would take in ours as well.
        starts = {
            f"{name}.start": starts_of(np.array(sizes)).astype(np.uint64)
            for name, sizes in self._sizes.items()
        }
        arrays = Arrays(made.about, {**made.by_name, **starts})
        folder = self.storage.folder
        write_arrays(arrays_path(folder, finished.segment_id()), arrays)
        write_sums(folder, finished)
        return finished

    def _flush_segment(self) -> None:
        self._write_lengths()
        self.perdocwriter.close()
        self._write_postings()
        self.fieldwriter.close()

    def _write_lengths(self) -> None:
        for field, postings in self.gathering.postings.items():
            name = f"_{field}_len"
            if not postings.lengths.any():
                continue
            self.perdocwriter._create_column(name, LENGTHS_COLUMN)
            column = self.perdocwriter._get_column(name)
            for doc, length in enumerate(postings.lengths.tolist()):
                if length:
                    column.add(doc, length_to_byte(length))
            total = int(postings.lengths.sum())
            self.perdocwriter._fieldlengths[field] = total

    def _write_postings(self) -> None:
        values = dict(self.gathering.facets)
        values["key"] = [(key,) for key in self._keys]
        for field in sorted((*FIELDS, *FACET_FIELDS, "key")):
            self.fieldwriter.start_field(field, self.schema[field])
            found: Iterator[Postings]
            if field in FIELDS:
                found = _postings_of_terms(
                    self.gathering.terms, self.gathering.postings[field]
                )
            else:
                found = _postings_of_values(values[field])
            for postings in found:
                self._write_term(*postings)
            self.fieldwriter.finish_field()

    def _write_term(
        self,
        term: bytes,
        docs: list[int],
        counts: list[int] | None,
        places: list[bytes] | None,
    ) -> None:
        """Write a term's postings as `W3PostingsWriter` does; `counts` is None where
        each is 1, `places` where the field has none."""
        file = self.fieldwriter._postfile
        start = file.tell()
        written = [WHOOSH3_HEADER_MAGIC]
        for first in range(0, len(docs), _BLOCK):
            ids = docs[first : first + _BLOCK]
            deltas = (ids[0], *(b - a for a, b in pairwise(ids)))
            weights: Any = None
            most = 1.0
            if counts:
                some = counts[first : first + _BLOCK]
                most = float(max(some))
                if most > 1.0:
                    is_one = min(some) == most
                    weights = most if is_one else tuple(map(float, some))
            of_block = tuple(places[first : first + _BLOCK]) if places else None
            data = dumps((deltas, weights, of_block), 2)
            info = dumps((len(ids), ids[-1], most, 0, 0, 0), 2)
            size = len(info) + len(data)
            is_last = first + _BLOCK >= len(docs)
            written += [struct.pack("!i", -size if is_last else size), info, data]
        joined = b"".join(written)
        file.write(joined)
        key = struct.pack("!H", self.fieldwriter._fieldid) + term
        weight = float(sum(counts) if counts else len(docs))
        most = float(max(counts) if counts else 1)
        numbers = (0, weight, len(docs), 0, 0, most, docs[0], docs[-1])
        place = struct.pack("!qi", start, len(joined))
        self.fieldwriter._tindex.add(key, _INFO.pack(*numbers) + place)

    def _commit_toc(self, segments: list[Any]) -> None:
        write_toc(self.storage.folder, self.schema, segments, self.generation)
        clean_files(self.storage, self.indexname, self.generation, segments)


def _postings_of_terms(
    terms: list[bytes], postings: FieldPostings
) -> Iterator[Postings]:
    start = postings.start
    before = 0  # places of the blocks put down
    numbers = np.flatnonzero(np.diff(start))
    # Not all at once: of each posting several objects are made.
    blocks = np.flatnonzero(np.diff(start[numbers] // _POSTINGS, prepend=-1))
    for of_block in np.split(numbers, blocks[1:]):
        if not len(of_block):
            continue
        low, high = int(start[of_block[0]]), int(start[of_block[-1] + 1])
        docs = postings.docs[low:high].tolist()
        counts = postings.counts[low:high].tolist()
        place_ends = np.cumsum(postings.counts[low:high], dtype=np.int64)
        after = before + int(place_ends[-1])
        joined = postings.positions[before:after].astype("<u4").tobytes()
        before = after
        ends = (place_ends * 4).tolist()
        places = [joined[a:b] for a, b in zip([0, *ends], ends, strict=False)]
        for number in of_block.tolist():
            first, last = int(start[number]) - low, int(start[number + 1]) - low
            yield (
                terms[number],
                docs[first:last],
                counts[first:last],
                places[first:last],
            )


def _postings_of_values(
    values: list[tuple[str, ...]],
) -> Iterator[Postings]:
    docs_of: dict[bytes, list[int]] = defaultdict(list)
    for doc, of_doc in enumerate(values):
        for value in of_doc:
            docs_of[value.encode("utf-8", "replace")].append(doc)
    for term in sorted(docs_of):
        yield term, docs_of[term], None, None


def _join_alike(writer: Writer, segments: list[Any]) -> list[Any]:
    """Choose the segments that stay; put the documents of the others into the new one.

    Those of about one size are joined when there are several of them, and those of
    which half is struck out: each document is written again a few times in its life.
    """
    by_size: dict[int, list[Any]] = defaultdict(list)
    for segment in segments:
        by_size[int(math.log(max(1, segment.doc_count()), 4))].append(segment)
    kept: list[Any] = []
    for alike in by_size.values():
        joins = len(alike) >= _MOST_ALIKE
        for segment in alike:
            if joins or segment.doc_count() * 2 <= segment.doc_count_all():
                for document in writer.living(segment):
                    writer.add(document)
            else:
                kept.append(segment)
    return kept
