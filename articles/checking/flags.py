"""What in a sentence deserves a second look: a link that is not whose it says, and a
figure that comes without a source. Neither needs a claim that we know."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from kb.languages import is_english

# Who is meant: how they are called, and the domains that are theirs.
_OWNERS: tuple[tuple[str, str, str], ...] = (
    (r"Johns? Hopkins(?: Medicine| University)?", "Johns Hopkins", "hopkinsmedicine.org jhu.edu"),
    (r"NIDA|National Institute on Drug Abuse", "NIDA", "nida.nih.gov drugabuse.gov"),
    (r"PubMed", "PubMed", "ncbi.nlm.nih.gov"),
    (r"NCCIH|National Center for Complementary and Integrative Health", "NCCIH", "nccih.nih.gov"),
    (r"FDA|Food and Drug Administration", "the FDA", "fda.gov"),
    (r"CDC|Centers for Disease Control(?: and Prevention)?", "the CDC", "cdc.gov"),
    (r"DEA|Drug Enforcement Administration", "the DEA", "dea.gov"),
    (r"SAMHSA", "SAMHSA", "samhsa.gov"),
    (r"NIH|National Institutes of Health", "the NIH", "nih.gov"),
    (r"WHO|World Health Organi[sz]ation", "the WHO", "who.int"),
    (r"Cochrane(?: Library)?", "Cochrane", "cochrane.org cochranelibrary.com"),
    (r"Medical News Today", "Medical News Today", "medicalnewstoday.com"),
    (r"American Addiction Centers", "that company", "americanaddictioncenters.org"),
    (r"American Herbalists? Guild", "that guild", "americanherbalistsguild.com"),
)  # fmt: skip
_NAMES = [
    (re.compile(rf"\b(?:{name})\b"), called, tuple(domains.split()))
    for name, called, domains in _OWNERS
]
_LINK = re.compile(
    r"(?:https?://|www\.)?((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,4}"
    r"(?:com|org|net|gov|edu|int|info|health|io|co|uk|us|shop|store|biz))\b(?![\w@-])",
    re.IGNORECASE,
)
# What may stand between a name and its address: "FDA (www…", "NIDA is at …", "[CDC](…".
_GAP = re.compile(
    r"[\s:,;(\[\])\-–—]{0,4}(?:(?:can be reached|is found|is)? ?(?:at|on|website|site)"
    r"[\s:(]{0,3})?(?:https?://)?",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"\b\d{1,3}(?:[.,]\d+)? ?(?:%|per ?cent\b)"
    r"|\b(?:ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety) per ?cent\b"
    r"|\b(?:\d+(?:\.\d+)?|two|three|four|five|ten|hundreds? of) (?:times|fold)\b"
    r"|\b(?:\d+|one|two|three|four|nine) (?:out of|in) (?:\d+|two|three|four|five|ten)\b",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"https?://|www\.|\bdoi\b|\[\d{1,3}\]|\[@|\bet al\b|\((?:[^()]{0,60} )?(?:19|20)\d\d[a-z]?\)"
    r"|\b(?:19|20)\d\d (?:\w+ ){0,3}(?:study|review|trial|survey|report|paper|analysis)\b"
    r"|\b(?:reported|published|according to|found) (?:\w+ ){0,6}(?:CDC|FDA|NIDA|DEA|WHO|NIH"
    r"|journal|Journal|Cochrane)\b|\bthe (?:CDC|FDA|NIDA|DEA|WHO) (?:reported|found|says)\b"
)


@dataclass(frozen=True, slots=True)
class Flag:
    """A reason to look twice; `kind` is "link" or "figure", `text` what is meant."""

    kind: str
    text: str
    note: str

    def as_json(self) -> dict[str, str]:
        return {"kind": self.kind, "text": self.text, "note": self.note}


def flags(sentence: str, *, names_records: bool, asks: bool) -> tuple[Flag, ...]:
    found = [*_links(sentence)]
    if names_records and not asks:
        found += _figures(sentence)
    return tuple(found)


def _links(sentence: str) -> list[Flag]:
    links = list(_LINK.finditer(sentence))
    found: dict[str, Flag] = {}
    for name, called, domains in _NAMES if links else ():
        for owner in name.finditer(sentence):
            if any(link.start() <= owner.start() < link.end() for link in links):
                continue
            for link in links:
                domain = link.group(1).lower()
                if _is_anyones(domain, domains) or not (
                    _stands_for(sentence, owner, link) or _looks_like(domain, domains)
                ):
                    continue
                found.setdefault(
                    domain,
                    Flag(
                        "link",
                        domain,
                        gettext(
                            "%(domain)s is no address of %(owner)s that we know: its own"
                            " is %(own)s."
                        )
                        % {
                            "domain": domain,
                            "owner": _owner(called),
                            "own": domains[0],
                        },
                    ),
                )
    return list(found.values())


def _owner(called: str) -> str:
    """Return whose a link should be; "the" is of no other language."""
    return called if is_english() else called.removeprefix("the ")


def _is_anyones(domain: str, domains: Sequence[str]) -> bool:
    """Tell whether a domain belongs to the one named, or to another that we know."""
    own = (*domains, *(each for _, _, others in _NAMES for each in others))
    return any(domain == each or domain.endswith(f".{each}") for each in own)


def _stands_for(sentence: str, owner: re.Match[str], link: re.Match[str]) -> bool:
    return link.start() >= owner.end() and bool(
        _GAP.fullmatch(sentence, owner.end(), link.start())
    )


def _looks_like(domain: str, domains: Sequence[str]) -> bool:
    """Tell whether a domain carries somebody's name: "fda-approved.com", "fda.gov.co"."""
    own = {each.split(".")[0] for each in domains} - {"who", "nih"}
    return bool(own & set(re.split(r"[.-]", domain)))


def _figures(sentence: str) -> list[Flag]:
    figure = _FIGURE.search(sentence)
    if not figure or _SOURCE.search(sentence):
        return []
    return [
        Flag(
            "figure",
            figure.group(),
            gettext("The figure “%(figure)s” stands here without a source.")
            % {"figure": figure.group()},
        )
    ]
