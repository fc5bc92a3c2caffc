"""The contents list of a long page."""

from __future__ import annotations


class Contents:
    def __init__(self) -> None:
        self.items: list[dict[str, str]] = []

    def add(self, anchor: str, title: str, *, if_any: object = True) -> None:
        if if_any:
            self.items.append({"id": anchor, "title": title})
