"""How well documents fit a query: BM25F over the fields, in arrays.

Frequencies are joined over the fields before they saturate. Adding up a score a
field instead, the usual way with Whoosh, costs a tenth of the relevance.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from kb.folding import fold
from search.engine import Query
from search.engine.text import chunks
from search.engine.whoosh_reading import Reading
from search.engine.whoosh_schema import chunk_terms

# A longer query is cut here: bounded work for any text.
MOST_TERMS = 64

K1 = 1.5
# Field: its weight, and how far length counts against it. A record with many names
# is no worse for it. Tuned on Cranfield (title, text); names follow the title.
FIELDS = {
    "title": (4.0, 0.5),
    "names": (4.0, 0.2),
    "tags": (2.0, 0.2),
    "summary": (2.0, 0.6),
    "text": (1.0, 0.75),
}
# A number or two letters out of a compound ("7" of "7-OH") say little alone.
SMALL_PART = 0.25
# Words that ask, and name nothing: "how long does kratom withdrawal last".
ASKING_WORDS = frozenset(
    "how what when where why which whom whose do does did done i im ive me my mine you"
    " your we our am can could should would will may might must much many any some"
    " about get got getting so just really very please tell last lasts".split()
)
_ASKING = 0.1
_ASKED_HOW = ("long", "often", "fast", "soon")
# A document is let go if all it has of the query are words that more documents than
# this have, and less of the query than a share of what the best one has. The share
# falls with the words: of a question of ten words a good document has few.
COMMON_WORD = 50
LEAST_SHARE = 0.4
SHARED_WORDS = 1.2
_MOST_IMPACTS = 8_000_000


@dataclass(frozen=True, slots=True)
class Concept:
    """A word of the query: its terms, each with its weight."""

    word: str
    terms: tuple[tuple[str, float], ...]

    @property
    def is_telling(self) -> bool:
        """Tell whether it names something, and does not only ask."""
        return self.terms[0][1] == 1.0


def concepts_of(words: Iterable[str]) -> list[Concept]:
    """Return the concepts of a query, without what says nothing, at most MOST_TERMS."""
    found: list[Concept] = []
    terms = 0
    for word in words:
        for chunk in chunks(word):
            whole, stems = chunk_terms(chunk)
            if not stems:
                continue
            weighted = [(whole or stems[0], 1.0)]
            if whole:
                weighted += [(stem, _part_weight(stem)) for stem in stems]
            weighted = weighted[: MOST_TERMS - terms]
            terms += len(weighted)
            if weighted:
                found.append(Concept(chunk, tuple(weighted)))
    return _asking_less(found)


def _asking_less(concepts: list[Concept]) -> list[Concept]:
    """Let the words that only ask count little, beside others."""
    words = [fold(concept.word) for concept in concepts]
    asks = [
        word in ASKING_WORDS or (word in _ASKED_HOW and before == "how")
        for before, word in zip(["", *words], words, strict=False)
    ]
    if all(asks):
        return concepts
    return [
        Concept(concept.word, ((concept.terms[0][0], SMALL_PART),))
        if asking
        else concept
        for concept, asking in zip(concepts, asks, strict=True)
    ]


def _part_weight(part: str) -> float:
    return SMALL_PART if len(part) < 3 or not part.isalpha() else 1.0


def join_numbers(concepts: Sequence[Concept]) -> list[tuple[str, float]]:
    """Return compounds that were typed apart: "7 oh" may mean "7oh"."""
    plain = [c.terms[0][0] if len(c.terms) == 1 else "" for c in concepts]
    return [
        (first + second, 1.0)
        for first, second in pairwise(plain)
        if first and second and (first.isdigit() or second.isdigit())
    ]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a query each document has."""

    covered: np.ndarray
    has_rare: np.ndarray
    whole: float
    words: int

    def lift(self) -> np.ndarray:
        """Return by what factor having more of the query lifts each document.

        Who types two words means both; in a question of fifteen words a strong factor
        makes the order worse (Cranfield: 1.0 costs .007 nDCG).
        """
        if not self.whole:
            return self.covered + np.float32(1.0)
        return 1 + self.covered * np.float32((0.2 + 1.2 / self.words) / self.whole)

    def worth_showing(self, alive: np.ndarray) -> np.ndarray:
        """Return which documents have enough of the query, measured by the best one."""
        best = float(self.covered[alive].max(initial=0.0))
        share = min(LEAST_SHARE, SHARED_WORDS / self.words)
        enough = self.covered >= best * share
        return (self.covered > 0) & (enough | self.has_rare)


