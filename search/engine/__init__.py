"""What a search engine does, in plain values: no model, no request, no HTML.

`whoosh.py` beside this file does it on one machine. Nothing outside this folder
knows which engine is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple, Protocol
from urllib.parse import unquote, urlsplit

# Which kind stands first where two documents fit equally well.
KIND_ORDER = (
    "substance",
    "alkaloid",
    "symptom",
    "claim",
    "region",
    "article",
    "tag",
    "source",
)

# Pieces of a text, each with the answer to "does it match?".
Pieces = tuple[tuple[str, bool], ...]


class SearchUnavailable(Exception):
    """The index cannot answer now; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Document:
    """One record as the index sees it. `version` changes when the content does."""

    key: str  # "substance:kratom"
    kind: str
    slug: str
    title: str
    url: str
    version: str
    names: tuple[str, ...] = ()  # synonyms, local names, misspellings, identifiers
    tags: tuple[str, ...] = ()
    tag_slugs: tuple[str, ...] = ()
    summary: str = ""
    text: str = ""
    level: str = ""  # "" where this kind of record has no evidence level
    level_about: str = ""  # what the level is about: "Opioid withdrawal"
    regions: tuple[str, ...] = ()  # "US-AL=controlled"
    boost: float = 1.0  # how much more likely than others it is what was meant


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked. Within one filter any value will do; all filters must hold.

    A region and a status together mean: this status in this region. Where a document
    has no status of its own in a region, that of the region above holds.
    """

    text: str = ""  # as typed
    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    excluded_phrases: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    limit: int = 20
    offset: int = 0
    # Only which documents, in which order: no facets, no snippets.
    is_bare: bool = False
    # By BM25F alone: no names, no second look, no spelling. What other engines do, and
    # what they are compared with.
    is_plain: bool = False


class Hit(NamedTuple):
    """One result. A tuple, for ten of a frozen dataclass cost a third of a ranking."""

    key: str
    kind: str
    slug: str
    title: str
    url: str
    level: str
    level_about: str
    score: float
    snippet: Pieces
    title_parts: Pieces
    # "also called ketum" or "tagged Opioid receptor"; "" where what is shown says it
    matched: str


# Values of a filter, and how many documents have each; most first.
Counted = list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Results:
    """A page of hits. If `corrected`, they are hits for `suggestion`, which is a
    better spelling of what was typed; else `suggestion` is only offered, and what it
    has instead of `unknown` words was looked for beside them. `related` are documents
    without the words that are like the few that were found; `total` is without them."""

    total: int = 0
    hits: tuple[Hit, ...] = ()
    facets: dict[str, Counted] = field(default_factory=dict)
    suggestion: str | None = None
    corrected: bool = False
    unknown: tuple[str, ...] = ()  # words that no document has
    related: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    kind: str
    slug: str
    title: str
    url: str
    matched: str  # the name that fits what was typed


class Engine(Protocol):
    def index(self, documents: Iterable[Document]) -> None:
        """Add documents, replacing those with the same key. All of them or none."""

    def remove(self, keys: Iterable[str]) -> None:
        """Forget these keys; one that is not there is no error."""

    def search(self, query: Query) -> Results:
        """Return a page of hits, total and facets. Any text is a valid query."""

    def suggest(self, text: str, *, limit: int = 8) -> list[Suggestion]:
        """Complete a name as it is typed, forgiving a slip or two; best first."""

    def rebuild(self, documents: Iterable[Document]) -> None:
        """Replace everything; readers see the old index until the new one is whole."""

    def following(self) -> AbstractContextManager[None]:
        """Hold off others, in all processes, who bring the index up to the database.

        Who reads a record and then writes its document must do both within: else what
        another has read and written in between is overwritten with what was before.
        """

    def versions(self) -> Iterator[tuple[str, str]]:
        """Yield key and version of each document, for `search_index check`."""

    def find_damage(self) -> list[str]:
        """Return a line for each part of the index that is not as it was written."""

    def document_count(self) -> int:
        """Count the documents that can be found."""

    def is_ready(self) -> bool:
        """Tell whether a search would be answered; never raises."""


def engine_for(url: str) -> Engine:
    """Return the engine that a SEARCH_URL names: "whoosh:///srv/pharmakon/index"."""
    from django.core.exceptions import ImproperlyConfigured

    parts = urlsplit(url)
    if parts.scheme != "whoosh":
        raise ImproperlyConfigured(
            f"SEARCH_URL: there is no search engine '{parts.scheme}';"
            " use whoosh:///absolute/path/of/a/folder"
        )
    path = unquote(parts.path)
    if parts.netloc or not path.strip("/"):
        raise ImproperlyConfigured(
            "SEARCH_URL: whoosh takes the absolute path of a folder, with three"
            " slashes: whoosh:///absolute/path/of/a/folder"
        )
    from search.engine.whoosh import WhooshEngine

    return WhooshEngine(path)


@cache
def get_engine() -> Engine:
    """Return the engine of this process; SEARCH_URL is read once."""
    from django.conf import settings

    return engine_for(settings.SEARCH_URL)
