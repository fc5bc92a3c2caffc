"""The stored level follows its items, whoever changes what, and in whatever way."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kb import evidence
from kb.grading.suggestion import regrade
from kb.models import EvidenceItem
from tests import make
from tests.kb.stored import now

pytestmark = pytest.mark.django_db


def test_nothing_linked_is_not_assessed():
    assert now(make.assessment()).level == "not-assessed"


def test_an_item_raises_the_stored_level_at_once():
    assessment = make.assessment()

    make.evidence_item(assessment=assessment, design="rct", n=500)
    make.evidence_item(assessment=assessment, design="rct", n=500)

    assert now(assessment).level == now(assessment).suggested_level == "high"


def test_a_changed_item_changes_the_stored_level():
    assessment = make.assessment(items=2)
    item = assessment.items.first()

    item.risk_of_bias = 2
    item.save()

    assert now(assessment).level != "high"
    assert any(
        "risk of bias" in step["text"] for step in now(assessment).arithmetic["steps"]
    )


def test_a_deleted_item_no_longer_counts():
    assessment = make.assessment(items=2)

    for item in assessment.items.all():
        item.delete()

    assert now(assessment).level == "not-assessed"
    assert now(assessment).arithmetic["counted"] == []


def test_items_deleted_together_no_longer_count():
    assessment = make.assessment(items=2)

    assessment.items.all().delete()

    assert now(assessment).level == "not-assessed"


def test_an_item_that_moves_is_counted_where_it_is_alone():
    before, after = make.assessment(), make.assessment()
    item = make.evidence_item(assessment=before)

    item.assessment = after
    item.save()

    assert now(before).level == "not-assessed"
    assert now(after).level != "not-assessed"


@pytest.mark.parametrize("design", ["animal", "in-vitro"])
def test_animals_and_cells_alone_give_none_however_many(design):
    assessment = make.assessment()
    for _ in range(5):
        make.evidence_item(assessment=assessment, design=design, n=1000)

    assert now(assessment).level == "none"


def test_none_and_not_assessed_are_never_confused():
    looked, nobody = make.assessment(), make.assessment()
    make.evidence_item(assessment=looked, design="animal")

    assert (now(looked).level, now(nobody).level) == ("none", "not-assessed")


def test_a_retraction_regrades_at_once_and_asks_for_a_review():
    assessment = make.assessment()
    weak = make.source(name="A survey")
    strong = make.source(name="A trial")
    make.evidence_item(assessment=assessment, source=strong, design="rct", n=900)
    make.evidence_item(
        assessment=assessment, source=weak, design="cross-sectional-survey"
    )
    assert now(assessment).level in ("moderate", "high")

    strong.retraction = "retracted"
    strong.save()

    assert now(assessment).level == "very-low"
    assert now(assessment).needs_review
    reasons = [each["reason"] for each in now(assessment).arithmetic["set_aside"]]
    assert any("retract" in reason.lower() for reason in reasons)


def test_a_retraction_asks_for_a_review_even_if_the_level_stands():
    assessment = make.assessment(items=3)
    source = assessment.items.first().source
    before = now(assessment).level

    source.retraction = "retracted"
    source.save()

    assert now(assessment).level == before
    assert now(assessment).needs_review


def test_a_retraction_that_is_taken_back_counts_again():
    assessment = make.assessment()
    item = make.evidence_item(assessment=assessment)
    before = now(assessment).level
    for word in ("retracted", "none"):
        item.source.retraction = word
        item.source.save()

    assert now(assessment).level == before


def test_a_retraction_leaves_others_alone():
    leaning, other = make.assessment(items=1), make.assessment(items=1)

    source = leaning.items.get().source
    source.retraction = "retracted"
    source.save()

    assert now(leaning).level == "not-assessed"
    assert not now(other).needs_review


def test_recompute_for_source_tells_what_changed():
    assessment = make.assessment(items=1)
    source = assessment.items.get().source
    type(source).objects.filter(pk=source.pk).update(retraction="retracted")
    source.refresh_from_db()

    assert evidence.recompute_for_source(source) == [assessment]


def test_recomputing_once_puts_all_off_to_the_end():
    assessment = make.assessment()

    with evidence.recomputing_once():
        for _ in range(2):
            make.evidence_item(assessment=assessment)
        assert now(assessment).level == "not-assessed"

    assert now(assessment).level == "high"


def test_recomputing_once_grades_each_assessment_once():
    assessment = make.assessment()
    with CaptureQueriesContext(connection) as queries, evidence.recomputing_once():
        for _ in range(6):
            make.evidence_item(assessment=assessment)

    graded = [
        query["sql"] for query in queries if 'UPDATE "kb_assessment"' in query["sql"]
    ]
    assert len(graded) == 1


def test_recomputing_once_minds_an_assessment_that_was_deleted():
    with evidence.recomputing_once():
        item = make.evidence_item()
        item.assessment.delete()

    assert not type(item).objects.filter(pk=item.pk).exists()


def test_a_level_that_stands_writes_no_history():
    assessment = make.assessment(items=3)
    before = assessment.history.count()

    item = assessment.items.first()
    item.population = "adults"
    item.save()

    assert assessment.history.count() == before


def test_deleting_a_subject_takes_its_evidence_along():
    assessment = make.assessment(items=2)

    assessment.substance.delete()

    assert not type(assessment).objects.exists()


def test_recompute_all_mends_what_was_changed_behind_its_back():
    right = make.assessment(items=2)
    wrong = make.assessment(items=2)
    type(wrong).objects.filter(pk=wrong.pk).update(level="none", suggested_level="none")

    counts = evidence.recompute_all(batch=1)

    assert counts.graded == 2
    assert now(wrong).level == now(right).level == "high"


def test_recompute_all_takes_few_queries_however_many_there_are():
    def queries(assessments: int) -> int:
        for _ in range(assessments):
            make.assessment(items=2)
        with CaptureQueriesContext(connection) as captured:
            evidence.recompute_all()
        return len(captured)

    few = queries(2)
    # keys twice; rows, substances, symptoms; items, searches, the ledger; a savepoint
    assert few <= 10
    assert queries(6) == few


def test_recompute_all_tells_those_who_listen(index):
    from search.models import PendingKey

    assessment = make.assessment(items=2)
    type(assessment).objects.update(level="none", suggested_level="none")
    PendingKey.objects.all().delete()

    evidence.recompute_all()

    keys = set(PendingKey.objects.values_list("key", flat=True))
    assert assessment.substance.record_key in keys
    assert assessment.symptom.record_key in keys
    assert now(assessment).history.count() > 1


def test_the_page_can_try_what_a_reader_leaves_out():
    assessment = make.assessment(items=1)
    make.evidence_item(assessment=assessment, design="case-report", n=1)
    make.evidence_item(assessment=assessment, design="animal")
    items, searches = evidence.for_assessment(assessment)
    trial = next(item for item in items if item.design == "rct")

    assert regrade(items, searches).level == "high"
    assert regrade(items, searches, without={trial.source}).level == "very-low"
    people = regrade(items, searches, only_people=True)
    assert people.level == "high"
    assert [reason for _, reason in people.set_aside][-1].startswith("It is not about")


def test_both_ways_to_read_an_item_agree():
    assessment = make.assessment(substance=make.substance(preparation="whole"))
    review = make.evidence_item(
        assessment=assessment,
        design="systematic-review",
        reviewed_design="rct",
        stated_level="low",
        preparation="extract",
        bridging_reason="So.",
        source=make.source(retraction="retracted"),
    )
    make.evidence_item(
        assessment=assessment,
        inside_review=review,
        duplicate_of=review,
        fails_design=True,
        verification="partial",
        **dict.fromkeys(EvidenceItem.STEPS, 1),
    )

    items, _ = evidence.for_assessment(assessment)

    rows = assessment.items.order_by("key")
    assert sorted(items, key=lambda item: item.key) == [row.graded() for row in rows]
