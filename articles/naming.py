"""Where articles name a record in their text, and how that follows a merge."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import QuerySet

from articles.models import Article
from articles.rendering import LINKED, WITHOUT_KIND
from kb.models import Source


def articles_naming(record: Any) -> QuerySet[Article]:
    """Return the articles whose text links or cites a record: 1 query."""
    pattern = _pattern(record)
    if pattern is None:
        return Article.objects.none()
    naming = Article.objects.filter(body__contains=record.slug)
    found = [
        pk for pk, body in naming.values_list("pk", "body") if pattern.search(body)
    ]
    return Article.objects.filter(pk__in=found)


def rename_in_articles(record: Any, slug: str) -> None:
    """Write another slug wherever an article links or cites a record."""
    pattern = _pattern(record)
    if pattern is None:
        return
    for article in articles_naming(record):
        article.body = pattern.sub(rf"\g<1>{slug}", article.body)
        article.save()


def _pattern(record: Any) -> re.Pattern[str] | None:
    if not hasattr(record, "slug"):
        return None
    slug = re.escape(record.slug)
    if isinstance(record, Source):
        return re.compile(rf"(@){slug}(?![\w-])")
    kind = getattr(record, "KIND", "")
    if kind not in LINKED:
        return None
    # A link without its kind may mean a record of another kind with the same slug; it is
    # taken for this one, as a curator would read it.
    optional = "?" if kind in WITHOUT_KIND else ""
    return re.compile(rf"(\[\[(?:{kind}:){optional}){slug}(?=[\]|])")
