"""The records that a query names, whole or in part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from search.engine.concepts import MOST_TERMS, Concept, concepts_of
from search.engine.name_arrays import MOST_STEMMED, NAMED_KINDS, stem_form
from search.engine.names import Names
from search.engine.text import chunks, compact, parts
from search.engine.whoosh_reading import Reading
from search.engine.whoosh_terms import chunk_terms

# A name in the query stands for its record: the words of the record's title count
# too, for this much. "can't sleep" finds what is written about insomnia.
_TITLE_OF_NAME = 0.4
_LONGEST_NAME = 5  # words
_MOST_NAMESAKES = 3

Weighted = list[tuple[str, float]]  # terms, and how much each counts


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for, taken apart once."""

    concepts: list[Concept]
    words: list[str]  # "7-OH", "withdrawal"
    forms: list[str]  # compact: "7oh", "withdrawal"
    whole: str  # all of it as if it were one name

    @classmethod
    def of(cls, texts: Iterable[str]) -> Asked:
        texts = tuple(texts)
        words = [chunk for text in texts for chunk in chunks(text)]
        forms = ["".join(parts(word)) for word in words]
        return cls(concepts_of(words), words, forms, "".join(forms))

    @property
    def told(self) -> str:
        """What is left of it without the words that ask: "how much kratom"."""
        return compact(" ".join(c.word for c in self.concepts if c.is_telling))

    @property
    def telling(self) -> int:
        return sum(concept.is_telling for concept in self.concepts)


@dataclass(frozen=True, slots=True)
class Named:
    """The records that a query names."""

    whole: dict[int, bool]  # by the whole query; True where it is the title
    within: dict[int, float]  # by a part of it; by how much of its words
    titles: Weighted  # the words of their titles, where another name was typed


def read_names(asked: Asked, names: Names, reading: Reading) -> Named:
    """Return the records that the query, or a part of it, names."""
    sizes: dict[str, int] = {}
    forms = asked.forms[:MOST_TERMS]
    for first in range(len(forms)):
        form = ""
        for size, word in enumerate(forms[first : first + _LONGEST_NAME], start=1):
            form += word
            sizes[form] = max(size, sizes.get(form, 0))
    found = names.exact_of([*sizes, asked.whole])
    within: dict[int, float] = {}
    titles: dict[str, float] = {}
    telling = max(1, asked.telling)
    for form, named in found.items():
        if len(named) > _MOST_NAMESAKES or form not in sizes:
            continue
        size = sizes[form]
        for doc, is_title in named.items():
            card = reading.card(doc)
            if card.kind not in NAMED_KINDS:
                continue
            within[doc] = max(min(1.0, size / telling), within.get(doc, 0.0))
            if not is_title:
                for term in chunk_stems(card.title):
                    titles[term] = _TITLE_OF_NAME
    if titles:
        for concept in asked.concepts:
            for term, _ in concept.terms:
                titles.pop(term, None)
    return Named(_named_whole(asked, names), within, list(titles.items()))


def _named_whole(asked: Asked, names: Names) -> dict[int, bool]:
    """Return the records that the query names: as typed, by stems, or else by what
    is left without the words that ask."""
    found = names.exact(asked.whole)
    if not found and len(asked.words) <= MOST_STEMMED:
        found = names.exact_stems(stem_form(asked.words))
    if not found and asked.telling < len(asked.concepts):
        found = names.exact(asked.told)
    return found


def chunk_stems(text: str) -> list[str]:
    return [term for chunk in chunks(text) for term in chunk_terms(chunk).stems]
