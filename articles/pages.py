"""What the article page and the check page show, as plain values."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from articles import notes
from articles.checking import Checked, CheckedSentence
from articles.condition import gone_with_reasons
from articles.models import Article
from articles.rendering import render
from kb import links
from kb.choices import Verdict
from kb.models import LinkCheck, Source
from kb.pages import local, words
from kb.pages.citations import source_note


def article_context(article: Article) -> dict[str, Any]:
    """Return what articles/article.html shows: some 13 queries."""
    text = render(article.body)
    claims = list(article.claims.filter(state="published"))
    related = [
        {"title": label, "links": [words.link(each) for each in records]}
        for label, records in (
            (_("Substances"), article.substances.filter(state="published")),
            (_("Alkaloids"), article.alkaloids.filter(state="published")),
            (_("Symptoms and outcomes"), article.symptoms.filter(state="published")),
        )
        if records
    ]
    sources = _sources(article, text.cited)
    contents: list[dict[str, Any]] = [
        {"id": anchor, "title": local.quoted(title)} for anchor, title in text.contents
    ]
    for anchor, title, there in (
        ("claims", _("What people say about it"), claims),
        ("related", _("Related records"), related),
        ("sources", _("Sources"), sources),
    ):
        if there:
            contents.append({"id": anchor, "title": title})
    return {
        "article": article,
        "text": text,
        "contents": contents,
        "claims": claims,
        "footnotes": [notes.context_of(claim) for claim in text.claims],
        "related": related,
        "sources": sources,
        "gone": [
            {**each, "why": local.inside(each["why"])}
            for each in gone_with_reasons(article, text.cited)
        ],
    }


def _sources(article: Article, cited: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the cited sources in the order of their numbers, then what else was read."""
    found = {
        source.slug: source
        for source in Source.objects.published().filter(slug__in=cited)
    }
    others = article.sources.published().exclude(slug__in=cited).order_by("name", "pk")
    listed = [found[slug] for slug in cited] + list(others)
    checks = links.checks_of(source.link for source in listed)
    return [_note(source, checks.get(source.link)) for source in listed]


def _note(source: Source, check: LinkCheck | None) -> dict[str, Any]:
    """Return a source with its kind before its design: a reader sees who speaks."""
    note = source_note(source, check)
    kind = gettext(source.get_kind_display())
    design = gettext(note["design_label"]) if note["design_label"] else ""
    told = design and design.lower() != kind.lower()
    note["design_label"] = f"{kind} · {design}" if told else kind
    return note


def checked_context(checked: Checked) -> dict[str, Any]:
    """Return what articles/check.html shows of a checked text."""
    summary = checked.summary()
    return {
        "summary": summary,
        "verdicts": [
            (verdict.value, verdict.label, summary["verdicts"][verdict.value])
            for verdict in Verdict
            if summary["verdicts"][verdict.value]
        ],
        "records": sorted(checked.records, key=lambda each: each.name.casefold()),
        "passages": _passages(checked),
    }


def _passages(checked: Checked) -> list[dict[str, Any]]:
    """Return stretches of text, each with what is to be said beside it.

    A sentence with something beside it begins a stretch of its own, so that the two stand
    at one height.
    """
    passages: list[dict[str, Any]] = []
    for _number, paragraph in groupby(
        checked.sentences, key=lambda one: one.sentence.paragraph
    ):
        is_first = True
        for one in paragraph:
            if is_first or one.claims or one.remarks or passages[-1]["claims"]:
                passages.append(
                    {
                        "sentences": [],
                        "claims": one.claims,
                        "notes": one.remarks,
                        "is_new_paragraph": is_first,
                    }
                )
            passages[-1]["sentences"].append(
                {"parts": _parts(one), "is_marked": bool(one.claims)}
            )
            is_first = False
    return passages


def _parts(one: CheckedSentence) -> list[tuple[str, str]]:
    """Return a sentence as (text, address or ""): the records it names are links."""
    parts: list[tuple[str, str]] = []
    at = 0
    for start, end, record in one.mentions:
        if start > at:
            parts.append((one.sentence.text[at:start], ""))
        parts.append((one.sentence.text[start:end], record.url))
        at = end
    if at < len(one.sentence.text):
        parts.append((one.sentence.text[at:], ""))
    return parts
