"""How sure anyone can be of an entry, and of a safety note."""

from __future__ import annotations

import pytest

from kb.choices import Direction, Level
from kb.grading.summaries import EntryLevel, entry_level, safety_level
from tests.kb.graded_items import (
    D,
)


@pytest.mark.parametrize(
    ("summaries", "expected"),
    [
        ([], EntryLevel(Level.NOT_ASSESSED, None, None)),
        (
            [("harm", "causes", "high", "liver-injury")],
            EntryLevel(Level.NOT_ASSESSED, None, None),
        ),
        (
            [
                ("harm", "causes", "high", "dependence"),
                ("benefit", "no-clear-effect", "high", "anxiety"),
                ("benefit", "improves", "low", "pain"),
                ("benefit", "improves", "very-low", "opioid-withdrawal"),
            ],
            EntryLevel(Level.LOW, Direction.IMPROVES, "pain"),
        ),
        (
            [
                ("benefit", "improves", "none", "pain"),
                ("benefit", "no-clear-effect", "moderate", "anxiety"),
            ],
            EntryLevel(Level.MODERATE, Direction.NO_CLEAR_EFFECT, "anxiety"),
        ),
        (
            [
                ("benefit", "improves", "none", "pain"),
                ("benefit", "improves", "not-assessed", "anxiety"),
            ],
            EntryLevel(Level.NONE, None, None),
        ),
        (
            [("benefit", "improves", "not-assessed", "anxiety")],
            EntryLevel(Level.NOT_ASSESSED, None, None),
        ),
    ],
)
def test_an_entry_has_the_level_of_its_best_supported_benefit(summaries, expected):
    assert entry_level(summaries) == expected
    assert entry_level(reversed(summaries)) == expected


@pytest.mark.parametrize(
    ("design", "verification", "harm", "level"),
    [
        (D.CASE_REPORT, "verified", None, Level.VERY_LOW),
        (D.SURVEY, "partial", None, Level.VERY_LOW),
        (D.CASE_REPORT, "unverified", None, Level.NOT_ASSESSED),
        (D.CASE_REPORT, "verified", ("causes", "low"), Level.LOW),
        (D.CASE_REPORT, "verified", ("no-clear-effect", "low"), Level.VERY_LOW),
        (D.CASE_REPORT, "verified", ("causes", "none"), Level.VERY_LOW),
        (D.COHORT, "verified", None, Level.NOT_ASSESSED),
        (D.COHORT, "verified", ("worsens", "moderate"), Level.MODERATE),
        (D.SYSTEMATIC_REVIEW, "verified", None, Level.NOT_ASSESSED),
        (D.IN_VITRO, "verified", ("causes", "high"), Level.NONE),
        (D.REGULATORY_NOTICE, "verified", ("causes", "high"), Level.NOT_ASSESSED),
        (None, "verified", None, Level.NOT_ASSESSED),
    ],
)
def test_a_safety_note_is_as_sure_as_what_is_graded(design, verification, harm, level):
    assert safety_level(design, verification, harm) == level
