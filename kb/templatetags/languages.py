"""What templates need to know of languages. Available in all of them without loading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi, gettext, gettext_noop

from kb.languages import address_in, current, is_english, is_translated, split
from kb.linked_data.nodes import absolute
from kb.pages import local
from kb.templatetags.heads import canonical_address

register = template.Library()
# The words of all fixed vocabularies, in each language.
_MOST_KEPT = 4_096

register.filter("inside", local.inside)
register.filter("quoted", local.quoted)
register.filter("unspoken", local.unspoken)
register.filter("inside", local.inside)
gettext_noop("the verdict")  # what a level is about, where it is about no record


@register.simple_tag
def page_direction() -> SafeString:
    """Print dir="rtl" for <html> where the language is written so."""
    return SafeString(' dir="rtl"' if get_language_bidi() else "")


@register.simple_tag
def page_code() -> str:
    return current()


@register.simple_tag
def english() -> SafeString:
    """Print lang="en" for an element with words of a record on a page that is not."""
    return SafeString("") if is_english() else mark_safe(' lang="en" dir="ltr"')


@register.simple_tag
def speaks_english() -> bool:
    return is_english()


def _is_marked(text: Any) -> bool:
    """Tell whether `quoted` made it; a word that a template writes is safe as well."""
    return isinstance(text, SafeString) and (is_english() or "<span" in text)


@register.filter
def translated(label: Any) -> str:
    """Return the word of a fixed vocabulary (kb.choices) in the language of the page."""
    if _is_marked(label):
        return SafeString(label)
    return in_language(current(), str(label) if label else "")


@lru_cache(maxsize=_MOST_KEPT)
def in_language(language: str, text: str) -> str:
    """Return a word in the language that is spoken now, which is `language`: gettext
    looks through a catalogue of each app, and a page of results asks for seventy words.
    """
    return gettext(text) if text else ""


@register.filter
def said(text: Any) -> SafeString | str:
    """Return a fixed word in the language of the page, and a record's word as `quoted`."""
    if _is_marked(text):
        return SafeString(text)
    word = translated(text)
    return word if is_english() or word != str(text) else local.quoted(text)


@register.filter
def own_language_first(names: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return names of a record, those in the language of the page before the others, and
    those in other languages of the site last."""
    spoken = current()
    others = {code for code, _ in settings.LANGUAGES} - {"en", spoken}

    def place(name: dict[str, str]) -> tuple[bool, bool]:
        is_own = name["language"] == spoken or is_english()
        return name["language"] in others, not is_own

    return sorted(names, key=place)


@register.simple_tag(takes_context=True)
def languages(context: Context) -> list[dict[str, Any]]:
    """Return this page in each language, or [] where it has but one.

    [{"code": "es", "name": "Español", "url": "/es/help/?in=US", "is_current": False}, …]
    """
    request = context.get("request")
    if request is None or not has_languages(request):
        return list(context.get("languages") or ())
    return list(in_each_language(request))


def has_languages(request: HttpRequest) -> bool:
    return is_translated(split(request.path)[1])


def in_each_language(request: HttpRequest) -> Iterator[dict[str, Any]]:
    query = request.META.get("QUERY_STRING", "")
    for code, name in settings.LANGUAGES:
        path = address_in(code, request.path)
        yield {
            "code": code,
            "name": name,
            "url": f"{path}?{query}" if query else path,
            "is_current": code == current(),
        }


@register.simple_tag(takes_context=True)
def alternates(context: Context) -> list[dict[str, str]]:
    """Return the page in each language for its head, as heads.canonical names it.

    [{"code": "es", "url": "https://…/es/help/"}, …, {"code": "x-default", …}]
    """
    request = context.get("request")
    if request is None:
        return list(context.get("alternates") or ())
    return alternate_addresses(request)


def alternate_addresses(request: HttpRequest) -> list[dict[str, str]]:
    if not has_languages(request):
        return []
    query = canonical_address(request).partition("?")[2]
    found = [
        {
            "code": code,
            "url": absolute(address_in(code, request.path))
            + (f"?{query}" if query else ""),
        }
        for code, _ in settings.LANGUAGES
    ]
    return [*found, {"code": "x-default", "url": found[0]["url"]}]


@register.filter
def each_translated(labels: Iterable[Any]) -> list[str]:
    return [translated(label) for label in labels]


@register.filter
def listed(labels: Iterable[Any]) -> str:
    """Return words of a vocabulary within a sentence: "guideline, narrative review"."""
    return ", ".join(local.inside(label) for label in labels)
