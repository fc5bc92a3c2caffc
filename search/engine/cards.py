"""What is kept of each document beside its terms, and documents from it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, NamedTuple

from search.engine import KIND_ORDER, Document, Hit, Pieces

_KIND_RANK = {kind: rank for rank, kind in enumerate(KIND_ORDER)}


class Card(NamedTuple):
    """What is needed of a document for a line in a list; its texts are its body."""

    # The first are those of a Hit, in its order.
    key: str
    kind: str
    slug: str
    title: str
    url: str
    level: str
    level_about: str
    version: str
    boost: float
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Body:
    summary: str
    text: str
    tags: tuple[str, ...]
    tag_slugs: tuple[str, ...]
    regions: tuple[str, ...]


def place_in_order(kind: str, slug: str) -> tuple[int, str, str]:
    """Return what decides between equals: kind, then slug."""
    return _KIND_RANK.get(kind, len(KIND_ORDER)), kind, slug


def written(document: Document) -> tuple[bytes, bytes]:
    """Return card and body as they are stored. Raises TypeError for what is no text."""
    d = document
    card = [d.key, d.kind, d.slug, d.title, d.url, d.version, d.level, d.level_about]
    lists = (d.names, d.tags, d.tag_slugs, d.regions)
    for value in (*card, d.summary, d.text, *(each for many in lists for each in many)):
        if not isinstance(value, str):
            raise TypeError(f"{d.key}: {value!r} is not a text")
    if not d.key:
        raise TypeError("a document needs a key")
    body = [d.summary, d.text, d.tags, d.tag_slugs, d.regions]
    return _json([*card, float(d.boost), d.names]), _json(body)


def _json(values: list[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False).encode("utf-8", "replace")


def card_of(stored: bytes) -> Card:
    *texts, boost, names = json.loads(stored)
    key, kind, slug, title, url, version, level, about = texts
    return Card(key, kind, slug, title, url, level, about, version, boost, tuple(names))


def hit_of(card: Card, score: float, snippet: Pieces, title: Pieces, why: str) -> Hit:
    # By their names, eleven values take half as long again.
    return Hit(*card[:7], round(score, 4), snippet, title, why)


def body_of(stored: bytes) -> Body:
    summary, text, *lists = json.loads(stored)
    return Body(summary, text, *map(tuple, lists))


def document_of(card: Card, body: Body) -> Document:
    """Return the document that was indexed."""
    return Document(
        key=card.key,
        kind=card.kind,
        slug=card.slug,
        title=card.title,
        url=card.url,
        version=card.version,
        names=card.names,
        tags=body.tags,
        tag_slugs=body.tag_slugs,
        summary=body.summary,
        text=body.text,
        level=card.level,
        level_about=card.level_about,
        regions=body.regions,
        boost=card.boost,
    )
