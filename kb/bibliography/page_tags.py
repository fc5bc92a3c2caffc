"""What a web page says of itself: citation_*, Dublin Core and Open Graph tags, its title."""

from __future__ import annotations

import re
from collections import defaultdict
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from kb.bibliography.identifiers import normal_doi, normal_pmid
from kb.bibliography.record import Csl, issued, person, plain

YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
GROUP = re.compile(
    r"\b(Administration|Agency|Association|Centre|Center|Commission|Committee|Council"
    r"|Department|Editors|Foundation|Group|Health|Institute|Ministry|News|Office"
    r"|Organi[sz]ation|Press|Service|Society|Staff|Team|University)\b",
    re.IGNORECASE,
)
TITLES = ("citation_title", "dc.title", "og:title", "twitter:title")
AUTHORS = ("citation_author", "dc.creator", "author", "article:author")
DATES = (
    "citation_publication_date",
    "citation_date",
    "citation_online_date",
    "dc.date",
    "article:published_time",
    "date",
)


class _Head(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: dict[str, list[str]] = defaultdict(list)
        self.title = ""
        self.canonical = ""
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta":
            name = (given.get("name") or given.get("property") or "").lower()
            name = name.replace("dcterms.", "dc.").replace("dc.date.issued", "dc.date")
            if name and plain(given.get("content")):
                self.tags[name].append(plain(given["content"]))
        elif tag == "link" and given.get("rel", "").lower() == "canonical":
            self.canonical = given.get("href", "")
        self._in_title = tag == "title" and not self.title

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data


def read(html: str, address: str) -> Csl:
    """Return what the tags of a page say; the title alone where there are none."""
    head = _Head()
    head.feed(html)
    tags = head.tags

    def first(*names: str) -> str:
        return next((tags[name][0] for name in names if tags.get(name)), "")

    authors = next((tags[name] for name in AUTHORS if tags.get(name)), [])
    if len(authors) == 1 and ";" in authors[0]:
        authors = authors[0].split(";")
    pages = "-".join(
        x for x in (first("citation_firstpage"), first("citation_lastpage")) if x
    )
    is_article = bool(tags.get("citation_journal_title"))
    found: Csl = {
        "type": "article-journal" if is_article else "webpage",
        "title": first(*TITLES) or plain(head.title),
        "author": [
            _author(name) for name in authors if not name.lower().startswith("http")
        ],
        "container-title": first("citation_journal_abbrev", "citation_journal_title")
        or first("og:site_name", "dc.publisher", "citation_publisher"),
        "volume": first("citation_volume"),
        "issue": first("citation_issue"),
        "page": pages,
        "DOI": normal_doi(first("citation_doi", "dc.identifier", "prism.doi")),
        "PMID": normal_pmid(first("citation_pmid")),
        "issued": _date(first(*DATES)),
        "URL": _own(head.canonical, address),
    }
    return found


def _own(canonical: str, address: str) -> str:
    """Return the address a page gives itself, unless it leads to another host."""
    try:
        own = urljoin(address, canonical)
        if urlsplit(own).scheme not in ("http", "https"):
            return address
        return own if urlsplit(own).hostname == urlsplit(address).hostname else address
    except ValueError:
        return address


def _author(name: str) -> dict[str, str]:
    """Take "Andrew C. Kruegel" apart; what looks like a group stays whole."""
    found, words = person(name), plain(name).split()
    if (
        "literal" not in found
        or not 2 <= len(words) <= 4
        or not all(word[0].isupper() for word in words)
        or GROUP.search(name)
    ):
        return found
    return {"family": words[-1], "given": " ".join(words[:-1])}


def _date(text: str) -> object:
    match = re.match(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?!\d)", text)
    if match:
        return issued(*(int(part) for part in match.groups() if part))
    year = YEAR.search(text)
    return issued(int(year[0])) if year else None
