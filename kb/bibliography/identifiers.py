"""Recognises what somebody pasted: a DOI, PMID, PMCID, arXiv id, ISBN or an address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+", re.IGNORECASE)
ARXIV = re.compile(
    r"(?:arxiv:\s*)?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?",
    re.IGNORECASE,
)
ARXIV_DOI = "10.48550/arxiv."
PUBMED_HOSTS = ("pubmed.ncbi.nlm.nih.gov", "www.ncbi.nlm.nih.gov", "ncbi.nlm.nih.gov")
PMC_HOSTS = ("pmc.ncbi.nlm.nih.gov", "europepmc.org", *PUBMED_HOSTS)
ASK_FOR = (
    "That is no DOI, PMID, PMCID, arXiv id, ISBN or address."
    " Paste one as 10.1021/jacs.6b00360, 27192616, PMC4858616, arXiv:2101.00001,"
    " 978-0-12-345678-6 or https://example.org/page."
)


@dataclass(frozen=True)
class Identifier:
    """What names a publication. scheme: "doi", "pmid", "pmcid", "arxiv", "isbn", "url"."""

    scheme: str
    value: str

    def __str__(self) -> str:
        words = {"doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "arxiv": "arXiv"}
        return f"{words.get(self.scheme, self.scheme.upper())} {self.value}"


def recognise(text: str) -> Identifier:
    """Return what a pasted text names. Raises ValueError, in words for who pasted it."""
    # Word processors and web pages leave invisible marks and a full stop.
    text = re.sub(r"[\u00ad\u200b-\u200f\u2060\ufeff]", "", text).strip().strip("<>")
    text = re.sub(r"^(url|link):\s*(?=http)", "", text, flags=re.IGNORECASE)
    found = (
        _doi(text) or _of_address(text) or _pmid(text) or _arxiv(text) or _isbn(text)
    )
    if found is None:
        raise ValueError(ASK_FOR)
    return found


def normal_doi(text: str) -> str:
    """Return a DOI in small letters and bare, or "" if there is none: "10.1000/182"."""
    match = DOI.search(unquote(text) if "%2f" in text.lower() else text)
    if match is None:
        return ""
    doi = match.group().lower().rstrip(".,;:'’”")
    for left, right in ("()", "[]", "{}"):
        while doi.endswith(right) and doi.count(right) > doi.count(left):
            doi = doi[:-1].rstrip(".,;")
    return doi if len(doi) <= 120 else ""


def normal_pmid(text: str) -> str:
    match = re.fullmatch(r"(?:pmid:?\s*)?0*([1-9]\d{0,8})", text.strip(), re.IGNORECASE)
    return match[1] if match else ""


def normal_isbn(text: str) -> str:
    """Return an ISBN of 13 digits whose check digit is right, or ""."""
    bare = re.sub(r"^isbn(-1[03])?:?|[\s\u2010-\u2015-]", "", text, flags=re.IGNORECASE)
    bare = bare.upper()
    if re.fullmatch(r"\d{9}[\dX]", bare):
        digits = [10 if sign == "X" else int(sign) for sign in bare]
        weighed = sum((10 - place) * digit for place, digit in enumerate(digits))
        if weighed % 11:
            return ""
        bare = f"978{bare[:9]}"
        return bare + str(-_weighed_13(bare) % 10)
    if re.fullmatch(r"97[89]\d{10}", bare) and not _weighed_13(bare) % 10:
        return bare
    return ""


def _weighed_13(digits: str) -> int:
    return sum(
        int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)
    )


def _doi(text: str) -> Identifier | None:
    """Take a bare DOI, "doi: …", an address at doi.org, and one within a publisher's."""
    start = re.match(
        r"(doi:?\s*|https?://(dx\.)?doi\.org/|(dx\.)?doi\.org/)?(?=10\.\d)",
        text,
        re.IGNORECASE,
    )
    doi = normal_doi(text) if start else ""
    if doi.startswith(ARXIV_DOI):
        return Identifier("arxiv", doi.removeprefix(ARXIV_DOI))
    return Identifier("doi", doi) if doi else None


def _pmid(text: str) -> Identifier | None:
    pmcid = re.fullmatch(r"(?:pmcid:?\s*)?(PMC\d{1,9})", text, re.IGNORECASE)
    if pmcid:
        return Identifier("pmcid", pmcid[1].upper())
    # Ten digits or more would be an ISBN; `idutils` takes any number for a PMID.
    pmid = normal_pmid(text)
    return Identifier("pmid", pmid) if pmid else None


def _arxiv(text: str) -> Identifier | None:
    match = ARXIV.fullmatch(text)
    return Identifier("arxiv", match[1].lower()) if match else None


def _isbn(text: str) -> Identifier | None:
    isbn = normal_isbn(text)
    return Identifier("isbn", isbn) if isbn else None


def _of_address(text: str) -> Identifier | None:
    """Take an address apart: PubMed, PMC and arXiv name their record in it."""
    if re.match(r"www\.[^\s/]+\.[^\s]+$", text, re.IGNORECASE):
        text = f"https://{text}"
    if not re.match(r"https?://[^\s/]+\S*$", text, re.IGNORECASE):
        return None
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    pmcid = re.search(r"/(PMC\d{1,9})(?:/|$)", parts.path, re.IGNORECASE)
    if host in PMC_HOSTS and pmcid:
        return Identifier("pmcid", pmcid[1].upper())
    pmid = re.search(r"^(?:/pubmed)?/(\d{1,9})/?$", parts.path)
    if host in PUBMED_HOSTS and pmid:
        return Identifier("pmid", pmid[1])
    arxiv = re.search(r"^/(?:abs|pdf|html)/(.+?)(?:\.pdf)?/?$", parts.path)
    if host.removeprefix("www.") == "arxiv.org" and arxiv:
        return _arxiv(arxiv[1])
    return Identifier("url", text)
