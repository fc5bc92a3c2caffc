"""References for readers to take away: as a sentence in several styles, and as files.

Works for any record in the neutral form of record.py, not for sources alone:
`formatted(csl, "apa")`, `as_bibtex(csl)`, `as_ris(csl)`, `as_json(csl)`.
"""

from __future__ import annotations

import json
import re
import threading
import warnings
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

import nh3
from django.utils.safestring import SafeString, mark_safe

from kb.bibliography.record import date_of, names, plain

STYLES_DIR = Path(__file__).parent / "styles"
# What stands in addresses (?style=apa), its file under styles/ and its name for readers.
STYLES: Mapping[str, tuple[str, str]] = {
    "apa": ("apa", "APA"),
    "vancouver": ("nlm-citation-sequence", "Vancouver"),
    "ama": ("american-medical-association", "AMA"),
    "chicago": ("chicago-author-date", "Chicago"),
    "harvard": ("harvard-cite-them-right", "Harvard"),
}
COUNTING = {"vancouver", "ama"}  # a number stands before each reference
TAGS = {"a", "b", "i", "sub", "sup"}
RIS_TYPES: Mapping[str, str] = {
    "article": "UNPB",
    "article-journal": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "book": "BOOK",
    "chapter": "CHAP",
    "dataset": "DATA",
    "entry-encyclopedia": "ENCYC",
    "legislation": "STAT",
    "paper-conference": "CPAPER",
    "report": "RPRT",
    "thesis": "THES",
    "webpage": "ELEC",
}
BIBTEX_TYPES: Mapping[str, str] = {
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "book": "book",
    "chapter": "incollection",
    "paper-conference": "inproceedings",
    "report": "techreport",
    "thesis": "phdthesis",
}
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_LATEX |= {sign: f"\\{sign}" for sign in "&%$#_{}"}
REPEATED = re.compile(
    r"^(?P<title>.{8,}?)(?P<date>[.,]? (?:\([^()]*\)\.? |\d{4}\. |n\.d\. )?)"
    r"(?P=title)(?:[.,]? |\.$)"
)
DATED = re.compile(
    rf"\b(\d{{4}})({'|'.join(month.title() for month in MONTHS)})(\d{{0,2}})\b"
)
_processing = threading.Lock()  # the library keeps state while it renders


def formatted(csl: Mapping[str, Any], style: str) -> SafeString:
    """Return a reference as a sentence of HTML. Raises KeyError for an unknown style.

    The library escapes nothing, so all that goes in is escaped, and what comes out is
    cleaned to i, b, sub, sup and a.
    """
    item = _for_processor(csl)
    with _processing, warnings.catch_warnings():
        # It warns of every key and term that it does not know.
        warnings.simplefilter("ignore")
        from citeproc import Citation, CitationItem, CitationStylesBibliography
        from citeproc import formatter as formatters
        from citeproc.source.json import CiteProcJSON

        source = CiteProcJSON([item])
        bibliography = CitationStylesBibliography(
            _style(style), source, formatters.html
        )
        bibliography.register(Citation([CitationItem(item["id"])]))
        html = str(bibliography.bibliography()[0])
    if style in COUNTING:
        html = re.sub(r"^\s*(?:\[1\]|1\.)\s*", "", html)
    return mark_safe(nh3.clean(_tidy(html), tags=TAGS, attributes={"a": {"href"}}))


