"""The stored level follows its items, whoever changes what, and in whatever way."""

from __future__ import annotations

import datetime

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exchange.importing import ImportRefused, import_entries
from exchange.reading import Entry
from kb import evidence
from kb.admin.evidence import NEEDED
from kb.dates import PartialDate
from kb.grading.suggestion import regrade
from kb.models import EvidenceItem
from tests import make

pytestmark = pytest.mark.django_db


def now(row):
    """Return the row as the database has it."""
    return type(row)._default_manager.get(pk=row.pk)


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


# Retraction


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


# Override


def test_an_override_wins_and_the_rule_stays_beside_it():
    assessment = make.assessment(
        override_level="low",
        override_reason="Regulators acted on these cases.",
        override_by="A curator",
        override_on="2026-11-01",
    )

    make.evidence_item(assessment=assessment, design="case-report", n=1)

    found = now(assessment)
    assert (found.level, found.suggested_level) == ("low", "very-low")
    assert found.is_overridden


def test_an_override_is_shown_with_its_reason_and_the_rule_s_own_level(client):
    assessment = make.assessment(
        override_level="low",
        override_reason="Regulators acted on these cases.",
        override_by="A curator",
        override_on="2026-11-01",
    )
    make.evidence_item(assessment=assessment, design="case-report", n=1)

    page = client.get(assessment.get_absolute_url()).content.decode()

    assert "The rule gives <strong>very low</strong>" in page
    assert "a curator set <strong>low</strong>" in page
    assert "Regulators acted on these cases." in page
    assert "(A curator, 1 November 2026)" in page


def test_an_override_that_agrees_with_the_rule_is_no_difference():
    assessment = make.assessment(items=2)
    assessment.override_level = now(assessment).suggested_level
    assessment.override_reason, assessment.override_by = "It is so.", "A curator"
    assessment.override_on = "2026-11-01"
    assessment.save()

    assert not now(assessment).is_overridden


def test_a_withdrawn_override_leaves_the_level_of_the_rule():
    assessment = make.assessment(
        items=2,
        override_level="very-low",
        override_reason="Doubt.",
        override_by="A curator",
        override_on="2026-11-01",
    )
    assessment = now(assessment)
    assert assessment.level == "very-low"

    assessment.override_level = assessment.override_on = None
    assessment.override_reason = assessment.override_by = ""
    assessment.save()

    assert now(assessment).level == "high"


# Many at once


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


# Searches


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


# Overrides that somebody has to look at again


OVERRIDE = {
    "override_level": "low",
    "override_reason": "Regulators acted on these cases.",
    "override_by": "A curator",
    "override_on": "2026-11-01",
}


def test_an_item_that_changes_opens_the_override_again():
    assessment = make.assessment(items=1)
    for name, value in OVERRIDE.items():
        setattr(assessment, name, value)
    assessment.save()
    assert not now(assessment).needs_review

    item = assessment.items.get()
    item.limits = "Half of them left."
    item.save()

    assert now(assessment).needs_review
    assert evidence.open_overrides() == [assessment]


def test_what_comes_in_with_its_override_is_not_open():
    with evidence.recomputing_once():
        assessment = make.assessment(items=2, **OVERRIDE)

    assert not now(assessment).needs_review
    assert evidence.open_overrides(datetime.date(2026, 11, 24)) == []


def test_an_override_set_together_with_a_change_is_not_open():
    assessment = make.assessment(items=1)
    with evidence.recomputing_once():
        make.evidence_item(assessment=assessment)
        assessment = now(assessment)
        for name, value in OVERRIDE.items():
            setattr(assessment, name, value)
        assessment.save()

    assert not now(assessment).needs_review


@pytest.mark.parametrize(
    ("set_on", "day", "is_open"),
    [
        ("2026-11-01", "2028-10-31", False),
        ("2026-11-01", "2028-11-01", True),
        ("2024-02-29", "2026-02-27", False),
        ("2024-02-29", "2026-02-28", True),
        ("2026-11", "2028-11-29", False),
        ("2026-11", "2028-11-30", True),
        ("2026", "2028-12-31", True),
    ],
)
def test_an_override_is_open_after_two_years(set_on, day, is_open):
    assessment = make.assessment(**{**OVERRIDE, "override_on": PartialDate(set_on)})

    on = datetime.date.fromisoformat(day)
    assert evidence.override_is_open(assessment, on) == is_open


def test_a_level_without_an_override_is_never_open():
    assessment = make.assessment(items=1)
    assessment.needs_review = True

    assert not evidence.override_is_open(assessment, datetime.date(2099, 1, 1))
    assert list(type(assessment).objects.overridden()) == []


# All of them


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


# What is refused


@pytest.mark.parametrize("missing", ["source", "design", "direction"])
def test_the_database_refuses_an_item_that_lacks(missing):
    values = {
        "assessment": make.assessment(),
        "source": make.source(),
        "design": "rct",
        "direction": "improves",
        "finding": "Something.",
    }
    values[missing] = None if missing == "source" else ""

    with pytest.raises(IntegrityError), transaction.atomic():
        EvidenceItem.objects.bulk_create([EvidenceItem(key="x", **values)])


@pytest.mark.parametrize("missing", ["source", "design", "direction"])
def test_the_import_refuses_an_item_that_lacks(missing):
    subject, outcome, source = make.substance(), make.symptom(), make.source()
    item = {
        "key": "a.b.c",
        "source": source.slug,
        "design": "rct",
        "direction": "improves",
        "finding": "Something.",
    }
    del item[missing]
    content = {
        "kind": "assessment",
        "subject": subject.record_key,
        "symptom": outcome.slug,
        "axis": "benefit",
        "direction": "improves",
        "conclusion": "It may help.",
        "items": [item],
    }

    with pytest.raises(ImportRefused) as refusal:
        import_entries([Entry("evidence/x.json", "assessment", content)])

    assert refusal.value.errors == [f"evidence/x.json: items[0].{missing}: is missing"]


@pytest.mark.parametrize("missing", ["source", "design", "direction"])
def test_the_desk_refuses_an_item_that_lacks(missing, admin_client):
    assessment, source = make.assessment(), make.source()
    values = {
        "assessment": assessment.pk,
        "source": source.pk,
        "design": "rct",
        "direction": "improves",
        "finding": "Something.",
        "verification": "verified",
        "preparation": "not-stated",
        **dict.fromkeys(EvidenceItem.STEPS, "0"),
    }
    del values[missing]

    response = admin_client.post(reverse("admin:kb_evidenceitem_add"), values)

    errors = response.context["adminform"].form.errors
    assert list(errors) == [missing]
    assert errors[missing] == [NEEDED[missing]]
    assert not EvidenceItem.objects.exists()


# What curators list


def test_the_command_lists_each_override_with_both_levels(capsys):
    assessment = make.assessment(items=1, **OVERRIDE)

    call_command("overrides")

    told = capsys.readouterr().out
    assert (
        f"{assessment} (Does it help?): the rule gives high, A curator set low" in told
    )
    assert "Regulators acted on these cases." in told


def test_the_command_tells_when_there_is_none(capsys):
    call_command("overrides", "--open")

    assert capsys.readouterr().err == "There is none.\n"
