"""The matrix sorts as the reader asks, without a script."""

from __future__ import annotations

import re

import pytest

from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def kratom():
    kratom = make.substance(name="Kratom")
    for name, level, n in (
        ("Ache", "low", 30),
        ("Cramp", "high", 20),
        ("Zest", "low", 90),
    ):
        assessment = make.assessment(
            substance=kratom,
            symptom=make.symptom(name=name),
            override_level=level,
            override_reason="It is set so.",
            override_by="A curator",
            override_on="2026-11-01",
        )
        make.evidence_item(assessment=assessment, design="cohort", n=n)
    return kratom


def rows(client, kratom, **query):
    html = client.get(kratom.get_absolute_url(), query).content.decode()
    return re.findall(r'<th scope="row" role="rowheader"><a [^>]*>(\w+)</a>', html)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("outcome", ["Ache", "Cramp", "Zest"]),
        ("people", ["Zest", "Ache", "Cramp"]),
        ("level", ["Cramp", "Zest", "Ache"]),
    ],
)
def test_a_reader_chooses_the_order(client, kratom, sort, expected):
    assert rows(client, kratom, sort=sort) == expected


def test_an_order_that_there_is_not_is_told(client, kratom):
    response = client.get(kratom.get_absolute_url(), {"sort": "colour"})

    assert response.status_code == 400
    assert (
        "sort: &#x27;colour&#x27; is not one of level, studies"
        in response.content.decode()
    )


def test_harm_stands_beside_benefit_in_one_cell(client):
    ache, death = make.symptom(name="Ache"), make.symptom(severity="life-threatening")
    kratom = make.substance(name="Kratom")
    for symptom, axis, direction in (
        (ache, "benefit", "improves"),
        (death, "harm", "causes"),
    ):
        assessment = make.assessment(
            substance=kratom, symptom=symptom, axis=axis, direction=direction
        )
        make.evidence_item(assessment=assessment, design="cohort", n=900)

    html = client.get(ache.get_absolute_url()).content.decode()

    cell = re.search(r'<span class="matrix__harm">.*?</span></td>', html, re.S)
    assert cell is not None
    assert death.name in cell[0]
    assert "certainty" in cell[0]
