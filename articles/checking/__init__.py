"""Checking a text: which records it names, which known claims it makes, how they stand.

No network and no model: the same text and the same data give the same report. How a
sentence is read: sentences.py, mentions.py, lexicon.py and wording.py; what makes a
claim: frames.py, and for claims without a frame matching.py.
"""

from __future__ import annotations

from django.utils.translation import gettext

from articles.checking.checker import Checker
from articles.checking.report import UNJUDGED, Checked, CheckedSentence, MadeClaim
from articles.checking.sentences import clean, split
from kb.pages import local

LONGEST_TEXT = 102_400


class TooLong(ValueError):
    """The text has more characters than are checked at once."""

    def __init__(self, length: int) -> None:
        super().__init__(
            gettext(
                "The text has %(length)s characters. Up to %(longest)s can be checked at"
                " once: please check it in parts."
            )
            % {"length": local.count(length), "longest": local.count(LONGEST_TEXT)}
        )


def check_text(text: str) -> Checked:
    """Check any text, in 4 queries. Raises TooLong beyond LONGEST_TEXT characters."""
    if len(text) > LONGEST_TEXT:
        raise TooLong(len(text))
    sentences = split(clean(text))
    if not sentences:
        return Checked()
    return Checked(tuple(Checker(text).check(sentences)))


__all__ = [
    "LONGEST_TEXT",
    "UNJUDGED",
    "Checked",
    "CheckedSentence",
    "MadeClaim",
    "TooLong",
    "check_text",
]
