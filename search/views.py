"""The front door: home, search, and what carries a tag."""

from __future__ import annotations

import logging
import time
from typing import Any

from django.conf import settings
from django.db.models import Count, Value
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from taggit.models import Tag

from articles.models import Article
from kb import version
from kb.linked_data import pages as linked_pages
from kb.linked_data import site
from kb.linked_data.head import respond
from kb.models import Alkaloid, Claim, Record, Region, Source, Substance, Symptom
from kb.pages import latest
from kb.pages.words import KIND_LABEL
from kb.parameters import page_parameter, region_parameter
from search import missed, showing
from search import page as search_page
from search.answers import find_answer, is_danger
from search.engine import SearchUnavailable, get_engine
from search.query import parse

log = logging.getLogger(__name__)

PAGE_SIZE = 10
MOST_SUGGESTIONS = 8
KINDS: tuple[type[Record], ...] = (Substance, Alkaloid, Symptom, Article, Claim, Source)


def home(request: HttpRequest) -> HttpResponse:
    context = {"counts": _counts(), "law_changes": latest.law_changes()}
    return respond(request, "search/home.html", context, site.site())


def _counts() -> dict[str, int]:
    """Return how many records of each kind readers see: 1 query."""
    first, *others = (
        rows.order_by()
        .values(of_kind=Value(rows.model.KIND))
        .annotate(total=Count("pk"))
        .values_list("of_kind", "total")
        for rows in (
            Region.objects.all(),
            *(model.objects.published() for model in KINDS),
        )
    )
    return dict(first.union(*others, all=True))


def search(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    number = page_parameter(request)
    given = {name: request.GET.getlist(name) for name in search_page.FILTERS}
    query = parse(
        text,
        kinds=given["kind"],
        levels=given["level"],
        regions=given["region"],
        statuses=given["status"],
        tags=given["tag"],
        limit=PAGE_SIZE,
        offset=(number - 1) * PAGE_SIZE,
    )
    chosen = {
        "kind": query.kinds,
        "level": query.levels,
        "region": query.regions,
        "status": query.statuses,
        "tag": query.tags,
    }
    if not text and not any(chosen.values()):
        return showing.response(request, "", None)
    try:
        results = get_engine().search(query)
    except SearchUnavailable as error:
        _tell_operator(error)
        message = _(
            "The search index is being rebuilt. The pages themselves are all there."
        )
        context = {
            "title": _("Search is not ready"),
            "message": message,
            "retry_after": 60,
        }
        response = render(request, "503.html", context, status=503)
        response["Retry-After"] = "60"
        return response
    now = version.current()
    request.data_version = now  # type: ignore[attr-defined]
    mine = region_parameter(request)
    region = query.regions[0] if query.regions else mine.code if mine else None
    context = search_page.context(
        text, chosen, results, page=number, size=PAGE_SIZE, now=now, mine=mine
    )
    if number == 1:
        context["answer"] = find_answer(text, region=region, now=now)
        context["danger"] = is_danger(text, now=now)
    if request.method == "GET":
        missed.count(query, results)
    return showing.response(request, text, context)


def suggest(request: HttpRequest) -> HttpResponse:
    """Complete a name as it is typed: the inside of a list box, not a page."""
    text = parse(request.GET.get("q", "")).text
    try:
        found = get_engine().suggest(text, limit=MOST_SUGGESTIONS)
    except SearchUnavailable as error:
        _tell_operator(error)
        found = []  # the field still sends its question
    groups = search_page.suggestions(found)
    response = render(request, "search/_suggestions.html", {"groups": groups})
    response["X-Robots-Tag"] = "noindex"
    return response


def complete(request: HttpRequest) -> JsonResponse:
    """Complete a name in a browser's own search field: [typed, [names], [], [pages]]."""
    typed = request.GET.get("q", "")
    try:
        found = get_engine().suggest(parse(typed).text, limit=MOST_SUGGESTIONS)
    except SearchUnavailable as error:
        _tell_operator(error)
        found = []
    titles = [each.title for each in found]
    addresses = [f"{settings.SITE_URL}{each.url}" for each in found]
    return JsonResponse(
        [typed, titles, [""] * len(found), addresses],
        safe=False,
        content_type="application/x-suggestions+json",
    )


_told: dict[str, float] = {}


def _tell_operator(error: SearchUnavailable) -> None:
    """Log an outage once a minute, not once a reader."""
    now = time.monotonic()
    if now - _told.get(str(error), -60.0) >= 60:
        _told.clear()
        _told[str(error)] = now
        log.error("Search is unavailable: %s", error)


def tag(request: HttpRequest, slug: str) -> HttpResponse:
    found = Tag.objects.filter(slug=slug).first()
    if found is None:
        raise Http404(f"There is no tag called {slug}.")
    groups: list[dict[str, Any]] = []
    for model in KINDS:
        records = list(model.objects.published().filter(tags=found).distinct())
        if records:
            groups.append({"title": f"{KIND_LABEL[model.KIND]}s", "records": records})
    items = [each for group in groups for each in group["records"]]
    head = linked_pages.listing(
        f"/tags/{found.slug}/", found.name, linked_pages.names(items)
    )
    return respond(request, "search/tag.html", {"tag": found, "groups": groups}, head)
