"""RIS, as some twenty programs write it, each in its own way.

Read line by line here: a record that is broken must not take the others with it, and
curators are told its line; the usual library does neither.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from kb.bibliography.identifiers import normal_doi, normal_isbn
from kb.bibliography.reading import Read, failed
from kb.bibliography.record import Csl, issued, person, plain

LINE = re.compile(r"^([A-Z][A-Z0-9]) {0,2}- ?(.*)$")
TYPES: Mapping[str, str] = {
    "ABST": "article-journal",
    "BILL": "legislation",
    "BOOK": "book",
    "CASE": "legislation",
    "CHAP": "chapter",
    "CONF": "paper-conference",
    "CPAPER": "paper-conference",
    "DATA": "dataset",
    "DICT": "entry-encyclopedia",
    "EBOOK": "book",
    "ECHAP": "chapter",
    "EDBOOK": "book",
    "EJOUR": "article-journal",
    "ELEC": "webpage",
    "ENCYC": "entry-encyclopedia",
    "GOVDOC": "report",
    "INPR": "article-journal",
    "JFULL": "article-journal",
    "JOUR": "article-journal",
    "JOURNAL ARTICLE": "article-journal",
    "MGZN": "article-magazine",
    "NEWS": "article-newspaper",
    "RPRT": "report",
    "SER": "book",
    "STAT": "legislation",
    "THES": "thesis",
    "UNBILL": "legislation",
    "UNPB": "article",
}
# Databases that one can only open with an account; theirs is no address for readers.
CLOSED = re.compile(
    r"ebscohost|ovid|embase\.com|scopus\.com|webofscience|lens\.org|proquest|/login",
    re.IGNORECASE,
)
DATE = re.compile(r"\s*(\d{4})(?:[/-](\d{1,2}))?(?:[/-](\d{1,2}))?")
PMID = re.compile(
    r"(?:PMID:?|PUBMED|pubmed\.ncbi\.nlm\.nih\.gov/|/pubmed/)\s*(\d{1,9})",
    re.IGNORECASE,
)
Tags = Mapping[str, Sequence[str]]


def read(text: str) -> Iterator[Read]:
    """Yield each record; one ends at ER, or where the next begins, or with the file."""
    number, start, last = 0, 0, ""
    tags: dict[str, list[str]] | None = None
    for at, raw in enumerate(text.splitlines(), 1):
        found = LINE.match(raw.strip("\ufeff \t"))
        tag, value = (found[1], found[2].strip()) if found else ("", raw.strip())
        if tag == "ER":
            if tags is not None:
                yield _one(number, start, tags)
            tags = None
        elif tag and (tag == "TY" or tags is None):
            if tags is not None:
                yield _one(number, start, tags)
            number, start, last = number + 1, at, tag
            tags = defaultdict(list)
            tags[tag].append(value)
        elif tags is None:
            continue  # numbers and blank lines between records
        elif tag:
            last = tag
            tags[tag].append(value)
        elif value and tags[last]:
            tags[last][-1] += f" {value}"
    if tags is not None:
        yield _one(number, start, tags)


def _one(number: int, line: int, tags: Tags) -> Read:
    if "TY" not in tags:
        return failed(number, line, "This record does not begin with TY.")
    csl = _neutral(tags)
    if not csl["title"]:
        return failed(number, line, "This record has no title (TI or T1).")
    return Read(number, line, csl=csl)


def _neutral(tags: Tags) -> Csl:
    def first(*names: str) -> str:
        return next((v for n in names for v in tags.get(n, ()) if plain(v)), "")

    people = [name for tag in ("AU", "A1") for name in tags.get(tag, ()) if plain(name)]
    named = [
        n for n in people if not re.fullmatch(r"et\.? al\.?|others", plain(n), re.I)
    ]
    kind = TYPES.get(first("TY").upper(), "")
    csl: Csl = {
        "type": kind or ("article-journal" if first("VL") else "webpage"),
        "title": plain(first("TI", "T1", "CT", "BT")),
        "author": [person(name) for name in named],
        "container-title": plain(first("T2", "JF", "JO", "JA", "J2", "BT")),
        "volume": plain(first("VL")),
        "issue": plain(first("IS")),
        "page": _pages(first("SP"), first("EP")),
        "publisher": plain(first("PB")),
        "DOI": _doi(tags),
        "PMID": _pmid(tags),
        "ISBN": normal_isbn(first("SN")),
        "issued": _date(tags),
        "URL": _address(tags),
    }
    if kind == "book":
        csl["container-title"] = ""
    if len(named) < len(people):
        csl["authors-incomplete"] = True
    return csl


def _pages(start: str, end: str) -> str:
    start, end = plain(start), plain(end)
    if not end or end == start or "-" in start:
        return start
    return f"{start}-{end}" if start else end


def _doi(tags: Tags) -> str:
    for tag in ("DO", "DI", "L3", "M3", "N1", "UR"):
        for value in tags.get(tag, ()):
            # In notes and addresses a DOI has to say that it is one.
            if tag in ("N1", "UR") and not re.search(r"doi\.org/|\bdoi:", value, re.I):
                continue
            if doi := normal_doi(value):
                return doi
    return ""


def _pmid(tags: Tags) -> str:
    for tag in ("AN", "C3", "N1", "UR", "ID", "U1"):
        for value in tags.get(tag, ()):
            if match := PMID.search(value):
                return match[1].lstrip("0")
    return ""


def _date(tags: Tags) -> object:
    """Return the fullest date of the year that PY or Y1 names."""
    found = [
        [int(part) for part in match.groups() if part and int(part)]
        for tag in ("PY", "Y1", "DA", "Y2")
        for value in tags.get(tag, ())
        if (match := DATE.match(value))
    ]
    same = [parts for parts in found if parts and parts[0] == found[0][0]]
    return issued(*max(same, key=len)) if same else None


def _address(tags: Tags) -> str:
    for tag in ("UR", "LK", "L2"):
        for value in tags.get(tag, ()):
            for address in re.findall(r"https?://\S+", value):
                if not CLOSED.search(address) and "doi.org/" not in address:
                    return str(address)
    return ""
