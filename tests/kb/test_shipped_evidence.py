"""The shipped evidence keeps the rules that it is published under."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import F

from kb import evidence
from kb.grading.summaries import safety_level
from kb.models import (
    Assessment,
    EvidenceItem,
    EvidenceSearch,
    GradeChange,
    Interaction,
    SafetyNote,
    Source,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]
LIST = Path(__file__).resolve().parents[2] / "docs" / "level-differences.csv"


def test_the_list_of_differences_is_the_one_of_the_data():
    out = io.StringIO()
    call_command("overrides", "--csv", stdout=out)

    assert LIST.read_text(encoding="utf-8") == out.getvalue(), (
        "write it anew: manage.py overrides --csv > docs/level-differences.csv"
    )


def test_every_level_is_what_the_rule_or_an_override_gives():
    before = list(Assessment.objects.order_by("pk").values_list("pk", "level"))

    assert evidence.recompute_all().changed == 0
    assert list(Assessment.objects.order_by("pk").values_list("pk", "level")) == before


def test_every_level_has_a_line_in_the_ledger():
    graded = Assessment.objects.exclude(level="not-assessed")

    assert graded.count() == GradeChange.objects.count() > 0
    assert not GradeChange.objects.exclude(after=F("assessment__level")).exists()


def test_nothing_came_in_flagged_for_review():
    assert not Assessment.objects.filter(needs_review=True).exists()


def test_what_was_found_of_an_isolate_counts_nowhere_for_the_leaf():
    isolates = EvidenceItem.objects.filter(
        assessment__substance__slug="kratom", preparation__in=["isolate", "extract"]
    )

    assert isolates.count() >= 8
    for item in isolates:
        assert item.key not in item.assessment.arithmetic["counted"]


def test_each_bridge_is_quoted_where_it_counts():
    bridged = EvidenceItem.objects.exclude(bridging_reason="")

    assert bridged
    for item in bridged:
        steps = " ".join(step["text"] for step in item.assessment.arithmetic["steps"])
        assert item.bridging_reason.rstrip(".") in steps


def test_each_search_is_shown_with_its_question():
    for search in EvidenceSearch.objects.all():
        asked = Assessment.objects.filter(
            substance=search.substance, symptom=search.symptom, axis=search.axis
        )
        assert asked, search
        for assessment in asked:
            shown = [each["search"] for each in assessment.arithmetic["searched"]]
            assert search.key in shown


GATHERING = {"drug-interaction", "serious-adverse-events"}


def test_no_safety_note_is_surer_than_its_rule_allows():
    for note in SafetyNote.objects.select_related("source", "symptom"):
        harm = (
            Assessment.objects.filter(
                substance=note.substance_id,
                alkaloid=note.alkaloid_id,
                symptom=note.symptom_id,
                axis="harm",
                comparator="",
            )
            .exclude(symptom__slug__in=GATHERING)
            .values_list("direction", "level")
            .first()
        )
        designs = [_pooled(item) for item in note.source.evidence_items.all()]
        allowed = [
            safety_level(design, note.verification, harm)
            for design in [*designs, note.source.design]
        ]
        assert note.level == "not-assessed" or note.level in allowed, note


def _pooled(item: EvidenceItem) -> str:
    return item.reviewed_design or item.design


def test_a_likelihood_has_a_figure():
    for rows in (SafetyNote.objects, Interaction.objects):
        assert not rows.exclude(likelihood="unknown").filter(figure=""), rows


def test_no_shipped_source_is_marked_as_retracted_without_notice():
    for source in Source.objects.retracted():
        assert source.retracted_on or source.note
