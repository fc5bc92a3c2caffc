"""The matrix: benefit and harm in one cell, and silence in words of its own."""

from __future__ import annotations

import re

import pytest

from kb.pages import matrix
from tests import make

pytestmark = pytest.mark.django_db


def cells(client, record):
    """Return {"Ache": ("Benefit …", "Harm …")}: the words of the two halves."""
    html = client.get(record.get_absolute_url()).content.decode()
    found = {}
    for row in re.findall(r'<tr role="row">(.*?)</tr>', html, re.S):
        grades = re.search(r'<dl class="grades">(.*?)</dl>', row, re.S)
        if grades is None:
            continue
        name = re.findall(r'role="rowheader"><a[^>]*>([^<]*)', row)[0]
        sides = re.findall(r"<dt>.*?</dd>", grades[1], re.S)
        found[name] = tuple(
            " ".join(re.sub(r"<[^>]+>", " ", side).split()) for side in sides
        )
    return found


def study(axis="benefit", direction="improves", **values):
    assessment = make.assessment(axis=axis, direction=direction, **values)
    make.evidence_item(assessment=assessment, design="cohort", n=900)
    return assessment


@pytest.fixture
def kratom():
    return make.substance(name="Kratom")


@pytest.fixture
def ache():
    return make.symptom(name="Ache")


def test_benefit_and_harm_of_one_outcome_share_a_cell(client, kratom, ache):
    study(substance=kratom, symptom=ache)
    study(substance=kratom, symptom=ache, axis="harm", direction="worsens")

    assert cells(client, kratom) == {
        "Ache": ("Benefit Improves Low", "Harm Worsens Low")
    }


def test_where_only_harm_was_studied_the_benefit_is_not_assessed(client, kratom, ache):
    study(substance=kratom, symptom=ache, axis="harm", direction="causes")

    assert cells(client, kratom) == {
        "Ache": ("Benefit Not assessed", "Harm Causes Low")
    }


def test_a_comparison_has_a_row_of_its_own(client, kratom, ache):
    study(substance=kratom, symptom=ache)
    study(substance=kratom, symptom=ache, comparator="tea")

    html = client.get(kratom.get_absolute_url()).content.decode()

    assert html.count('<dl class="grades">') == 2
    assert "against tea" in html


def test_no_effect_no_study_and_no_look_are_three_marks(client, kratom):
    study(substance=kratom, symptom=make.symptom(name="Ache"))
    study(
        substance=kratom,
        symptom=make.symptom(name="Cramp"),
        direction="no-clear-effect",
    )
    searched = make.assessment(substance=kratom, symptom=make.symptom(name="Dread"))
    make.evidence_search(assessment=searched)
    animals = make.assessment(substance=kratom, symptom=make.symptom(name="Fever"))
    make.evidence_item(assessment=animals, design="animal")
    make.assessment(substance=kratom, symptom=make.symptom(name="Gloom"))

    benefit = {name: sides[0] for name, sides in cells(client, kratom).items()}

    assert benefit == {
        "Ache": "Benefit Improves Low",
        "Cramp": "Benefit No clear effect Low",
        "Dread": "Benefit Looked for, none found",
        "Fever": "Benefit Animals or cells only",
        "Gloom": "Benefit Not assessed",
    }


def test_a_symptom_shows_the_gravest_harm_beside_each_benefit(client, kratom, ache):
    death = make.symptom(name="Death", severity="life-threatening")
    study(substance=kratom, symptom=ache)
    study(substance=kratom, symptom=make.symptom(name="Itch"), axis="harm")
    harm = study(substance=kratom, symptom=death, axis="harm", direction="causes")
    study(substance=make.substance(name="Oat"), symptom=ache)

    html = client.get(ache.get_absolute_url()).content.decode()

    assert cells(client, ache) == {
        "Kratom": ("Benefit Improves Low", "Harm Causes Low Death"),
        "Oat": ("Benefit Improves Low", "Harm Not assessed"),
    }
    assert f'href="{kratom.get_absolute_url()}#why-{harm.anchor}"' in html


@pytest.mark.parametrize(
    ("people", "figures"),
    [(None, 0), (0, 0), (1, 1), (99, 1), (100, 2), (399, 2), (400, 3), (4000, 4)],
)
def test_a_crowd_grows_at_the_limits_of_the_rule(people, figures):
    assert matrix.crowd(people) == figures


def test_a_subject_without_studies_says_that_silence_is_no_answer(client, kratom):
    html = client.get(kratom.get_absolute_url()).content.decode()

    assert "Benefit and harm: not assessed" in html
    assert "does not mean that it is harmless" in html


def test_harm_that_nobody_studied_is_said_beneath_the_benefits(client, kratom, ache):
    study(substance=kratom, symptom=ache)

    html = client.get(kratom.get_absolute_url()).content.decode()

    assert "No study of harm has been entered here." in html
