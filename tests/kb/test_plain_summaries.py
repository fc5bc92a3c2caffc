"""Plain summaries: what readers see, what the desk says, what travels."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import settings

from kb import plain, quality
from kb.admin.plain import warnings
from kb.choices import PlainStanding
from kb.models import Substance
from kb.models.base import summary_digest
from kb.reading_level import reading_level
from kb.schemas import write
from kb.schemas.references import references
from tests import make
from tests.desk import errors_of, send

DATA = Path(settings.BASE_DIR) / "data"
SHIPPED = [
    path
    for folder in ("substances", "alkaloids", "symptoms")
    for path in sorted((DATA / folder).glob("*.json"))
]
MOST = 9.0


@pytest.mark.parametrize(
    "path", SHIPPED, ids=lambda path: f"{path.parent.name}.{path.stem}"
)
def test_each_shipped_record_is_told_in_plain_words(path):
    record = json.loads(path.read_text())

    level = reading_level(plain.bare(record["plain_summary"]))

    assert level is not None
    assert level.grade <= MOST, f"{path.stem} reads at grade {level.grade}"
    now = summary_digest(record["summary"])
    assert record["plain_summary_for"] == now, f"read both, then write {now}"


@pytest.mark.django_db
@pytest.mark.usefixtures("shipped")
def test_each_shipped_plain_sentence_cites_what_its_record_leans_on():
    wrong = {
        record.record_key: errors
        for model in plain.KINDS
        for record in model.objects.all()
        if (
            errors := plain.cite_errors(record.plain_summary, plain.own_sources(record))
        )
    }

    assert not wrong, wrong


def told(**fields):
    summary = fields.setdefault("summary", "It lowers arterial pressure.")
    fields.setdefault("plain_summary", "It lowers blood pressure. People may faint.")
    return make.substance(plain_summary_for=summary_digest(summary), **fields)


@pytest.mark.django_db
def test_a_reader_sees_the_plain_version_first_and_the_other_one_step_away(client):
    page = client.get(told().get_absolute_url()).text

    assert '<p class="lead">It lowers blood pressure.</p>' in page
    assert "<summary>In the terms of the field</summary>" in page
    assert page.index("People may faint.") < page.index(
        "It lowers arterial pressure.</p>"
    )
    assert "has changed since this was written" not in page


@pytest.mark.django_db
def test_a_record_without_a_plain_version_shows_its_summary(client):
    page = client.get(make.substance(summary="A leaf. Chewed.").get_absolute_url()).text

    assert '<p class="lead">A leaf.</p>' in page
    assert "In the terms of the field" not in page


@pytest.mark.django_db
def test_a_plain_sentence_leads_to_its_source(client):
    source = make.source()
    substance = told()
    make.occurrence(substance=substance, source=source)
    substance.plain_summary = f"It holds much [@{source.slug}]. People may faint."
    substance.save()

    page = client.get(substance.get_absolute_url()).text

    assert 'It holds much<a class="cite" href="#source-1">' in " ".join(page.split())
    assert "[@" not in page


@pytest.mark.django_db
def test_a_summary_that_changes_leaves_its_plain_version_behind(client):
    substance = told()
    assert plain.standing(substance) == PlainStanding.CURRENT

    substance.summary = "It raises arterial pressure."
    substance.save()

    assert plain.standing(substance) == PlainStanding.BEHIND
    assert plain.with_standing(Substance, "behind") == [substance.pk]
    page = client.get(substance.get_absolute_url()).text
    assert "has changed since this was written" in page


@pytest.mark.django_db
def test_new_spaces_leave_nothing_behind():
    substance = told(summary="It lowers  arterial\npressure. ")

    substance.summary = "It lowers arterial pressure."

    assert plain.standing(substance) == PlainStanding.CURRENT


@pytest.mark.django_db
def test_the_figures_count_plain_summaries_and_those_left_behind():
    before = {each.name: each for each in quality.figures()}

    told(slug="a")
    left = told(slug="c")
    Substance.objects.filter(pk=left.pk).update(summary="Another.")
    make.substance(slug="d", plain_summary="")

    after = {each.name: each for each in quality.figures()}
    more = {
        name: (
            after[name].part - before[name].part,
            after[name].total - before[name].total,
        )
        for name in ("summaries-in-plain-words", "plain-summaries-up-to-date")
    }
    assert more == {
        "summaries-in-plain-words": (2, 3),
        "plain-summaries-up-to-date": (1, 2),
    }


@pytest.fixture
def desk(client):
    client.force_login(make.user(is_staff=True, is_superuser=True))
    return client


def desk_of(record):
    return f"/admin/kb/{record.KIND}/{record.pk}/change/"


@pytest.mark.django_db
def test_the_desk_shows_how_both_read_and_which_is_newer(desk):
    record = told(state="draft")
    Substance.objects.filter(pk=record.pk).update(summary="Another.")

    page = desk.get(desk_of(record)).text

    assert "Plain summary: grade " in page
    assert "the summary has changed since the plain one was written" in page
    front = desk.get("/admin/").text
    assert "Substances whose plain summary is older than the summary" in front
    assert record.name in desk.get("/admin/kb/substance/?plain=behind").text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "standing"),
    [
        ({"summary": "Another."}, "behind"),
        ({"summary": "Another.", "still_fits": "on"}, "current"),
        ({"summary": "Another.", "plain_summary": "It is another."}, "current"),
        ({"plain_summary": ""}, "missing"),
    ],
)
@pytest.mark.parametrize("kind", ["substance", "symptom"])
def test_the_desk_keeps_which_summary_the_plain_one_is_for(
    desk, kind, changes, standing
):
    make_one = getattr(make, kind)
    record = make_one(
        state="draft",
        summary="One.",
        plain_summary="It is one.",
        plain_summary_for=summary_digest("One."),
    )

    send(desk, desk_of(record), **changes)

    record.refresh_from_db()
    assert record.summary == changes.get("summary", "One.")
    assert plain.standing(record) == standing


@pytest.mark.django_db
def test_the_desk_refuses_a_source_that_the_record_does_not_lean_on(desk):
    record = told(state="draft")
    other = make.source()

    answer = send(desk, desk_of(record), plain_summary=f"It helps [@{other.slug}].")

    assert "does not lean on a source of this name" in errors_of(answer)


@pytest.mark.django_db
def test_the_warning_above_grade_eight_is_only_a_warning():
    hard = told(plain_summary="Orthostatic hypotension necessitates hospitalisation.")

    assert any("aims at grade 8" in each for each in warnings(hard))
    assert not warnings(told(slug="easy"))


@pytest.mark.django_db
def test_a_plain_summary_travels_with_what_it_cites_and_was_written_for():
    substance = told(plain_summary="A [@doe-2020; @roe-2021]. B.")

    record = write.substance_record(substance).model_dump(mode="json")

    assert record["plain_summary"] == "A [@doe-2020; @roe-2021]. B."
    assert record["plain_summary_for"] == substance.plain_summary_for
    cited = [each for each in references(record) if each.place == "plain_summary"]
    assert [each.slug for each in cited] == ["doe-2020", "roe-2021"]


def test_a_citation_that_is_not_the_records_own_is_told():
    assert plain.cite_errors("A [@one]. B [@two].", {"one"}) == [
        "[@two]: the record does not lean on a source of this name."
    ]
    assert plain.cite_errors("A [@one, or two].", {"one"})
    assert plain.bare("A [@one; @two]. B [@one].") == "A. B."
