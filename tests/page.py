"""Reads a page as a test asks about it: text, table rows, links, files that it loads."""

from __future__ import annotations

from html.parser import HTMLParser


class Page(HTMLParser):
    LOADED = {
        ("script", "src"),
        ("link", "href"),
        ("img", "src"),
        ("iframe", "src"),
        ("source", "src"),
        ("use", "href"),
        ("image", "href"),
        ("object", "data"),
    }
    DATA = ("application/ld+json", "application/json")
    HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.ids: list[str] = []
        self.inline: list[str] = []  # scripts and styles that the page brings along
        self.headings: list[str] = []
        self._pieces: list[str] = []
        self._row: list[str] | None = None
        self.feed(html)

    def handle_starttag(
        self, tag: str, attributes: list[tuple[str, str | None]]
    ) -> None:
        given = {name: value or "" for name, value in attributes}
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag in self.HEADINGS:
            self.headings.append(tag)
        if tag == "tr":
            self._row = []
        is_data = tag == "script" and given.get("type") in self.DATA
        if tag == "style" or (tag == "script" and "src" not in given and not is_data):
            self.inline.append(f"<{tag}>")
        for name, value in given.items():
            is_script = value.strip().lower().startswith("javascript:")
            if name == "style" or name.startswith("on") or is_script:
                self.inline.append(f"<{tag} {name}={value!r}>")
            is_address = given.get("rel") == "canonical" or "hreflang" in given
            if (tag, name) in self.LOADED and not is_address:
                self.loaded.append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "tr" and self._row is not None:
            self.rows.append(" ".join("".join(self._row).split()))
            self._row = None

    def handle_data(self, data: str) -> None:
        self._pieces.append(data)
        if self._row is not None:
            self._row.append(data + " ")

    @property
    def text(self) -> str:
        return " ".join("".join(self._pieces).split())

    def row(self, word: str) -> str:
        """Return the one table row that holds a word."""
        found = [row for row in self.rows if word in row]
        assert len(found) == 1, f"{word!r} stands in {len(found)} rows: {found}"
        return found[0]
