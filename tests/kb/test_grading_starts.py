"""Where each design starts."""

from __future__ import annotations

import pytest

from kb.choices import StudyDesign
from kb.grading.designs import MEASUREMENTS, REVIEWS
from kb.grading.items import start_points
from tests.kb.graded_items import (
    D,
    item,
)

STARTS = {
    D.SYSTEMATIC_REVIEW: 1,
    D.META_ANALYSIS: 1,
    D.RCT: 4,
    D.NONRANDOMISED_TRIAL: 2,
    D.COHORT: 2,
    D.CASE_CONTROL: 2,
    D.INTERRUPTED_SERIES: 2,
    D.REGISTRY: 2,
    D.UNCONTROLLED_STUDY: 1,
    D.CASE_SERIES: 1,
    D.CASE_REPORT: 1,
    D.SURVEY: 1,
    D.SPONTANEOUS_REPORTS: 1,
    D.DEATH_REGISTER: 1,
    D.CONTENT_ANALYSIS: 1,
    D.ANIMAL: 0,
    D.IN_VITRO: 0,
    D.CHEMICAL_ANALYSIS: 2,
    D.OUTBREAK_INVESTIGATION: 2,
    D.PHARMACOKINETIC: 2,
    D.NARRATIVE_REVIEW: None,
    D.GUIDELINE: None,
    D.REGULATORY_NOTICE: None,
    D.PRODUCT_LABEL: 1,
    D.EXPERT_STATEMENT: None,
    D.TRIAL_REGISTRATION: 0,
    D.NEWS: None,
    D.NOT_A_STUDY: None,
}


def test_every_design_has_a_place_in_the_table():
    assert set(STARTS) == set(StudyDesign)


@pytest.mark.parametrize(("design", "points"), STARTS.items())
def test_a_design_starts_where_the_rule_book_says(design, points):
    assert start_points(item(design=design)) == points


@pytest.mark.parametrize("design", sorted(REVIEWS))
@pytest.mark.parametrize(
    ("reviewed", "points"), [(D.RCT, 4), (D.COHORT, 2), (D.CASE_REPORT, 1), (None, 1)]
)
def test_a_review_starts_where_its_studies_do(design, reviewed, points):
    assert start_points(item(design=design, reviewed_design=reviewed)) == points


@pytest.mark.parametrize(
    ("design", "points"), [(D.RCT, 2), (D.COHORT, 2), (D.SURVEY, 1)]
)
def test_a_study_that_fails_its_design_starts_at_low_at_most(design, points):
    assert start_points(item(design=design, fails_design=True)) == points


def test_measurements_are_designs_that_the_table_scores():
    assert all(STARTS[design] == 2 for design in MEASUREMENTS)
