"""Whatever leans on a retracted source says so in the export and in the API."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import call_command

from kb import retraction
from kb.models import Interaction
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def withdrawn():
    """A retracted study that many records lean on."""
    source = make.source(slug="doe-2020")
    kratom = make.whole_subject(slug="kratom")
    assessment = make.assessment(substance=kratom)
    make.evidence_item(assessment=assessment, source=source)
    make.evidence_item(assessment=assessment)
    make.safety_note(substance=kratom, source=source)
    make.evidence_search(substance=kratom, source=source)
    make.status(subject=kratom, source=source)
    make.occurrence(substance=kratom, source=source)
    make.claim(sources=[source])
    make.article(sources=[source])
    make.alkaloid().sources.add(source)
    Interaction.objects.create(
        substance=kratom, other_name="alcohol", effect="Sleepiness.", source=source
    )
    retraction.mark(source)
    return source


def exported(path):
    call_command("export", str(path), stdout=io.StringIO())
    return json.loads(path.read_bytes())


def leaning(whole):
    """Return the kinds in which some row names the retracted source, and does so alone."""
    rows = [row for rows in whole.values() if isinstance(rows, list) for row in rows]
    marked = [row for row in rows if row.get("retracted_sources")]
    assert all(row["retracted_sources"] == ["doe-2020"] for row in marked)
    return {row["kind"] for row in marked}


def test_every_kind_of_row_that_cites_it_names_it(withdrawn, tmp_path):
    assert leaning(exported(tmp_path / "kb.json")) == {
        "assessment",
        "safety-note",
        "evidence-search",
        "interaction",
        "status",
        "substance",
        "alkaloid",
        "claim",
        "article",
    }


def test_once_the_retraction_is_taken_back_no_row_names_it(withdrawn, tmp_path):
    retraction.mark(withdrawn, retraction.Retraction.NONE)

    assert leaning(exported(tmp_path / "kb.json")) == set()


def test_a_file_cannot_make_a_sound_source_look_retracted(tmp_path):
    make.safety_note(source=make.source(slug="doe-2020"))
    path = tmp_path / "kb.json"
    whole = exported(path)
    whole["safety"][0]["retracted_sources"] = ["doe-2020"]
    path.write_text(json.dumps(whole))

    call_command("import", str(path), stdout=io.StringIO())

    assert leaning(exported(tmp_path / "again.json")) == set()


def test_the_api_says_it_of_the_finding(client, withdrawn):
    record = client.get("/api/v1/substances/kratom").json()

    items = [
        item
        for assessment in record["evidence"]["assessments"]
        for item in assessment["items"]
    ]
    said = {item["source"]["slug"]: item["retraction"] for item in items}
    assert said.pop("doe-2020") == "retracted"
    assert set(said.values()) == {"none"}
