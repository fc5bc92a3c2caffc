"""What is searched in the comparisons: a judged collection, or made-up documents.

The made-up ones are the same on every machine: words by rank as Zipf and Mandelbrot
have it (stop words, which every engine leaves out, are not among them), in three
fields, with the kinds, levels, tags, places and other names that records have.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.relevance import read_documents, read_lines
from search.engine import Document

VOCABULARY = 60_000
# Rank + this: the most frequent word stands in a third of the documents.
_OFFSET = 20
_EXPONENT = 1.05
_WORDS = {"title": 5, "summary": 18, "text": 60}
_KINDS = ("substance", "alkaloid", "symptom", "claim", "article", "source")
_LEVELS = ("high", "moderate", "low", "very-low", "none", "not-assessed")
_STATUSES = ("controlled", "banned", "prescription-only", "uncontrolled", "unclear")
_TAGS, _PLACES = 40, 60
_BLOCK = 1_000


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents, made anew each time they are asked for, and what is asked of them."""

    name: str
    size: int
    queries: tuple[str, ...]
    folder: Path | None = None

    def documents(self) -> Iterator[Document]:
        if self.folder is not None:
            return read_documents(self.folder)
        return synthetic_documents(self.size)


def collection(folder: Path) -> Corpus:
    """Return a collection in BEIR's layout: corpus.jsonl and queries.jsonl."""
    queries = tuple(row["text"] for row in read_lines(folder / "queries.jsonl"))
    size = sum(1 for _ in read_lines(folder / "corpus.jsonl"))
    return Corpus(folder.name, size, queries, folder)


def synthetic(size: int, queries: int = 200) -> Corpus:
    """Return made-up documents and three-word queries, drawn as their words are."""
    words = np.array(vocabulary())
    random = np.random.default_rng(size)
    drawn = random.choice(words, p=_shares(), size=(queries, 3))
    return Corpus(f"synthetic {size:,}", size, tuple(map(" ".join, drawn)))


def vocabulary() -> list[str]:
    """Return the words, most frequent first: "bamo", "bamu" … are letters, no more."""
    syllables = [a + b for a in "bdfgklmnprstvz" for b in "aiou"]
    made = (
        "".join(each) for n in (2, 3) for each in itertools.product(syllables, repeat=n)
    )
    return list(itertools.islice(made, VOCABULARY))


def _shares() -> np.ndarray:
    shares = 1.0 / (np.arange(VOCABULARY) + _OFFSET) ** _EXPONENT
    return shares / shares.sum()


def synthetic_documents(size: int) -> Iterator[Document]:
    words = vocabulary()
    shares = _shares()
    random = np.random.default_rng(7)
    width = sum(_WORDS.values())
    for first in range(0, size, _BLOCK):
        ranks = random.choice(VOCABULARY, p=shares, size=(_BLOCK, width))
        for number, row in enumerate(ranks[: size - first].tolist(), start=first):
            yield _document(number, [words[rank] for rank in row])


def _document(number: int, words: list[str]) -> Document:
    title_ends = _WORDS["title"]
    summary_ends = title_ends + _WORDS["summary"]
    kind = _KINDS[number % len(_KINDS)]
    is_subject = number % len(_KINDS) < 2
    places = range(number % 7, _PLACES, 9) if is_subject else ()
    tags = sorted({number % _TAGS, number * 7 % _TAGS})
    return Document(
        key=f"{kind}:made-{number}",
        kind=kind,
        slug=f"made-{number}",
        title=" ".join(words[:title_ends]),
        url=f"/{kind}s/made-{number}/",
        version="1",
        names=(f"{words[0]} {words[1]}", f"made {number}") if is_subject else (),
        tags=tuple(f"Tag {tag}" for tag in tags),
        tag_slugs=tuple(f"tag-{tag}" for tag in tags),
        summary=" ".join(words[title_ends:summary_ends]) + ".",
        text=" ".join(words[summary_ends:]) + ".",
        level=_LEVELS[number % len(_LEVELS)] if is_subject else "",
        regions=tuple(
            f"US-{place}={_STATUSES[(number + place) % len(_STATUSES)]}"
            for place in places
        ),
    )
