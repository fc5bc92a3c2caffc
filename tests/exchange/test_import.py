"""`import`: all of a file or nothing of it, and every mistake told with its place."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kb.models import Assessment, Region, Substance
from tests import make, migrated
from tests.exchange.import_files import (
    NOTHING,
    alkaloid,
    assessment,
    counts,
    document,
    item,
    note,
    occurrence,
    region,
    source,
    status,
    substance,
    symptom,
)

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parent.parent.parent


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


def test_long_names_that_the_database_would_cut_are_told(bring):
    outcome = bring(document(substances=[substance(drug_class="x" * 200)]))

    assert outcome.status == 1
    assert "substances[0]: drug_class" in outcome.errors


# From the command line


def test_the_command_ends_with_status_1_and_says_what_is_wrong(tmp_path, run_folder):
    # With SQLite, `migrate` finds its work done: it is quicker.
    if (done := run_folder / "migrated" / migrated.FILE).exists():
        shutil.copy(done, tmp_path)
    path = tmp_path / "kb.json"
    bad = {"format": 1, "substances": [substance(category="tree")]}
    path.write_text(json.dumps(bad))
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path / migrated.FILE}",
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
            timeout=600,
            check=False,
        )

    assert manage("migrate", "-v0").returncode == 0
    refused = manage("import", str(path))

    assert refused.returncode == 1
    assert "kb.json: substances[0]: category: 'tree' is not one of" in refused.stderr
    assert "1 error; nothing was written." in refused.stderr
    assert refused.stdout == ""
    assert "Traceback" not in refused.stderr


NUL = "holds a NUL character, which no text has"


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"symptoms": [symptom(summary="Sleepless\0ness.")]}, "symptoms[0]: summary"),
        ({"sources": [source(authors=["Doe J", "Roe\0R"])]}, "sources[0]: authors"),
        (
            {"substances": [substance(contains=[occurrence(note="Dried\0leaf.")])]},
            "substances[0]: contains[0].note",
        ),
        ({"curation": [note(note="Seen\0there.")]}, "curation[0]: note"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_nul_is_refused_with_its_place_and_nothing_is_written(bring, changed, place):
    outcome = bring({**document(), **changed})

    assert outcome.status == 1
    assert f"{place}: {NUL}" in outcome.errors
    assert counts() == NOTHING
