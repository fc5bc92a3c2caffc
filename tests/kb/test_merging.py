"""Two records become one: nothing that pointed to the other is lost, and its address leads on."""

from __future__ import annotations

import pytest

from kb import merging, uses
from kb.models import (
    Assessment,
    CuratorNote,
    EvidenceItem,
    OldSlug,
    Source,
    Substance,
    Symptom,
)
from search import upkeep
from search.engine import get_engine
from tests import make

pytestmark = pytest.mark.django_db


def test_what_was_said_of_the_other_is_said_of_the_kept_one(two):
    keep, gone = two
    note, rule = make.safety_note(substance=gone), make.status(substance=gone)
    reaching = make.status(alkaloid=make.alkaloid(), reaches=[gone])
    claim, amount = make.claim(substance=gone), make.occurrence(substance=gone)
    assessment = make.assessment(subject=gone, items=2)
    article = make.article(substances=[gone])

    merging.merge(keep, gone)

    for row in (note, rule, claim, amount, assessment):
        row.refresh_from_db()
        assert row.substance == keep
    assert list(reaching.reaches.all()) == [keep]
    assert list(article.substances.all()) == [keep]
    assert not Substance.objects.filter(slug="biak").exists()


def test_its_address_leads_on_for_good_and_so_do_those_it_had_before(client, two):
    keep, gone = two
    OldSlug.objects.create(kind="substance", slug="kakuam", now="biak")

    merging.merge(keep, gone)

    for old in ("biak", "kakuam"):
        response = client.get(f"/substances/{old}/")
        assert response.status_code == 301
        assert response["Location"] == keep.get_absolute_url()


def test_its_names_are_names_of_the_kept_one(two):
    keep, gone = two

    merging.merge(keep, gone)

    assert set(keep.synonyms.values_list("name", flat=True)) == {"Biak", "Ketum"}


def test_a_name_that_both_had_is_there_once(two):
    keep, gone = two
    keep.synonyms.create(name="Ketum")

    report = merging.merge(keep, gone)

    assert keep.synonyms.filter(name="Ketum").count() == 1
    assert "both had: Ketum" in report.lines()


def test_tags_and_notes_of_curators_come_along(two):
    keep, gone = two
    gone.tags.add("opioid-receptor")
    note = CuratorNote.objects.create(about="substance:biak", note="Seen in a list.")

    merging.merge(keep, gone)

    note.refresh_from_db()
    assert note.about == "substance:kratom"
    assert list(keep.tags.names()) == ["opioid-receptor"]


def test_fields_are_the_kept_ones_but_for_those_that_are_taken(two):
    keep, gone = two
    gone.scientific_name, gone.mechanism = "Mitragyna speciosa", "Unknown."
    gone.save()

    merging.merge(keep, gone, take=["scientific_name", "slug", "state"])

    keep.refresh_from_db()
    assert keep.scientific_name == "Mitragyna speciosa"
    assert (keep.mechanism, keep.slug) == ("", "kratom")


def test_an_identifier_that_stands_only_once_can_be_taken():
    keep, gone = make.source(), make.source(doi="10.1/x")

    merging.merge(keep, gone, take=["doi"])

    assert Source.objects.get().doi == "10.1/x"


def test_two_assessments_of_one_question_become_one_with_all_items(two):
    keep, gone = two
    symptom = make.symptom()
    first = make.assessment(subject=keep, symptom=symptom, items=1)
    make.assessment(subject=gone, symptom=symptom, items=2)

    report = merging.merge(keep, gone)

    assert Assessment.objects.get() == first
    assert EvidenceItem.objects.filter(assessment=first).count() == 3
    assert any("both had" in line for line in report.lines())


def test_what_leaned_on_the_other_is_graded_anew(two):
    keep, gone = two
    symptom = make.symptom()
    first = make.assessment(subject=keep, symptom=symptom)
    make.evidence_item(
        assessment=make.assessment(subject=gone, symptom=symptom), design="rct", n=300
    )
    before = Assessment.objects.get(pk=first.pk).suggested_level

    merging.merge(keep, gone)

    assert Assessment.objects.get(pk=first.pk).suggested_level != before


def test_one_study_that_would_count_twice_is_named():
    keep, gone = make.source(name="A study"), make.source()
    assessment = make.assessment()
    for source in (keep, gone):
        make.evidence_item(assessment=assessment, source=source)

    report = merging.merge(keep, gone)

    assert "counts A study more than once" in " ".join(report.lines())


def test_a_source_is_cited_as_before_in_facts_claims_and_texts():
    keep, gone = make.source(slug="doe-2020"), make.source(slug="doe-2020-b")
    note = make.safety_note(source=gone, further_sources=[gone])
    claim = make.claim(sources=[gone])
    article = make.article(body="So it is. [@doe-2020-b; @doe-2020-bc]", sources=[gone])

    merging.merge(keep, gone)

    for row in (note, article):
        row.refresh_from_db()
    assert note.source == keep
    assert list(claim.sources.all()) == [keep]
    assert article.body == "So it is. [@doe-2020; @doe-2020-bc]"


def test_a_plain_summary_cites_the_kept_source_and_says_so_before_the_merge():
    keep, gone = make.source(slug="doe-2020"), make.source(slug="doe-2020-b")
    told = make.substance(
        plain_summary="It helps [@doe-2020-b]. Twice [@doe-2020; @doe-2020-b]."
    )
    assert told in [row for rows in uses.uses_of(gone) for row in rows]

    merging.merge(keep, gone)

    told.refresh_from_db()
    assert told.plain_summary == "It helps [@doe-2020]. Twice [@doe-2020]."


def test_a_symptom_is_no_part_of_itself():
    keep, gone, part = make.symptom(), make.symptom(), make.symptom()
    gone.part_of.add(keep)
    part.part_of.add(gone)

    merging.merge(keep, gone)

    assert list(keep.part_of.all()) == []
    assert list(part.part_of.all()) == [keep]
    assert Symptom.objects.count() == 2


def test_alkaloids_and_claims_can_be_merged_too():
    keep, gone = make.alkaloid(), make.alkaloid()
    amount = make.occurrence(alkaloid=gone)
    first, second = make.claim(), make.claim()
    article = make.article(claims=[second])

    merging.merge(keep, gone)
    merging.merge(first, second)

    amount.refresh_from_db()
    assert amount.alkaloid == keep
    assert list(article.claims.all()) == [first]


def test_the_search_follows(index, two, django_capture_on_commit_callbacks):
    keep, gone = two
    with django_capture_on_commit_callbacks(execute=True):
        merging.merge(keep, gone)

    keys = {key for key, _ in get_engine().versions()}
    assert "substance:biak" not in keys
    assert not upkeep.compare()
