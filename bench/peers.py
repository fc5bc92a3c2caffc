"""The engines that ours is compared with, each asked as its own documentation shows.

All stem English, take any word of the query, rank by BM25 over title, summary and text,
and return the stored titles of the best ten.
"""

from __future__ import annotations

import logging
import sqlite3
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from search.engine import Document, Query, engine_for
from search.engine.text import chunks
from search.query import parse

FIELDS = ("title", "summary", "text")
PAGE = 10


class Peer(Protocol):
    name: str

    def build(self, documents: Iterable[Document]) -> None: ...

    def top(self, text: str) -> list[str]:
        """Return the titles of the best ten."""


def words_of(text: str) -> list[str]:
    """Return plain words: what has a meaning in a query language is left out."""
    return [word for chunk in chunks(text) for word in chunk.split("'") if word]


class Ours:
    """By BM25F alone, as the others rank."""

    name = "Pharmakon, BM25F alone"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.engine = engine_for(f"whoosh://{folder}")

    def build(self, documents: Iterable[Document]) -> None:
        self.engine.rebuild(documents)

    def top(self, text: str) -> list[str]:
        return self._titles(parse(text, limit=PAGE, is_plain=True))

    def _titles(self, query: Query) -> list[str]:
        return [hit.title for hit in self.engine.search(query).hits]


class OursRanked(Ours):
    """As readers get it: names first, all words preferred, a second look, spelling."""

    name = "Pharmakon, ranked in full"

    def build(self, documents: Iterable[Document]) -> None:
        """The index of `Ours` is asked."""

    def top(self, text: str) -> list[str]:
        return self._titles(parse(text, limit=PAGE, is_bare=True))


class OursWhole(OursRanked):
    """With what a page of results shows: facets, snippets, which name matched."""

    name = "Pharmakon, with facets and snippets"

    def top(self, text: str) -> list[str]:
        return self._titles(parse(text, limit=PAGE))


class PlainWhoosh:
    """One searcher that stays open; opening one for each query costs ten times this."""

    name = "Whoosh"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def build(self, documents: Iterable[Document]) -> None:
        from whoosh import fields, index, qparser
        from whoosh.analysis import StemmingAnalyzer

        analyzer = StemmingAnalyzer()
        schema = fields.Schema(
            title=fields.TEXT(analyzer, stored=True),
            summary=fields.TEXT(analyzer),
            text=fields.TEXT(analyzer),
        )
        self.folder.mkdir()
        made = index.create_in(str(self.folder), schema)
        writer = made.writer(limitmb=256)
        for each in documents:
            writer.add_document(title=each.title, summary=each.summary, text=each.text)
        writer.commit(optimize=True)
        self._searcher = made.searcher()
        self._parser = qparser.MultifieldParser(FIELDS, schema, group=qparser.OrGroup)

    def top(self, text: str) -> list[str]:
        query = self._parser.parse(" ".join(words_of(text)))
        hits = self._searcher.search(query, limit=PAGE, scored=True)
        return [hit["title"] for hit in hits]


class Fts5:
    name = "SQLite FTS5"

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._database = sqlite3.connect(folder / "fts.sqlite3")

    def build(self, documents: Iterable[Document]) -> None:
        self._database.execute(
            "CREATE VIRTUAL TABLE page"
            " USING fts5(title, summary, text, tokenize = 'porter unicode61')"
        )
        self._database.executemany(
            "INSERT INTO page VALUES (?, ?, ?)",
            ((each.title, each.summary, each.text) for each in documents),
        )
        self._database.execute("INSERT INTO page(page) VALUES ('optimize')")
        self._database.commit()

    def top(self, text: str) -> list[str]:
        query = " OR ".join(f'"{word}"' for word in words_of(text))
        rows = self._database.execute(
            "SELECT title FROM page WHERE page MATCH ? ORDER BY rank LIMIT 10", (query,)
        )
        return [title for (title,) in rows]


class Tantivy:
    name = "tantivy"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def build(self, documents: Iterable[Document]) -> None:
        import tantivy

        schema = tantivy.SchemaBuilder()
        for field in FIELDS:
            schema.add_text_field(
                field, stored=field == "title", tokenizer_name="en_stem"
            )
        self.folder.mkdir()
        self._index = tantivy.Index(schema.build(), str(self.folder))
        writer = self._index.writer(heap_size=256_000_000, num_threads=2)
        for each in documents:
            writer.add_document(
                tantivy.Document(title=each.title, summary=each.summary, text=each.text)
            )
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def top(self, text: str) -> list[str]:
        query = self._index.parse_query(" ".join(words_of(text)), list(FIELDS))
        hits = self._searcher.search(query, PAGE).hits
        return [self._searcher.doc(address)["title"][0] for _, address in hits]


class Bm25s:
    """One field, for it knows no other: the three joined."""

    name = "bm25s with numba"

    def __init__(self, folder: Path) -> None:
        self._titles: list[str] = []

    def build(self, documents: Iterable[Document]) -> None:
        import bm25s
        import Stemmer

        logging.getLogger("bm25s").setLevel(logging.WARNING)
        self._bm25s = bm25s
        self._stemmer = Stemmer.Stemmer("english")
        texts = []
        for each in documents:
            self._titles.append(each.title)
            texts.append(f"{each.title} {each.summary} {each.text}")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tokens = bm25s.tokenize(
                texts, stopwords="en", stemmer=self._stemmer, show_progress=False
            )
            self._retriever: Any = bm25s.BM25(backend="numba")
            self._retriever.index(tokens, show_progress=False)
        self.top("compile the inner loop before it is timed")

    def top(self, text: str) -> list[str]:
        tokens = self._bm25s.tokenize(
            text,
            stopwords="en",
            stemmer=self._stemmer,
            show_progress=False,
            return_ids=False,
        )
        if not tokens[0]:
            return []
        docs, _ = self._retriever.retrieve(
            tokens, k=min(PAGE, len(self._titles)), show_progress=False, n_threads=1
        )
        return [self._titles[doc] for doc in docs[0]]


def peers(folder: Path) -> list[Peer]:
    """Return all engines, ours first; each makes its index in a folder within this."""
    ours = folder / "ours"
    return [
        Ours(ours),
        OursRanked(ours),
        OursWhole(ours),
        Tantivy(folder / "tantivy"),
        Bm25s(folder / "bm25s"),
        Fts5(folder / "fts5"),
        PlainWhoosh(folder / "whoosh"),
    ]
