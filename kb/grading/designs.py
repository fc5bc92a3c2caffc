"""Where a kind of study starts, and which kinds are treated alike."""

from __future__ import annotations

from kb.choices import StudyDesign

REVIEWS = frozenset({StudyDesign.SYSTEMATIC_REVIEW, StudyDesign.META_ANALYSIS})
MEASUREMENTS = frozenset(
    {StudyDesign.CHEMICAL_ANALYSIS, StudyDesign.OUTBREAK_INVESTIGATION}
)
# Statements lean on studies that are not linked here: alone they say neither that there
# is evidence nor that somebody looked and found none.
STATEMENTS = frozenset(
    {
        StudyDesign.GUIDELINE,
        StudyDesign.EXPERT_STATEMENT,
        StudyDesign.REGULATORY_NOTICE,
        StudyDesign.NARRATIVE_REVIEW,
    }
)
LABORATORY = frozenset({StudyDesign.ANIMAL, StudyDesign.IN_VITRO})
# A design that is not in this table is not scored.
START: dict[str, int] = {
    StudyDesign.RCT: 4,
    StudyDesign.NONRANDOMISED_TRIAL: 2,
    StudyDesign.COHORT: 2,
    StudyDesign.CASE_CONTROL: 2,
    StudyDesign.INTERRUPTED_SERIES: 2,
    StudyDesign.REGISTRY: 2,
    StudyDesign.PHARMACOKINETIC: 2,
    StudyDesign.CHEMICAL_ANALYSIS: 2,
    StudyDesign.OUTBREAK_INVESTIGATION: 2,
    StudyDesign.SYSTEMATIC_REVIEW: 1,  # of studies whose design nobody recorded
    StudyDesign.META_ANALYSIS: 1,
    StudyDesign.UNCONTROLLED_STUDY: 1,
    StudyDesign.CASE_SERIES: 1,
    StudyDesign.CASE_REPORT: 1,
    StudyDesign.SURVEY: 1,
    StudyDesign.SPONTANEOUS_REPORTS: 1,
    StudyDesign.DEATH_REGISTER: 1,
    StudyDesign.CONTENT_ANALYSIS: 1,
    StudyDesign.PRODUCT_LABEL: 1,
    StudyDesign.ANIMAL: 0,
    StudyDesign.IN_VITRO: 0,
    StudyDesign.TRIAL_REGISTRATION: 0,
}
