"""The ledger has a line for each change of a level, with its cause, and keeps it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import evidence, ledger, retraction
from kb.ledger import Act, Cause
from kb.models import Assessment, GradeChange
from tests import make

pytestmark = pytest.mark.django_db

OVERRIDE = {
    "override_level": "low",
    "override_reason": "Regulators acted on these cases.",
    "override_by": "A curator",
    "override_on": "2026-11-01",
}


def lines(assessment) -> list[tuple[str, str, str]]:
    found = GradeChange.objects.filter(assessment=assessment).order_by("pk")
    return [(line.before, line.after, line.cause) for line in found]


def test_the_first_grading_is_a_change():
    assessment = make.assessment()
    make.evidence_item(assessment=assessment, source=make.source(name="The trial"))

    assert lines(assessment) == [
        ("not-assessed", "high", "Evidence added: The trial."),
    ]
    assert GradeChange.objects.get().source.name == "The trial"


def test_each_way_to_change_a_level_names_its_cause():
    assessment = make.assessment()
    survey = make.source(name="A survey")
    make.evidence_item(
        assessment=assessment, source=survey, design="cross-sectional-survey"
    )
    trial = make.evidence_item(
        assessment=assessment, source=make.source(name="A trial")
    )
    trial.risk_of_bias = 2
    trial.save()
    trial.delete()

    assert lines(assessment) == [
        ("not-assessed", "very-low", "Evidence added: A survey."),
        ("very-low", "high", "Evidence added: A trial."),
        ("high", "low", "Evidence changed: A trial."),
        ("low", "very-low", "Evidence removed: A trial."),
    ]


def test_an_override_set_and_lifted_names_the_curator():
    assessment = make.assessment(items=1)
    for name, value in OVERRIDE.items():
        setattr(assessment, name, value)
    assessment.save()
    assessment.override_level = assessment.override_on = None
    assessment.override_reason = assessment.override_by = ""
    assessment.save()

    assert lines(assessment)[1:] == [
        (
            "high",
            "low",
            "Override set by a curator: A curator: Regulators acted on these cases.",
        ),
        ("low", "high", "Override lifted."),
    ]


def test_a_recorded_search_is_a_cause():
    assessment = make.assessment()
    make.evidence_search(assessment=assessment)

    assert lines(assessment) == [
        ("not-assessed", "none", "Search recorded: Any controlled trial."),
    ]


def test_a_caller_can_state_the_cause():
    assessment = make.assessment(items=1)
    source = make.source()
    with evidence.because("The rule for small trials changed", source):
        make.evidence_item(assessment=assessment, direction="no-clear-effect")

    assert lines(assessment)[-1][2] == "The rule for small trials changed."
    assert GradeChange.objects.first().source == source


def test_a_level_that_stands_has_no_line():
    assessment = make.assessment(items=2)
    item = assessment.items.first()

    item.population = "adults"
    item.save()

    assert len(lines(assessment)) == 1


def test_a_row_that_was_loaded_long_ago_makes_no_false_line():
    assessment = make.assessment()
    stale = Assessment.objects.get(pk=assessment.pk)
    make.evidence_item(assessment=assessment)

    stale.conclusion = "Another sentence."
    stale.save()

    assert [line[:2] for line in lines(assessment)] == [("not-assessed", "high")]
    assert Assessment.objects.get(pk=assessment.pk).level == "high"


def test_many_changes_at_once_are_one_line():
    assessment = make.assessment()
    with evidence.recomputing_once():
        for _ in range(3):
            make.evidence_item(assessment=assessment)
        make.evidence_item(assessment=assessment).delete()

    assert lines(assessment) == [
        (
            "not-assessed",
            "high",
            f"Evidence added: 4 times; evidence removed: {_removed()}.",
        )
    ]


def _removed() -> str:
    from kb.models import Source

    return Source.objects.order_by("pk").last().name


def test_each_line_starts_where_the_last_one_ended():
    assessment = make.assessment()
    for n in range(4):
        item = make.evidence_item(assessment=assessment, n=10 + 200 * n)
        if n % 2:
            retraction.mark(item.source)

    found = lines(assessment)
    assert found[0][0] == "not-assessed"
    assert all(a[1] == b[0] for a, b in pairwise(found))
    assert all(before != after for before, after, _ in found)
    assert found[-1][1] == Assessment.objects.get(pk=assessment.pk).level


def test_a_change_that_is_rolled_back_leaves_no_line():
    from django.db import transaction

    assessment = make.assessment()
    with transaction.atomic():
        make.evidence_item(assessment=assessment)
        transaction.set_rollback(True)

    assert lines(assessment) == []


def test_a_line_is_never_changed_or_deleted():
    make.assessment(items=1)
    line = GradeChange.objects.get()
    line.cause = "Something nicer."

    with pytest.raises(TypeError, match="never changed"):
        line.save()
    with pytest.raises(TypeError, match="never deleted"):
        line.delete()
    assert GradeChange.objects.get().cause != "Something nicer."


def test_a_deleted_assessment_takes_its_lines_along():
    assessment = make.assessment(items=2)

    assessment.delete()

    assert not GradeChange.objects.exists()


# The sentence


CAUSES = st.builds(
    Cause,
    act=st.sampled_from(list(Act)),
    what=st.text(max_size=400),
    source_id=st.none() | st.integers(1, 3),
)


@given(st.lists(CAUSES, max_size=5))
def test_a_cause_is_one_sentence_that_fits(causes):
    text = ledger.sentence(causes)

    assert 2 <= len(text) <= ledger.LONGEST
    assert text.endswith(".")


def test_without_a_known_cause_it_was_the_rule():
    assert ledger.sentence([]) == "Graded anew by the rule."


def test_a_long_cause_is_cut():
    text = ledger.sentence([Cause(Act.ADDED, "word " * 200)])

    assert len(text) <= 300
    assert text.endswith("….")
