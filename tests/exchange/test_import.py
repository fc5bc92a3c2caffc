"""`import`: all of a file or nothing of it, and every mistake told with its place."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from kb.models import (
    Alkaloid,
    Assessment,
    CuratorNote,
    EvidenceItem,
    Region,
    RegulatoryStatus,
    SafetyNote,
    Source,
    Substance,
    Symptom,
)
from tests import make

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parent.parent.parent


# Records as a file has them


def source(slug="doe-2019", **values):
    record = {
        "kind": "source",
        "slug": slug,
        "name": "A study",
        "source_kind": "journal-article",
        "verification": "verified",
    }
    return {**record, **values}


def substance(slug="kratom", **values):
    record = {"kind": "substance", "slug": slug, "name": "Kratom", "category": "plant"}
    return {**record, **values}


def alkaloid(slug="nicotine", **values):
    record = {
        "kind": "alkaloid",
        "slug": slug,
        "name": "Nicotine",
        "smiles": "CN1CCC[C@H]1C2=CN=CC=C2",
    }
    return {**record, **values}


def symptom(slug="pain", **values):
    record = {
        "kind": "symptom",
        "slug": slug,
        "name": "Pain",
        "symptom_kind": "symptom",
    }
    return {**record, **values}


def region(code="US", **values):
    record = {
        "kind": "region",
        "code": code,
        "name": "A place",
        "region_kind": "country",
        "parent": None,
    }
    return {**record, **values}


def occurrence(key="kratom.nicotine.doe-2019", **values):
    record = {
        "key": key,
        "alkaloid": "nicotine",
        "low": 1,
        "high": 2,
        "unit": "mg/g",
        "source": "doe-2019",
    }
    return {**record, **values}


def item(key="kratom.pain.doe-2019", **values):
    record = {
        "key": key,
        "source": "doe-2019",
        "design": "rct",
        "direction": "improves",
        "finding": "Less pain than on placebo.",
        "n": 500,
    }
    return {**record, **values}


def assessment(**values):
    record = {
        "kind": "assessment",
        "subject": "substance:kratom",
        "symptom": "pain",
        "axis": "benefit",
        "direction": "improves",
        "conclusion": "It may help.",
        "items": [item()],
    }
    return {**record, **values}


def status(key="kratom.US.2016.banned", **values):
    record = {
        "kind": "status",
        "key": key,
        "subject": "substance:kratom",
        "region": "US",
        "status": "banned",
        "layer": "supply-law",
        "since": "2016",
        "instrument": "Act 2016-1",
        "summary": "Its sale is banned.",
        "source": "doe-2019",
        "confidence": "high",
    }
    return {**record, **values}


def note(key="kratom.adverse-effect.doe-2019", **values):
    record = {
        "kind": "safety-note",
        "key": key,
        "subject": "substance:kratom",
        "safety_kind": "adverse-effect",
        "finding": "Liver injury in case reports.",
        "sources": ["doe-2019"],
    }
    return {**record, **values}


def document(**lists):
    """Return a whole small export; a list that is given replaces the one here."""
    whole = {
        "sources": [source()],
        "regions": [region()],
        "symptoms": [symptom()],
        "alkaloids": [alkaloid()],
        "substances": [substance(contains=[occurrence()])],
        "evidence": [assessment()],
        "safety": [note()],
        "regulation": [status()],
    }
    return {"format": 1, **whole, **lists}


# Importing


class Outcome:
    def __init__(self, status, said, errors):
        self.status, self.said, self.errors = status, said, errors

    @property
    def is_fine(self):
        return self.status == 0


def run(path, **options):
    said, errors = io.StringIO(), io.StringIO()
    status = 0
    try:
        call_command("import", str(path), stdout=said, stderr=errors, **options)
    except SystemExit as exit:
        status = exit.code
    return Outcome(status, said.getvalue(), errors.getvalue())


@pytest.fixture
def bring(tmp_path):
    """Import a document that is written to a file first."""

    def bring(content, name="kb.json", **options):
        path = tmp_path / name
        if not isinstance(content, str | bytes):
            content = json.dumps(content)
        if isinstance(content, str):
            content = content.encode()
        path.write_bytes(content)
        return run(path, **options)

    return bring


def counts():
    models = (Source, Region, Symptom, Alkaloid, Substance, Assessment, EvidenceItem)
    others = (SafetyNote, RegulatoryStatus, CuratorNote)
    return {
        model.__name__: model._default_manager.count() for model in (*models, *others)
    }


def histories():
    models = (Source, Region, Symptom, Alkaloid, Substance, Assessment, EvidenceItem)
    others = (SafetyNote, RegulatoryStatus)
    return {model.__name__: model.history.count() for model in (*models, *others)}


NOTHING = dict.fromkeys(
    (
        "Source Region Symptom Alkaloid Substance Assessment EvidenceItem SafetyNote"
        " RegulatoryStatus CuratorNote"
    ).split(),
    0,
)


def test_a_file_is_imported_and_counted(bring):
    outcome = bring(document())

    assert outcome.is_fine, outcome.errors
    assert "substances: 1 created" in outcome.said
    assert "evidence: 1 created" in outcome.said
    assert Substance.objects.get().occurrences.get().alkaloid.slug == "nicotine"
    assert Assessment.objects.get().level != "not-assessed"


def test_records_may_stand_in_any_order(bring):
    turned = dict(reversed(document().items()))

    assert bring(turned).is_fine


# All or nothing


def test_one_bad_row_and_nothing_is_written(bring):
    bad = [substance(), substance("kava", category="tree")]

    outcome = bring(document(substances=bad, evidence=[], safety=[], regulation=[]))

    assert outcome.status == 1
    assert "nothing was written" in outcome.errors
    assert counts() == NOTHING


def test_every_error_is_named_with_its_place(bring):
    outcome = bring(
        document(
            sources=[source(), source("roe-2020", doi="not a doi")],
            substances=[substance(category="tree", contains=[occurrence(unit="")])],
            regulation=[status(since="2018", until="2017")],
        )
    )

    for place in (
        "kb.json: sources[1]: doi: ",
        "kb.json: substances[0]: category: ",
        "kb.json: substances[0]: contains[0]: an amount needs a unit",
        "kb.json: regulation[0]: until (2017) must not be before since (2018)",
    ):
        assert place in outcome.errors
    assert "errors; nothing was written." in outcome.errors


def test_a_bad_record_does_not_make_good_ones_point_to_nothing(bring):
    outcome = bring(document(substances=[substance(category="tree")]))

    assert "there is no substance" not in outcome.errors
    assert "1 error; nothing was written." in outcome.errors


def test_what_the_database_alone_refuses_stops_all_too(bring):
    make.source(slug="there-already", doi="10.1000/x")

    outcome = bring(document(sources=[source(doi="10.1000/x")]))

    assert outcome.status == 1
    assert "kb.json: sources[0]: the database refuses it" in outcome.errors
    assert counts() == {**NOTHING, "Source": 1}


@pytest.mark.parametrize(
    ("lists", "words"),
    [
        (
            {"substances": [substance(sumary="Text.")]},
            "'sumary' is no field here; did you mean 'summary'?",
        ),
        (
            {"substances": [substance(contains=[occurrence(unti="mg/g")])]},
            "contains[0].unti: 'unti' is no field here; did you mean 'unit'?",
        ),
        (
            {"evidence": [assessment(items=[item(designs="rct")])]},
            "items[0].designs: 'designs' is no field here; did you mean 'design'?",
        ),
        (
            {"regulation": [status(status="bannned")]},
            "'bannned' is not one of: controlled, banned,",
        ),
        ({"regulation": [status(status="bannned")]}, "did you mean 'banned'?"),
        (
            {"substances": [substance(slug="Kratom")]},
            "substances[0]: slug: 'Kratom' is not a slug: small letters,",
        ),
        (
            {"evidence": [assessment(items=[item(source="")])]},
            "evidence[0]: items[0].source: '' is not a slug:",
        ),
        (
            {"evidence": [assessment(items=[item(key="a b")])]},
            "'a b' is not a key: letters, digits, dots and hyphens",
        ),
        (
            {"evidence": [assessment(items=[item(finding="")])]},
            "items[0].finding: is empty",
        ),
        ({"regulation": [status(region="Alabama")]}, "is not a place: an ISO 3166"),
        ({"sources": [source(doi="https://doi.org/10.1/X")]}, "is not a DOI in small"),
        ({"sources": [{"kind": "source", "slug": "doe-2019"}]}, "name: is missing"),
        ({"regulation": [status(since="2016-02-30")]}, "'2016-02-30'"),
        ({"regulation": [status(min_age="eighteen")]}, "min_age: "),
        ({"safety": [note(sources=[])]}, "safety[0]: sources: "),
        ({"regulation": [status(threshold=0.1)]}, "a threshold needs its unit"),
        ({"regulation": [status(instrument="")]}, "Name the act, order or rule;"),
        (
            {"regulation": [status(reaches=["kratom"])]},
            "only the law on an alkaloid reaches substances",
        ),
        (
            {"substances": [substance(contains=[occurrence(low=3, high=2)])]},
            "low (3.0) must not be above high (2.0)",
        ),
    ],
)
def test_a_slip_of_the_pen_is_told_in_words(bring, lists, words):
    outcome = bring(document(**lists))

    assert outcome.status == 1
    assert words in outcome.errors
    assert counts() == NOTHING


@pytest.mark.parametrize(
    ("lists", "words"),
    [
        (
            {"safety": [note(sources=["doe-2091"])]},
            "safety[0]: sources[0]: there is no source 'doe-2091';"
            " did you mean 'doe-2019'?",
        ),
        (
            {"evidence": [assessment(subject="substance:kratum")]},
            "evidence[0]: subject: there is no substance 'kratum'; did you mean 'kratom'?",
        ),
        (
            {"evidence": [assessment(subject="alkaloid:kratom")]},
            "there is no alkaloid 'kratom'",
        ),
        (
            {"evidence": [assessment(symptom="ache")]},
            "symptom: there is no symptom 'ache'",
        ),
        ({"regulation": [status(region="GB")]}, "region: there is no region 'GB'"),
        (
            {"substances": [substance(contains=[occurrence(alkaloid="x")])]},
            "contains[0].alkaloid: there is no alkaloid 'x'",
        ),
        (
            {"regions": [region(), region("US-AL", parent="UK")]},
            "parent: there is no region",
        ),
        (
            {"evidence": [assessment(items=[item(inside_review="no.such.item")])]},
            "items[0].inside_review: there is no item 'no.such.item'",
        ),
        ({"symptoms": [symptom(part_of=["x"])]}, "part_of[0]: there is no symptom 'x'"),
    ],
)
def test_what_points_to_nothing_is_told(bring, lists, words):
    outcome = bring(document(**lists))

    assert outcome.status == 1
    assert words in outcome.errors
    assert counts() == NOTHING


def test_what_is_in_the_database_need_not_be_in_the_file(bring):
    make.source(slug="doe-2019")
    make.substance(slug="kratom")

    assert bring({"format": 1, "safety": [note()]}).is_fine


@pytest.mark.parametrize(
    ("lists", "words"),
    [
        ({"sources": [source(), source()]}, "the same source (doe-2019) stands in"),
        (
            {"sources": [source(doi="10.1000/x"), source("b", doi="10.1000/x")]},
            "DOI (10.1000/x) stands in",
        ),
        (
            {"sources": [source(pmid="123"), source("b", pmid="123")]},
            "PMID (123) stands in",
        ),
        (
            {"evidence": [assessment(items=[item(), item()])]},
            "the key of items (kratom.pain.doe-2019) stands in",
        ),
        (
            {"substances": [substance(contains=[occurrence(), occurrence()])]},
            "the key of contains (kratom.nicotine.doe-2019) stands in",
        ),
        ({"evidence": [assessment(), assessment(items=[])]}, "the same assessment"),
        ({"regulation": [status(), status()]}, "the same status"),
        ({"safety": [note(), note()]}, "the same safety-note"),
        ({"regions": [region(), region()]}, "the same region (US)"),
    ],
)
def test_what_stands_twice_is_told(bring, lists, words):
    outcome = bring(document(**lists))

    assert outcome.status == 1
    assert words in outcome.errors
    assert counts() == NOTHING


def test_two_synonyms_that_the_database_takes_for_one_are_told(bring):
    twins = [{"name": "ketum", "language": "ms"}, {"name": "ketum", "language": "id"}]

    outcome = bring(document(substances=[substance(synonyms=twins)], evidence=[]))

    assert outcome.status == 1, "one of the two was lost in silence"
    assert "ketum" in outcome.errors


def test_two_alkaloids_of_one_structure_are_told(bring):
    outcome = bring(document(alkaloids=[alkaloid(), alkaloid("nicotin")]))

    assert outcome.status == 1
    assert "alkaloids[1]" in outcome.errors
    assert counts() == NOTHING


# Structures


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"smiles": "tobacco"}, "smiles: 'tobacco' cannot be read as a SMILES"),
        ({"smiles": "CN(C)(C)(C)C"}, "is no possible molecule"),
        (
            {"inchikey": "LELBFTMXCIIKKX-QVRQZEMUSA-N"},
            "inchikey: 'LELBFTMXCIIKKX-QVRQZEMUSA-N', but the SMILES gives"
            " 'SNICXCGAKADSCV-JTQLQIEISA-N'",
        ),
        (
            {"formula": "C10H12N2"},
            "formula: 'C10H12N2', but the SMILES gives 'C10H14N2'",
        ),
        (
            {"molar_mass": 163.0},
            "molar_mass: 163.0, but the SMILES gives 162.236 g/mol",
        ),
    ],
)
def test_a_structure_is_a_molecule_and_agrees_with_what_is_stated(bring, values, words):
    outcome = bring(document(alkaloids=[alkaloid(**values)]))

    assert outcome.status == 1
    assert "kb.json: alkaloids[0]: " in outcome.errors
    assert words in outcome.errors
    assert counts() == NOTHING


def test_a_mass_that_is_rounded_agrees(bring):
    assert bring(document(alkaloids=[alkaloid(molar_mass=162.24)])).is_fine


# Regions


def test_regions_come_in_any_order(bring):
    regions = [region("US-AL", parent="US", region_kind="subdivision"), region("US")]

    assert bring(document(regions=regions)).is_fine
    assert Region.objects.get(code="US-AL").parent.code == "US"


def test_regions_in_a_circle_are_told(bring):
    regions = [region("US", parent="US-AL"), region("US-AL", parent="US")]

    outcome = bring(document(regions=regions))

    assert outcome.status == 1
    assert "regions[0]: parent: US → US-AL → US is a circle" in outcome.errors
    assert counts() == NOTHING


def test_a_circle_that_closes_only_in_the_database_is_told(bring):
    us = make.region("US")
    make.region("US-AL", parent=us)

    outcome = bring({"format": 1, "regions": [region("US", parent="US-AL")]})

    assert outcome.status == 1
    assert "is a circle" in outcome.errors


# Forms


def test_lines_are_read_too(bring):
    whole = document()
    rows = [row for rows in whole.values() if isinstance(rows, list) for row in rows]
    lines = "\n".join(json.dumps(row) for row in [{"format": 1}, *rows])

    outcome = bring(lines, "kb.jsonl")

    assert outcome.is_fine, outcome.errors
    assert Substance.objects.get().slug == "kratom"


def test_a_bad_line_is_told_by_its_number(bring):
    lines = "\n".join(
        [
            json.dumps({"format": 1}),
            json.dumps(source()),
            "{",
            json.dumps({"kind": "plant"}),
            "[]",
        ]
    )

    outcome = bring(lines, "kb.jsonl")

    assert "kb.jsonl: line 3: line 1, column 2: not JSON" in outcome.errors
    assert "kb.jsonl: line 4: kind: 'plant'; expected one of source, region" in (
        outcome.errors
    )
    assert "kb.jsonl: line 5: expected an object" in outcome.errors
    assert counts() == NOTHING


@pytest.mark.parametrize("name", ["kb.json.gz", "kb.json"])
def test_a_packed_file_is_unpacked_whatever_its_name(bring, name):
    assert bring(gzip.compress(json.dumps(document()).encode()), name).is_fine


def test_packed_lines_are_unpacked(bring):
    lines = "\n".join(json.dumps(row) for row in ({"format": 1}, source()))

    assert bring(gzip.compress(lines.encode()), "kb.jsonl.gz").is_fine


def test_a_packed_file_that_is_cut_off_is_told(bring):
    whole = gzip.compress(json.dumps(document()).encode())

    outcome = bring(whole[: len(whole) // 2], "kb.json.gz")

    assert outcome.status == 1
    assert "kb.json.gz: cannot be read" in outcome.errors


@pytest.fixture
def folder(tmp_path):
    """The same records as a folder of files."""
    home = tmp_path / "data"
    for place, content in {
        "sources/doe-2019.json": source(),
        "regions.json": [region()],
        "symptoms/pain.json": symptom(),
        "alkaloids/nicotine.json": alkaloid(),
        "substances/kratom.json": substance(contains=[occurrence()]),
        "evidence/kratom.json": [assessment()],
        "safety/kratom.json": [note()],
        "regulation/kratom.json": [status()],
        "curation/notes.json": [{"about": "source:doe-2019", "note": "Seen in print."}],
    }.items():
        file = home / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(content), encoding="utf-8")
    return home


def test_a_folder_is_read_too(folder):
    outcome = run(folder)

    assert outcome.is_fine, outcome.errors
    assert Assessment.objects.get().items.count() == 1
    assert CuratorNote.objects.get().note == "Seen in print."


def test_errors_in_a_folder_name_the_file(folder):
    (folder / "substances" / "kava.json").write_text(
        json.dumps(
            substance("kava", contains=[occurrence("x", unit="pct", low="much")])
        )
    )
    (folder / "evidence" / "kava.json").write_text(
        json.dumps([assessment(axis="good")])
    )

    outcome = run(folder)

    assert "substances/kava.json: contains[0].low: " in outcome.errors
    assert "evidence/kava.json[0]: axis: 'good' is not one of" in outcome.errors
    assert counts() == NOTHING


def test_every_file_that_is_no_json_is_named(folder):
    (folder / "substances" / "kratom.json").write_text('{\n  "kind": substance\n}')
    (folder / "symptoms" / "pain.json").write_bytes(b'{"name": "\xff"}')
    (folder / "plants").mkdir()
    (folder / "plants" / "kratom.json").write_text("{}")

    outcome = run(folder)

    assert "substances/kratom.json: line 2, column 11: not JSON" in outcome.errors
    assert "pain.json: byte 10: not UTF-8 text" in outcome.errors
    assert "plants/kratom.json: no kind of record is kept here" in outcome.errors
    assert counts() == NOTHING


def test_an_empty_folder_is_told(tmp_path):
    outcome = run(tmp_path)

    assert outcome.status == 1
    assert "no records found" in outcome.errors


def test_a_path_that_leads_nowhere_is_told(tmp_path):
    outcome = run(tmp_path / "nothing.json")

    assert outcome.status == 1
    assert "no such file or folder" in outcome.errors


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1, column 1: not JSON"),
        ('{"format": 1,\n "sources": [}', "line 2, column 14: not JSON"),
        ("[1, 2]", "expected an object with the lists of an export"),
        ('{"sources": []}', "format: None; this version reads format 1"),
        ('{"format": 2}', "format: 2; this version reads format 1"),
        ('{"format": "1"}', "format: '1'; this version reads format 1"),
        ('{"format": 1, "plants": []}', "'plants' is no list of an export (sources, "),
        ('{"format": 1, "sources": {}}', "sources: expected a list"),
        ('{"format": 1, "sources": [7]}', "sources[0]: expected an object"),
        (
            '{"format": 1, "sources": [{"slug": "a", "slug": "b"}]}',
            "the key 'slug' stands twice in one object",
        ),
        ("[" * 100_000, "kb.json: "),
        ('{"format": 1, "sources": [{"n": NaN}]}', "kb.json: "),
    ],
    ids="empty cut list no-format format-2 format-text list dict row twin deep nan".split(),
)
def test_what_is_no_export_is_told(bring, text, words):
    outcome = bring(text)

    assert outcome.status == 1
    assert words in outcome.errors
    assert counts() == NOTHING


def test_a_mark_at_the_start_of_a_file_does_no_harm(bring):
    assert bring(b"\xef\xbb\xbf" + json.dumps(document()).encode()).is_fine


@pytest.mark.parametrize("form", ["document", "lines"])
def test_standard_input_is_read_too(monkeypatch, form):
    text = json.dumps(document())
    if form == "lines":
        text = "\n".join(json.dumps(each) for each in ({"format": 1}, source()))
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))

    outcome = run("-")

    assert outcome.is_fine, outcome.errors
    assert Source.objects.get().slug == "doe-2019"


def test_errors_of_standard_input_say_so(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO('{"format": 1, "sources": [{}]}'))

    assert "standard input: sources[0]: slug: is missing" in run("-").errors


# Dry run, again, differently


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


def test_a_stated_level_is_told_apart_from_the_rule_s_and_never_believed(bring):
    outcome = bring(document(evidence=[assessment(level="low")]))

    assert outcome.is_fine
    assert (
        "note: kb.json: evidence[0]: level: the file says low; by the rule it is"
        in (outcome.said)
    )
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


def test_long_names_that_the_database_would_cut_are_told(bring):
    outcome = bring(document(substances=[substance(drug_class="x" * 200)]))

    assert outcome.status == 1
    assert "substances[0]: drug_class" in outcome.errors


# From the command line


def test_the_command_ends_with_status_1_and_says_what_is_wrong(tmp_path):
    path = tmp_path / "kb.json"
    bad = {"format": 1, "substances": [substance(category="tree")]}
    path.write_text(json.dumps(bad))
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
        "SEARCH_URL": f"whoosh://{tmp_path / 'index'}",
        "SECRET_KEY": "only for this test",
    }

    def manage(*arguments):
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    assert manage("migrate", "-v0").returncode == 0
    refused = manage("import", str(path))

    assert refused.returncode == 1
    assert "kb.json: substances[0]: category: 'tree' is not one of" in refused.stderr
    assert "1 error; nothing was written." in refused.stderr
    assert refused.stdout == ""
    assert "Traceback" not in refused.stderr
