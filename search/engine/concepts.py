"""What a query looks for: a word of it, its terms, and how much each of them tells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from kb.folding import fold
from search.engine import Query
from search.engine.text import LONGEST_WORD
from search.engine.whoosh_terms import chunk_terms

# A longer query is cut here: bounded work for any text.
MOST_TERMS = 64

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
    """Return the concepts of a query's chunks, without what says nothing, at most
    MOST_TERMS terms; the words that only ask count little, beside others."""
    found: list[Concept] = []
    asking: list[bool] = []
    terms, before = 0, ""
    for word in words:
        concept, folded = _concept(word)
        if concept is None:
            continue
        if terms + len(concept.terms) > MOST_TERMS:
            break
        terms += len(concept.terms)
        found.append(concept)
        asking.append(
            folded in ASKING_WORDS or (folded in _ASKED_HOW and before == "how")
        )
        before = folded
    if all(asking) or not any(asking):
        return found
    return [
        Concept(concept.word, ((concept.terms[0][0], SMALL_PART),)) if asks else concept
        for concept, asks in zip(found, asking, strict=True)
    ]


def _make_concept(chunk: str) -> tuple[Concept | None, str]:
    """Return the concept of a chunk, if it says anything, and how it is folded."""
    whole, stems = chunk_terms(chunk)
    if not stems:
        return None, ""
    weighted = [(whole or stems[0], 1.0)]
    if whole:
        weighted += [(stem, _part_weight(stem)) for stem in stems]
    return Concept(chunk, tuple(weighted[:MOST_TERMS])), fold(chunk)


_cached_concept = lru_cache(maxsize=16_384)(_make_concept)


def _concept(chunk: str) -> tuple[Concept | None, str]:
    short = len(chunk) <= LONGEST_WORD
    return _cached_concept(chunk) if short else _make_concept(chunk)


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


def query_words(query: Query) -> tuple[str, ...]:
    """Return all that is looked for, words and phrases."""
    return (*query.words, *query.phrases)
