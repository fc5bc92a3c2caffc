"""Which words of a query no document has, and what was likely meant by them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache

from search.engine import Query
from search.engine.concepts import Concept
from search.engine.names import Names
from search.engine.ranking import Ranking
from search.engine.spelling import Correction, Dictionary
from search.engine.text import parts
from search.engine.whoosh_terms import chunk_terms

# In more unknown words than these no better spelling is looked for.
MOST_CORRECTIONS = 8
_MOST_KEPT = 4_096


class Corrections:
    """Corrects the words of one reading. The dictionary is made when it is needed."""

    def __init__(
        self, ranking: Ranking, names: Names, dictionary: Callable[[], Dictionary]
    ) -> None:
        self._ranking = ranking
        self._names = names
        # People misspell alike: a word that was looked up costs nothing again.
        self._correct = lru_cache(_MOST_KEPT)(lambda word: dictionary().correct(word))

    def unknown(self, concepts: Iterable[Concept]) -> list[Concept]:
        """Return the words that no document has, without those that only ask."""
        return [
            concept
            for concept in concepts
            if concept.is_telling and not self._is_known(concept)
        ][:MOST_CORRECTIONS]

    def of(self, unknown: Iterable[Concept]) -> dict[str, Correction]:
        """Return a better spelling of each of these words that has one."""
        found: dict[str, Correction] = {}
        for concept in unknown:
            words = parts(concept.word)
            better = self._correct("".join(words))
            if better:
                found[concept.word] = better
                continue
            for word in words[:MOST_CORRECTIONS]:
                if word.isalpha() and not self._is_known_word(word):
                    better = self._correct(word)
                    if better:
                        found[word] = better
        return found

    def _is_known(self, concept: Concept) -> bool:
        if len(concept.terms) == 1 and self._ranking.is_known(concept.terms[0][0]):
            return True
        whole, stems = chunk_terms(concept.word)
        if whole and self._ranking.is_known(whole):
            return True
        # Of "kr8tom" no part says anything.
        tells = any(weight == 1 and term != whole for term, weight in concept.terms)
        if tells and all(self._ranking.is_known(term) for term in stems):
            return True
        return bool(self._names.exact("".join(parts(concept.word))))

    def _is_known_word(self, word: str) -> bool:
        return all(self._ranking.is_known(term) for term in chunk_terms(word).stems)


def corrected(query: Query, corrections: dict[str, Correction]) -> Query:
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
