"""What is wrong with an article: sources that are gone, links that lead nowhere."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_noop as _

from articles.models import Article
from articles.rendering import LINKED, WITHOUT_KIND, render
from kb import links
from kb.choices import Retraction, State
from kb.models import Source

# A source that readers should not lean on: retracted, of concern, or taken off the site.
GONE = ~Q(retraction=Retraction.NONE) | ~Q(state=State.PUBLISHED)


def with_gone_sources(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Add `gone_count` to each article: how many of its sources are gone, or dead."""
    gone = Source.objects.filter(GONE | Q(pk__in=links.dead_sources())).values("pk")
    return articles.annotate(
        gone_count=Count("sources", filter=Q(sources__in=gone), distinct=True)
    )


def gone_with_reasons(
    article: Article, cited: Iterable[str] = ()
) -> list[dict[str, str]]:
    """Return what gone_sources tells, in its parts: [{"name", "why"}]; as many queries."""
    dead = links.dead_sources()
    found = Source.objects.filter(Q(articles=article) | Q(slug__in=list(cited)))
    return [
        {"name": source.name, "why": _why(source)}
        for source in found.filter(GONE | Q(pk__in=dead))
        .distinct()
        .order_by("name", "pk")
    ]


def gone_sources(article: Article, cited: Iterable[str] = ()) -> list[str]:
    """Return a sentence for each source that is listed or cited and gone.

    Gone is too whose address no longer opens. 2 queries, 3 where an address is gone.
    """
    gone = gone_with_reasons(article, cited)
    return [f"{each['name']}: {each['why'].lower()}" for each in gone]


def _why(source: Source) -> str:
    if source.retraction != Retraction.NONE:
        return source.get_retraction_display()
    if not source.is_published:
        return _("No longer shown here")
    return _("Its address no longer opens")


def link_errors(body: str) -> list[str]:
    """Return a sentence for each link and citation of a text that leads nowhere.

    It says what was meant, where something near it exists.
    """
    return [_error(written) for written in render(body).broken]


def _error(written: str) -> str:
    if written.startswith("[@"):
        slugs = [
            each.strip(" @")
            for each in written.strip("[]").replace(";", ",").split(",")
        ]
        known = _slugs(("source",))
        missing = [slug for slug in slugs if slug not in known]
        return " ".join(
            f"{written}: there is no published source “{slug}”.{_near(slug, known)}"
            for slug in missing
        )
    inner = written.strip("[]").partition("|")[0]
    kind, colon, slug = inner.rpartition(":")
    if colon and kind not in LINKED:
        return f"{written}: “{kind}” is no kind of record; use {', '.join(LINKED)}."
    known = _slugs((kind,) if kind else WITHOUT_KIND)
    return f"{written}: there is no published record “{slug}”.{_near(slug, known)}"


def _slugs(kinds: Iterable[str]) -> list[str]:
    found: list[str] = []
    for kind in kinds:
        model = LINKED[kind]
        rows = model.objects.all() if kind == "region" else model.objects.published()
        field = "code" if kind == "region" else "slug"
        found += rows.order_by().values_list(field, flat=True)
    return found


def _near(slug: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(slug, list(known), n=1, cutoff=0.7)
    return f" Did you mean “{near[0]}”?" if near else ""
