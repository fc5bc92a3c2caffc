"""What was typed into the search field, taken apart. Any text is a valid query."""

from __future__ import annotations

import re
from collections.abc import Collection

from search.engine import Query

# Longer input is cut: nobody types it, and the work must stay bounded.
LONGEST_TEXT = 4_000
MOST_WORDS = 64

_FIELDS = ("kind", "level", "region", "status", "tag")
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
# Without one of these a query is its words: most are.
_MARKS = re.compile(r"""[":“”„‟«»＂]|(?<!\S)-""")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_TOKEN = re.compile(
    rf"""
    (?<!\S)(?P<field>{"|".join(_FIELDS)}):(?:"(?P<quoted>[^"]*)"|(?P<value>[^\s"]+))
    | (?<!\S)(?P<minus>-+)"(?P<unphrase>[^"]*)"
    | "(?P<phrase>[^"]*)"
    | (?P<word>[^\s"]+)
    """,
    re.VERBOSE | re.IGNORECASE,
)


def parse(
    text: str,
    *,
    kinds: Collection[str] = (),
    levels: Collection[str] = (),
    regions: Collection[str] = (),
    statuses: Collection[str] = (),
    tags: Collection[str] = (),
    limit: int = 20,
    offset: int = 0,
    is_bare: bool = False,
    is_plain: bool = False,
) -> Query:
    """Return the query of a text such as `kratom -tea "opioid withdrawal" kind:claim`.

    A filter given beside the text adds to those in it. A prefix that is no filter's
    (`dose:`) is a word like others.
    """
    text = _UNPRINTABLE.sub(" ", text[:LONGEST_TEXT]).strip()
    if not (_MARKS.search(text) or kinds or levels or regions or statuses or tags):
        return Query(
            text=text,
            words=tuple(text.split()[:MOST_WORDS]),
            limit=max(0, limit),
            offset=max(0, offset),
            is_bare=is_bare,
            is_plain=is_plain,
        )
    words: list[str] = []
    phrases: list[str] = []
    excluded: list[str] = []
    excluded_phrases: list[str] = []
    filters = {
        "kind": list(kinds),
        "level": list(levels),
        "region": list(regions),
        "status": list(statuses),
        "tag": list(tags),
    }
    for token in _TOKEN.finditer(text.translate(_QUOTES)):
        found = token.groupdict()
        if found["field"]:
            value = (found["quoted"] or found["value"] or "").strip()
            if value:
                filters[found["field"].lower()].append(value)
        elif found["minus"]:
            excluded_phrases.append(found["unphrase"])
        elif found["phrase"] is not None:
            phrases.append(found["phrase"])
        elif (word := found["word"]).startswith("-"):
            excluded.append(word.lstrip("-"))
        else:
            words.append(word)
    return Query(
        text=text,
        words=_some(words),
        phrases=_some(phrases),
        excluded=_some(excluded),
        excluded_phrases=_some(excluded_phrases),
        kinds=_values(filters["kind"]),
        levels=_values(filters["level"]),
        regions=_regions(filters["region"]),
        statuses=_values(filters["status"]),
        tags=_values(filters["tag"]),
        limit=max(0, limit),
        offset=max(0, offset),
        is_bare=is_bare,
        is_plain=is_plain,
    )


def _some(texts: list[str]) -> tuple[str, ...]:
    if not texts:
        return ()
    kept = [stripped for text in texts if (stripped := text.strip())]
    return tuple(kept[:MOST_WORDS])


def _values(typed: list[str]) -> tuple[str, ...]:
    """Return slugs: "Very low" is "very-low"."""
    if not typed:
        return ()
    slugs = ("-".join(value.lower().split()) for value in typed)
    return tuple(dict.fromkeys(slug for slug in slugs if slug))


def _regions(typed: list[str]) -> tuple[str, ...]:
    """Return codes as they are written: "us-ca/San-Diego" is "US-CA/san-diego"."""
    if not typed:
        return ()
    codes = []
    for value in typed:
        country, slash, place = value.strip().partition("/")
        codes.append(country.upper() + slash + place.lower())
    return tuple(dict.fromkeys(code for code in codes if code))
