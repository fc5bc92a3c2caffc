"""`import` reads a document, lines, a folder or standard input, packed or not."""

from __future__ import annotations

import gzip
import io
import json
import sys

import pytest

from kb.models import Assessment, CuratorNote, Source, Substance
from tests.exchange.import_files import (
    NOTHING,
    alkaloid,
    assessment,
    counts,
    document,
    note,
    occurrence,
    region,
    run,
    source,
    status,
    substance,
    symptom,
)

pytestmark = pytest.mark.django_db


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
