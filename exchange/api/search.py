"""Searching, completing a name as it is typed, and checking a pasted text."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from exchange.api import shapes
from exchange.api.errors import BadParameter, Problem
from exchange.api.law import status_label
from exchange.api.limits import RateLimit
from exchange.api.rendering import CONTENT_TYPE, as_json
from kb import version
from kb.choices import Level
from kb.places import region_tree
from kb.version import Version
from search.answers import find_answer
from search.documents import KINDS
from search.engine import Counted, Hit, get_engine
from search.page import tag_names
from search.query import parse

router = Router(tags=["search"])
ERRORS = {400: Problem, 429: Problem, 500: Problem, 503: Problem}


class SearchQuery(Schema):
    q: str = Field("", description='words, "a phrase", -without, kind:, level:, tag: …')
    kind: list[str] = Field([], description=", ".join(KINDS))
    level: list[str] = Field([], description=", ".join(Level.values))
    region: list[str] = Field([], description="ISO 3166: TH, US-AL, US-CA/san-diego")
    status: list[str] = Field([], description=", ".join(shapes.STATUSES))
    tag: list[str] = Field([], description="slugs of tags")
    limit: int = Field(20, ge=1, le=100, description="1 to 100")
    offset: int = Field(0, ge=0, le=1_000_000, description="how many to pass over")


class SuggestQuery(Schema):
    q: str = Field("", description="what has been typed so far")
    limit: int = Field(8, ge=1, le=20, description="1 to 20")


@router.get(
    "/search",
    response={200: shapes.SearchReply, **ERRORS},
    throttle=RateLimit("search", "120/m"),
)
def search(request: HttpRequest, asked: Query[SearchQuery]) -> HttpResponse:
    """Search everything. Every filter can repeat; any of its values will do."""
    started = time.perf_counter()
    query = parse(
        asked.q,
        kinds=known("kind", asked.kind, KINDS),
        levels=known("level", asked.level, Level.values),
        regions=asked.region,
        statuses=known("status", asked.status, shapes.STATUSES),
        tags=asked.tag,
        limit=asked.limit,
        offset=asked.offset,
    )
    results = get_engine().search(query)
    region = query.regions[0] if query.regions else None
    now = version.current()
    # As shapes.SearchReply has it, which the tests see to: to make one of it, check it
    # and take it apart again is a tenth of a search with its hundreds of places.
    reply: dict[str, Any] = {
        "query": asked.q,
        "total": results.total,
        "suggestion": results.suggestion,
        "corrected": results.corrected,
        "answer": _answer(query.text, region=region, now=now),
        "facets": _facets(results.facets, now),
        "results": [_hit(hit) for hit in results.hits],
        "related": [_hit(hit) for hit in results.related],
    }
    etag = _etag(reply)
    reply["took_ms"] = round((time.perf_counter() - started) * 1000, 1)
    return HttpResponse(
        as_json(reply), content_type=CONTENT_TYPE, headers={"ETag": etag}
    )


def _hit(hit: Hit) -> dict[str, Any]:
    """Return a hit as shapes.HitShape has it."""
    return {
        "kind": hit.kind,
        "slug": hit.slug,
        "title": hit.title,
        "url": f"{settings.SITE_URL}{hit.url}",
        "snippet": "".join([text for text, _ in hit.snippet]),
        "evidence_level": hit.level or None,
        "evidence_about": hit.level_about or None,
        "matched": hit.matched or None,
        "score": round(hit.score, 4),
    }


def _etag(reply: Mapping[str, Any]) -> str:
    """Return the same for the same finds, however long they took."""
    digest = hashlib.blake2b(as_json(reply), digest_size=16).hexdigest()
    return f'W/"{digest}"'


@router.get(
    "/suggest",
    response={200: shapes.SuggestReply, **ERRORS},
    throttle=RateLimit("suggest", "300/m"),
)
def suggest(request: HttpRequest, asked: Query[SuggestQuery]) -> shapes.SuggestReply:
    """Complete a name as it is typed, forgiving a slip or two; best first."""
    found = get_engine().suggest(parse(asked.q).text, limit=asked.limit)
    return shapes.SuggestReply(
        query=asked.q,
        suggestions=[
            shapes.SuggestionShape(
                kind=each.kind,
                slug=each.slug,
                title=each.title,
                matched=each.matched,
                url=f"{settings.SITE_URL}{each.url}",
            )
            for each in found
        ],
    )


def known(name: str, given: Iterable[str], allowed: Collection[str]) -> list[str]:
    """Return the filter values, "Very low" as "very-low"; empty ones count for nothing.

    Raises BadParameter for a value that is not of the vocabulary.
    """
    values = ["-".join(value.lower().split()) for value in given]
    for value in values:
        if value and value not in allowed:
            raise BadParameter(
                name, f"takes one of {', '.join(allowed)}, not {value[:40]!r}"
            )
    return [value for value in values if value]


def _answer(text: str, *, region: str | None, now: Version) -> dict[str, Any] | None:
    """Return the answer from the records, or None if the results must do."""
    answer = find_answer(text, region=region, now=now)
    if answer is None:
        return None
    return {**answer.as_json(), "url": f"{settings.SITE_URL}{answer.url}"}


def _facets(
    counted: dict[str, Counted], now: Version
) -> dict[str, list[dict[str, Any]]]:
    """Put words beside the values, as shapes.FacetShape has them: 2 queries after a
    change of the data."""
    labels: dict[str, Mapping[str, Any]] = {
        "kind": {kind: kind.capitalize() for kind in KINDS},
        "level": dict(Level.choices),
        "status": {status: status_label(status) for status in shapes.STATUSES},
        "region": region_tree(now).names,
        "tag": tag_names(now),
    }
    return {
        name: [
            {
                "value": value,
                "label": str(labels[name].get(value, value)),
                "count": count,
            }
            for value, count in values
        ]
        for name, values in counted.items()
    }
