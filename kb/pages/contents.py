"""The contents list of a long page."""

from __future__ import annotations

FEWEST = 3  # with fewer parts a page is no long one


class Contents:
    def __init__(self) -> None:
        self.items: list[dict[str, str]] = []

    def add(self, anchor: str, title: str, *, if_any: object = True) -> None:
        if if_any:
            self.items.append({"id": anchor, "title": title})

    @property
    def of_long_page(self) -> list[dict[str, str]]:
        """Return the list, or none where the page has few parts."""
        return self.items if len(self.items) >= FEWEST else []
