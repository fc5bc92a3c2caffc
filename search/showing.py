"""The page of results as HTML: its plain values put into the templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from kb.languages import current, is_english
from kb.law import today
from kb.pages.local import day, quoted
from kb.templatetags.heads import canonical_address
from kb.templatetags.languages import (
    alternate_addresses,
    in_each_language,
    in_language,
    translated,
)
from search.answers import Answer
from search.answers.answer import Quoted
from search.moulds import Mould, marked
from search.templatetags.filters import facet_options, place_options

_CARD = Mould(
    "components/_card.html",
    texts="kind_label title url matched matched_why summary about level_label"
    " status_label region_label".split(),
)
_ANSWER = Mould(
    "components/_answer.html",
    texts="type_label sentence url about level_label status_label stale_since"
    " direction_label detail source_label source_url verified verified_iso title".split(),
)
_FILTERS = Mould(
    "components/_facets.html",
    texts=("label", "options", "places", "q", "value", "clear_url"),
)
_PAGER = Mould(
    "components/_pager.html",
    texts=("page", "pages", "number", "url", "previous_url", "next_url"),
)
# All that templates/base.html shows of a request without a place is its address.
_PAGE = Mould(
    "search/search.html",
    texts=("title", "q", "found", "page_address", "canonical", "url"),
)


def response(
    request: HttpRequest, text: str, found: Mapping[str, Any] | None
) -> HttpResponse:
    """Return the page for a text; `found` as search.page.context has it, or None where
    nothing was asked."""
    values = {
        "title": Truncator(text).chars(60),
        "q": text,
        "found": results(found) if found is not None else "",
    }
    if "in" in request.GET or not is_english():
        # The links take the place or the language along, which changes them all.
        return render(request, "search/search.html", values)
    around = {
        "page_address": request.build_absolute_uri(),
        "canonical": canonical_address(request),
        "day": today(),
        "page_path": request.path,
        "languages": list(in_each_language(request)),
        "alternates": alternate_addresses(request),
    }
    return HttpResponse(_PAGE.filled({**values, **around}))


def results(found: Mapping[str, Any]) -> SafeString:
    """Return what was found: the answer, the filters, the cards."""
    answer = found.get("answer")
    shown = {
        **found,
        "answer": answer_html(answer) if answer else "",
        "filters": filters_html(found),
        "cards": cards_html(found["cards"]),
        "related": cards_html(found["related"], rank=3),
        "pager": _PAGER.filled(found["pager"]),
    }
    return render_to_string("search/_found.html", shown)


def filters_html(found: Mapping[str, Any]) -> SafeString:
    """Return the filters beside what was found."""
    groups = [
        {
            "name": group["name"],
            "label": translated(group["label"]),
            "options": facet_options(group["name"], group["options"]),
        }
        for group in found["groups"]
    ]
    return _FILTERS.filled(
        {
            "groups": groups,
            "places": place_options(found["places"]),
            "q": found["text"],
            "hidden": found["hidden"],
            "active": found["active"],
            "clear_url": found["clear_url"],
        }
    )


def cards_html(cards: Iterable[Mapping[str, Any]], *, rank: int = 2) -> SafeString:
    """Return cards as search.page.card has them, an <li> each; their titles are
    headings of this rank."""
    language = current()
    filled = [f"<li>{_card(card, rank, language)}</li>" for card in cards]
    return mark_safe("".join(filled))


def _card(card: Mapping[str, Any], rank: int, language: str) -> SafeString:
    values = {
        **card,
        "rank": rank,
        "kind_label": in_language(language, card["kind_label"]),
        "matched_why": in_language(language, card["matched_why"]),
        "level_label": in_language(language, card["level_label"]),
        "status_label": in_language(language, card.get("status_label", "")),
        "title": marked(card["title_parts"]) or card["title"],
        "summary": marked(card["snippet_parts"]),
    }
    del values["title_parts"], values["snippet_parts"]
    return _CARD.filled(values, language)


def _sentence(answer: Answer) -> SafeString:
    """Return its sentences; what a record says is marked as English where it has to be."""
    parts = [
        quoted(part) if isinstance(part, Quoted) else conditional_escape(part)
        for part in answer.parts
    ]
    return mark_safe(" ".join(parts))


def answer_html(answer: Answer) -> SafeString:
    return _ANSWER.filled(
        {
            "type_label": translated(answer.type_label),
            "sentence": _sentence(answer),
            "url": answer.url,
            "level": answer.level,
            "level_label": translated(answer.level_label),
            "about": answer.about,
            "status": answer.status,
            "status_label": translated(answer.status_label),
            "stale": answer.stale,
            "stale_since": answer.stale_since,
            "direction": answer.direction,
            "direction_label": translated(answer.direction_label),
            "detail": answer.status_detail,
            "change_coming": answer.change_coming,
            "source_label": answer.source["title"] if answer.source else "",
            "source_url": answer.source_url,
            "verified": day(answer.verified_on) or answer.verified,
            "verified_iso": answer.verified_on,
            "better": answer.better,
        }
    )
