"""Where articles name a record in their text, and how that follows a merge."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import QuerySet

from articles.models import Article
from articles.rendering import LINKED, WITHOUT_KIND
from kb.models import Source


def articles_naming(record: Any) -> QuerySet[Article]:
    """Return the articles whose text links or cites a record: 1 query, and one for each
    kind that may share its slug where a text has that."""
    return Article.objects.filter(pk__in=_naming(record)[1])


def rename_in_articles(record: Any, slug: str) -> None:
    """Write another slug wherever an article links or cites a record.

    A link without a kind gets one where the new slug alone would lead elsewhere.
    """
    pattern, found = _naming(record)
    if pattern is None or not found:
        return
    kind = getattr(record, "KIND", "")
    needs_kind = kind in WITHOUT_KIND and _others_called(slug, kind).exists()

    def renamed(link: re.Match[str]) -> str:
        is_bare = needs_kind and not link[1].endswith(":")
        return f"{link[1]}{kind}:{slug}" if is_bare else f"{link[1]}{slug}"

    for article in Article.objects.filter(pk__in=found):
        article.body = pattern.sub(renamed, article.body)
        article.save()


def _naming(record: Any) -> tuple[re.Pattern[str] | None, list[int]]:
    """Return what finds a record in a text, and the keys of the articles that have it."""
    kind = getattr(record, "KIND", "")
    if not hasattr(record, "slug") or (kind not in LINKED and kind != Source.KIND):
        return None, []
    naming = Article.objects.filter(body__contains=record.slug)
    bodies = list(naming.values_list("pk", "body"))
    may_be_bare = bool(bodies) and kind in WITHOUT_KIND and _is_meant(record)
    pattern = _pattern(record, may_be_bare)
    return pattern, [pk for pk, body in bodies if pattern.search(body)]


def _pattern(record: Any, may_be_bare: bool) -> re.Pattern[str]:
    slug = re.escape(record.slug)
    if isinstance(record, Source):
        return re.compile(rf"(@|\[\[source:){slug}(?![\w-])")
    optional = "?" if may_be_bare else ""
    return re.compile(rf"(\[\[(?:{record.KIND}:){optional}){slug}(?=[\]|])")


def _is_meant(record: Any) -> bool:
    """Tell whether a link without a kind leads to this record, as readers follow it.

    It leads to the first kind of WITHOUT_KIND that has such a record published. Where
    none has, it is taken for any that a curator may have meant.
    """
    for kind in WITHOUT_KIND:
        if kind == record.KIND:
            if record.is_published:
                return True
        elif LINKED[kind].objects.published().filter(slug=record.slug).exists():
            return False
    return True


def _others_called(slug: str, kind: str) -> QuerySet[Any]:
    """Return whether another kind that links name without a kind has this slug."""
    found = [
        LINKED[each].objects.filter(slug=slug).order_by().values("slug")
        for each in WITHOUT_KIND
        if each != kind
    ]
    return found[0].union(*found[1:])
