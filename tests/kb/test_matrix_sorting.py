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


def rows(client, record, **query):
    html = client.get(record.get_absolute_url(), query).content.decode()
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


def test_the_column_that_sorts_says_so(client, kratom):
    html = client.get(kratom.get_absolute_url(), {"sort": "people"}).content.decode()

    heads = re.findall(
        r'<th scope="col"[^>]*aria-sort="(\w+)"[^>]*><a[^>]*>(\w+)', html
    )
    assert heads == [("descending", "People")]


def test_what_was_tried_for_a_symptom_sorts_too(client):
    ache = make.symptom(name="Ache")
    for name, n in (("Birch", 30), ("Alder", 20), ("Cedar", 90)):
        assessment = make.assessment(substance=make.substance(name=name), symptom=ache)
        make.evidence_item(assessment=assessment, design="cohort", n=n)

    assert rows(client, ache, sort="outcome") == ["Alder", "Birch", "Cedar"]
    assert rows(client, ache, sort="people") == ["Cedar", "Birch", "Alder"]
