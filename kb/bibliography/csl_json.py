"""CSL-JSON: files of reference managers, and the answers of Crossref that nearly are it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from kb.bibliography.identifiers import normal_doi, normal_pmid
from kb.bibliography.reading import Read, failed
from kb.bibliography.record import Csl, person, plain
from kb.bibliography.standing import from_crossref

# Crossref's words, where they are not those of CSL.
CROSSREF_TYPES: Mapping[str, str] = {
    "journal-article": "article-journal",
    "posted-content": "article",
    "book-chapter": "chapter",
    "proceedings-article": "paper-conference",
    "monograph": "book",
    "edited-book": "book",
    "reference-book": "book",
    "reference-entry": "entry-encyclopedia",
    "dissertation": "thesis",
    "report-component": "report",
    "journal": "article-journal",
}
COPIED = ("volume", "issue", "page", "publisher", "number", "ISBN", "URL")
DATES = ("issued", "published", "published-print", "published-online", "created")


def read(content: bytes) -> Iterator[Read]:
    """Yield each item of an array, of {"items": […]} or of one record alone."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        yield failed(1, getattr(error, "lineno", 1), f"This is no JSON: {error}.")
        return
    if isinstance(found, Mapping):
        found = found.get("items", [found])
    if not isinstance(found, list):
        yield failed(1, 1, "There is no list of records in it.")
        return
    for number, item in enumerate(found, 1):
        if isinstance(item, Mapping):
            yield Read(number, 1, csl=neutral(item))
        else:
            yield failed(number, 1, "This is no record but a single value.")


def _first(value: Any) -> str:
    """Return a text; Crossref gives lists of one."""
    return plain(value[0] if isinstance(value, list) and value else value or "")


def neutral(item: Mapping[str, Any]) -> Csl:
    """Return an item with our types, single texts and identifiers in their normal form."""
    kind = str(item.get("type") or "")
    title, subtitle = _first(item.get("title")), _first(item.get("subtitle"))
    if subtitle and subtitle.casefold() not in title.casefold():
        title = f"{title}: {subtitle}"
    authors = item.get("author")
    date = next(
        (item[key] for key in DATES if _has_date(item.get(key))), item.get("issued")
    )
    short = _first(
        item.get("container-title-short") or item.get("short-container-title")
    )
    csl: Csl = {
        "type": CROSSREF_TYPES.get(kind, kind),
        "title": title,
        "author": [_author(each) for each in authors]
        if isinstance(authors, list)
        else [],
        "container-title": short.replace(".", "")
        or _first(item.get("container-title")),
        "issued": _date(date),
        **{key: _first(item.get(key)) for key in COPIED},
        "DOI": normal_doi(_first(item.get("DOI"))),
        "PMID": normal_pmid(_first(item.get("PMID"))),
    }
    csl["page"] = csl["page"] or _first(item.get("article-number"))
    if csl["DOI"] and "doi.org/" in csl["URL"]:
        csl["URL"] = ""
    return csl | from_crossref(item, csl["DOI"])


def _author(author: Any) -> dict[str, str]:
    if not isinstance(author, Mapping):
        return person(plain(author))
    literal = plain(author.get("literal") or author.get("name"))
    if literal and not author.get("family"):
        return {"literal": literal}
    keys = ("family", "given", "suffix", "non-dropping-particle", "dropping-particle")
    found = {key: plain(author.get(key)) for key in keys}
    return {key: value for key, value in found.items() if value}


def _has_date(date: Any) -> bool:
    return bool(_date(date))


def _date(date: Any) -> Any:
    """Return {"date-parts": …}, also for {"raw": "2016-05"} and a bare text; else None."""
    if isinstance(date, Mapping):
        parts = date.get("date-parts")
        if (
            isinstance(parts, list)
            and parts
            and isinstance(parts[0], list)
            and any(parts[0])
        ):
            return {"date-parts": parts}
        date = date.get("raw") or date.get("literal")
    numbers = str(date or "").replace("/", "-").split("T")[0].split("-")[:3]
    if len(numbers[0]) == 4 and all(number.isdecimal() for number in numbers):
        return {"date-parts": [[int(number) for number in numbers]]}
    return None
