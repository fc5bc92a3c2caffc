"""Asks Crossref, PubMed, arXiv, Open Library or the page itself what a publication is.

Never within a public page, and politely: a limit of time, few attempts, longer pauses,
and as long as a server says with Retry-After.
"""

from __future__ import annotations

import datetime
import email.utils
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from lxml import etree

from kb import fetching
from kb.bibliography import csl_json, page_tags, pubmed
from kb.bibliography.identifiers import ARXIV_DOI, Identifier
from kb.bibliography.record import Csl, issued, person, plain
from kb.fetching import Answer, FetchError

ATTEMPTS = 3
LONGEST_PAUSE_S = 8.0
MAX_BYTES = 4_000_000
BOOK_ADDRESS = "https://openlibrary.org/isbn/"
ATOM = "{http://www.w3.org/2005/Atom}"


class NotFound(Exception):
    """Nothing was found or nobody could be asked; the message is for a curator."""


def as_record(identifier: Identifier) -> Csl:
    """Return a record that knows its identifier alone, to ask whether it is here."""
    csl: Csl = {"title": str(identifier)}
    match identifier.scheme:
        case "doi" | "pmid":
            csl[identifier.scheme.upper()] = identifier.value
        case "arxiv":
            csl["DOI"] = ARXIV_DOI + identifier.value
        case "isbn":
            csl["URL"] = BOOK_ADDRESS + identifier.value
        case "url":
            csl["URL"] = identifier.value
    return csl


def look_up(identifier: Identifier) -> Csl:
    """Return what is known of a publication in the neutral form. Raises NotFound."""
    ask = {
        "doi": _crossref,
        "pmid": _pubmed,
        "pmcid": _pmc,
        "arxiv": _arxiv,
        "isbn": _open_library,
        "url": _page,
    }[identifier.scheme]
    found = ask(identifier.value)
    if not plain(found.get("title")):
        raise NotFound(f"{identifier}: an answer came, but there is no title in it.")
    return found


def _ask(address: str, who: str, accept: str = "*/*") -> Answer:
    """Return the first answer that is final, after up to three attempts."""
    limit_s = settings.LOOKUP_TIMEOUT_S
    deadline = time.monotonic() + 3 * limit_s
    for attempt in range(1, ATTEMPTS + 1):
        pause_s = 0.5 * 2**attempt
        try:
            answer = fetching.fetch(
                address,
                headers={"Accept": accept},
                timeout=limit_s,
                max_bytes=MAX_BYTES,
            )
        except FetchError as error:
            is_final = error.reason not in ("timeout", "refused")
            problem = f"{who} could not be asked: {error}"
        else:
            is_final = answer.status != 429 and answer.status < 500
            if answer.status < 300:
                return answer
            if answer.status in (404, 410):
                raise NotFound(f"{who} does not know it.")
            problem = f"{who} answered with status {answer.status}."
            pause_s = _retry_after_s(answer) or pause_s
        is_too_long = pause_s > LONGEST_PAUSE_S or time.monotonic() + pause_s > deadline
        if is_final or attempt == ATTEMPTS or is_too_long:
            raise NotFound(problem)
        time.sleep(pause_s)
    raise NotFound(problem)


def _retry_after_s(answer: Answer) -> float:
    """Return how long a server asks us to wait: seconds, or a day and time; 0 if not."""
    text = str(answer.headers.get("Retry-After") or "").strip()
    if text.isdecimal():
        return float(text)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return 0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    return max(0.0, (moment - datetime.datetime.now(datetime.UTC)).total_seconds())


def _json(answer: Answer, who: str) -> Any:
    try:
        return json.loads(answer.body)
    except ValueError as error:
        raise NotFound(f"{who} answered something that is no JSON.") from error


def _crossref(doi: str) -> Csl:
    """Ask Crossref; what it does not know (DataCite's, for one) the resolver may."""
    address = f"{settings.CROSSREF_URL}/works/{quote(doi, safe='')}"
    if settings.CONTACT_EMAIL:
        address += f"?{urlencode({'mailto': settings.CONTACT_EMAIL})}"
    try:
        message = _json(_ask(address, "Crossref"), "Crossref")
        if not isinstance(message, dict):
            raise NotFound("Crossref answered something that is no record.")
        item = message.get("message")
    except NotFound as unknown:
        if "does not know" not in str(unknown):
            raise
        address = f"{settings.DOI_URL}/{quote(doi, safe='/')}"
        wanted = "application/vnd.citationstyles.csl+json"
        item = _json(_ask(address, "doi.org", wanted), "doi.org")
    if not isinstance(item, dict):
        raise NotFound("The answer is no record.")
    return {**csl_json.neutral(item), "DOI": doi}


