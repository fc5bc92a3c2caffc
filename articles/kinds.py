"""The article as a kind of record, for import, export and review."""

from __future__ import annotations

from articles.models import Article
from articles.schemas import article_record, save_article
from kb.kinds import Kind
from kb.schemas.articles import ArticleRecord

ARTICLE = Kind(
    "article",
    "articles",
    ArticleRecord,
    lambda: (
        Article.objects.published()
        .select_related("profile")
        .prefetch_related(
            "tags", "substances", "alkaloids", "symptoms", "claims", "sources"
        )
    ),
    article_record,
    save_article,
    lambda record: record.slug,
)
