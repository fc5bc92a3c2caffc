"""PubMed's own text format (NBIB, also called MEDLINE), often under the name .ris."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from kb.bibliography.identifiers import normal_doi, normal_isbn, normal_pmid
from kb.bibliography.pubmed import full_pages, month_number
from kb.bibliography.reading import Read, failed
from kb.bibliography.record import Csl, issued, person, plain
from kb.bibliography.standing import from_pubmed

LINE = re.compile(r"^([A-Z]{2,4}) {0,2}- ?(.*)$")
Tags = Mapping[str, Sequence[str]]


def read(text: str) -> Iterator[Read]:
    """Yield each record; PMID begins one."""
    number, start = 0, 0
    tags: dict[str, list[str]] | None = None
    last = ""
    for at, raw in enumerate(text.splitlines(), 1):
        found = LINE.match(raw.lstrip("\ufeff"))
        if found and found[1] == "PMID":
            if tags is not None:
                yield _one(number, start, tags)
            number, start, tags = number + 1, at, defaultdict(list)
        if tags is None:
            continue
        if found:
            last = found[1]
            tags[last].append(found[2].strip())
        elif raw.strip() and tags[last]:
            tags[last][-1] += f" {raw.strip()}"
    if tags is not None:
        yield _one(number, start, tags)


def _one(number: int, line: int, tags: Tags) -> Read:
    csl = _neutral(tags)
    if not csl["title"]:
        return failed(number, line, "This record has no title (TI).")
    return Read(number, line, csl=csl)


def _neutral(tags: Tags) -> Csl:
    def first(*names: str) -> str:
        return next((v for n in names for v in tags.get(n, ()) if plain(v)), "")

    types = list(tags.get("PT", ()))
    csl: Csl = {
        "type": "article" if "Preprint" in types else "article-journal",
        "title": re.sub(r"^\[(.*)\]\.?$", r"\1", plain(first("TI", "BTI", "TT"))),
        "author": [
            *(person(name) for name in tags.get("FAU", tags.get("AU", ()))),
            *({"literal": plain(name)} for name in tags.get("CN", ())),
        ],
        "container-title": plain(first("TA", "JT")),
        "volume": plain(first("VI")),
        "issue": plain(first("IP")),
        "page": full_pages(plain(first("PG"))),
        "DOI": _doi(tags),
        "PMID": normal_pmid(first("PMID")),
        "PMCID": plain(first("PMC")),
        "ISBN": normal_isbn(first("ISBN").split(" ")[0]),
        "publication-types": types,
        "issued": _date(first("DP", "DEP")),
        **from_pubmed(tags),
    }
    if first("BTI") and not first("JT"):
        csl["type"] = "book"
    return csl


def _doi(tags: Tags) -> str:
    for tag in ("LID", "AID"):
        for value in tags.get(tag, ()):
            if "[doi]" in value:
                return normal_doi(value)
    return ""


def _date(text: str) -> object:
    """Return the date of "2020 Feb 3", "2020 Jan-Feb" or "20200203"."""
    match = re.match(
        r"(\d{4})(?:(\d\d)(\d\d)| ?([A-Za-z]{3})[^\s]*(?: (\d{1,2}))?)?", text
    )
    if match is None:
        return None
    month = month_number(match[2] or match[4] or "")
    day = match[3] or match[5]
    return issued(
        int(match[1]), *((month, *((int(day),) if day else ())) if month else ())
    )
