"""Searching one generation of the index: from a query to a page of hits."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from search.engine import Hit, Query, Results, Suggestion, feedback
from search.engine.facets import Facets
from search.engine.names import NAMED_KINDS, Names, place_in_order, stem_form
from search.engine.ranking import (
    COMMON_WORD,
    MOST_TERMS,
    SMALL_PART,
    Concept,
    Coverage,
    Ranking,
    concepts_of,
    join_numbers,
    query_words,
)
from search.engine.snippets import MarkedDocument, snippet
from search.engine.spelling import Correction, Dictionary
from search.engine.text import chunks, compact, parts
from search.engine.whoosh_reading import Reading
from search.engine.whoosh_schema import chunk_terms

MOST_HITS = 1_000
# Lifts a document whose title or other name is the whole query above all others.
_IS_TITLE, _IS_NAME = 20_000.0, 10_000.0
# A name in the query stands for its record: the words of the record's title count
# too, for this much. "can't sleep" finds what is written about insomnia.
_TITLE_OF_NAME = 0.4
# By how much a record is lifted that the whole query names; by less for a part of it.
_NAMED_LIFT = 1.0
_LONGEST_NAME = 5  # words
_MOST_NAMESAKES = 3
# Characters of text kept ready for snippets: some 40 MB.
_MOST_SHOWN = 1_500_000
# In more unknown words than these no better spelling is looked for.
_MOST_CORRECTIONS = 8

Weighted = list[tuple[str, float]]  # terms, and how much each counts


@dataclass(frozen=True, slots=True)
class Named:
    """The records that a query names."""

    whole: dict[int, bool]  # by the whole query; True where it is the title
    within: dict[int, float]  # by a part of it; by how much of its words
    titles: Weighted  # the words of their titles, where another name was typed


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
        names = self.names
        return Dictionary(names.words(), self.reading.word_counts(), names.dear_words())

    @cached_property
    def _rank(self) -> np.ndarray:
        """The place of each document among equals."""
        cards = self.reading.cards
        order = sorted(range(len(cards)), key=lambda doc: place_in_order(cards[doc]))
        rank = np.empty(len(cards), dtype=np.int64)
        rank[order] = np.arange(len(cards))
        return rank

    @cached_property
    def _title_rank(self) -> np.ndarray:
        cards = self.reading.cards
        forms = [(compact(card.title), *place_in_order(card)) for card in cards]
        order = sorted(range(len(cards)), key=forms.__getitem__)
        rank = np.empty(len(cards), dtype=np.int64)
        rank[order] = np.arange(len(cards))
        return rank

    @cached_property
    def _boost(self) -> np.ndarray:
        return np.array([card.boost for card in self.reading.cards], dtype=np.float32)

    def search(self, query: Query) -> Results:
        concepts = concepts_of(query_words(query))
        corrections = self._corrections(query, concepts)
        found = self._search(query, concepts)
        unknown = tuple(c.word for c in self._unknown(concepts))
        found = replace(found, unknown=unknown[:_MOST_CORRECTIONS])
        if not corrections:
            return found
        better = _corrected(query, corrections)
        sure = [each.word for each in corrections.values() if each.is_sure]
        if found.total and sure:
            # What nobody wrote finds nothing: the likely meaning is looked for beside it.
            beside = self._search(query, [*concepts, *concepts_of(sure)])
            return replace(beside, unknown=found.unknown, suggestion=better.text)
        if found.total or len(sure) < len(corrections):
            return replace(found, suggestion=better.text)
        second = self._search(better, concepts_of(query_words(better)))
        if not second.total:
            return found
        return replace(
            second, unknown=found.unknown, suggestion=better.text, corrected=True
        )

    def suggest(self, text: str, limit: int) -> list[Suggestion]:
        return self.names.suggest(text, limit)

    def _search(self, query: Query, concepts: list[Concept]) -> Results:
        whole = whole_name(query)
        named = self._read_names(query, concepts)
        matching, scores = self._match(query, concepts, named, asks=whole != "")
        masks = self.facets.masks(query)
        chosen = matching
        for mask in masks.values():
            chosen = chosen & mask
        docs = np.flatnonzero(chosen)
        page = self._page(docs, scores, query)
        wanted = self._wanted(concepts, named.titles)
        return Results(
            total=len(docs),
            hits=tuple(
                self._hit(doc, float(scores[doc]), whole, wanted) for doc in page
            ),
            facets=self.facets.counts(query, matching, masks),
        )

    def _match(
        self, query: Query, concepts: list[Concept], named: Named, *, asks: bool
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return which documents fit the words, before any filter, and how well."""
        alive = self.reading.alive
        if asks:
            coverage = self.ranking.coverage(concepts)
            scores = self._scores(concepts, coverage, named)
            matching = coverage.worth_showing(alive) & alive
            matching[[*named.whole, *named.within]] = True
            for term, _ in named.titles:
                # What is written about insomnia answers "can't sleep" too.
                docs = self.ranking.impact(term)[0]
                if len(docs) <= COMMON_WORD:
                    matching[docs] = True
        else:
            scores = np.zeros(self.reading.size, dtype=np.float64)
            matching = alive.copy()
        for phrase in query.phrases:
            if chunk_stems(phrase):
                matching &= self.ranking.containing(phrase)
        for unwanted in (*query.excluded, *query.excluded_phrases):
            if chunk_stems(unwanted):
                matching &= ~self.ranking.containing(unwanted)
        return matching, scores

    def _scores(
        self, concepts: list[Concept], coverage: Coverage, named: Named
    ) -> np.ndarray:
        terms = [term for concept in concepts for term in concept.terms]
        scores = self.ranking.scores([*terms, *join_numbers(concepts), *named.titles])
        scores *= coverage.lift()
        telling = sum(concept.is_telling for concept in concepts)
        if telling >= feedback.LEAST_WORDS and not named.whole:
            scores = self._second_look(scores, telling)
        scores = scores.astype(np.float64) * self._boost
        for doc, share in named.within.items():
            scores[doc] *= 1.0 + _NAMED_LIFT * share
        for doc, is_title in named.whole.items():
            scores[doc] += _IS_TITLE if is_title else _IS_NAME
        return scores

    def _second_look(self, scores: np.ndarray, words: int) -> np.ndarray:
        found = np.flatnonzero((scores > 0) & self.reading.alive)
        if len(found) < 2:
            return scores
        first = self._best(found, scores[found], feedback.DOCUMENTS)
        best = [
            (float(scores[doc]), counts)
            for doc in first[: feedback.DOCUMENTS]
            if (counts := self._marked(doc).counts)
        ]
        terms = feedback.common_terms(self.ranking, best)
        return feedback.join(scores, self.ranking.scores(terms), words)

    def _read_names(self, query: Query, concepts: list[Concept]) -> Named:
        """Return the records that the query, or a part of it, names."""
        known = {term for concept in concepts for term, _ in concept.terms}
        words = [chunk for text in query_words(query) for chunk in chunks(text)]
        forms = [compact(word) for word in words[:MOST_TERMS]]
        telling = max(1, sum(concept.is_telling for concept in concepts))
        within: dict[int, float] = {}
        titles: dict[str, float] = {}
        for first in range(len(forms)):
            for last in range(first + 1, min(first + _LONGEST_NAME, len(forms)) + 1):
                named = self.names.exact("".join(forms[first:last]))
                if len(named) > _MOST_NAMESAKES:
                    continue
                share = min(1.0, (last - first) / telling)
                for doc, is_title in named.items():
                    card = self.reading.cards[doc]
                    if card.kind not in NAMED_KINDS:
                        continue
                    within[doc] = max(share, within.get(doc, 0.0))
                    if not is_title:
                        for term in chunk_stems(card.title):
                            titles[term] = _TITLE_OF_NAME
        return Named(
            self._named_whole(query, words, concepts),
            within,
            [item for item in titles.items() if item[0] not in known],
        )

    def _named_whole(
        self, query: Query, words: list[str], concepts: list[Concept]
    ) -> dict[int, bool]:
        """Return the records that the query names: as typed, by stems, or else by what
        is left without the words that ask: "how much kratom"."""
        told = compact(" ".join(c.word for c in concepts if c.is_telling))
        return (
            self.names.exact(whole_name(query))
            or self.names.exact_stems(stem_form(words))
            or self.names.exact(told)
        )

    def _page(self, docs: np.ndarray, scores: np.ndarray, query: Query) -> list[int]:
        """Return the documents of the page asked for, best first."""
        start = max(0, query.offset)
        stop = start + max(0, min(query.limit, MOST_HITS))
        if start >= len(docs) or start == stop:
            return []
        of_docs = scores[docs]
        if not of_docs.any():
            return docs[np.argsort(self._title_rank[docs])][start:stop].tolist()
        return self._best(docs, of_docs, stop)[start:stop]

    def _best(self, docs: np.ndarray, scores: np.ndarray, count: int) -> list[int]:
        """Return the best `count` documents in order, and maybe more."""
        if len(docs) > 4 * count:
            # Only those that can be among them are put in order, ties included.
            least = np.partition(scores, len(docs) - count)[len(docs) - count]
            kept = scores >= least
            docs, scores = docs[kept], scores[kept]
        return docs[np.lexsort((self._rank[docs], -scores))].tolist()

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

    def _hit(self, doc: int, score: float, whole: str, wanted: dict[str, float]) -> Hit:
        card = self.reading.cards[doc]
        marked = self._marked(doc)
        shown = snippet(marked.summary, marked.text, wanted)
        title = marked.title.pieces(wanted)
        matched = marked.matched(whole, wanted)
        if not matched and not any(marks for _, marks in (*shown, *title)):
            matched = marked.tagged(wanted)
        return Hit(
            key=card.key,
            kind=card.kind,
            slug=card.slug,
            title=card.title,
            url=card.url,
            level=card.level,
            level_about=card.level_about,
            score=round(score, 4),
            snippet=shown,
            title_parts=title,
            matched=matched,
        )

    def _marked(self, doc: int) -> MarkedDocument:
        """Return a document with its terms marked; the last ones are kept."""
        found = self._shown.get(doc)
        if found is not None:
            self._shown.move_to_end(doc)
            return found
        summary, text, tags = self.reading.body(doc)[:3]
        found = MarkedDocument(self.reading.cards[doc], summary, text, tags)
        self._shown[doc] = found
        self._shown_size += found.size
        while self._shown_size > _MOST_SHOWN and len(self._shown) > 1:
            _, dropped = self._shown.popitem(last=False)
            self._shown_size -= dropped.size
        return found

    def _corrections(
        self, query: Query, concepts: list[Concept]
    ) -> dict[str, Correction]:
        """Return a better spelling of each typed word that the index does not know."""
        if self.names.exact(whole_name(query)):
            return {}
        found: dict[str, Correction] = {}
        for concept in self._unknown(concepts)[:_MOST_CORRECTIONS]:
            words = parts(concept.word)
            better = self.dictionary.correct("".join(words))
            if better:
                written = self.names.words().get(better.word, better.word)
                found[concept.word] = better._replace(word=written)
                continue
            for word in words[:_MOST_CORRECTIONS]:
                if word.isalpha() and not self._is_known_word(word):
                    better = self.dictionary.correct(word)
                    if better:
                        found[word] = better
        return found

    def _unknown(self, concepts: list[Concept]) -> list[Concept]:
        """Return the words that no document has, without those that only ask."""
        return [c for c in concepts if c.is_telling and not self._is_known(c)]

    def _is_known(self, concept: Concept) -> bool:
        whole, stems = chunk_terms(concept.word)
        if whole and self.ranking.is_known(whole):
            return True
        if self.names.exact("".join(parts(concept.word))):
            return True
        # Of "kr8tom" no part says anything.
        telling = [
            term for term, weight in concept.terms if weight == 1 and term != whole
        ]
        return bool(telling) and all(self.ranking.is_known(term) for term in stems)

    def _is_known_word(self, word: str) -> bool:
        return all(self.ranking.is_known(term) for term in chunk_terms(word).stems)


def whole_name(query: Query) -> str:
    """Return the compact form of all that is looked for, as if it were one name."""
    return compact(" ".join(query_words(query)))


def chunk_stems(text: str) -> list[str]:
    return [term for chunk in chunks(text) for term in chunk_terms(chunk).stems]


def _corrected(query: Query, corrections: dict[str, Correction]) -> Query:
    def correct(text: str) -> str:
        for wrong, right in corrections.items():
            pattern = rf"(?<!\w){re.escape(wrong)}(?!\w)"
            text = re.sub(pattern, right.word, text, flags=re.IGNORECASE)
        return text

    def correct_all(texts: Iterable[str]) -> tuple[str, ...]:
        return tuple(correct(text) for text in texts)

    return replace(
        query,
        text=correct(query.text),
        words=correct_all(query.words),
        phrases=correct_all(query.phrases),
    )
