"""What the Whoosh index holds: terms, fields, and documents to and from them.

Whoosh gets finished terms from here, not text: one pass over a text instead of a chain
of generators, and nothing of ours in the files but these two field classes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from whoosh import columns, fields, formats
from whoosh.codec.whoosh3 import W3Codec
from whoosh.lang.snowball.english import EnglishStemmer

from search.engine import Document
from search.engine.text import LONGEST_WORD, chunks, is_unspaced, pairs, parts

# Raise it when terms or fields change: an index of another format is refused, with
# the advice to rebuild, instead of being read wrongly.
FORMAT = 1

SCORED_FIELDS = ("title", "names", "tags", "summary", "text")
FACET_FIELDS = ("kind", "level", "tag", "place")

# Not "no", "not", "who" or "can": they carry meaning here.
STOP_WORDS = frozenset(
    "a an and are as at be but by for from had has have if in into is it its of on or"
    " such than that the their then there these they this those to was were which will"
    " with".split()
)

_SNOWBALL = EnglishStemmer()
# Between two names or tags, so that no phrase reaches from one into the next.
_GAP = 100


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


def term_positions(texts: Iterable[str]) -> dict[str, list[int]]:
    """Return where each term stands: "tea, 7-OH" is {"tea": [0], "7oh": [1], …}."""
    found: dict[str, list[int]] = {}
    position = 0
    for text in texts:
        for chunk in chunks(text):
            whole, stems = chunk_terms(chunk)
            if whole:
                found.setdefault(whole, []).append(position)
            for term in stems:
                found.setdefault(term, []).append(position)
                position += 1
        position += _GAP
    return found


def spoken_words(texts: Iterable[str]) -> set[str]:
    """Return the words as written that a misspelt one may have meant."""
    return {
        part
        for text in texts
        for chunk in chunks(text)
        for part in parts(chunk)
        if 4 <= len(part) <= 30 and part.isalpha() and not is_unspaced(part)
    }


class TermField(fields.FieldType):
    """A scored field, given as terms with their positions."""

    def __init__(self) -> None:
        self.format = formats.Positions()
        self.scorable = True

    def index(
        self, value: Mapping[str, list[int]], **kwargs: Any
    ) -> Iterator[tuple[bytes, int, float, bytes]]:
        encode = self.format.encode
        for term, found in value.items():
            count = len(found)
            yield term.encode(), count, float(count), encode(found)


class ValueField(fields.FieldType):
    """A field of whole values, given as a collection of texts."""

    def __init__(self) -> None:
        self.format = formats.Existence()
        self.scorable = False

    def index(
        self, value: Iterable[str], **kwargs: Any
    ) -> Iterator[tuple[bytes, int, float, bytes]]:
        for text in sorted(set(value)):
            if text:
                yield text.encode(), 1, 1.0, b""


def make_codec() -> W3Codec:
    """Return how Whoosh writes postings: nothing for its own scoring, uncompressed.

    A look-up of a field's length for every posting was a quarter of a rebuild.
    """
    codec = W3Codec(compression=0)
    codec.length_stats = False
    return codec


def make_schema() -> fields.Schema:
    schema = fields.Schema(
        key=ValueField(),
        words=ValueField(),
        card=fields.COLUMN(CARDS),
        body=fields.STORED,
    )
    for name in SCORED_FIELDS:
        schema.add(name, TermField())
    for name in FACET_FIELDS:
        schema.add(name, ValueField())
    return schema


CARDS = columns.VarBytesColumn()


@dataclass(frozen=True, slots=True)
class Card:
    """What is kept in memory of each document: enough for a list, not for a page."""

    key: str
    kind: str
    slug: str
    title: str
    url: str
    version: str
    level: str
    level_about: str
    boost: float
    names: tuple[str, ...]


def fields_of(document: Document) -> dict[str, Any]:
    """Return what the Whoosh writer takes. Raises TypeError for what is no text."""
    d = document
    card = [d.key, d.kind, d.slug, d.title, d.url, d.version, d.level, d.level_about]
    lists = (*d.names, *d.tags, *d.tag_slugs, *d.regions)
    for value in (*card, d.summary, d.text, *lists):
        if not isinstance(value, str):
            raise TypeError(f"{d.key}: {value!r} is not a text")
    if not d.key:
        raise TypeError("a document needs a key")
    written = json.dumps([*card, float(d.boost), d.names], ensure_ascii=False)
    return {
        "key": (d.key,),
        "kind": (d.kind,),
        "level": (d.level,),
        "tag": d.tag_slugs,
        "place": d.regions,
        "title": term_positions((d.title,)),
        "names": term_positions(d.names),
        "tags": term_positions(d.tags),
        "summary": term_positions((d.summary,)),
        "text": term_positions((d.text,)),
        "words": spoken_words((d.summary, d.text)),
        "card": written.encode("utf-8", "replace"),
        "body": (d.summary, d.text, d.tags, d.tag_slugs, d.regions),
    }


def card_of(written: bytes) -> Card:
    *texts, boost, names = json.loads(written)
    key, kind, slug, title, url, version, level, about = texts
    return Card(key, kind, slug, title, url, version, level, about, boost, tuple(names))


def document_of(card: Card, body: tuple[Any, ...]) -> Document:
    """Return the document that was indexed."""
    summary, text, tags, tag_slugs, regions = body
    return Document(
        key=card.key,
        kind=card.kind,
        slug=card.slug,
        title=card.title,
        url=card.url,
        version=card.version,
        names=card.names,
        tags=tuple(tags),
        tag_slugs=tuple(tag_slugs),
        summary=summary,
        text=text,
        level=card.level,
        level_about=card.level_about,
        regions=tuple(regions),
        boost=card.boost,
    )
