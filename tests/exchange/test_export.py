"""`export`: all that is published, the same bytes for the same data."""

from __future__ import annotations

import gzip
import io
import json
import sys

import pytest
from django.core.management import CommandError, call_command

from exchange.kinds import BY_PLURAL, KINDS
from kb.models import CuratorNote, Source
from tests import make

pytestmark = pytest.mark.django_db


def export(path):
    call_command("export", str(path), stdout=io.StringIO())
    return path


def exported(tmp_path):
    """Return the export as it is read back."""
    return json.loads(export(tmp_path / "kb.json").read_bytes())


def slugs(rows):
    return [row["slug"] for row in rows]


def test_the_document_has_a_header_and_a_list_of_each_kind(tmp_path):
    whole = exported(tmp_path)

    assert whole["format"] == 1
    assert whole["licence"] == "CC-BY-4.0"
    lists = {name for name, value in whole.items() if isinstance(value, list)}
    assert lists == {kind.plural for kind in KINDS if kind.is_public}


def test_every_field_of_a_record_is_written_out(tmp_path):
    make.substance(slug="kratom")

    row = exported(tmp_path)["substances"][0]

    assert row["kind"] == "substance"
    assert set(row) == set(BY_PLURAL["substances"].schema.model_fields)


# Same data, same bytes


def test_the_same_data_gives_the_same_bytes_however_it_came_in(tmp_path):
    for slug in ("b", "c", "a"):
        make.source(slug=slug, name="A study")
    first = export(tmp_path / "1.json").read_bytes()
    for source in Source.objects.order_by("-slug"):
        source.save()

    second = export(tmp_path / "2.json").read_bytes()

    assert first == second
    assert slugs(json.loads(first)["sources"]) == ["a", "b", "c"]


def test_a_packed_export_is_the_same_bytes_too(tmp_path):
    make.whole_subject()

    first = export(tmp_path / "a.json.gz").read_bytes()
    second = export(tmp_path / "b.json.gz").read_bytes()

    assert first == second
    assert gzip.decompress(first) == export(tmp_path / "c.json").read_bytes()


def test_lines_hold_the_same_records(tmp_path):
    make.whole_subject()

    header, *rows = export(tmp_path / "kb.jsonl").read_text().splitlines()

    assert json.loads(header)["format"] == 1
    whole = exported(tmp_path)
    records = [row for rows in whole.values() if isinstance(rows, list) for row in rows]
    by_text = sorted(json.dumps(each, sort_keys=True) for each in records)
    assert (
        sorted(json.dumps(json.loads(row), sort_keys=True) for row in rows) == by_text
    )


def test_text_stays_readable(tmp_path):
    make.substance(name="กระท่อม")

    assert "กระท่อม".encode() in export(tmp_path / "kb.json").read_bytes()


def test_a_dash_is_standard_output(tmp_path, monkeypatch):
    class Output(io.StringIO):
        buffer = io.BytesIO()

    make.substance()
    monkeypatch.setattr(sys, "stdout", Output())

    call_command("export", "-")

    assert Output.buffer.getvalue() == export(tmp_path / "kb.json").read_bytes()


