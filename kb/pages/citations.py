"""Numbers the sources of a page in the order in which they are first cited."""

from __future__ import annotations

from typing import Any

from kb.choices import Retraction
from kb.models import Source


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
        return [source_note(source) for source in self._sources]


def source_note(source: Source) -> dict[str, Any]:
    """Return a source as components/_source_note.html shows it."""
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
        "retraction": "" if source.retraction == Retraction.NONE else source.retraction,
        "verification": source.verification,
    }
