"""How well documents fit a query: BM25F over the fields, in arrays.

Frequencies are joined over the fields before they saturate. Adding up a score a
field instead, the usual way with Whoosh, costs a tenth of the relevance.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from search.engine.concepts import MOST_TERMS, Concept
from search.engine.scheme import FIELDS, K1
from search.engine.text import chunks
from search.engine.whoosh_reading import Leaf, Reading
from search.engine.whoosh_schema import LENGTHS
from search.engine.whoosh_terms import chunk_terms

# A document is let go if all it has of the query are words that more documents than
# this have, and less of the query than a share of what the best one has. The share
# falls with the words: of a question of ten words a good document has few.
COMMON_WORD = 50
LEAST_SHARE = 0.4
SHARED_WORDS = 1.2
# Some 64 MB of impacts; a term used again is free, another costs its arithmetic.
_MOST_IMPACTS = 4_000_000

# Documents, ascending, and a number for each.
Impact = tuple[np.ndarray, np.ndarray]
_NO_IMPACT = (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float64))


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a query each document has, of all documents."""

    covered: np.ndarray
    has_rare: np.ndarray  # a word that few have
    whole: float
    words: int

    def lift(self, docs: np.ndarray) -> np.ndarray:
        """Return by what factor having more of the query lifts each document.

        Who types two words means both; in a question of fifteen words a strong factor
        makes the order worse (Cranfield: 1.0 costs .007 nDCG).
        """
        factor = (0.2 + 1.2 / self.words) / self.whole if self.whole else 1.0
        lifted: np.ndarray = 1.0 + self.covered[docs] * factor
        return lifted

    def worth_showing(self) -> np.ndarray:
        """Return which documents have enough of the query, measured by the best one."""
        share = min(LEAST_SHARE, SHARED_WORDS / self.words)
        least = float(self.covered.max(initial=0.0)) * share
        enough = self.covered >= least if least else self.covered > 0
        enough |= self.has_rare
        return enough.nonzero()[0]


