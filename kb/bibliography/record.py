"""The neutral form of a reference, and the way from it to a Source and back.

It is CSL-JSON: {"type": "article-journal", "title": …, "author": [{"family": "Kruegel",
"given": "A. C."}, {"literal": "WHO"}], "issued": {"date-parts": [[2016, 5, 10]]},
"container-title", "volume", "issue", "page", "publisher", "DOI", "PMID", "ISBN", "URL"}.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

import nh3

from kb.bibliography.standing import standing
from kb.choices import SourceKind, StudyDesign
from kb.dates import PartialDate
from kb.models import Source

Csl = dict[str, Any]

# What we call a kind of source, and what CSL calls it; the first of a type counts back.
TYPES: Mapping[str, str] = {
    SourceKind.JOURNAL_ARTICLE: "article-journal",
    SourceKind.SYSTEMATIC_REVIEW: "article-journal",
    SourceKind.PREPRINT: "article",
    SourceKind.LEGISLATION: "legislation",
    SourceKind.BOOK: "book",
    SourceKind.THESIS: "thesis",
    SourceKind.NEWS: "article-newspaper",
    SourceKind.REPORT: "report",
    SourceKind.GUIDELINE: "report",
    SourceKind.REGULATOR: "report",
    SourceKind.GOVERNMENT: "report",
    SourceKind.DATABASE: "dataset",
    SourceKind.REFERENCE: "entry-encyclopedia",
}
KINDS: Mapping[str, SourceKind] = {
    "article-journal": SourceKind.JOURNAL_ARTICLE,
    "article": SourceKind.PREPRINT,
    "article-magazine": SourceKind.NEWS,
    "article-newspaper": SourceKind.NEWS,
    "bill": SourceKind.LEGISLATION,
    "book": SourceKind.BOOK,
    "chapter": SourceKind.BOOK,
    "dataset": SourceKind.DATABASE,
    "entry": SourceKind.REFERENCE,
    "entry-dictionary": SourceKind.REFERENCE,
    "entry-encyclopedia": SourceKind.REFERENCE,
    "legal_case": SourceKind.LEGISLATION,
    "legislation": SourceKind.LEGISLATION,
    "paper-conference": SourceKind.JOURNAL_ARTICLE,
    "regulation": SourceKind.LEGISLATION,
    "report": SourceKind.REPORT,
    "thesis": SourceKind.THESIS,
}
# Publication types of PubMed that say how something was studied.
DESIGNS: Mapping[str, StudyDesign] = {
    "case reports": StudyDesign.CASE_REPORT,
    "meta-analysis": StudyDesign.META_ANALYSIS,
    "network meta-analysis": StudyDesign.META_ANALYSIS,
    "practice guideline": StudyDesign.GUIDELINE,
    "randomized controlled trial": StudyDesign.RCT,
    "systematic review": StudyDesign.SYSTEMATIC_REVIEW,
}
INITIALS = r"[^\W\d_a-z](?:-?[^\W\d_a-z]){0,4}"
HOUSE_NAME = re.compile(
    rf"(?P<family>[^\s,].*?) (?P<given>{INITIALS})(?: (?P<suffix>Jr|Sr|II|III|IV|2nd|3rd))?"
)
# "J Am Chem Soc 138(21):6754-6764", as the shipped sources have it.
PLACE = re.compile(
    r"(?P<title>.*?\S) (?P<volume>[A-Z]?\d[\w.-]*)"
    r"(?:\((?P<issue>[^()]+)\))?(?::(?P<page>[^:\s]+))?"
)
WITH_PLACE = ("article-journal", "article", "article-magazine", "chapter")
NAME_LENGTH, CONTAINER_LENGTH, ADDRESS_LENGTH = 400, 300, 500


def plain(text: Any) -> str:
    """Return one line of text without markup, entities and invisible marks.

    Crossref and PubMed send <i>, <sub> and &amp; in titles.
    """
    found = html.unescape(nh3.clean(str(text or ""), tags=set()))
    found = unicodedata.normalize("NFC", found)
    found = "".join(
        c for c in found if c.isspace() or unicodedata.category(c)[0] != "C"
    )
    return " ".join(found.split())


def person(name: str) -> dict[str, str]:
    """Return a name in parts: "Kruegel, Andrew C." or "Kruegel AC"; else as it stands."""
    name = plain(name).strip(" ;,")
    family, comma, given = name.partition(",")
    if given.strip().lower() == "null":  # a hole in an export
        return {"literal": family.strip()}
    if comma and family.strip() and given.strip(" ,"):
        given, _, suffix = given.strip().partition(",")
        found = {"family": family.strip(), "given": given.strip()}
        return {**found, "suffix": suffix.strip()} if suffix.strip() else found
    # "Fanning E." of Embase is "Fanning E".
    match = HOUSE_NAME.fullmatch(re.sub(r"(?<=[^\W\d_a-z])\.(?=\s|-|\w|$)", "", name))
    if match is None:
        return {"literal": name}
    spaced = re.sub(r"(?<=[^\W\d_])(?=[^\W\d_])", ". ", match["given"])
    found = {"family": match["family"], "given": spaced.replace("-", ".-") + "."}
    return {**found, "suffix": match["suffix"]} if match["suffix"] else found


def house_name(author: Mapping[str, Any]) -> str:
    """Return a name as PubMed has it: "Kruegel AC"; an organisation as it stands."""
    if author.get("literal") or not author.get("family"):
        return plain(author.get("literal") or author.get("given") or author.get("name"))
    given = plain(author.get("given"))
    if re.fullmatch(INITIALS, given):
        initials = given.replace("-", "")
    else:
        parts = re.split(r"[\s.\-‐]+", given)
        initials = "".join(part[0].upper() for part in parts if part[:1].isalpha())
    particle = plain(
        author.get("non-dropping-particle") or author.get("dropping-particle")
    )
    parts = [particle, plain(author["family"]), initials, plain(author.get("suffix"))]
    return " ".join(part for part in parts if part)


def names(authors: Iterable[Any]) -> list[str]:
    found = [house_name(each) for each in authors if isinstance(each, Mapping)]
    return [name for name in found if name]


def date_of(csl: Mapping[str, Any]) -> PartialDate | None:
    """Return when it came out, as exactly as it is known."""
    issued = csl.get("issued")
    parts = issued.get("date-parts") if isinstance(issued, Mapping) else None
    numbers: list[int] = []
    try:
        numbers = [int(part) for part in parts[0] if part][:3] if parts else []
    except (TypeError, ValueError, IndexError):
        return None
    while numbers:
        shaped = [f"{numbers[0]:04d}", *(f"{number:02d}" for number in numbers[1:])]
        try:
            return PartialDate("-".join(shaped))
        except ValueError:
            numbers.pop()  # a 31st of February still has its month
    return None


def issued(*parts: int) -> dict[str, Any]:
    """Return a date for CSL: issued(2016, 5) → {"date-parts": [[2016, 5]]}."""
    return {"date-parts": [list(parts)]}


def place_of(csl: Mapping[str, Any]) -> str:
    """Return where it stands: "J Am Chem Soc 138(21):6754-6764", or its publisher."""
    container = plain(csl.get("container-title-short") or csl.get("container-title"))
    volume, issue = plain(csl.get("volume")), plain(csl.get("issue"))
    page = plain(csl.get("page")).replace(" ", "").replace("–", "-")
    if not container:
        return plain(csl.get("publisher"))[:CONTAINER_LENGTH]
    number = volume + (f"({issue})" if volume and issue else "")
    number += f":{page}" if number and page else ""
    return f"{container} {number}".strip()[:CONTAINER_LENGTH]


def fields_of(csl: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a Source that has not been saved: {"name", "authors", …}.

    Raises ValueError if there is no title: then there is nothing to save.
    """
    title = plain(csl.get("title"))
    if not title:
        raise ValueError("It has no title.")
    title = title.removesuffix(".") if not title.endswith("..") else title
    kind = KINDS.get(str(csl.get("type")), SourceKind.WEB_PAGE)
    types = [str(each).lower() for each in csl.get("publication-types") or []]
    designs = [DESIGNS[each] for each in types if each in DESIGNS]
    if StudyDesign.SYSTEMATIC_REVIEW in designs or StudyDesign.META_ANALYSIS in designs:
        kind = SourceKind.SYSTEMATIC_REVIEW
    url = plain(csl.get("URL"))
    return {
        "name": title[:NAME_LENGTH],
        "kind": str(kind),
        "authors": names(csl.get("author") or []),
        "authors_complete": not csl.get("authors-incomplete"),
        "published": date_of(csl),
        "container": place_of(csl),
        "doi": plain(csl.get("DOI")) or None,
        "pmid": plain(csl.get("PMID")) or None,
        "url": url if url and len(url) <= ADDRESS_LENGTH else None,
        "design": str(designs[0]) if designs else None,
        "retraction": str(standing({**csl, "title": title}).retraction),
    }


def csl_of(source: Source) -> Csl:
    """Return a source in the neutral form; what we do not know is left out."""
    kind = TYPES.get(source.kind, "webpage")
    found: Csl = {"id": source.slug, "type": kind, "title": source.name}
    authors = [person(str(name)) for name in source.authors]
    if authors:
        found["author"] = authors
        if not source.authors_complete:
            found["authors-incomplete"] = True
    if source.published:
        found["issued"] = issued(*(int(p) for p in str(source.published).split("-")))
    if source.container:
        place = PLACE.fullmatch(source.container) if kind in WITH_PLACE else None
        if place:
            found["container-title"] = place["title"]
            rest = ((key, place[key]) for key in ("volume", "issue", "page"))
            found |= {key: value for key, value in rest if value}
        elif kind in ("book", "report", "thesis", "dataset"):
            found["publisher"] = source.container
        else:
            found["container-title"] = source.container
    for key, value in (("DOI", source.doi), ("PMID", source.pmid)):
        if value:
            found[key] = value
    address = source.url or ("" if source.doi else source.link)
    if address and not re.match(r"https?://(dx\.)?doi\.org/", address):
        found["URL"] = address
    return found
