"""The typed record of an article, to and from its model."""

from __future__ import annotations

from articles.models import Article, Author
from kb.schemas.articles import ArticleRecord, AuthorRecord
from kb.schemas.lookup import Lookup
from kb.schemas.rows import reviewed_values, save_row, sync_links, sync_tags
from kb.schemas.write import reviewed_part, slugs


def author_record(author: Author) -> AuthorRecord:
    return AuthorRecord(
        name=author.name,
        credentials=author.credentials,
        credentials_url=author.credentials_url,
        interests=author.interests,
    )


def save_author(record: AuthorRecord) -> Author:
    author: Author = save_row(
        Author, {"name": record.name}, record.model_dump(exclude={"name"})
    )
    return author


def article_record(article: Article) -> ArticleRecord:
    subjects = [*article.substances.all(), *article.alkaloids.all()]
    return ArticleRecord(
        **reviewed_part(article),
        body=article.body,
        takeaways=article.takeaways,
        author=article.author,
        profile=author_record(article.profile) if article.profile else None,
        published_on=article.published_on,
        subjects=sorted(subject.record_key for subject in subjects),
        symptoms=slugs(article.symptoms.all()),
        claims=slugs(article.claims.all()),
        sources=slugs(article.sources.all()),
    )


def save_article(record: ArticleRecord, lookup: Lookup) -> Article:
    values = record.model_dump(include={"body", "takeaways", "author", "published_on"})
    values["profile"] = save_author(record.profile) if record.profile else None
    article: Article = save_row(
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
