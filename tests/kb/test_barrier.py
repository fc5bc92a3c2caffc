"""What was found of one form says nothing of another, unless a curator says why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.choices import Level, Preparation, StudyDesign
from kb.grading.items import Item
from kb.grading.levels import rank
from kb.grading.suggestion import Basis, suggest
from kb.models import Assessment
from tests import make
from tests.kb.graded_items import fields_of_an_item, item, lists_of_items

D = StudyDesign
REASON = "The tablets are this compound and nothing else."


def tablets(key: str = "t", **fields: Any) -> Item:
    """A trial of an isolate, on the page of the leaf."""
    forms = {"preparation": "isolate", "subject_preparation": "whole"}
    return item(key, **{**forms, **fields})


def test_an_isolate_does_not_count_for_the_leaf():
    found = suggest([tablets(), item("s", D.SURVEY)])

    assert (found.level, found.counted) == (Level.VERY_LOW, ("s",))
    assert dict(found.set_aside)["t"] == (
        "It studied an isolated or made compound, not the whole plant or leaf."
    )


def test_nor_does_the_leaf_count_for_an_isolate():
    leaf = item("l", preparation="whole", subject_preparation="isolate")

    assert suggest([leaf]).counted == ()


def test_a_bridging_reason_lets_it_count_and_is_quoted():
    found = suggest([tablets(bridging_reason=REASON)])

    assert found.counted == ("t",)
    assert (
        "It studied an isolated or made compound, not the whole plant or leaf. It counts all "
        "the same: The tablets are this compound and nothing else."
    ) in [step.text for step in found.steps]
    assert sum(step.change for step in found.steps) == found.points


def test_a_review_that_states_a_level_quotes_its_bridge_too():
    review = tablets(
        design=D.SYSTEMATIC_REVIEW,
        reviewed_design=D.RCT,
        stated_level="moderate",
        bridging_reason=REASON,
    )

    steps = suggest([review]).steps

    assert [step.change for step in steps] == [3, 0]
    assert REASON.rstrip(".") in steps[1].text


@pytest.mark.parametrize(
    ("studied", "subject"),
    [
        ("not-stated", "whole"),
        ("isolate", "not-stated"),
        ("not-stated", "not-stated"),
        ("whole", "whole"),
    ],
)
def test_where_a_form_is_not_stated_there_is_no_barrier(studied, subject):
    study = item("a", preparation=studied, subject_preparation=subject)

    assert suggest([study]).counted == ("a",)


@pytest.mark.parametrize("studied", Preparation.values)
@pytest.mark.parametrize("subject", Preparation.values)
def test_each_two_forms_bar_each_other_and_say_which(studied, subject):
    study = item("a", preparation=studied, subject_preparation=subject)
    differ = studied != subject and "not-stated" not in (studied, subject)

    assert bool(study.preparation_barrier) == differ


def test_with_another_form_alone_nothing_is_known_of_this_one():
    found = suggest([tablets()])

    assert (found.level, found.basis) == (Level.NONE, Basis.OTHER_FORM)


def test_another_form_in_people_beside_a_mouse_says_both():
    found = suggest([tablets(), item("m", D.ANIMAL)])

    assert (found.level, found.basis) == (Level.NONE, Basis.LABORATORY)
    assert "of another people too" in found.steps[0].text


def test_a_trial_inside_a_barred_review_counts():
    review = tablets("r", design=D.SYSTEMATIC_REVIEW, reviewed_design=D.RCT)

    assert suggest([review, item("a", inside_review="r")]).counted == ("a",)


barred = {
    "preparation": "isolate",
    "subject_preparation": "whole",
    "bridging_reason": "",
}


@given(lists_of_items(), fields_of_an_item)
def test_what_is_barred_never_lifts_what_people_showed(items, fields):
    before = suggest(items)
    more = Item("new", **{**fields, **barred})

    after = suggest([*items, more])

    assert "new" in dict(after.set_aside)
    if before.points is not None:
        assert (after.level, after.counted) == (before.level, before.counted)
    else:
        assert rank(after.level) <= rank(Level.NONE)


@given(lists_of_items())
def test_a_bridge_makes_the_level_that_it_would_have_without_a_barrier(items):
    plain = [replace(each, preparation="not-stated") for each in items]
    bridged = [
        replace(
            each,
            preparation="isolate",
            subject_preparation="whole",
            bridging_reason="So.",
        )
        for each in items
    ]

    assert suggest(bridged).level == suggest(plain).level


@given(lists_of_items(), st.data())
def test_order_never_matters_with_barriers_either(items, data):
    forms = st.sampled_from(Preparation.values)
    items = [
        replace(each, preparation=data.draw(forms), subject_preparation="whole")
        for each in items
    ]

    assert suggest(items) == suggest(data.draw(st.permutations(items)))


# In the database


@pytest.mark.django_db
def test_the_form_of_a_substance_is_the_one_that_is_recorded():
    leaf = make.substance(preparation="whole")
    assessment = make.assessment(substance=leaf)

    make.evidence_item(assessment=assessment, preparation="isolate")

    stored = Assessment.objects.get(pk=assessment.pk)
    assert stored.level == "none"
    assert "whole plant or leaf" in stored.arithmetic["set_aside"][0]["reason"]


@pytest.mark.django_db
def test_an_alkaloid_is_an_isolate():
    assessment = make.assessment(alkaloid=make.alkaloid(), substance=None)

    make.evidence_item(assessment=assessment, preparation="whole")
    assert Assessment.objects.get(pk=assessment.pk).level == "none"

    make.evidence_item(assessment=assessment, preparation="isolate")
    assert Assessment.objects.get(pk=assessment.pk).level == "high"


@pytest.mark.django_db
def test_a_bridge_that_a_curator_writes_counts_at_once():
    assessment = make.assessment(substance=make.substance(preparation="whole"))
    study = make.evidence_item(assessment=assessment, preparation="isolate")

    study.bridging_reason = REASON
    study.save()

    stored = Assessment.objects.get(pk=assessment.pk)
    assert stored.level == "high"
    assert REASON in stored.arithmetic["steps"][1]["text"]


@pytest.mark.django_db
def test_a_subject_whose_form_is_recorded_anew_is_graded_anew():
    substance = make.substance()
    assessment = make.assessment(substance=substance)
    make.evidence_item(assessment=assessment, preparation="isolate")

    substance.preparation = "whole"
    substance.save()

    stored = Assessment.objects.get(pk=assessment.pk)
    assert stored.level == "none"
    assert "Form of the subject recorded anew" in stored.grade_changes.first().cause
