"""The article as schema.org sees it, with a review of each claim that it marks."""

from __future__ import annotations

from collections.abc import Sequence

from articles.models import Article
from kb.citing import page_meta
from kb.linked_data.head import Head
from kb.linked_data.nodes import Node, absolute, node, page, publisher
from kb.linked_data.records import claim_review
from kb.models import Claim

ORCID = "https://orcid.org/"


def article(
    record: Article,
    *,
    about: Sequence[str] = (),
    sources: Sequence[str] = (),
    claims: Sequence[Claim] = (),
) -> Head:
    """about and sources are paths of our pages, as they stand on the page itself."""
    it = page(record, "Article", plural="Articles", about=False)
    way = it.pop("breadcrumb")  # of a web page alone
    it |= {
        "headline": record.name,
        "description": record.summary,
        "author": _author(record),
        "isAccessibleForFree": True,
        "about": [{"@id": f"{absolute(path)}#it"} for path in about],
        "citation": [absolute(path) for path in sources],
    }
    if record.published_on:
        it["datePublished"] = str(record.published_on)
    it = {name: value for name, value in it.items() if value}
    reviews = [claim_review(each) for each in claims]
    url = record.profile.credentials_url if record.profile else ""
    return Head(
        path=record.get_absolute_url(),
        graph=[it, way, *(each for each in reviews if each is not None)],
        title=record.name,
        meta=page_meta(record),
        author=url if url.startswith(ORCID) else "",
    )


def _author(record: Article) -> Node:
    """Return a person only where there is a profile: a bare name may be anybody's."""
    if record.profile is None:
        return (
            node("Organization", name=record.author) if record.author else publisher()
        )
    return node(
        "Person", name=record.profile.name, sameAs=record.profile.credentials_url
    )
