"""A second look: what the best documents have in common says what was meant.

Cautious on purpose: it only reorders what the query found. On Cranfield it lifts
nDCG@10 from .539 to .551; a query that is a name is left alone. What it gives a
document is measured by the best of them: else a sentence out of one document
(365 of Cranfield) finds that document later than without it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from search.engine.ranking import Ranking
from search.engine.telling import read_telling
from search.engine.whoosh_reading import Leaf, Reading

DOCUMENTS = 10
TERMS = 20
# So many of the first documents are put in a new order.
REORDERED = 200
# Where fewer documents were found, others that are like them are offered.
FEW = 10
# What is like the best has so many of their terms: one alone is an accident.
LEAST_SHARED = 3
# The rest, to 1, is what the terms of the best documents count.
WEIGHT_OF_QUERY = 0.8


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms, by their number in each segment (-1: it has none), and what each adds to
    the score of a document in which it is saturated."""

    numbers: list[np.ndarray]
    weights: np.ndarray


def common_terms(reading: Reading, docs: np.ndarray, scores: np.ndarray) -> Terms:
    """Return the telling terms that these documents have in common."""
    found = [
        (leaf, *_shares(leaf, docs[places] - leaf.offset, scores[places]))
        for leaf, places in by_leaf(reading, docs)
    ]
    numbers, shares, documents = _joined(reading, found)
    values = shares * np.log1p(reading.count / np.maximum(documents, 1))
    values[documents < 2] = 0.0
    best = (-values).argsort(kind="stable")[:TERMS]
    values, documents = values[best], documents[best]
    rarity = np.log1p((reading.count - documents + 0.5) / (documents + 0.5))
    weights = values / (values.sum() or 1.0) * np.maximum(rarity, 0.0)
    return Terms([of_leaf[best] for of_leaf in numbers], weights)


def _shares(
    leaf: Leaf, docs: np.ndarray, scores: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the terms of documents of a segment, and what share each has in them."""
    terms, _, shares = read_telling(leaf.arrays["telling"].take(docs, axis=0))
    terms = terms[:, : shares.shape[1]].ravel()
    shares = (shares * scores[:, None]).ravel()
    order = terms.argsort(kind="stable")
    terms = terms[order]
    is_first = np.empty(len(terms), dtype=bool)
    is_first[:1] = True
    np.not_equal(terms[1:], terms[:-1], out=is_first[1:])
    first = is_first.nonzero()[0]
    shares = np.add.reduceat(shares[order], first)
    terms = terms[first].astype(np.int64)
    if terms[-1] == len(leaf.arrays["terms.documents"]):  # what short rows end with
        return terms[:-1], shares[:-1]
    return terms, shares


def _joined(
    reading: Reading, found: list[tuple[Leaf, np.ndarray, np.ndarray]]
) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    """Return terms, by their number in each segment, their shares, and how many
    documents have each."""
    if len(reading.leaves) == 1:
        leaf, numbers, shares = found[0]
        return [numbers], shares, leaf.arrays["terms.documents"][numbers]
    by_term: dict[bytes, float] = {}
    for leaf, numbers, shares in found:
        for place in np.argsort(-shares, kind="stable")[: TERMS * 2].tolist():
            term = leaf.term_at(int(numbers[place]))
            by_term[term] = by_term.get(term, 0.0) + float(shares[place])
    terms = sorted(by_term, key=lambda term: (-by_term[term], term))[: TERMS * 2]
    numbers_of = [
        np.array([leaf.term_number(term) for term in terms], dtype=np.int64)
        for leaf in reading.leaves
    ]
    documents = np.zeros(len(terms), dtype=np.int64)
    for leaf, numbers in zip(reading.leaves, numbers_of, strict=True):
        known = numbers >= 0
        documents[known] += leaf.arrays["terms.documents"][numbers[known]]
    return numbers_of, np.array([by_term[term] for term in terms]), documents


def by_leaf(reading: Reading, docs: np.ndarray) -> list[tuple[Leaf, np.ndarray]]:
    """Return the segments of documents, and where in `docs` those of each stand."""
    if len(reading.leaves) == 1:
        return [(reading.leaves[0], np.arange(len(docs)))]
    found = []
    for leaf in reading.leaves:
        is_here = (docs >= leaf.offset) & (docs < leaf.offset + leaf.size)
        if is_here.any():
            found.append((leaf, np.flatnonzero(is_here)))
    return found


def second_scores(reading: Reading, docs: np.ndarray, terms: Terms) -> np.ndarray:
    """Return the scores of documents for the terms of a second look."""
    scores = np.zeros(len(docs))
    numbers_of = dict(zip(map(id, reading.leaves), terms.numbers, strict=True))
    for leaf, places in by_leaf(reading, docs):
        numbers = numbers_of[id(leaf)]
        wanted = numbers[numbers >= 0]
        of_term = _blank(leaf)
        of_term[wanted] = terms.weights[numbers >= 0]
        local = docs[places] - leaf.offset
        of_docs, impacts, _ = read_telling(leaf.arrays["telling"].take(local, axis=0))
        scores[places] = np.einsum("ij,ij->i", of_term.take(of_docs), impacts)
        of_term[wanted] = 0.0
    return scores


def _blank(leaf: Leaf) -> np.ndarray:
    """Return a nought for each term of a segment and one for none; whoever writes in it
    wipes it again. To make 60,000 takes as long as to look twenty up."""
    if "blank" not in leaf.kept:
        terms = len(leaf.arrays["terms.documents"])
        leaf.kept["blank"] = np.zeros(terms + 1, dtype=np.float32)
    blank: np.ndarray = leaf.kept["blank"]
    return blank


def second_look(reading: Reading, docs: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Return new scores for the best documents of a query, best first: the first of
    them say what was likely meant."""
    terms = terms_in_common(reading, docs, scores)
    second = second_scores(reading, docs, terms)
    greatest = second.max()
    if greatest > 0:
        second *= scores[0] / greatest
    return WEIGHT_OF_QUERY * scores + (1 - WEIGHT_OF_QUERY) * second


def terms_in_common(reading: Reading, docs: np.ndarray, scores: np.ndarray) -> Terms:
    """Return the telling terms that the first of these documents have in common."""
    first = slice(0, DOCUMENTS)
    return common_terms(reading, docs[first], scores[first] / scores[first].sum())


def relatives(
    ranking: Ranking, docs: np.ndarray, scores: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the documents that are like the best of these, these among them, and how
    like: they have at least LEAST_SHARED of the terms that the best have in common."""
    terms = terms_in_common(ranking.reading, docs, scores)
    shared = np.zeros(ranking.reading.size, dtype=np.int64)
    likeness = np.zeros(ranking.reading.size)
    for word, weight in words_of(ranking.reading, terms):
        having, impact = ranking.impact(word)
        shared[having] += 1
        likeness[having] += weight * impact
    likeness[shared < LEAST_SHARED] = 0.0
    found = likeness.nonzero()[0]
    return found, likeness[found]


def words_of(reading: Reading, terms: Terms) -> Iterator[tuple[str, float]]:
    """Yield the terms of a second look as words, each with its weight."""
    for place, weight in enumerate(terms.weights.tolist()):
        for leaf, numbers in zip(reading.leaves, terms.numbers, strict=True):
            if numbers[place] >= 0 and weight > 0:
                yield leaf.term_at(int(numbers[place])).decode(), weight
                break
