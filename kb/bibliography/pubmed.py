"""PubMed's XML: what efetch answers, and what its website saves to a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from kb.bibliography.reading import Read, failed
from kb.bibliography.record import Csl, issued, plain
from kb.bibliography.standing import from_pubmed

MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def month_number(text: str) -> int:
    """Return 5 for "May", "05" or "5"; 0 if it is none."""
    text = text.strip().lower()
    if text.isdecimal():
        return int(text) if 1 <= int(text) <= 12 else 0
    return MONTHS.index(text[:3]) + 1 if text[:3] in MONTHS else 0


def read(content: bytes) -> Iterator[Read]:
    """Yield each article. Entities are never expanded, nothing is fetched."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        yield failed(
            1, error.lineno or 1, f"This is no XML that can be read: {error.msg}."
        )
        return
    articles = (
        [root] if root.tag == "PubmedArticle" else root.findall(".//PubmedArticle")
    )
    for number, article in enumerate(articles, 1):
        line = int(article.sourceline or 1)
        try:
            yield Read(number, line, csl=_article(article))
        except (ValueError, AttributeError) as error:
            yield failed(number, line, f"This record cannot be read: {error}")
    if not articles:
        yield failed(1, 1, "There is no article of PubMed in it.")


def _text(element: Any, path: str) -> str:
    found = element.find(path)
    return "" if found is None else plain("".join(found.itertext()))


def _article(element: Any) -> Csl:
    citation = element.find("MedlineCitation")
    article = citation.find("Article")
    ids = {
        each.get("IdType"): plain(each.text)
        for each in element.findall("PubmedData/ArticleIdList/ArticleId")
    }
    doi = ids.get("doi") or next(
        (
            plain(each.text)
            for each in article.findall("ELocationID")
            if each.get("EIdType") == "doi"
        ),
        "",
    )
    types = [plain(each.text) for each in article.findall(".//PublicationType")]
    links = citation.findall(".//CommentsCorrections")
    csl: Csl = {
        "type": "article" if "Preprint" in types else "article-journal",
        # An old title in another language stands in brackets.
        "title": re.sub(r"^\[(.*)\]\.?$", r"\1", _text(article, "ArticleTitle"))
        or _text(article, "VernacularTitle"),
        "author": [_author(each) for each in article.findall("AuthorList/Author")],
        "container-title": _text(article, "Journal/ISOAbbreviation").replace(".", "")
        or _text(article, "Journal/Title"),
        "volume": _text(article, "Journal/JournalIssue/Volume"),
        "issue": _text(article, "Journal/JournalIssue/Issue"),
        "page": full_pages(_text(article, "Pagination/MedlinePgn")),
        "DOI": doi,
        "PMID": _text(citation, "PMID"),
        "PMCID": ids.get("pmc", ""),
        "publication-types": types,
        "issued": _date(article),
        **from_pubmed(each.get("RefType") for each in links),
    }
    authors = article.find("AuthorList")
    if authors is not None and authors.get("CompleteYN") == "N":
        csl["authors-incomplete"] = True
    return csl


def _author(element: Any) -> dict[str, str]:
    group = _text(element, "CollectiveName")
    if group:
        return {"literal": group}
    given = _text(element, "Initials") or _text(element, "ForeName")
    found = {"family": _text(element, "LastName"), "given": given}
    suffix = _text(element, "Suffix")
    return {**found, "suffix": suffix} if suffix else found


def _date(article: Any) -> Any:
    for path in ("Journal/JournalIssue/PubDate", "ArticleDate"):
        year = (
            _text(article, f"{path}/Year") or _text(article, f"{path}/MedlineDate")[:4]
        )
        if not year.isdecimal():
            continue
        month = month_number(_text(article, f"{path}/Month"))
        day = _text(article, f"{path}/Day")
        rest = (month, *((int(day),) if day.isdecimal() else ())) if month else ()
        return issued(int(year), *rest)
    return None


def full_pages(text: str) -> str:
    """Return "6754-6764" for "6754-64": PubMed leaves out what both numbers share."""
    match = re.fullmatch(r"(\d+)-(\d+)", text)
    if match is None or len(match[2]) >= len(match[1]):
        return text
    return f"{match[1]}-{match[1][: -len(match[2])]}{match[2]}"
