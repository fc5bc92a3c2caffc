"""The typed record of an article, to and from its model."""

from __future__ import annotations

from articles.models import Article
from kb.schemas.articles import ArticleRecord
from kb.schemas.save import Lookup, reviewed_values, save_row, sync_links, sync_tags
from kb.schemas.write import reviewed_part, slugs


def article_record(article: Article) -> ArticleRecord:
    subjects = [*article.substances.all(), *article.alkaloids.all()]
    return ArticleRecord(
        **reviewed_part(article),
        body=article.body,
        takeaways=article.takeaways,
        author=article.author,
        published_on=article.published_on,
        subjects=sorted(subject.record_key for subject in subjects),
        symptoms=slugs(article.symptoms.all()),
        claims=slugs(article.claims.all()),
        sources=slugs(article.sources.all()),
    )


def save_article(record: ArticleRecord, lookup: Lookup) -> Article:
    values = record.model_dump(include={"body", "takeaways", "author", "published_on"})
    article = save_row(
        Article, {"slug": record.slug}, {**reviewed_values(record), **values}
    )
    sync_tags(article, record.tags, lookup)
    found = [lookup.subject(reference) for reference in record.subjects]
    sync_links(
        article.substances, [each["substance"] for each in found if each["substance"]]
    )
    sync_links(
        article.alkaloids, [each["alkaloid"] for each in found if each["alkaloid"]]
    )
    for field, kind in (
        ("symptoms", "symptom"),
        ("claims", "claim"),
        ("sources", "source"),
    ):
        sync_links(
            getattr(article, field),
            [lookup.get(kind, slug) for slug in getattr(record, field)],
        )
    return article
