"""What a search for evidence says where no study is linked."""

from __future__ import annotations

import pytest

from tests import make
from tests.kb.stored import now

pytestmark = pytest.mark.django_db
SENTENCE = "Looked for any controlled trial on 22 November 2026 in PubMed: none found."


def test_a_search_without_a_study_makes_not_assessed_none_and_says_so():
    assessment = make.assessment()

    make.evidence_search(assessment=assessment)

    found = now(assessment)
    assert (found.level, found.arithmetic["basis"]) == (
        "none",
        "looked for, none found",
    )
    assert [step["text"] for step in found.arithmetic["steps"]] == [SENTENCE]


def test_a_search_beside_studies_is_listed_and_changes_nothing():
    assessment = make.assessment(items=2)
    before = now(assessment)

    search = make.evidence_search(assessment=assessment)

    after = now(assessment)
    assert (after.level, after.arithmetic["steps"]) == (
        before.level,
        before.arithmetic["steps"],
    )
    assert after.arithmetic["searched"] == [{"search": search.key, "text": SENTENCE}]


def test_a_search_beside_animals_says_both():
    assessment = make.assessment()
    make.evidence_item(assessment=assessment, design="animal")

    make.evidence_search(assessment=assessment)

    texts = [step["text"] for step in now(assessment).arithmetic["steps"]]
    assert len(texts) == 2
    assert "Only animals or cells" in texts[1]


def test_a_search_for_another_question_changes_nothing():
    assessment = make.assessment()

    make.evidence_search(assessment=assessment, axis="harm")
    make.evidence_search(assessment=assessment, symptom=make.symptom())
    make.evidence_search(assessment=assessment, substance=make.substance())

    assert now(assessment).level == "not-assessed"


def test_a_search_that_is_changed_or_deleted_no_longer_counts():
    assessment = make.assessment()
    search = make.evidence_search(assessment=assessment)

    search.axis = "harm"
    search.save()
    assert now(assessment).level == "not-assessed"

    search.axis = "benefit"
    search.save()
    assert now(assessment).level == "none"

    search.delete()
    assert now(assessment).level == "not-assessed"


def test_a_search_does_not_hide_a_study_that_nobody_opened():
    assessment = make.assessment()
    make.evidence_item(assessment=assessment, verification="unverified")

    make.evidence_search(assessment=assessment)

    assert now(assessment).level == "not-assessed"
