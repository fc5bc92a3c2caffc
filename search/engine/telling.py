"""The most telling terms of each document, from which the second look starts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from search.engine.array_file import narrow
from search.engine.postings import FieldPostings
from search.engine.scheme import FIELDS, K1, PROSE

# So many terms of a document tell what it is about.
TELLING = 48
# Documents that are looked at together, so that the work needs little memory.
_BLOCK = 4_096


class _Block(NamedTuple):
    """The terms of some documents: each once a document, documents ascending."""

    first: int  # of the documents
    docs: np.ndarray  # counted from `first`
    terms: np.ndarray
    counts: np.ndarray  # how often each stands in running text
    sizes: np.ndarray  # terms in the running text of each document
    impacts: np.ndarray


def telling_arrays(
    postings: Mapping[str, FieldPostings], documents: int, terms: int
) -> dict[str, np.ndarray]:
    """Return the most telling terms of each document, a row a document; a short row is
    filled up with a term that is none. `terms.documents` are those that have a term."""
    blocks = list(_blocks(postings, documents, terms))
    having = np.zeros(terms, dtype=np.int64)
    for block in blocks:
        having += np.bincount(block.terms, minlength=terms)
    rarity = np.log1p(documents / np.maximum(having, 1))
    telling = np.zeros((documents, TELLING * 2 + TELLING // 2), dtype=np.uint32)
    rows, impacts, shares = read_telling(telling)
    rows[:] = terms
    for block in blocks:
        share = block.counts / np.maximum(block.sizes, 1)[block.docs]
        value = share * rarity[block.terms]
        order = np.lexsort((block.terms, -value, block.docs))
        doc = block.docs[order]
        column = np.arange(len(doc)) - np.searchsorted(doc, doc)
        kept = column < TELLING
        order, column = order[kept], column[kept]
        row = doc[kept].astype(np.int64) + block.first
        rows[row, column] = block.terms[order]
        # Saturated, before rarity: close enough for a second look.
        impacts[row, column] = block.impacts[order]
        left = column < TELLING // 2
        shares[row[left], column[left]] = share[order[left]]
    return {
        "telling": telling,
        "terms.documents": having.astype(np.uint32),
    }


def read_telling(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the terms of rows of "telling", what each adds when the document is found
    by it, and, of the first half of them, what share each has in its text. They stand
    together, so that a document is fetched once."""
    numbers = rows.view(np.float32)
    return (
        rows[:, :TELLING],
        numbers[:, TELLING : 2 * TELLING],
        numbers[:, 2 * TELLING :],
    )


def _blocks(
    postings: Mapping[str, FieldPostings], documents: int, terms: int
) -> Iterator[_Block]:
    norms = {}
    for field, each in postings.items():
        weight, b = FIELDS[field]
        used = each.lengths[each.lengths > 0]
        average = float(used.mean()) if len(used) else 1.0
        norms[field] = weight / (1.0 - b + b * each.lengths / average)
    term_of = {
        field: np.repeat(np.arange(terms, dtype=np.int32), np.diff(each.start))
        for field, each in postings.items()
    }
    for first in range(0, documents, _BLOCK):
        size = min(_BLOCK, documents - first)
        keys, counts, weights = [], [], []
        for field, each in postings.items():
            here = ((each.docs >= first) & (each.docs < first + size)).nonzero()[0]
            docs, count = each.docs[here].astype(np.int64), each.counts[here]
            keys.append((docs - first) * max(1, terms) + term_of[field][here])
            counts.append(count.astype(np.int64) if field in PROSE else count * 0)
            weights.append(count * norms[field][docs])
        key = np.concatenate(keys)
        order = np.argsort(key, kind="stable")
        key = key[order]
        starts = np.flatnonzero(np.diff(key, prepend=-1))
        doc, term = np.divmod(key[starts], max(1, terms))
        frequency = _sums(np.concatenate(weights)[order], starts)
        count = _sums(np.concatenate(counts)[order], starts)
        yield _Block(
            first,
            doc.astype(np.uint16),
            term.astype(np.int32),
            narrow(count),
            np.bincount(doc, weights=count, minlength=size),
            ((K1 + 1) * frequency / (frequency + K1)).astype(np.float32),
        )


def _sums(values: np.ndarray, first: np.ndarray) -> np.ndarray:
    return np.add.reduceat(values, first) if len(first) else values[:0]
