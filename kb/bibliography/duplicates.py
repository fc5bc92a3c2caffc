"""Finds a source that is here already, before it is made a second time.

The same: a DOI, PMID or address is. Probably the same: nearly the title, the year give or
take one, and the first author. A correction, a retraction notice, a comment or a reply is
never the same as what it is about, however alike their titles are.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kb.bibliography.record import Csl, fields_of, plain
from kb.folding import fold
from kb.models import Source

NEAR = 0.93  # of difflib's ratio of titles
PREFIX_WORDS = 5  # a title without its subtitle: at least so many words
NOTICE = re.compile(
    r"^(?:\W*(?:author|publisher|editorial))?\W*(?:correction|corrigend\w+|errat\w+|addend\w+"
    r"|retract\w+|withdrawal|withdrawn|expression of concern|comment(?:ary|s)?\b"
    r"|repl(?:y|ies)\b|response (?:to|on)|in reply|re\s?:|letter to)"
    r"|\((?:author |publisher )?(?:correction|erratum|retraction|corrigendum)\W"
    r"|\b(?:correction|erratum|corrigendum|reply|retraction)\s*$",
    re.IGNORECASE,
)
NUMERALS = ("i", "ii", "iii", "iv", "v", "vi")


@dataclass(frozen=True)
class Known:
    """What is compared of a source, wherever it stands."""

    label: str
    title: str
    year: int
    author: str
    doi: str
    pmid: str
    address: str
    slug: str = ""  # empty: it stands in the same file, not in the database
    pk: int = 0

    @property
    def is_notice(self) -> bool:
        return bool(NOTICE.search(self.label))


@dataclass(frozen=True)
class Match:
    """A source that a record is, or probably is, and why."""

    known: Known
    is_certain: bool
    why: str


class Sources:
    """All sources that there are, drafts too, to compare with: 1 query."""

    def __init__(self, rows: Iterable[Known] | None = None) -> None:
        self._by_id: dict[tuple[str, str], Known] = {}
        self._by_title: dict[str, list[Known]] = defaultdict(list)
        self._by_author: dict[tuple[str, int], list[Known]] = defaultdict(list)
        for row in _stored() if rows is None else rows:
            self.add(row)

    def add(self, row: Known) -> None:
        for key in _identifiers(row):
            self._by_id.setdefault(key, row)
        if row.title:
            self._by_title[row.title].append(row)
        self._by_author[row.author, row.year].append(row)

    def find(self, csl: Csl) -> Match | None:
        """Return the source that a record is; else the one it is likeliest to be."""
        row = known(csl)
        for key in _identifiers(row):
            other = self._by_id.get(key)
            # A notice may stand at the address of what it corrects.
            if other and (key[0] != "address" or row.is_notice == other.is_notice):
                return Match(other, True, f"the same {key[0]}")
        likely = [
            (ratio, other)
            for other in self._near(row)
            if (ratio := _likeness(row, other)) >= NEAR
        ]
        if not likely:
            return None
        ratio, other = max(likely, key=lambda pair: pair[0])
        why = "the same title" if ratio == 1 else "nearly the same title"
        return Match(other, False, f"{why}, {other.year or 'no year'}")

    def _near(self, row: Known) -> list[Known]:
        found = list(self._by_title.get(row.title, ()))
        for year in (row.year - 1, row.year, row.year + 1, 0):
            for author in {row.author, ""}:
                found += self._by_author.get((author, year), ())
        return found


def known(csl: Csl, label: str = "") -> Known:
    """Return what is compared of a record that is not stored."""
    try:
        fields = fields_of(csl)
    except ValueError:
        fields = {"name": "", "authors": [], "published": None}
    return _known(fields, label=label or fields["name"])


def _stored() -> Iterable[Known]:
    names = ("pk", "slug", "name", "authors", "published", "doi", "pmid", "url")
    for row in Source.objects.order_by("pk").values(*names):
        yield _known(row, label=row["name"], slug=row["slug"], pk=row["pk"])


def _known(
    fields: Mapping[str, Any], *, label: str, slug: str = "", pk: int = 0
) -> Known:
    authors = fields["authors"] or [""]
    first = fold(str(authors[0]))
    # "de la Torre R" and "Torre R": the last word that is no initials.
    words = [word for word in re.findall(r"[^\W\d_]+", first) if len(word) > 2] or [
        first
    ]
    return Known(
        label=label,
        title=" ".join(re.findall(r"\w+", fold(plain(fields["name"])))),
        year=int(str(fields["published"] or "0")[:4]),
        author=words[-1],
        doi=(fields.get("doi") or "").lower(),
        pmid=fields.get("pmid") or "",
        address=_bare(fields.get("url") or ""),
        slug=slug,
        pk=pk,
    )


def _bare(address: str) -> str:
    """Return an address without what makes no difference: scheme, www, final slash."""
    return (
        re.sub(r"^https?://(?:www\.)?", "", address).split("#")[0].rstrip("/").lower()
    )


def _identifiers(row: Known) -> list[tuple[str, str]]:
    pairs = [("DOI", row.doi), ("PMID", row.pmid)]
    # What a publisher's or a database's front page would be to all its articles.
    if "/" in row.address:
        pairs.append(("address", row.address))
    return [(name, value) for name, value in pairs if value]


def _likeness(row: Known, other: Known) -> float:
    """Return how likely two records are one, 0 to 1; 0 where something forbids it."""
    if not row.title or not other.title or row.is_notice != other.is_notice:
        return 0
    if row.year and other.year and abs(row.year - other.year) > 1:
        return 0
    if row.author and other.author and row.author != other.author:
        return 0
    for mine, theirs in ((row.doi, other.doi), (row.pmid, other.pmid)):
        if mine and theirs and mine != theirs:
            return 0
    if row.title == other.title:
        return 1
    # "Part 1" is not "Part 2".
    if _numbers(row.title) != _numbers(other.title):
        return 0
    short, long = sorted((row.title, other.title), key=len)
    if long.startswith(short + " ") and short.count(" ") + 1 >= PREFIX_WORDS:
        return NEAR
    matcher = difflib.SequenceMatcher(None, row.title, other.title, autojunk=False)
    if matcher.real_quick_ratio() < NEAR or matcher.quick_ratio() < NEAR:
        return 0
    return min(matcher.ratio(), 0.999)


def _numbers(title: str) -> list[str]:
    return [word for word in title.split() if word.isdecimal() or word in NUMERALS]
