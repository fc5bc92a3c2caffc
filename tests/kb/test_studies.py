"""The studies that an entry leans on: the strongest on it, all on a page of their own."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def kratom():
    return make.substance(name="Kratom", slug="kratom")


def add(subject, title, *, design="rct", times=1, **fields):
    """Add a study of so many outcomes of a subject."""
    source = make.source(name=title, state=fields.pop("state", "published"))
    for _ in range(times):
        assessment = make.assessment(substance=subject)
        make.evidence_item(
            assessment=assessment, source=source, design=design, **fields
        )
    return source


def order_of(text, *titles):
    return sorted(titles, key=text.index)


def test_an_entry_names_its_strongest_studies_and_leads_to_all(read, kratom):
    for number in range(8):
        add(kratom, f"Survey {number}", design="cross-sectional-survey", n=10 + number)
    add(kratom, "The one trial", n=5)

    page = read(kratom)

    shown = page.text[page.text.index("The studies behind it") :]
    assert order_of(shown, "The one trial", "Survey 7") == ["The one trial", "Survey 7"]
    assert "All 9 studies behind Kratom" in shown
    listed = shown[: shown.index("All 9 studies")]
    assert len(re.findall(r"Survey \d", listed)) == 5


def test_the_page_tells_each_study_once_with_all_that_it_found(client, kratom):
    add(kratom, "A trial of two outcomes", times=2, finding="It found little.")

    page = client.get("/substances/kratom/studies/").content.decode()

    assert page.count("A trial of two outcomes") == 1
    assert page.count("It found little.") == 2
    assert "1 study" in page


def test_animals_stand_behind_people_and_what_is_hidden_is_left_out(client, kratom):
    add(kratom, "In rats", design="animal", n=400)
    add(kratom, "In people", design="case-report", n=1)
    add(kratom, "A draft of a study", state="draft")

    page = client.get("/substances/kratom/studies/").content.decode()

    assert page.index("In people") < page.index("In rats")
    assert "A draft of a study" not in page


def test_where_nothing_was_studied_it_says_so(client, kratom):
    page = client.get("/substances/kratom/studies/").content.decode()

    assert "Not assessed" in page
    assert client.get("/substances/nothing-of-that-name/studies/").status_code == 404


def test_many_studies_take_no_more_queries_than_few(client, kratom):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/substances/kratom/studies/?fresh").status_code == 200
        return len(queries)

    add(kratom, "One")
    asked()  # what is kept for good is kept now
    add(kratom, "Two")
    few = asked()
    for number in range(5):
        add(kratom, f"More {number}")

    assert asked() == few


def test_german_nouns_keep_their_capital_within_a_sentence(client, kratom):
    add(kratom, "A trial")

    assert "(Nutzen)" in client.get("/de/substances/kratom/studies/").text
    assert "(benefit)" in client.get("/substances/kratom/studies/").text
