"""How hard an English text is to read: Flesch–Kincaid grade and Flesch reading ease.

Both come from the length of sentences in words and of words in syllables (Kincaid and
others, 1975; Flesch, 1948). They tell nothing of whether a text is right or clear.
A word's syllables are those between its hyphens or its groups of vowels, whichever are
more: hyphenation patterns miss where a word may not be divided ("bod-y" counts one),
groups of vowels miss where two vowels meet ("opi-oid").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pyphen import Pyphen

PLAIN_GRADE = 8.0  # what a plain summary aims at

_SENTENCE_END = re.compile(r"[.!?:;]+[\"'”’)]*(?:\s+|$)")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_VOWELS = re.compile(r"[aeiouy]+", re.IGNORECASE)
_SILENT_END = re.compile(r"(?<=[^aeiouy\W_])(?:e|es|ed)$")
_SOUNDED_END = re.compile(
    r"(?:[^aeiouy\W_]le|[^aeiouy\W_]les|[td]ed|[sxz]es|[cs]hes|[cg]es)$"
)
# One or two letters cannot stand alone on a line, but they can be a syllable: "a-lone".
_HYPHENS = Pyphen(lang="en_US", left=1, right=1)


@dataclass(frozen=True, slots=True)
class ReadingLevel:
    """`grade` is in years of school in the US; `ease` from some 0 (hard) to 100 (easy)."""

    sentences: int
    words: int
    syllables: int
    grade: float
    ease: float

    @property
    def is_plain(self) -> bool:
        return self.grade <= PLAIN_GRADE


def reading_level(text: str) -> ReadingLevel | None:
    """Return how hard a text is, or None where it has no word."""
    words = _WORD.findall(text)
    if not words:
        return None
    sentences = sum(bool(_WORD.search(each)) for each in _SENTENCE_END.split(text))
    syllables = sum(map(count_syllables, words))
    per_sentence, per_word = len(words) / sentences, syllables / len(words)
    return ReadingLevel(
        sentences=sentences,
        words=len(words),
        syllables=syllables,
        grade=round(0.39 * per_sentence + 11.8 * per_word - 15.59, 1),
        ease=round(206.835 - 1.015 * per_sentence - 84.6 * per_word, 1),
    )


@lru_cache(maxsize=4096)
def count_syllables(word: str) -> int:
    """Return how many syllables a word has: at least one; a figure counts as one."""
    word = word.lower()
    parts = _HYPHENS.inserted(word, hyphen="-").split("-")
    between_hyphens = sum(bool(_VOWELS.search(each)) for each in parts)
    spoken = word if _SOUNDED_END.search(word) else _SILENT_END.sub("", word)
    return max(1, between_hyphens, len(_VOWELS.findall(spoken)))
