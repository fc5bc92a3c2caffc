"""What must always hold of an assessment, and of words from a vocabulary."""

from __future__ import annotations

import pytest

from kb.models import (
    Assessment,
)
from tests import make
from tests.kb.constraints import refused, sentences, update

pytestmark = pytest.mark.django_db
OVERRIDE = {
    "override_level": "low",
    "override_reason": "Regulators acted on it.",
    "override_by": "A curator",
    "override_on": "2026-11-01",
}


@pytest.mark.parametrize(
    "missing", ["override_reason", "override_by", "override_on", "override_level"]
)
def test_an_override_needs_a_reason_a_name_and_a_day(missing):
    row = make.assessment()
    nothing = None if missing in ("override_on", "override_level") else ""
    for field, value in {**OVERRIDE, missing: nothing}.items():
        setattr(row, field, value)

    assert refused(update(row, **{**OVERRIDE, missing: nothing}))
    assert "An override needs a level, a reason, a name and a day" in sentences(row)


def test_a_whole_override_is_taken():
    row = make.assessment(**OVERRIDE)

    assert sentences(row) == ""
    assert row.level == "low"


@pytest.mark.parametrize("owner", ["substance", "alkaloid"])
def test_there_is_one_assessment_for_a_question(owner):
    subject = getattr(make, owner)()
    symptom = make.symptom()
    first = make.assessment(subject=subject, symptom=symptom)
    twin = Assessment(
        **{owner: subject},
        symptom=symptom,
        axis=first.axis,
        direction="worsens",
        conclusion="It is the other way round.",
    )

    assert refused(twin.save)
    assert "There is such an assessment already" in sentences(twin)


def test_another_comparator_or_axis_is_another_question():
    subject, symptom = make.substance(), make.symptom()
    make.assessment(subject=subject, symptom=symptom)
    make.assessment(subject=subject, symptom=symptom, comparator="methadone")
    make.assessment(subject=subject, symptom=symptom, axis="harm", direction="causes")

    assert subject.assessment_set.count() == 3


@pytest.mark.parametrize("design", ["rct", "cohort", "guideline"])
def test_only_a_review_states_a_level(design):
    item = make.evidence_item(design=design, stated_level="high")

    assert "Only a review can state a level" in sentences(item)


@pytest.mark.parametrize(
    ("maker", "field"),
    [
        (make.substance, "state"),
        (make.substance, "category"),
        (make.alkaloid, "state"),
        (make.symptom, "state"),
        (make.symptom, "kind"),
        (make.symptom, "severity"),
        (make.source, "state"),
        (make.source, "kind"),
        (make.source, "retraction"),
        (make.claim, "state"),
        (make.claim, "verdict"),
        (make.claim, "level"),
        (make.article, "state"),
        (make.region, "kind"),
        (make.assessment, "axis"),
        (make.assessment, "direction"),
        (make.assessment, "level"),
        (make.assessment, "suggested_level"),
        (make.evidence_item, "design"),
        (make.evidence_item, "direction"),
        (make.safety_note, "kind"),
        (make.safety_note, "severity"),
        (make.status, "status"),
        (make.status, "layer"),
        (make.status, "possession"),
        (make.status, "sale"),
        (make.status, "confidence"),
        (make.help_resource, "kind"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_a_word_outside_its_vocabulary_is_refused(maker, field):
    row = maker()
    setattr(row, field, "none-1")

    assert refused(update(row, **{field: "none-1"}))
    assert "none-1" in sentences(row) or field in sentences(row)


def test_silence_is_not_stored_as_an_empty_word():
    assert refused(update(make.assessment(), level=""))
    assert refused(update(make.status(), status=""))
    assert refused(update(make.claim(), verdict=""))
