"""BibTeX and BibLaTeX, read by bibtexparser with its LaTeX and name middlewares."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from typing import Any

from kb.bibliography.identifiers import normal_doi, normal_isbn, normal_pmid
from kb.bibliography.pubmed import month_number
from kb.bibliography.reading import Read, failed
from kb.bibliography.record import Csl, issued, plain

TYPES: Mapping[str, str] = {
    "article": "article-journal",
    "book": "book",
    "booklet": "book",
    "bookinbook": "chapter",
    "collection": "book",
    "conference": "paper-conference",
    "dataset": "dataset",
    "electronic": "webpage",
    "inbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "paper-conference",
    "inreference": "entry-encyclopedia",
    "legislation": "legislation",
    "manual": "report",
    "mastersthesis": "thesis",
    "mvbook": "book",
    "online": "webpage",
    "phdthesis": "thesis",
    "proceedings": "book",
    "reference": "book",
    "report": "report",
    "techreport": "report",
    "thesis": "thesis",
    "unpublished": "article",
}


def read(text: str) -> Iterator[Read]:
    """Yield each entry in the order of the file, broken ones with what is wrong."""
    import bibtexparser
    from bibtexparser import middlewares

    logging.getLogger("bibtexparser").setLevel(logging.ERROR)
    # pylatexenc tells of each macro that it does not know; we keep it as it stands.
    logging.getLogger("pylatexenc").setLevel(logging.ERROR)
    stack = [
        middlewares.SeparateCoAuthors(),
        middlewares.SplitNameParts(),
        # Last: it takes the braces off that keep the name of a group together.
        middlewares.LatexDecodingMiddleware(),
    ]
    try:
        library = bibtexparser.parse_string(text, append_middleware=stack)
    except Exception as error:  # the door of a foreign library: any text may come
        yield failed(1, 1, f"This is no BibTeX that can be read: {error}")
        return
    blocks: list[Any] = [*library.entries, *library.failed_blocks]
    blocks.sort(key=lambda block: block.start_line or 0)
    for number, block in enumerate(blocks, 1):
        line = (block.start_line or 0) + 1
        if block in library.failed_blocks:
            why = plain(getattr(block, "error", "")) or "it cannot be parsed"
            yield failed(number, line, f"This entry is broken: {why[:200]}")
            continue
        csl = _neutral(
            block.entry_type.lower(), {f.key.lower(): f.value for f in block.fields}
        )
        if csl["title"]:
            yield Read(number, line, csl=csl)
        else:
            yield failed(number, line, "This entry has no title.")


def _neutral(kind: str, fields: Mapping[str, Any]) -> Csl:
    def first(*names: str) -> str:
        values = (_bare(fields.get(name)) for name in names)
        return next((value for value in values if value), "")

    title, subtitle = first("title"), first("subtitle")
    authors, is_whole = _authors(fields.get("author"))
    arxiv = (
        first("eprint")
        if "arxiv" in first("eprinttype", "archiveprefix").lower()
        else ""
    )
    csl: Csl = {
        "type": TYPES.get(kind, "article" if arxiv else "webpage"),
        "title": f"{title}: {subtitle}" if title and subtitle else title,
        "author": authors,
        "container-title": first(
            "journaltitle", "shortjournal", "journal", "booktitle"
        ),
        "volume": first("volume"),
        "issue": first("number", "issue"),
        "page": first("pages").replace("--", "-").replace("–", "-"),
        "publisher": first("publisher", "institution", "school", "organization"),
        "DOI": normal_doi(first("doi")) or (f"10.48550/arxiv.{arxiv}" if arxiv else ""),
        "PMID": normal_pmid(first("pmid")),
        "ISBN": normal_isbn(first("isbn")),
        "issued": _date(first("date"), first("year"), first("month")),
        "URL": first("url"),
    }
    if not is_whole:
        csl["authors-incomplete"] = True
    if csl["type"] in ("article", "webpage") and not csl["container-title"]:
        csl["container-title"] = "arXiv" if arxiv else first("howpublished")
    return csl


def _bare(value: Any) -> str:
    """Return a value without the braces that only guard its capitals."""
    return plain(re.sub(r"[{}]", "", value)) if isinstance(value, str) else ""


def _decoded(words: list[str]) -> str:
    """Return a part of a name as text: the library decodes none that it took apart."""
    from pylatexenc.latex2text import LatexNodes2Text

    return _bare(LatexNodes2Text().latex_to_text(" ".join(words)))


def _authors(people: Any) -> tuple[list[dict[str, str]], bool]:
    """Return names in parts, and whether the list is whole ("and others")."""
    found, is_whole = [], True
    for name in people if isinstance(people, list) else []:
        if isinstance(name, str):
            found.append({"literal": _bare(name)})
            continue
        parts = {
            "family": _decoded(name.last),
            "given": _decoded(name.first),
            "non-dropping-particle": _decoded(name.von),
            "suffix": _decoded(name.jr),
        }
        if parts["family"].lower() == "others" and not parts["given"]:
            is_whole = False
        elif parts["given"] or parts["non-dropping-particle"]:
            found.append({key: value for key, value in parts.items() if value})
        elif parts["family"]:
            found.append({"literal": parts["family"]})
    return found, is_whole


def _date(date: str, year: str, month: str) -> object:
    match = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?!\d)", date or year)
    if match is None:
        return None
    parts = [int(part) for part in match.groups() if part and int(part)]
    number = month_number(month)
    return issued(*parts, number) if len(parts) == 1 and number else issued(*parts)
