"""The lists: what there is of each kind, in short."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from articles.models import Article
from exchange.api.errors import Problem
from exchange.api.finding import absolute
from exchange.api.shapes import ListReply, ShortShape
from kb import evidence
from kb.models import (
    Alkaloid,
    Assessment,
    Claim,
    Region,
    Source,
    Substance,
    Symptom,
)

router = Router(tags=["lists"])

Rows = Callable[[], QuerySet[Any]]


class Page(Schema):
    limit: int = Field(50, ge=1, le=200, description="1 to 200")
    offset: int = Field(0, ge=0, le=1_000_000, description="how many to pass over")


def _graded(rows: QuerySet[Any]) -> QuerySet[Any]:
    assessments = Assessment.objects.of_published().select_related("symptom")
    return rows.prefetch_related(Prefetch("assessment_set", assessments))


LISTS: dict[str, Rows] = {
    "substances": lambda: _graded(Substance.objects.published()),
    "alkaloids": lambda: _graded(Alkaloid.objects.published()),
    "symptoms": lambda: Symptom.objects.published(),
    "sources": lambda: Source.objects.published(),
    "regions": lambda: Region.objects.all(),
    "articles": lambda: Article.objects.published(),
    "claims": lambda: Claim.objects.published(),
}


def short(record: Any) -> ShortShape:
    fields: dict[str, Any] = {}
    if isinstance(record, Substance | Alkaloid):
        entry = evidence.entry_level(record.assessment_set.all())
        fields["evidence_level"] = entry.level
    elif isinstance(record, Claim):
        fields = {"summary": record.why, "verdict": record.verdict}
    elif isinstance(record, Region):
        fields = {"summary": "", "code": record.code}
    return ShortShape(
        kind=record.KIND,
        slug=record.slug,
        name=record.name,
        url=absolute(record),
        **{"summary": getattr(record, "summary", ""), **fields},
    )


def _page(request: HttpRequest, rows: QuerySet[Any], page: Page) -> ListReply:
    """3 queries at most: how many there are, the page, the levels of its records."""
    count = rows.count()
    last = page.offset + page.limit

    def address(offset: int) -> str:
        query = urlencode({"limit": page.limit, "offset": offset})
        return request.build_absolute_uri(f"{request.path}?{query}")

    return ListReply(
        count=count,
        next=address(last) if last < count else None,
        previous=address(max(0, page.offset - page.limit)) if page.offset else None,
        results=[short(record) for record in rows[page.offset : last]],
    )


def _add(plural: str, rows: Rows) -> None:
    def view(request: HttpRequest, page: Query[Page]) -> ListReply:
        return _page(request, rows(), page)

    view.__name__ = plural
    router.get(
        f"/{plural}",
        response={200: ListReply, 400: Problem, 500: Problem},
        summary=f"All {plural}",
        operation_id=f"list_{plural}",
    )(view)


for _plural, _rows in LISTS.items():
    _add(_plural, _rows)
