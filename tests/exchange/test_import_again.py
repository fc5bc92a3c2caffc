"""`import` over what is there: tried first, repeated, with another content."""

from __future__ import annotations

import pytest

from kb.models import Alkaloid, Assessment, EvidenceItem, Substance
from tests import make
from tests.exchange.import_files import (
    NOTHING,
    alkaloid,
    assessment,
    counts,
    document,
    histories,
    item,
    note,
    occurrence,
    source,
    substance,
    symptom,
)

pytestmark = pytest.mark.django_db


def test_a_dry_run_counts_and_writes_nothing(bring):
    outcome = bring(document(), dry_run=True)

    assert outcome.is_fine
    assert "substances: 1 created" in outcome.said
    assert "dry run: nothing was written" in outcome.said
    assert counts() == NOTHING


def test_a_dry_run_tells_errors_as_the_real_one_does(bring):
    outcome = bring(document(substances=[substance(category="tree")]), dry_run=True)

    assert outcome.status == 1
    assert "category" in outcome.errors


def test_a_second_import_changes_nothing_and_writes_no_history(bring):
    bring(document())
    before = histories()

    outcome = bring(document())

    assert "created" not in outcome.said
    assert ", " not in outcome.said, outcome.said
    assert "substances: 1 unchanged" in outcome.said
    assert histories() == before


@pytest.mark.parametrize(
    ("lists", "kind"),
    [
        (
            {
                "sources": [source(), source("b-2020"), source("c-2021")],
                "safety": [note(sources=["doe-2019", "c-2021", "b-2020"])],
            },
            "safety",
        ),
        (
            {
                "articles": [
                    {
                        "kind": "article",
                        "slug": "an-article",
                        "name": "An article",
                        "body": "Text.",
                        "subjects": ["substance:kratom", "alkaloid:nicotine"],
                    }
                ]
            },
            "articles",
        ),
        ({"substances": [substance(tags=["plant", "bitter", "plant"])]}, "substances"),
        (
            {
                "claims": [
                    {
                        "kind": "claim",
                        "id": "C01",
                        "claim": "It helps.",
                        "topic": "efficacy",
                        "verdict": "unsupported",
                        "level": "low",
                        "why": "Nobody compared it.",
                        "harm_if_believed": "low",
                        "sources": ["doe-2019", "doe-2019"],
                    }
                ]
            },
            "claims",
        ),
        (
            {"substances": [substance(synonyms=[{"name": "ketum"}, {"name": "biak"}])]},
            "substances",
        ),
        ({"curation": [{"about": "source:doe-2019", "note": "Seen."}]}, "curation"),
        ({"alkaloids": [alkaloid(molar_mass=162.24)]}, "alkaloids"),
        ({"symptoms": [symptom(contexts=["withdrawal", "emergency"])]}, "symptoms"),
        ({"evidence": [assessment(level="high", suggested_level="high")]}, "evidence"),
        ({"substances": [substance(state="draft")]}, "substances"),
    ],
    ids=(
        "note-sources article-subjects tags-twice claim-sources-twice synonyms curation"
        " mass contexts levels draft"
    ).split(),
)
def test_twice_imported_is_once_imported_whatever_the_order(bring, lists, kind):
    content = document(**lists)
    assert bring(content).is_fine

    outcome = bring(content)

    assert outcome.is_fine, outcome.errors
    assert f"{kind}: 1 unchanged" in outcome.said, outcome.said


def test_only_what_differs_is_changed(bring):
    bring(document())

    outcome = bring(
        document(substances=[substance(summary="News.", contains=[occurrence()])])
    )

    assert "substances: 1 changed" in outcome.said
    assert "sources: 1 unchanged" in outcome.said
    assert Substance.objects.get().summary == "News."
    assert Substance.history.count() == 2
    assert Alkaloid.history.count() == 1


def test_what_a_record_no_longer_holds_is_gone(bring):
    bring(document(substances=[substance(contains=[occurrence()], tags=["plant"])]))

    bring(document(substances=[substance()], evidence=[assessment(items=[])]))

    kratom = Substance.objects.get()
    assert not kratom.occurrences.exists()
    assert not kratom.tags.exists()
    assert Assessment.objects.get().level == "not-assessed"


def test_a_record_that_the_file_does_not_name_stays(bring):
    kava = make.substance(slug="kava")

    bring(document())

    assert Substance.objects.filter(pk=kava.pk).exists()


def test_a_retraction_in_a_file_regrades_and_asks_for_a_review(bring):
    bring(document())

    bring({"format": 1, "sources": [source(retraction="retracted")]})

    found = Assessment.objects.get()
    assert found.level == "not-assessed"
    assert found.needs_review


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_stated_level_is_told_apart_from_the_rule_s(bring, dry_run):
    outcome = bring(document(evidence=[assessment(level="low")]), dry_run=dry_run)

    assert outcome.is_fine
    assert (
        "note: kb.json: evidence[0]: level: the file says low; by the rule it is"
        in (outcome.said)
    )


def test_a_stated_level_is_never_believed(bring):
    bring(document(evidence=[assessment(level="low")]))

    assert Assessment.objects.get().level != "low"


def test_items_may_point_to_items_further_down(bring):
    items = [
        item("a", inside_review="b"),
        item("b", design="systematic-review", reviewed_design="rct"),
        item("c", duplicate_of="a"),
    ]

    assert bring(document(evidence=[assessment(items=items)])).is_fine
    found = {each.key: each for each in EvidenceItem.objects.all()}
    assert found["a"].inside_review == found["b"]
    assert found["c"].duplicate_of == found["a"]


def test_an_item_may_be_no_part_of_itself(bring):
    outcome = bring(
        document(evidence=[assessment(items=[item("a", inside_review="a")])])
    )

    assert outcome.status == 1
    assert "items[0].inside_review" in outcome.errors
