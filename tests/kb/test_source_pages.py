"""The page of a source, and the list of them."""

from __future__ import annotations

import pytest

from tests import make

pytestmark = pytest.mark.django_db


def test_a_source_lists_everything_that_rests_on_it(read):
    source = make.source()
    kratom, base = make.substance(name="Kratom"), make.alkaloid(name="Mitragynine")
    make.evidence_item(
        source=source,
        assessment=make.assessment(substance=kratom),
        finding="Item finding.",
    )
    make.safety_note(source=source, substance=kratom, finding="Note finding.")
    make.status(source=source, substance=kratom, summary="Law finding.")
    make.occurrence(source=source, substance=kratom, alkaloid=base, low=1, high=2)
    make.activity(source=source, alkaloid=base, target="kappa receptor")
    make.pharmacokinetic(source=source, substance=kratom, parameter="clearance")
    make.variety(source=source, substance=kratom, finding="Variety finding.")
    make.claim(substance=kratom, name="A claim that circulates", sources=[source])
    make.article(name="An article about it", sources=[source])

    text = read(source).text

    for part in (
        "Item finding.",
        "Note finding.",
        "Law finding.",
        "1–2 mg/g",
        "kappa receptor",
        "clearance",
        "Variety finding.",
        "A claim that circulates",
        "An article about it",
    ):
        assert part in text


def test_a_source_that_is_only_a_second_one_says_what_leans_on_it(read):
    source = make.source()
    make.safety_note(further_sources=[source], finding="A harm seen twice.")

    assert "A harm seen twice." in read(source).text


def test_a_source_that_nothing_rests_on_says_so(read):
    assert "No published record cites it." in read(make.source()).text


def test_a_source_names_nothing_that_is_not_published(read):
    source = make.source()
    hidden = make.substance(name="Secretum", state="draft")
    make.variety(source=source, substance=hidden, finding="Hidden variety.")
    make.safety_note(source=source, substance=hidden, finding="Hidden harm.")

    text = read(source).text

    assert "Hidden" not in text
    assert "Secretum" not in text


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("retracted", "Nothing here counts on it any more."),
        ("concern", "The publisher has warned readers about this publication."),
    ],
)
def test_a_warning_about_a_source_leads_its_page(read, word, sentence):
    assert sentence in read(make.source(retraction=word)).text


def test_a_title_that_nobody_saw_says_so(read):
    source = make.source(title_is_paraphrase=True, authors_complete=False)

    text = read(source).text

    assert "The real title was not seen" in text
    assert "(list not complete or not checked)" in text


@pytest.mark.parametrize("page", ["0", "-1", "two", "999999999999", "²"])
def test_a_page_number_that_is_none_is_told_in_a_sentence(read, page):
    assert "is not a page number" in read(f"/sources/?page={page}", status=400).text


def test_a_page_beyond_the_last_is_not_there(read):
    make.source()

    read("/sources/?page=2", status=404)


def test_sources_come_in_pages_newest_first(read):
    for year in range(1950, 2010):
        make.source(name=f"Study of {year}.", published=str(year))

    first, second = read("/sources/").text, read("/sources/?page=2").text

    assert "Study of 2009." in first
    assert "Study of 1950." not in first
    assert "Study of 1950." in second