class Ranking:
    """The scores of one reading. Its lock must be held."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        # Field: what a count is worth in a document of each length, by its byte.
        self._norms = {name: self._norm(name) for name in FIELDS}
        self._impacts: OrderedDict[str, Impact] = OrderedDict()
        self._impacts_held = 0

    def _norm(self, field: str) -> np.ndarray:
        weight, b = FIELDS[field]
        average = self.reading.average_length(field)
        norm: np.ndarray = weight / (1.0 - b + b * LENGTHS.astype(float) / average)
        return norm

    def impact(self, term: str) -> Impact:
        """Return the documents of a term, and what it adds to the score of each."""
        found = self._impacts.get(term)
        if found is not None:
            self._impacts.move_to_end(term)
            return found
        found = self._make_impact(term.encode("utf-8", "replace"))
        self._impacts[term] = found
        self._impacts_held += len(found[0]) + 8
        while self._impacts_held > _MOST_IMPACTS:
            _, dropped = self._impacts.popitem(last=False)
            self._impacts_held -= len(dropped[0]) + 8
        return found

    def _make_impact(self, term: bytes) -> Impact:
        docs_of, counts_of = [], []
        for leaf in self.reading.leaves:
            number = leaf.term_number(term)
            if number >= 0:
                docs, counts = self._frequencies(leaf, number)
                if leaf.is_alive is not None:
                    living = leaf.is_alive[docs]
                    docs, counts = docs[living], counts[living]
                docs_of.append(docs + leaf.offset if leaf.offset else docs)
                counts_of.append(counts)
        if not docs_of:
            return _NO_IMPACT
        docs, counts = np.concatenate(docs_of), np.concatenate(counts_of)
        impact = self.rarity(len(docs)) * (K1 + 1.0) * counts / (counts + K1)
        # Wide on purpose: to widen them at each sum costs ten times the sum.
        return docs.astype(np.int64), impact.astype(np.float64)

    def rarity(self, documents: int) -> float:
        """Return how telling a term of so many documents is (BM25's idf)."""
        return math.log1p((self.reading.count - documents + 0.5) / (documents + 0.5))

    def _frequencies(self, leaf: Leaf, number: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the documents of a term and its weighed frequency, over all fields."""
        found = []
        for field, norm in self._norms.items():
            docs, counts = leaf.postings(field, number)
            if len(docs):
                docs = docs.astype(np.int64)
                lengths = leaf.arrays[f"{field}.lengths"][docs]
                found.append((docs, counts * norm[lengths]))
        if len(found) == 1:
            return found[0]
        every = np.concatenate([docs for docs, _ in found])
        weights = np.concatenate([counts for _, counts in found])
        if len(every) * 16 < leaf.size:
            docs, place = np.unique(every, return_inverse=True)
            return docs, np.bincount(place, weights=weights)
        frequencies = np.bincount(every, weights=weights, minlength=leaf.size)
        docs = (frequencies > 0).nonzero()[0]
        return docs, frequencies[docs]

    def is_known(self, term: str) -> bool:
        return len(self.impact(term)[0]) > 0

    def scores(self, terms: Iterable[tuple[str, float]]) -> np.ndarray:
        """Return a score for each document; 0 where no term stands."""
        docs_of, impacts_of = [], []
        for term, weight in terms:
            docs, impact = self.impact(term)
            docs_of.append(docs)
            impacts_of.append(impact if weight == 1.0 else impact * weight)
        return self._sum(docs_of, np.concatenate(impacts_of) if impacts_of else None)

    def _sum(self, docs_of: list[np.ndarray], weights: np.ndarray | None) -> np.ndarray:
        size = self.reading.size
        if not docs_of:
            return np.zeros(size)
        return np.bincount(np.concatenate(docs_of), weights=weights, minlength=size)

    def coverage(self, concepts: Sequence[Concept]) -> Coverage:
        """Return how much of the query each document has; rare words are more of it."""
        has_rare = np.zeros(self.reading.size, dtype=bool)
        docs_of: list[np.ndarray] = []
        rarities: list[float] = []
        for concept in concepts:
            docs = self._docs_of(concept)
            if len(docs):
                docs_of.append(docs)
                rarities.append(math.log1p(self.reading.count / len(docs)))
                if len(docs) <= COMMON_WORD:
                    has_rare[docs] = True
        telling = sum(concept.is_telling for concept in concepts)
        sizes = [len(docs) for docs in docs_of]
        covered = self._sum(docs_of, np.array(rarities).repeat(sizes))
        return Coverage(covered, has_rare, sum(rarities), max(1, telling))

    def _docs_of(self, concept: Concept) -> np.ndarray:
        """Return the documents that have a concept, not only small parts of it."""
        if len(concept.terms) == 1:
            term, weight = concept.terms[0]
            return self.impact(term)[0] if weight == 1 else _NO_IMPACT[0]
        lists = [self.impact(term)[0] for term, weight in concept.terms if weight == 1]
        small = [term for term, weight in concept.terms if weight < 1]
        if len(lists) == 1 and len(small) > 1:
            # "5-HT" stands in "5-HT2A" too: all its parts will do.
            found = self.impact(small[0])[0]
            for term in small[1:]:
                found = np.intersect1d(found, self.impact(term)[0], assume_unique=True)
            lists.append(found)
        if not lists:
            return _NO_IMPACT[0]
        return lists[0] if len(lists) == 1 else np.unique(np.concatenate(lists))

    def containing(self, phrase: str) -> np.ndarray:
        """Return which documents contain the words of a phrase one after the other."""
        terms = [s for chunk in chunks(phrase) for s in chunk_terms(chunk).stems]
        terms = terms[:MOST_TERMS]
        mask = np.zeros(self.reading.size, dtype=bool)
        if len(terms) == 1:
            mask[self.impact(terms[0])[0]] = True
            return mask
        for leaf in self.reading.leaves:
            numbers = [leaf.term_number(t.encode("utf-8", "replace")) for t in terms]
            if min(numbers, default=-1) >= 0:
                for field in FIELDS:
                    mask[leaf.offset + _in_order(leaf, field, numbers)] = True
        return mask & self.reading.alive


def _in_order(leaf: Leaf, field: str, numbers: Sequence[int]) -> np.ndarray:
    """Return the documents in which these terms stand one after the other."""
    starts = leaf.starts[field]
    sizes = [int(starts[number + 1]) - int(starts[number]) for number in numbers]
    # The rarest first: no list is gone through that need not be.
    order = sorted(range(len(numbers)), key=sizes.__getitem__)
    if not sizes[order[0]]:
        return np.empty(0, dtype=np.int64)
    first = leaf.places(field, numbers[order[0]]) - order[0]
    for step in order[1:]:
        places = leaf.places(field, numbers[step]) - step
        at = np.minimum(np.searchsorted(places, first), len(places) - 1)
        first = first[places[at] == first]
        if not len(first):
            break
    return first >> 32
