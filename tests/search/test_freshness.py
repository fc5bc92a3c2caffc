"""The index follows the database: after a commit at once, after a rollback never."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import transaction
from taggit.models import Tag

from kb.models import Substance
from search import upkeep
from search.models import PendingKey
from tests import make
from tests.search.following import drift, found

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def empty_index():
    """An index that is there, as on a running site."""
    upkeep.rebuild()


def test_what_is_saved_is_found_right_after_the_commit():
    make.substance(slug="kratom", name="Kratom")

    assert found("kratom") == {"substance:kratom"}
    assert not PendingKey.objects.exists()


def test_a_correction_is_found_and_the_slip_no_longer():
    kratom = make.substance(name="Kratom", summary="It tastes of quetzalcoatlus.")
    assert found("quetzalcoatlus")

    kratom.summary = "It tastes of tyrannosaurus."
    kratom.save()

    assert found("tyrannosaurus") == {kratom.record_key}
    assert not found("quetzalcoatlus")


def test_nothing_is_found_before_the_commit():
    with transaction.atomic():
        make.substance(name="Quetzalcoatlus")
        assert not found("quetzalcoatlus")
        assert PendingKey.objects.exists()

    assert found("quetzalcoatlus")


def test_what_is_rolled_back_is_never_found():
    with transaction.atomic():
        make.substance(name="Quetzalcoatlus")
        transaction.set_rollback(True)

    make.substance(name="Another")
    assert not found("quetzalcoatlus")
    assert not PendingKey.objects.exists()
    assert drift() == []


def test_a_change_that_is_rolled_back_leaves_what_was_found_before():
    kratom = make.substance(summary="Quetzalcoatlus.")
    with transaction.atomic():
        kratom.summary = "Tyrannosaurus."
        kratom.save()
        transaction.set_rollback(True)

    assert found("quetzalcoatlus")
    assert not found("tyrannosaurus")


@pytest.mark.parametrize("state", ["draft", "in-review", "withdrawn"])
def test_what_is_no_longer_published_is_no_longer_found(state):
    kratom = make.substance(name="Quetzalcoatlus")
    assert found("quetzalcoatlus")

    kratom.state = state
    kratom.save()

    assert not found("quetzalcoatlus")


def test_what_is_published_again_is_found_again():
    kratom = make.substance(name="Quetzalcoatlus", state="draft")
    assert not found("quetzalcoatlus")

    kratom.state = "published"
    kratom.save()

    assert found("quetzalcoatlus")


@pytest.mark.parametrize(
    "kind", ["substance", "alkaloid", "symptom", "source", "claim", "article", "region"]
)
def test_what_is_deleted_is_no_longer_found(kind):
    record = getattr(make, kind)(name="Quetzalcoatlus")
    assert found("quetzalcoatlus") == {record.record_key}

    record.delete()

    assert not found("quetzalcoatlus")
    assert drift() == []


def test_a_subject_with_evidence_and_law_can_be_deleted():
    with make.many():
        kratom = make.whole_subject(name="Quetzalcoatlus")

    kratom.delete()

    assert not found("quetzalcoatlus", kinds=["substance"])
    assert drift() == []


def test_a_deletion_by_query_is_followed_too():
    make.substance(name="Quetzalcoatlus")

    Substance.objects.filter(name="Quetzalcoatlus").delete()

    assert not found("quetzalcoatlus")


def test_a_new_name_is_found_and_a_removed_one_no_longer():
    kratom = make.substance()
    name = kratom.synonyms.create(name="quetzalcoatlus")
    assert found("quetzalcoatlus") == {kratom.record_key}

    name.delete()

    assert not found("quetzalcoatlus")


@pytest.mark.parametrize(
    ("kind", "text"), [("symptom", "cannot sleep"), ("region", "Buckeye State")]
)
def test_names_of_other_records_are_followed_too(kind, text):
    record = getattr(make, kind)()
    record.synonyms.create(name=text)

    assert record.record_key in found(text)


def test_a_tag_is_followed():
    kratom = make.substance()

    kratom.tags.add("bitter")
    assert found(tags=["bitter"]) == {kratom.record_key}

    kratom.tags.remove("bitter")
    assert not found(tags=["bitter"])


def test_an_identifier_is_followed():
    kratom = make.substance()

    kratom.external_ids.create(scheme="wikidata", value="Q1063354")

    assert found("Q1063354") == {kratom.record_key}


def test_the_level_follows_the_evidence():
    kratom = make.substance()
    assert found(levels=["not-assessed"]) == {kratom.record_key}

    make.assessment(substance=kratom, items=2)

    assert kratom.record_key in found(levels=["high"])
    assert kratom.record_key not in found(levels=["not-assessed"])


def test_the_level_follows_a_retraction():
    assessment = make.assessment(items=1)
    key = assessment.substance.record_key
    assert key not in found(levels=["not-assessed"])

    source = assessment.items.get().source
    source.retraction = "retracted"
    source.save()

    assert key in found(levels=["not-assessed"])


def test_the_level_follows_an_item_that_goes():
    item = make.evidence_item()
    key = item.assessment.substance.record_key

    item.delete()

    assert key in found(levels=["not-assessed"])


def test_the_law_follows_its_rows():
    kratom, region = make.substance(), make.region("US-AL")
    row = make.status(substance=kratom, region=region, status="banned")
    assert found(regions=["US-AL"], statuses=["banned"]) == {kratom.record_key}

    row.status = "controlled"
    row.save()
    assert found(regions=["US-AL"], statuses=["controlled"]) == {kratom.record_key}
    assert not found(regions=["US-AL"], statuses=["banned"])

    row.delete()
    assert not found(regions=["US-AL"])


@pytest.fixture
def reaching():
    """A plant that the law on an alkaloid reaches."""
    kratom, region = make.substance(), make.region("US-AL")
    row = make.status(alkaloid=make.alkaloid(), region=region, reaches=[kratom])
    assert kratom.record_key in found(regions=["US-AL"])
    return kratom, row


def test_a_law_that_no_longer_reaches_a_plant_is_followed(reaching):
    kratom, row = reaching

    row.reaches.remove(kratom)

    assert kratom.record_key not in found(regions=["US-AL"])


def test_a_law_that_reaches_nothing_any_more_is_followed(reaching):
    kratom, row = reaching

    row.reaches.clear()

    assert kratom.record_key not in found(regions=["US-AL"])


def test_a_law_that_reached_a_plant_and_goes_is_followed(reaching):
    kratom, row = reaching

    row.delete()

    assert kratom.record_key not in found(regions=["US-AL"])


def test_a_law_that_reaches_a_plant_and_changes_is_followed(reaching):
    kratom, row = reaching

    row.status = "age-limit"
    row.save()

    assert kratom.record_key in found(regions=["US-AL"], statuses=["age-limit"])


@pytest.mark.parametrize(
    "kind", ["substance", "alkaloid", "symptom", "region", "source", "claim", "article"]
)
def test_no_document_is_left_behind_when_a_record_is_renamed(kind):
    with make.many():
        make.whole_subject()
        make.activity()
        make.article()
        model = type(getattr(make, kind)())
    assert drift() == []

    with transaction.atomic():
        for record in model._default_manager.all():
            record.name = f"Quetzalcoatlus {record.pk}"
            record.save()

    assert drift() == []


@pytest.mark.parametrize("kind", ["substance", "alkaloid", "symptom"])
def test_no_document_is_left_behind_when_a_record_is_withdrawn(kind):
    with make.many():
        make.whole_subject()
        model = type(getattr(make, kind)())

    with transaction.atomic():
        for record in model.objects.all():
            record.state = "withdrawn"
            record.save()

    assert drift() == []


@pytest.mark.parametrize("kind", ["substance", "alkaloid"])
def test_what_is_not_published_is_found_through_no_other_record(kind):
    plant, base, ache = make.substance(), make.alkaloid(), make.symptom()
    hidden = getattr(make, kind)(name="Quetzalcoatlus", state="draft")
    make.assessment(subject=hidden, symptom=ache, conclusion="Quetzalcoatlus helps.")
    make.status(subject=hidden, summary="Quetzalcoatlus is banned.")
    if kind == "substance":
        make.occurrence(substance=hidden, alkaloid=base)
    else:
        make.occurrence(substance=plant, alkaloid=hidden)
    upkeep.rebuild()

    assert not found("quetzalcoatlus")


def test_no_document_is_left_behind_when_a_tag_is_renamed():
    make.substance(tags=["bitter"])

    tag = Tag.objects.get()
    tag.name = "quetzalcoatlus"
    tag.save()

    assert drift() == []


def test_no_document_is_left_behind_when_a_region_moves():
    us = make.region("US")
    state = make.region("US-AL")
    kratom = make.substance()
    make.status(substance=kratom, region=us, status="controlled")
    make.status(substance=kratom, region=state, status="age-limit", layer="age-rule")

    state.parent = us
    state.save()

    assert drift() == []


def test_an_import_is_followed_as_one(tmp_path):
    with make.many():
        make.whole_subject(name="Quetzalcoatlus")
    call_command("export", str(tmp_path / "kb.json"))
    Substance.objects.all().delete()
    assert not found("quetzalcoatlus", kinds=["substance"])

    call_command("import", str(tmp_path / "kb.json"), verbosity=0)

    assert found("quetzalcoatlus", kinds=["substance"])
    assert not PendingKey.objects.exists()
    assert drift() == []