def citations(csl: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return [{"style": "apa", "label": "APA", "html": …}], one for each style."""
    return [
        {"style": style, "label": label, "html": formatted(csl, style)}
        for style, (_, label) in STYLES.items()
    ]


def as_json(csl: Mapping[str, Any]) -> str:
    """Return CSL-JSON, as reference managers read it: an array of one."""
    return json.dumps([dict(csl)], ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def as_ris(csl: Mapping[str, Any]) -> str:
    """Return one RIS record, with its line ends."""
    first, _, last = plain(csl.get("page")).partition("-")
    date = date_of(csl)
    lines = [("TY", RIS_TYPES.get(str(csl.get("type")), "GEN"))]
    lines += [("AU", _ris_name(author)) for author in _people(csl)]
    lines += [
        ("TI", plain(csl.get("title"))),
        ("T2", plain(csl.get("container-title"))),
        ("PY", str(date)[:4] if date else ""),
        ("DA", str(date).replace("-", "/") if date else ""),
        ("VL", plain(csl.get("volume"))),
        ("IS", plain(csl.get("issue"))),
        ("SP", first),
        ("EP", last),
        ("PB", plain(csl.get("publisher"))),
        ("SN", plain(csl.get("ISBN"))),
        ("DO", plain(csl.get("DOI"))),
        ("AN", f"PMID:{plain(csl['PMID'])}" if csl.get("PMID") else ""),
        ("UR", plain(csl.get("URL"))),
    ]
    written = [f"{tag}  - {value}" for tag, value in lines if value]
    return "\r\n".join([*written, "ER  - ", ""])


def as_bibtex(csl: Mapping[str, Any]) -> str:
    """Return one BibTeX entry, in UTF-8."""
    kind = BIBTEX_TYPES.get(str(csl.get("type")), "misc")
    container = {"article": "journal", "misc": "howpublished"}.get(kind, "booktitle")
    publisher = {"techreport": "institution", "phdthesis": "school"}.get(
        kind, "publisher"
    )
    date = str(date_of(csl) or "")
    authors = " and ".join(_bibtex_name(author) for author in _people(csl))
    if authors and csl.get("authors-incomplete"):
        authors += " and others"
    fields = [
        ("author", authors),
        # Capitals are kept by the second pair of braces.
        ("title", f"{{{_latex(csl.get('title'))}}}"),
        (container, _latex(csl.get("container-title"))),
        (publisher, _latex(csl.get("publisher"))),
        ("year", date[:4]),
        ("volume", _latex(csl.get("volume"))),
        ("number", _latex(csl.get("issue"))),
        ("pages", _latex(csl.get("page")).replace("-", "--")),
        ("isbn", _latex(csl.get("ISBN"))),
        ("doi", _latex(csl.get("DOI"))),
        ("pmid", _latex(csl.get("PMID"))),
        ("url", plain(csl.get("URL")).replace("{", "%7B").replace("}", "%7D")),
    ]
    lines = [f"  {name} = {{{value}}}," for name, value in fields if value]
    if len(date) > 4:
        lines.append(f"  month = {MONTHS[int(date[5:7]) - 1]},")
    key = re.sub(r"[^\w:.-]", "", str(csl.get("id") or "reference")) or "reference"
    return "\n".join([f"@{kind}{{{key},", *lines, "}", ""])


def _people(csl: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the authors that have a name."""
    return [author for author in csl.get("author") or [] if names([author])]


def _ris_name(author: Mapping[str, Any]) -> str:
    if author.get("literal") or not author.get("family"):
        return names([author])[0] if names([author]) else ""
    particle = author.get("non-dropping-particle") or author.get("dropping-particle")
    family = plain(f"{particle or ''} {author['family']}")
    parts = [family, plain(author.get("given")), plain(author.get("suffix"))]
    return ", ".join(part for part in parts if part)


def _bibtex_name(author: Mapping[str, Any]) -> str:
    if author.get("literal") or not author.get("family"):
        return f"{{{_latex(_ris_name(author))}}}"
    family, *rest = _ris_name(author).split(", ")
    if len(rest) == 2:
        rest.reverse()  # "Smith, Jr, John" here, "Smith, John, Jr" there
    return ", ".join(_latex(part) for part in (family, *rest))


def _latex(text: Any) -> str:
    return "".join(_LATEX.get(sign, sign) for sign in plain(text))


@lru_cache(maxsize=len(STYLES))
def _style(style: str) -> Any:
    """Return a style, read once a process: some take a tenth of a second."""
    from citeproc import CitationStylesStyle

    name = STYLES[style][0]
    return CitationStylesStyle(str(STYLES_DIR / f"{name}.csl"), validate=False)


TEXT_KEYS = (
    "title",
    "container-title",
    "volume",
    "issue",
    "page",
    "publisher",
    "publisher-place",
    "edition",
    "genre",
    "number",
    "DOI",
    "PMID",
    "ISBN",
    "URL",
)


def _for_processor(csl: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the library may see: known keys, each text escaped."""
    item: dict[str, Any] = {"id": "it", "type": str(csl.get("type") or "article")}
    for key in TEXT_KEYS:
        if plain(csl.get(key)):
            item[key] = escape(plain(csl[key]), quote=False)
    parts = ("family", "given", "suffix", "literal", "non-dropping-particle")
    authors = []
    for author in _people(csl):
        found = {part: escape(plain(author.get(part)), quote=False) for part in parts}
        found = {part: value for part, value in found.items() if value}
        if "family" not in found:
            literal = found.get("literal") or escape(_ris_name(author), quote=False)
            found = {"literal": literal} if literal else {}
        authors += [found] if found else []
    if authors:
        item["author"] = authors
    for key in ("issued", "accessed"):
        date = date_of({"issued": csl.get(key)})
        if date:
            item[key] = {"date-parts": [[int(part) for part in date.split("-")]]}
    return item


def _tidy(html: str) -> str:
    """Drop doubled stops and blanks, and the title that the library repeats where it
    stands for a missing author; part "2016May".
    """
    html = re.sub(r"\.(</i>)?\.(?!\.)", r".\1", html)
    html = re.sub(DATED, r"\1 \2 \3", html)
    html = re.sub(r"\s+", " ", html).strip().replace(" ;", ";")
    return REPEATED.sub(r"\g<title>\g<date>", html).strip()