def _eutils(program: str, **parameters: str) -> Answer:
    asked = {"tool": "pharmakon", **parameters}
    if settings.CONTACT_EMAIL:
        asked["email"] = settings.CONTACT_EMAIL
    address = f"{settings.EUTILS_URL}/{program}.fcgi?{urlencode(asked)}"
    return _ask(address, "PubMed")


def _pubmed(pmid: str) -> Csl:
    answer = _eutils("efetch", db="pubmed", id=pmid, retmode="xml")
    for read in pubmed.read(answer.body):
        if read.csl is not None:
            return read.csl
    raise NotFound(f"PubMed does not know PMID {pmid}.")


def _pmc(pmcid: str) -> Csl:
    """Find the PubMed record of a text in PMC; that names DOI and PMID too."""
    answer = _eutils(
        "elink", dbfrom="pmc", db="pubmed", id=pmcid.removeprefix("PMC"), retmode="json"
    )
    try:
        links = _json(answer, "PubMed")["linksets"][0]["linksetdbs"]
        pmid = next(x["links"][0] for x in links if x["linkname"] == "pmc_pubmed")
    except (KeyError, IndexError, TypeError, StopIteration) as error:
        raise NotFound(f"PubMed does not know {pmcid}.") from error
    return _pubmed(str(pmid))


def _arxiv(number: str) -> Csl:
    answer = _ask(
        f"{settings.ARXIV_URL}/query?{urlencode({'id_list': number})}", "arXiv"
    )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        entry = etree.fromstring(answer.body, parser).find(f"{ATOM}entry")
    except etree.XMLSyntaxError as error:
        raise NotFound("arXiv answered something that is no feed.") from error
    if entry is None or "/api/errors" in (entry.findtext(f"{ATOM}id") or ""):
        raise NotFound(f"arXiv does not know {number}.")
    day = (entry.findtext(f"{ATOM}published") or "")[:10].split("-")
    names = entry.iterfind(f"{ATOM}author/{ATOM}name")
    return {
        "type": "article",
        "title": plain(entry.findtext(f"{ATOM}title")),
        "author": [_in_order(plain(name.text)) for name in names],
        "issued": issued(*(int(part) for part in day if part.isdecimal())),
        "container-title": "arXiv",
        "number": number,
        "DOI": ARXIV_DOI + number,
        "URL": f"https://arxiv.org/abs/{number}",
    }


def _open_library(isbn: str) -> Csl:
    parameters = {"bibkeys": f"ISBN:{isbn}", "format": "json", "jscmd": "data"}
    address = f"{settings.OPEN_LIBRARY_URL}/api/books?{urlencode(parameters)}"
    found = _json(_ask(address, "Open Library"), "Open Library")
    book = found.get(f"ISBN:{isbn}") if isinstance(found, Mapping) else None
    if not isinstance(book, Mapping):
        raise NotFound(f"Open Library does not know ISBN {isbn}.")
    title = ": ".join(x for x in (book.get("title"), book.get("subtitle")) if x)
    year = next(iter(page_tags.YEAR.findall(str(book.get("publish_date") or ""))), "")
    return {
        "type": "book",
        "title": title,
        "author": [_in_order(plain(x.get("name"))) for x in book.get("authors") or []],
        "publisher": ", ".join(
            plain(x.get("name")) for x in book.get("publishers") or []
        ),
        "issued": issued(int(year)) if year else None,
        "ISBN": isbn,
        "URL": BOOK_ADDRESS + isbn,
    }


def _page(address: str) -> Csl:
    """Read a page's own citation tags; where they name a DOI, Crossref knows more."""
    answer = _ask(address, "The page", "text/html,application/xhtml+xml")
    if "html" not in answer.headers.get_content_type():
        raise NotFound(
            "The address leads to a file, not to a page:"
            " only a page says what it is. Paste its DOI, or fill the form in."
        )
    found = page_tags.read(answer.text, answer.url)
    if found.get("DOI"):
        try:
            return {**_crossref(found["DOI"]), "URL": found.get("URL")}
        except NotFound:
            pass
    return found


def _in_order(name: str) -> dict[str, str]:
    """Return "Andrew C. Kruegel" in parts: the last word is taken for the family name."""
    words = name.split()
    if len(words) < 2 or "," in name:
        return person(name)
    return {"family": words[-1], "given": " ".join(words[:-1])}
