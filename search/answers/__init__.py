"""Answers above the results: a query that names records is answered from the records.

Everything here is taken from the database and put into fixed sentences; where nothing is
known, the answer says which nothing it is. An answer costs at most 8 queries.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from kb import version
from kb.languages import current
from kb.law import today
from kb.version import Version
from search.answers.answer import Answer
from search.answers.comparison import compare
from search.answers.evidence import assess
from search.answers.identity import identify
from search.answers.law import rule
from search.answers.names import known_names
from search.answers.question import Question, read
from search.answers.safety import refuse_dose, warn
from search.answers.together import warn_beside, warn_together

__all__ = ["Answer", "find_answer", "is_danger"]


def find_answer(
    text: str, *, region: str | None = None, now: Version | None = None
) -> Answer | None:
    """Return the answer to what was typed, or None if the results must do.

    region is the code of a place that the reader has chosen beside the text; now is the
    version of the data, if it was read in this request.
    """
    if not text.strip():
        return None
    return _find(text, region, now or version.current(), today(), current())


def is_danger(text: str, *, now: Version | None = None) -> bool:
    """Tell whether a text may come from somebody who needs help now."""
    question = _read(text, now or version.current())
    return question.is_danger and not question.asks_law


# Kept for the answer that is asked for in the same request.
@lru_cache(maxsize=64)
def _read(text: str, now: Version) -> Question:
    return read(text, known_names(now))


@lru_cache(maxsize=512)
def _find(
    text: str, region: str | None, now: Version, day: date, language: str
) -> Answer | None:
    """Return the answer for one state of the data, on one day, in the language spoken."""
    question = _read(text, now)
    if question.subjects:
        return _about_subject(question, region)
    if question.is_definition and question.symptoms:
        return identify(question)
    return None


def _about_subject(question: Question, region: str | None) -> Answer | None:
    if question.asks_law:
        return rule(question, region)
    if question.compares:
        return compare(question)
    if question.mixes:
        return warn_together(question)
    if beside := warn_beside(question):
        return beside
    if question.asks_dose:
        return refuse_dose(question)
    if question.asks_safety:
        return warn(question)
    if question.symptoms or question.asks_evidence:
        return assess(question)
    if question.is_definition:
        return identify(question)
    return None
