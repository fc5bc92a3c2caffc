"""Numbers the sources of a page in the order in which they are first cited."""

from __future__ import annotations

from typing import Any

from kb import links
from kb.choices import Retraction
from kb.models import LinkCheck, Source


class Citations:
    """Hands out numbers; `notes` is the list for components/_sources.html."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self._sources: list[Source] = []

    def cite(self, source: Source) -> dict[str, Any]:
        """Return {"number", "title", "url", "is_retracted"} of a source, numbering it."""
        if source.pk not in self._numbers:
            self._sources.append(source)
            self._numbers[source.pk] = len(self._sources)
        return {
            "number": self._numbers[source.pk],
            "title": source.name,
            "url": source.get_absolute_url(),
            "is_retracted": source.is_retracted,
        }

    def __len__(self) -> int:
        return len(self._sources)

    @property
    def notes(self) -> list[dict[str, Any]]:
        """Return the notes of all sources: 1 query, for what is known of their links."""
        checks = links.checks_of(source.link for source in self._sources)
        return [source_note(each, checks.get(each.link)) for each in self._sources]


def source_note(source: Source, check: LinkCheck | None = None) -> dict[str, Any]:
    """Return a source as components/_source_note.html shows it.

    check is what is known of its address; None: nobody has checked it.
    """
    label = "DOI" if source.doi else "PubMed" if source.pmid else "Original"
    return {
        "title": source.name,
        "url": source.get_absolute_url(),
        "authors": source.byline,
        "first_author": source.first_author,
        "year": (source.published or "")[:4],
        "container": source.container,
        "design_label": source.get_design_display() if source.design else "",
        "people": "",
        "outside_url": source.link,
        "outside_label": label,
        "is_link_dead": check is not None and check.is_dead,
        "archived_url": check.archived_address if check is not None else "",
        "retraction": "" if source.retraction == Retraction.NONE else source.retraction,
        "verification": source.verification,
    }
