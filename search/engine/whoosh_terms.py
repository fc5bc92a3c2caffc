"""Which terms a piece of text is indexed and looked up by."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from whoosh.lang.snowball.english import EnglishStemmer

from search.engine.text import LONGEST_WORD, chunks, is_unspaced, pairs, parts

# Not "no", "not", "who" or "can": they carry meaning here.
STOP_WORDS = frozenset(
    "a an and are as at be but by for from had has have if in into is it its of on or"
    " such than that the their then there these they this those to was were which will"
    " with".split()
)

_SNOWBALL = EnglishStemmer()


class ChunkTerms(NamedTuple):
    """A chunk's terms: the whole of a compound or "", and the stems of its parts."""

    whole: str
    stems: tuple[str, ...]


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    if len(word) < 4 or not (word.isascii() and word.isalpha()):
        return word
    return _SNOWBALL.stem(word)


def _chunk_terms(chunk: str) -> ChunkTerms:
    found = [part for part in parts(chunk) if len(part) <= LONGEST_WORD * 4]
    if len(found) == 1 and not is_unspaced(found[0]):
        word = found[0][:LONGEST_WORD]
        return ChunkTerms("", () if word in STOP_WORDS else (stem(word),))
    stems: list[str] = []
    for part in found:
        if is_unspaced(part):
            stems += pairs(part)
        else:
            stems.append(stem(part[:LONGEST_WORD]))
    whole = "".join(found)
    is_compound = len(stems) > 1 and len(whole) <= LONGEST_WORD
    return ChunkTerms(whole if is_compound else "", tuple(stems))


_cached_chunk_terms = lru_cache(maxsize=65_536)(_chunk_terms)


def chunk_terms(chunk: str) -> ChunkTerms:
    """Return the terms of a chunk: "7-OH" has the whole "7oh", the parts "7", "oh"."""
    short = len(chunk) <= LONGEST_WORD
    return _cached_chunk_terms(chunk) if short else _chunk_terms(chunk)


def terms_of(text: str) -> set[str]:
    """Return all terms of a short text, such as a name."""
    found: set[str] = set()
    for chunk in chunks(text):
        whole, stems = chunk_terms(chunk)
        found.update(stems)
        if whole:
            found.add(whole)
    return found


def spoken_parts(chunk: str) -> tuple[str, ...]:
    """Return the words of a chunk that a misspelt one may have meant, as written."""
    return tuple(
        part
        for part in dict.fromkeys(parts(chunk))
        if 4 <= len(part) <= 30 and part.isalpha() and not is_unspaced(part)
    )