def test_a_file_that_cannot_be_written_is_told_and_the_old_one_stays(tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        export(tmp_path / "no" / "such" / "folder.json")


def test_nothing_is_left_beside_the_file(tmp_path):
    export(tmp_path / "kb.json")

    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["kb.json"]


# Only what is published


@pytest.mark.parametrize(
    "kind", ["substance", "alkaloid", "symptom", "source", "claim"]
)
@pytest.mark.parametrize("state", ["draft", "in-review", "withdrawn"])
def test_what_is_not_published_is_not_exported(tmp_path, kind, state):
    getattr(make, kind)(state=state, name="Hiddenum")
    make.article(state=state, name="Hiddenum")

    assert b"Hiddenum" not in export(tmp_path / "kb.json").read_bytes()


def test_facts_about_what_is_not_published_are_not_exported(tmp_path):
    hidden = make.whole_subject(state="draft", slug="hidden-plant")
    whole = export(tmp_path / "kb.json").read_bytes()

    assert hidden.slug.encode() not in whole


def test_notes_of_curators_are_in_no_file(tmp_path):
    CuratorNote.objects.create(about="source:x", note="Seen on a mirror.")

    for name in ("kb.json", "kb.jsonl"):
        assert b"Seen on a mirror." not in export(tmp_path / name).read_bytes()


@pytest.fixture
def draft_source():
    return make.source(slug="draft-source", state="draft")


def test_a_fact_whose_source_is_a_draft_is_not_told(tmp_path, draft_source):
    kratom = make.substance(slug="kratom")
    base = make.alkaloid()
    make.status(substance=kratom, source=draft_source)
    make.safety_note(substance=kratom, source=draft_source)
    make.occurrence(substance=kratom, source=draft_source)
    make.pharmacokinetic(substance=kratom, source=draft_source)
    make.variety(substance=kratom, source=draft_source)
    make.activity(alkaloid=base, source=draft_source)
    assessment = make.assessment(substance=kratom)
    make.evidence_item(assessment=assessment, source=draft_source)

    whole = exported(tmp_path)

    assert "draft-source" not in json.dumps(whole)
    assert whole["regulation"] == whole["safety"] == []
    kept = next(each for each in whole["substances"] if each["slug"] == "kratom")
    assert kept["contains"] == kept["pharmacokinetics"] == kept["varieties"] == []
    assert whole["evidence"][0]["items"] == []


def test_a_fact_that_has_another_source_keeps_standing_on_it(tmp_path, draft_source):
    second = make.source(slug="second-source")
    make.safety_note(source=draft_source, further_sources=[second])

    assert exported(tmp_path)["safety"][0]["sources"] == ["second-source"]


def test_links_to_drafts_are_cut(tmp_path, draft_source):
    hidden = make.symptom(state="draft")
    part = make.symptom(slug="part")
    part.part_of.add(hidden)
    kratom = make.substance(slug="kratom")
    make.safety_note(
        substance=kratom,
        symptom=hidden,
        kind="interaction",
        interacts_with=[make.substance(state="draft")],
    )
    make.claim(substance=kratom, symptom=hidden, sources=[draft_source])
    make.article(
        substances=[make.substance(state="draft")],
        symptoms=[hidden],
        claims=[make.claim(state="draft")],
        sources=[draft_source],
    )
    base = make.alkaloid()
    make.status(alkaloid=base, reaches=[make.substance(state="draft")])
    synonym = kratom.synonyms.create(name="ketum", source=draft_source)

    whole = exported(tmp_path)

    assert whole["symptoms"][0]["part_of"] == []
    assert whole["safety"][0]["symptom"] is None
    assert whole["safety"][0]["interacts_with"] == []
    assert whole["claims"][0]["symptom"] is None
    assert whole["claims"][0]["sources"] == []
    article = whole["articles"][0]
    assert article["subjects"] == article["symptoms"] == article["claims"] == []
    assert whole["regulation"][0]["reaches"] == []
    assert whole["substances"][0]["synonyms"][0]["name"] == synonym.name
    assert whole["substances"][0]["synonyms"][0]["source"] is None


def test_an_assessment_for_a_draft_outcome_is_not_told(tmp_path):
    make.assessment(symptom=make.symptom(state="draft"), items=1)

    assert exported(tmp_path)["evidence"] == []


def test_an_amount_of_a_draft_alkaloid_does_not_become_the_total(tmp_path):
    kratom = make.substance(slug="kratom")
    make.occurrence(substance=kratom, alkaloid=make.alkaloid(state="draft"))

    assert exported(tmp_path)["substances"][0]["contains"] == []


def test_an_item_within_a_review_that_is_not_told_stands_alone(tmp_path, draft_source):
    assessment = make.assessment()
    review = make.evidence_item(
        assessment=assessment, source=draft_source, design="systematic-review"
    )
    make.evidence_item(assessment=assessment, inside_review=review)

    items = exported(tmp_path)["evidence"][0]["items"]

    assert [each["inside_review"] for each in items] == [None]


def test_what_was_pruned_can_be_imported(tmp_path, draft_source):
    make.whole_subject()
    assessment = make.assessment(items=1)
    review = make.evidence_item(
        assessment=assessment, source=draft_source, design="systematic-review"
    )
    make.evidence_item(assessment=assessment, inside_review=review)
    make.assessment(symptom=make.symptom(state="draft"), items=1)
    make.claim(substance=make.substance(state="draft"))
    path = export(tmp_path / "kb.json")

    call_command("import", str(path), dry_run=True, stdout=io.StringIO())


# The folder


def test_the_folder_has_a_file_a_record_and_leaves_defaults_out(tmp_path):
    make.substance(slug="kratom", name="Kratom", summary="")
    folder = tmp_path / "data"

    call_command("export", f"{folder}/")

    assert json.loads((folder / "substances" / "kratom.json").read_text()) == {
        "kind": "substance",
        "slug": "kratom",
        "name": "Kratom",
        "category": "plant",
    }


@pytest.fixture
def folder(tmp_path):
    home = tmp_path / "data"
    home.mkdir()
    return home


def test_facts_lie_together_by_subject(folder):
    kratom, base = make.substance(slug="kratom"), make.alkaloid(slug="mitragynine")
    for subject in (kratom, base):
        make.assessment(subject=subject)
        make.safety_note(subject=subject)
        make.status(subject=subject)

    export(folder)

    for room in ("evidence", "safety", "regulation"):
        names = {each.name for each in (folder / room).iterdir()}
        assert names == {"kratom.json", "mitragynine.json"}
        rows = json.loads((folder / room / "kratom.json").read_text())
        assert [row["subject"] for row in rows] == ["substance:kratom"]


def test_an_alkaloid_and_a_substance_of_one_slug_share_a_file(folder):
    for maker in (make.substance, make.alkaloid):
        make.status(subject=maker(slug="caffeine"))

    export(folder)

    rows = json.loads((folder / "regulation" / "caffeine.json").read_text())
    assert {row["subject"] for row in rows} == {
        "substance:caffeine",
        "alkaloid:caffeine",
    }


def test_what_is_computed_is_not_in_the_folder(folder):
    make.alkaloid(slug="mitragynine", smiles=make.MITRAGYNINE)
    kratom = make.substance(slug="kratom")
    make.assessment(substance=kratom, items=1)

    export(folder)

    row = json.loads((folder / "evidence" / "kratom.json").read_text())[0]
    assert not {"level", "suggested_level"} & row.keys()


def test_a_file_of_a_record_that_is_gone_goes_too(folder):
    kratom = make.substance(slug="kratom")
    make.substance(slug="kava")
    export(folder)

    kratom.delete()
    export(folder)

    assert [each.name for each in (folder / "substances").iterdir()] == ["kava.json"]


def test_a_kind_without_records_leaves_no_old_files(folder):
    kratom = make.substance(slug="kratom")
    export(folder)

    kratom.delete()
    export(folder)

    assert not list(folder.glob("substances/*.json"))


def test_files_that_are_not_ours_stay(folder):
    (folder / "LICENSE").write_text("CC BY 4.0")

    export(folder)

    assert (folder / "LICENSE").read_text() == "CC BY 4.0"
