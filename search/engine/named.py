"""The records that a query names, whole or in part."""

from __future__ import annotations

from dataclasses import dataclass

from search.engine import Query
from search.engine.name_arrays import NAMED_KINDS, stem_form
from search.engine.names import Names
from search.engine.ranking import MOST_TERMS, Concept, query_words
from search.engine.text import chunks, compact
from search.engine.whoosh_reading import Reading
from search.engine.whoosh_terms import chunk_terms

# A name in the query stands for its record: the words of the record's title count
# too, for this much. "can't sleep" finds what is written about insomnia.
_TITLE_OF_NAME = 0.4
_LONGEST_NAME = 5  # words
_MOST_NAMESAKES = 3

Weighted = list[tuple[str, float]]  # terms, and how much each counts


@dataclass(frozen=True, slots=True)
class Named:
    """The records that a query names."""

    whole: dict[int, bool]  # by the whole query; True where it is the title
    within: dict[int, float]  # by a part of it; by how much of its words
    titles: Weighted  # the words of their titles, where another name was typed


def read_names(
    query: Query, concepts: list[Concept], names: Names, reading: Reading
) -> Named:
    """Return the records that the query, or a part of it, names."""
    known = {term for concept in concepts for term, _ in concept.terms}
    words = [chunk for text in query_words(query) for chunk in chunks(text)]
    forms = [compact(word) for word in words[:MOST_TERMS]]
    telling = max(1, sum(concept.is_telling for concept in concepts))
    parts = [
        ("".join(forms[first:last]), last - first)
        for first in range(len(forms))
        for last in range(first + 1, min(first + _LONGEST_NAME, len(forms)) + 1)
    ]
    found = names.exact_of(form for form, _ in parts)
    within: dict[int, float] = {}
    titles: dict[str, float] = {}
    for form, size in parts:
        if not 0 < len(found[form]) <= _MOST_NAMESAKES:
            continue
        for doc, is_title in found[form].items():
            card = reading.card(doc)
            if card.kind not in NAMED_KINDS:
                continue
            within[doc] = max(min(1.0, size / telling), within.get(doc, 0.0))
            if not is_title:
                for term in chunk_stems(card.title):
                    titles[term] = _TITLE_OF_NAME
    return Named(
        _named_whole(query, words, concepts, names),
        within,
        [item for item in titles.items() if item[0] not in known],
    )


def _named_whole(
    query: Query, words: list[str], concepts: list[Concept], names: Names
) -> dict[int, bool]:
    """Return the records that the query names: as typed, by stems, or else by what
    is left without the words that ask: "how much kratom"."""
    told = compact(" ".join(c.word for c in concepts if c.is_telling))
    return (
        names.exact(whole_name(query))
        or names.exact_stems(stem_form(words))
        or names.exact(told)
    )


def whole_name(query: Query) -> str:
    """Return the compact form of all that is looked for, as if it were one name."""
    return compact(" ".join(query_words(query)))


def chunk_stems(text: str) -> list[str]:
    return [term for chunk in chunks(text) for term in chunk_terms(chunk).stems]
