"""Searching one generation of the index: from a query to a page of hits."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

import numpy as np

from search.engine import Hit, Query, Results, Suggestion, feedback
from search.engine.cards import hit_of
from search.engine.concepts import (
    SMALL_PART,
    Concept,
    concepts_of,
    join_numbers,
    query_words,
)
from search.engine.corrections import Corrections, corrected
from search.engine.facets import Facets
from search.engine.greatest import greatest_of
from search.engine.named import Asked, Named, Weighted, chunk_stems, read_names
from search.engine.names import Names
from search.engine.ranking import COMMON_WORD, Ranking
from search.engine.snippets import MarkedDocument
from search.engine.spelling import Dictionary
from search.engine.text import chunks
from search.engine.whoosh_reading import Reading

MOST_HITS = 1_000
# Lifts a document whose title or other name is the whole query above all others.
_IS_TITLE, _IS_NAME = 20_000.0, 10_000.0
# By how much a record is lifted that the whole query names; by less for a part of it.
_NAMED_LIFT = 1.0
# Characters of text kept ready for snippets: some 40 MB.
_MOST_SHOWN = 1_500_000


class View:
    """All that is needed to search one reading. Its lock must be held."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.ranking = Ranking(reading)
        self._shown: OrderedDict[int, MarkedDocument] = OrderedDict()
        self._shown_size = 0

    @cached_property
    def facets(self) -> Facets:
        return Facets(self.reading)

    @cached_property
    def names(self) -> Names:
        return Names(self.reading)

    @cached_property
    def dictionary(self) -> Dictionary:
        return Dictionary(leaf.arrays for leaf in self.reading.leaves)

    @cached_property
    def _corrections(self) -> Corrections:
        return Corrections(self.ranking, self.names, lambda: self.dictionary)

    @cached_property
    def _rank(self) -> np.ndarray:
        """The place of each document among equals."""
        return self.reading.order("order")

    @cached_property
    def _every(self) -> np.ndarray:
        """The numbers of all documents, struck-out ones included."""
        return np.arange(self.reading.size)

    @cached_property
    def _title_rank(self) -> np.ndarray:
        return self.reading.order("titles")

    @cached_property
    def _boost(self) -> np.ndarray:
        none = [np.empty(0, dtype=np.float32)]
        boosts = [leaf.arrays["boosts"] for leaf in self.reading.leaves]
        return np.concatenate(boosts or none)

    def search(self, query: Query) -> Results:
        if query.is_plain:
            return self._search_plainly(query)
        asked = Asked.of(query_words(query))
        found = self._search(query, asked)
        unknown = self._corrections.unknown(asked.concepts)
        if not unknown:
            return found
        found = replace(found, unknown=tuple(concept.word for concept in unknown))
        if self.names.exact(asked.whole):
            return found
        corrections = self._corrections.of(unknown)
        if not corrections:
            return found
        better = corrected(query, corrections)
        sure = [each.word for each in corrections.values() if each.is_sure]
        if found.total and sure:
            # What nobody wrote finds nothing: the likely meaning is looked for beside it.
            concepts = [*asked.concepts, *Asked.of(sure).concepts]
            beside = self._search(query, replace(asked, concepts=concepts))
            return replace(beside, unknown=found.unknown, suggestion=better.text)
        if found.total or len(sure) < len(corrections):
            return replace(found, suggestion=better.text)
        second = self._search(better, Asked.of(query_words(better)))
        if not second.total:
            return found
        return replace(
            second, unknown=found.unknown, suggestion=better.text, corrected=True
        )

    def suggest(self, text: str, limit: int) -> list[Suggestion]:
        return self.names.suggest(text, limit)

    def _search(self, query: Query, asked: Asked) -> Results:
        named = read_names(asked, self.names, self.reading)
        docs, scores = self._match(query, asked, named)
        masks = self.facets.masks(query) if has_filters(query) else {}
        matching = docs
        for mask in masks.values():
            kept = mask[docs]
            docs, scores = docs[kept], scores[kept]
        page = self._page(docs, scores, query)
        if query.is_bare:
            return Results(total=len(docs), hits=self._bare_hits(page))
        wanted = self._wanted(asked.concepts, named.titles)
        related = [] if named.whole else self._related(docs, scores, query, masks)
        return Results(
            total=len(docs),
            hits=tuple(
                self._hit(doc, score, wanted, asked.whole if doc in named.whole else "")
                for doc, score in page
            ),
            facets=self.facets.counts(query, matching, masks),
            related=tuple(self._hit(doc, score, {}) for doc, score in related),
        )

    def _related(
        self,
        docs: np.ndarray,
        scores: np.ndarray,
        query: Query,
        masks: Mapping[str, np.ndarray],
    ) -> list[tuple[int, float]]:
        """Return what is like the few documents found, so that there are FEW; likeness
        is told as a share of the least score, for none fits better than what was found."""
        is_strict = query.phrases or query.excluded or query.excluded_phrases
        missing = min(feedback.FEW, query.limit) - len(docs)
        if is_strict or query.offset or missing <= 0 or not scores.any():
            return []
        first = self._best(docs, scores, feedback.DOCUMENTS)
        others, likeness = feedback.relatives(self.ranking, docs[first], scores[first])
        is_new = np.isin(others, docs, invert=True)
        for mask in masks.values():
            is_new &= mask[others]
        others, likeness = others[is_new], likeness[is_new]
        if not len(others):
            return []
        likeness *= float(scores.min()) / likeness.max()
        best = self._best(others, likeness, missing)
        return list(zip(others[best].tolist(), likeness[best].tolist(), strict=True))

    def _search_plainly(self, query: Query) -> Results:
        words = [chunk for text in query_words(query) for chunk in chunks(text)]
        terms = {term: 1.0 for each in concepts_of(words) for term, _ in each.terms}
        scores = self.ranking.scores(terms.items())
        total = int(np.count_nonzero(scores))
        page = self._page(self._every, scores, query)[: max(0, total - query.offset)]
        return Results(total, self._bare_hits(page))

    def _match(
        self, query: Query, asked: Asked, named: Named
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the documents that fit the words, before any filter, and how well."""
        if asked.whole:
            docs, scores = self._scored(asked, named)
        else:
            docs = self.reading.living()
            scores = np.zeros(len(docs))
        for phrase in query.phrases:
            if chunk_stems(phrase):
                kept = self.ranking.containing(phrase)[docs]
                docs, scores = docs[kept], scores[kept]
        for unwanted in (*query.excluded, *query.excluded_phrases):
            if chunk_stems(unwanted):
                kept = ~self.ranking.containing(unwanted)[docs]
                docs, scores = docs[kept], scores[kept]
        return docs, scores

    def _scored(self, asked: Asked, named: Named) -> tuple[np.ndarray, np.ndarray]:
        concepts = asked.concepts
        coverage = self.ranking.coverage(concepts)
        docs = self._with_named(coverage.worth_showing(), named)
        terms = [term for concept in concepts for term in concept.terms]
        every = self.ranking.scores([*terms, *join_numbers(concepts), *named.titles])
        scores = every[docs] * coverage.lift(docs)
        if not named.whole:
            self._look_again(docs, scores)
        scores *= self._boost[docs]
        for doc, share in named.within.items():
            scores[np.searchsorted(docs, doc)] *= 1.0 + _NAMED_LIFT * share
        for doc, is_title in named.whole.items():
            scores[np.searchsorted(docs, doc)] += _IS_TITLE if is_title else _IS_NAME
        return docs, scores

    def _with_named(self, docs: np.ndarray, named: Named) -> np.ndarray:
        """Add the records that the query names, and what is written about them:
        what is written about insomnia answers "can't sleep" too."""
        others = {*named.whole, *named.within}
        for term, _ in named.titles:
            found = self.ranking.impact(term)[0]
            if len(found) <= COMMON_WORD:
                others.update(found.tolist())
        if not others:
            return docs
        mask = np.zeros(self.reading.size, dtype=bool)
        mask[docs] = True
        mask[list(others)] = True
        return mask.nonzero()[0]

    def _look_again(self, docs: np.ndarray, scores: np.ndarray) -> None:
        """Put the best documents in a new order, by what they have in common."""
        best = self._best(docs, scores, feedback.REORDERED)
        if len(best) > 1:
            again = feedback.second_look(self.reading, docs[best], scores[best])
            scores *= feedback.WEIGHT_OF_QUERY
            scores[best] = again

    def _page(
        self, docs: np.ndarray, scores: np.ndarray, query: Query
    ) -> list[tuple[int, float]]:
        """Return the documents of the page asked for, best first, and their scores."""
        start = max(0, query.offset)
        stop = start + max(0, min(query.limit, MOST_HITS))
        if start >= len(docs) or start == stop:
            return []
        if scores.any():
            best = self._best(docs, scores, stop)
        else:
            best = self._best(docs, -self._title_rank[docs].astype(float), stop)
        page = best[start:stop]
        return list(zip(docs[page].tolist(), scores[page].tolist(), strict=True))

    def _best(self, docs: np.ndarray, scores: np.ndarray, count: int) -> np.ndarray:
        """Return the places in `docs` of the best `count` documents, in order."""
        # Only those that can be among them are put in order, ties included.
        kept = greatest_of(scores, count)
        found = -scores[kept]
        order = found.argsort(kind="stable")
        in_order = found[order]
        if (in_order[1:] == in_order[:-1]).any():
            order = np.lexsort((self._rank[docs[kept]], found))
        best: np.ndarray = kept[order[:count]]
        return best

    def _wanted(self, concepts: list[Concept], others: Weighted) -> dict[str, float]:
        """Return the terms to mark, and how much each is worth in a snippet."""
        terms = [term for concept in concepts for term in concept.terms]
        wanted = {}
        for term, weight in (*others, *terms):
            frequency = len(self.ranking.impact(term)[0])
            if frequency and weight > SMALL_PART:
                rarity = np.log1p(self.reading.count / frequency)
                wanted[term] = float(weight * rarity)
        return wanted

    def _hit(
        self, doc: int, score: float, wanted: dict[str, float], whole: str = ""
    ) -> Hit:
        marked = self._marked(doc)
        title, snippet, matched = marked.shown(wanted, whole)
        return hit_of(marked.card, score, snippet, title, matched)

    def _bare_hits(self, page: list[tuple[int, float]]) -> tuple[Hit, ...]:
        cards = self.reading.cards([doc for doc, _ in page])
        return tuple(
            [
                hit_of(card, score, (), ((card.title, False),), "")
                for card, (_, score) in zip(cards, page, strict=True)
            ]
        )

    def _marked(self, doc: int) -> MarkedDocument:
        """Return a document with its terms marked; the last ones are kept."""
        found = self._shown.get(doc)
        if found is not None:
            self._shown.move_to_end(doc)
            return found
        found = MarkedDocument(self.reading.card(doc), self.reading.body(doc))
        self._shown[doc] = found
        self._shown_size += found.size
        while self._shown_size > _MOST_SHOWN and len(self._shown) > 1:
            _, dropped = self._shown.popitem(last=False)
            self._shown_size -= dropped.size
        return found


def has_filters(query: Query) -> bool:
    return bool(
        query.kinds or query.levels or query.tags or query.regions or query.statuses
    )
