"""How written words become comparable ones: folding, splitting, joining.

`7-OH` with any kind of dash, `7OH` and `7 oh` must be one thing; Thai and other
scripts must survive. No engine is known here.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from kb.folding import APOSTROPHES, DASHES, GREEK, INVISIBLE, MARKS, fold

# Longer runs are not words; they are split or left out, never an error.
LONGEST_WORD = 64

_LETTER = rf"[^\W_]|[{MARKS}{INVISIBLE}]"
_JOIN = f"[{DASHES}{APOSTROPHES}._·+]"
_CHUNK = re.compile(rf"(?:{_LETTER})+(?:{_JOIN}(?:{_LETTER})+)*")
# Two characters after which no chunk begins, and what may be no plain word, up to blanks.
_WITHIN = re.compile(rf"(?:.?(?:{_LETTER})|(?:{_LETTER}){_JOIN})\Z", re.DOTALL)
_ODD = re.compile(r"""(?<!\S)[A-Za-z,;:()"?!]*+\S+""")
_TO_LOWER = str.maketrans(
    {letter: letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
)

# Numbers stay whole with their decimals; letters and digits part company.
_PART = re.compile(rf"\d+(?:\.\d+)*|(?:[^\W\d_]|[{MARKS}])+")
# Scripts written without spaces: Thai, Lao, Myanmar, Khmer, Japanese, Chinese.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u9fff\uf900-\ufaff]"
)
_CLUSTER = re.compile(rf".[{MARKS}]*", re.DOTALL)


def chunks(text: str) -> list[str]:
    """Return what stands together: "7-OH, not tea" is ["7-OH", "not", "tea"]."""
    return _CHUNK.findall(text)


def find_odd_chunks(text: str) -> Iterator[re.Match[str]]:
    """Yield a match for each chunk that is no plain word, with its place in `text`."""
    for stretch in _ODD.finditer(text):
        for match in _CHUNK.finditer(text, *stretch.span()):
            if not is_plain(match.group()):
                yield match


def match_chunk(text: str, at: int) -> re.Match[str] | None:
    """Return the chunk that begins at a place of a text, None if none begins there."""
    if at and _WITHIN.match(text[max(0, at - 2) : at]):
        return None
    return _CHUNK.match(text, at)


def is_plain(chunk: str) -> bool:
    """Tell whether a chunk is a word of the letters A to Z alone."""
    return chunk.isascii() and chunk.isalpha()


def lower(text: str) -> str:
    """Return a text with A to Z as small letters, each character in its place."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else text.translate(_TO_LOWER)


def _parts(chunk: str) -> tuple[str, ...]:
    found = _PART.findall(fold(chunk))
    return tuple(sys.intern(GREEK.get(part, part)) for part in found)


_cached_parts = lru_cache(maxsize=65_536)(_parts)


def parts(chunk: str) -> tuple[str, ...]:
    """Return the folded words within a chunk: "5-HT2A" is ("5", "ht", "2", "a")."""
    return _cached_parts(chunk) if len(chunk) <= LONGEST_WORD else _parts(chunk)


def compact(text: str) -> str:
    """Return the letters and digits of `text` alone, folded: "7-OH tea" is "7ohtea".

    Two names with the same compact form are the same name.
    """
    return "".join(part for chunk in chunks(text) for part in parts(chunk))


def is_unspaced(word: str) -> bool:
    """Tell whether a word is of a script that puts no spaces between words."""
    return _UNSPACED.search(word) is not None


def pairs(word: str) -> list[str]:
    """Return the overlapping pairs of characters of a word of an unspaced script."""
    clusters = _CLUSTER.findall(word)
    if len(clusters) < 2:
        return [word]
    return [a + b for a, b in pairwise(clusters)]
