"""The head of a page: the plain summary first, the summary in the terms of the field."""

from __future__ import annotations

from typing import Any

from kb import plain
from kb.models import PlainlyTold, Source
from kb.pages import words
from kb.pages.citations import Citations


def context(record: PlainlyTold, citations: Citations) -> dict[str, Any]:
    """Return what kb/_plain.html shows: 1 query if the plain summary cites a source.

    {"lead", "rest", "summary", "is_behind"}: the first sentence and the others, each as
    [{"text", "cites": [...]}]. Without a plain version they are those of the summary,
    and "summary" is empty.
    """
    slugs = plain.cited(record.plain_summary)
    sources = (
        {each.slug: each for each in Source.objects.published().filter(slug__in=slugs)}
        if slugs
        else {}
    )

    def cited(text: str) -> list[dict[str, Any]]:
        return [
            {
                "text": piece.text,
                "cites": [
                    citations.cite(sources[slug])
                    for slug in piece.cited
                    if slug in sources
                ],
            }
            for piece in plain.pieces(text)
        ]

    lead, rest = words.first_sentence(record.plain_summary or record.summary)
    return {
        "lead": cited(lead),
        "rest": cited(rest),
        "summary": record.summary if record.plain_summary else "",
        "is_behind": plain.standing(record) == plain.PlainStanding.BEHIND,
    }
