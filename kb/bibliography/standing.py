"""Whether a reference says of itself that it was retracted, and by which words.

A notice of retraction is another publication than the one it retracts, though it often
bears the same title. PubMed's type "Expression of Concern" is that of the notice, too.
Neutral records tell what is known of this in two keys: "notices" lists the kinds of notice
about this publication (["partial_retraction"]), "is-notice" says that it is one itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kb.choices import Retraction

RETRACTING = frozenset({"retraction", "withdrawal", "removal"})
DOUBTING = frozenset({"partial_retraction", "expression_of_concern"})
_WHAT = (
    r"(?:\s+(?:article|paper|publication|chapter|manuscript|preprint|study|report))?"
)
_WORD = rf"(?P<word>retracted|withdrawn|removed){_WHAT}"
# "RETRACTED: …", "[Retracted] …", "Retracted article – …"; not "Retracted papers in …".
_BEFORE = re.compile(
    rf"\W{{0,3}}(?:{_WORD})(?:\s*[:\])}}]|\s*[–—]|\s+-+)\W*(?=\w)", re.IGNORECASE
)
# "… (Retracted)", "… (Retracted article. See vol. 12, pg. 3, 2010)".
_AFTER = re.compile(rf"[(\[]\s*{_WORD}\s*(?:[.:;,][^()\[\]]*)?[)\]]\W*$", re.IGNORECASE)
_NOTICE = re.compile(
    r"\W*(?:(?:notice|statement|note)\s+of\s+|publisher'?s?\s+|editorial\s+|partial\s+)*"
    r"(?:retraction|withdrawal|removal|expression\s+of\s+(?:editorial\s+)?concern)"
    r"(?:\s*[:\])–—]|\s+(?:notice|note|statement)\b|\s+(?:of|to|for|and)\b\s*[:\"“‘'«])"
    r"|.*[(\[]\s*(?:partial\s+)?(?:retraction|withdrawal|removal)\s+of\s+vol",
    re.IGNORECASE,
)
_NOTICE_ALONE = re.compile(
    r"\W*(?:notice|statement)\s+of\s+(?:retraction|withdrawal|removal)\b", re.IGNORECASE
)
_NOTICE_TYPES = frozenset(
    {"retraction of publication", "retraction notice", "expression of concern"}
)


@dataclass(frozen=True)
class Standing:
    """`why` is a sentence for the curator, "" where the reference says nothing."""

    retraction: Retraction
    why: str = ""


def standing(csl: Mapping[str, Any]) -> Standing:
    """Return what a neutral record says: its types and notices first, then its title."""
    types = {str(each).casefold() for each in _listed(csl.get("publication-types"))}
    notices = [kind_of(each) for each in _listed(csl.get("notices"))]
    title = str(csl.get("title") or "")
    if "retracted publication" in types:
        return _retracted("it is registered as a retracted publication")
    for notice in notices:
        if notice in RETRACTING:
            return _retracted(f"a notice of {notice} names it")
    if csl.get("is-notice") or types & _NOTICE_TYPES:
        return _notice("registered as one")
    for notice in notices:
        if notice in DOUBTING:
            what = notice.replace("_", " ")
            return Standing(
                Retraction.CONCERN,
                f"Marked with a concern: a notice of {what} names it. Read the notice.",
            )
    said = _BEFORE.match(title) or _AFTER.search(title)
    if said is not None:
        word = said["word"].lower()
        also = (
            ""
            if word == "retracted"
            else " If it is only out of date, as withdrawn reviews can be, set it back."
        )
        return _retracted(f"its title says “{word}”", also)
    if _NOTICE.match(title) or _NOTICE_ALONE.match(title):
        return _notice("by its title")
    return Standing(Retraction.NONE)


def kind_of(word: Any) -> str:
    """Return a kind of notice in one spelling: "Partial retraction" → "partial_retraction"."""
    return "_".join(re.findall(r"[a-z]+", str(word).casefold()))


def from_crossref(item: Mapping[str, Any], doi: str) -> dict[str, Any]:
    """Return "notices" and "is-notice" of an item of Crossref; no key that says nothing.

    `updated-by` names notices about it, `update-to` what it is a notice of; some
    publishers register a notice under the DOI of the article itself.
    """
    about_it = _kinds(item.get("updated-by"))
    elsewhere: list[str] = []
    for each in _listed(item.get("update-to")):
        if isinstance(each, Mapping):
            is_own = doi and str(each.get("DOI") or "").casefold() == doi.casefold()
            (about_it if is_own else elsewhere).append(kind_of(each.get("type")))
    return _keys(about_it, bool(set(elsewhere) & (RETRACTING | DOUBTING)))


PUBMED_NOTICES: Mapping[str, str] = {
    "RetractionIn": "retraction",
    "RetractedandRepublishedIn": "retraction",
    "PartialRetractionIn": "partial_retraction",
    "ExpressionOfConcernIn": "expression_of_concern",
    "RIN": "retraction",
    "RRI": "retraction",
    "PRIN": "partial_retraction",
    "ECI": "expression_of_concern",
}
PUBMED_NOTICE_OF = frozenset(
    "RetractionOf PartialRetractionOf ExpressionOfConcernFor ROF PROF ECF".split()
)


def from_pubmed(marks: Iterable[str]) -> dict[str, Any]:
    """Return the same of the types of PubMed's links, or the tags of its text format."""
    marks = list(marks)
    about_it = [PUBMED_NOTICES[mark] for mark in marks if mark in PUBMED_NOTICES]
    return _keys(about_it, any(mark in PUBMED_NOTICE_OF for mark in marks))


def _keys(about_it: list[str], is_notice: bool) -> dict[str, Any]:
    known = [each for each in about_it if each in RETRACTING | DOUBTING]
    found: dict[str, Any] = {"notices": known} if known else {}
    return {**found, "is-notice": True} if is_notice else found


def _kinds(updates: Any) -> list[str]:
    return [
        kind_of(each.get("type"))
        for each in _listed(updates)
        if isinstance(each, Mapping)
    ]


def _retracted(why: str, also: str = "") -> Standing:
    return Standing(Retraction.RETRACTED, f"Marked as retracted: {why}.{also}")


def _notice(why: str) -> Standing:
    return Standing(
        Retraction.NONE,
        f"This is a notice about another publication ({why}), not that publication:"
        " mark the other one.",
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