class Ranking:
    """The scores of one reading. Its lock must be held."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._norms: dict[str, np.ndarray] = {}
        self._impacts: OrderedDict[str, tuple[np.ndarray, np.ndarray]] = OrderedDict()
        self._impacts_held = 0

    def _norm(self, field: str) -> np.ndarray:
        norm = self._norms.get(field)
        if norm is None:
            weight, b = FIELDS[field]
            lengths = self.reading.lengths(field)
            used = lengths[self.reading.alive]
            used = used[used > 0]
            average = float(used.mean()) if len(used) else 1.0
            norm = np.float32(weight) / (1.0 - b + b * lengths / np.float32(average))
            self._norms[field] = norm = norm.astype(np.float32)
        return norm

    def impact(self, term: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the documents of a term, and what it adds to the score of each."""
        found = self._impacts.get(term)
        if found is not None:
            self._impacts.move_to_end(term)
            return found
        found = self._make_impact(term)
        self._impacts[term] = found
        self._impacts_held += len(found[0]) + 8
        while self._impacts_held > _MOST_IMPACTS:
            _, dropped = self._impacts.popitem(last=False)
            self._impacts_held -= len(dropped[0]) + 8
        return found

    def _make_impact(self, term: str) -> tuple[np.ndarray, np.ndarray]:
        docs_of, counts_of = [], []
        for field in FIELDS:
            postings = self.reading.postings(field, term)
            if len(postings.docs):
                docs_of.append(postings.docs)
                counts_of.append(postings.counts * self._norm(field)[postings.docs])
        if not docs_of:
            return np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float32)
        docs, counts = docs_of[0], counts_of[0]
        if len(docs_of) > 1:
            docs, place = np.unique(np.concatenate(docs_of), return_inverse=True)
            counts = np.bincount(place, weights=np.concatenate(counts_of))
        frequency = len(docs)
        idf = np.log1p((self.reading.count - frequency + 0.5) / (frequency + 0.5))
        impact = idf * (K1 + 1.0) * counts / (counts + K1)
        return docs, impact.astype(np.float32)

    def is_known(self, term: str) -> bool:
        return len(self.impact(term)[0]) > 0

    def scores(self, terms: Iterable[tuple[str, float]]) -> np.ndarray:
        """Return a score for each document; 0 where no term stands."""
        scores = np.zeros(self.reading.size, dtype=np.float32)
        for term, weight in terms:
            docs, impact = self.impact(term)
            scores[docs] += impact if weight == 1.0 else impact * np.float32(weight)
        return scores

    def coverage(self, concepts: Sequence[Concept]) -> Coverage:
        """Return how much of the query each document has; rare words are more of it."""
        covered = np.zeros(self.reading.size, dtype=np.float32)
        has_rare = np.zeros(self.reading.size, dtype=bool)
        whole = 0.0
        for concept in concepts:
            docs = self._docs_of(concept)
            if len(docs):
                rarity = np.float32(np.log1p(self.reading.count / len(docs)))
                covered[docs] += rarity
                whole += float(rarity)
                if len(docs) <= COMMON_WORD:
                    has_rare[docs] = True
        telling = sum(concept.is_telling for concept in concepts)
        return Coverage(covered, has_rare, whole, max(1, telling))

    def _docs_of(self, concept: Concept) -> np.ndarray:
        """Return the documents that have a concept, not only small parts of it."""
        lists = [self.impact(term)[0] for term, weight in concept.terms if weight == 1]
        small = [term for term, weight in concept.terms if weight < 1]
        if len(lists) == 1 and len(small) > 1:
            # "5-HT" stands in "5-HT2A" too: all its parts will do.
            found = self.impact(small[0])[0]
            for term in small[1:]:
                found = np.intersect1d(found, self.impact(term)[0], assume_unique=True)
            lists.append(found)
        if not lists:
            return np.empty(0, dtype=np.int32)
        return lists[0] if len(lists) == 1 else np.unique(np.concatenate(lists))

    def containing(self, phrase: str) -> np.ndarray:
        """Return which documents contain the words of a phrase one after the other."""
        terms = [s for chunk in chunks(phrase) for s in chunk_terms(chunk).stems]
        terms = terms[:MOST_TERMS]
        mask = np.zeros(self.reading.size, dtype=bool)
        for field in FIELDS:
            lists = [self.reading.postings(field, term).docs for term in terms]
            if not lists or not all(map(len, lists)):
                continue
            docs = lists[0]
            for others in lists[1:]:
                docs = np.intersect1d(docs, others, assume_unique=True)
            if len(terms) == 1:
                mask[docs] = True
            elif len(docs):
                mask[self._in_order(field, terms, docs)] = True
        return mask

    def _in_order(
        self, field: str, terms: Sequence[str], docs: np.ndarray
    ) -> list[int]:
        places = [self.reading.positions(field, term) for term in terms]
        kept = []
        for doc in docs.tolist():
            starts = set(places[0][doc])
            for step, places_of in enumerate(places[1:], start=1):
                starts &= {place - step for place in places_of[doc]}
            if starts:
                kept.append(doc)
        return kept


def query_words(query: Query) -> tuple[str, ...]:
    """Return all that is looked for, words and phrases."""
    return (*query.words, *query.phrases)
