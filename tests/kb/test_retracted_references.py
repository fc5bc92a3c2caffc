"""A reference that says it was retracted is read so; a notice about another is not."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from kb.bibliography import csl_json, files
from kb.bibliography.record import fields_of
from kb.bibliography.standing import DOUBTING, RETRACTING, standing
from kb.models import Source
from tests import make

TEA = "Tea and sleep in adults"
WORDS = st.text("abcdefghij klmnopé-", min_size=3, max_size=40).map(str.strip)


@pytest.mark.parametrize(
    ("title", "is_read_as"),
    [
        (f"RETRACTED: {TEA}", "retracted"),
        (f"Retracted: {TEA}", "retracted"),
        (f"RETRACTED ARTICLE: {TEA}", "retracted"),
        (f"Retracted article {TEA}", "none"),
        (f"[Retracted] {TEA}", "retracted"),
        (f"(Retracted) {TEA}", "retracted"),
        (f"Retracted – {TEA}", "retracted"),
        (f"Retracted paper - {TEA}", "retracted"),
        (f"[RETRACTED ARTICLE] {TEA}", "retracted"),
        (f"{TEA} (Retracted)", "retracted"),
        (f"{TEA} (Retracted article. See vol. 12, pg. 3, 2010)", "retracted"),
        (f"{TEA} [retracted].", "retracted"),
        (f"WITHDRAWN: {TEA}", "retracted"),
        (f"REMOVED: {TEA}", "retracted"),
        (f"Retraction: {TEA}", "none"),
        (f"Retraction notice to “{TEA}”", "none"),
        (f"Retraction Note to: {TEA}", "none"),
        (f"Notice of Retraction. {TEA}", "none"),
        (f"Expression of concern: {TEA}", "none"),
        (f"{TEA} (Retraction of vol 12, pg 3, 2010)", "none"),
        ("Retracted articles in the biomedical literature", "none"),
        ("Retracted-science and what people believe", "none"),
        ("Withdrawn and anxious: kratom in young adults", "none"),
        ("Removed teeth and pain: a trial", "none"),
        ("How retracted papers are cited (a survey of retracted articles)", "none"),
    ],
)
def test_a_title_says_whether_the_paper_itself_was_retracted(title, is_read_as):
    assert fields_of({"title": title})["retraction"] == is_read_as


@pytest.mark.parametrize(
    ("title", "is_notice"),
    [
        (f"Retraction: {TEA}", True),
        (f"Retraction Note to: {TEA}", True),
        (f"Notice of Retraction. {TEA}", True),
        (f"Statement of retraction: {TEA}", True),
        (f"Expression of Concern for “{TEA}”", True),
        (f"{TEA} (Retraction of vol 12, pg 3, 2010)", True),
        ("Retraction of the scapula in swimmers", False),
        ("Retraction rates of journals", False),
        ("Withdrawal of opioids in mice", False),
        ("Withdrawal and craving after kratom", False),
        ("Expression of concern genes in yeast", False),
    ],
)
def test_a_notice_is_told_apart_in_words_for_the_curator(title, is_notice):
    assert ("notice about another" in standing({"title": title}).why) == is_notice


@pytest.mark.parametrize(
    ("types", "title", "is_read_as"),
    [
        (["Retracted Publication"], TEA, "retracted"),
        (["Journal Article", "retracted publication"], TEA, "retracted"),
        (["Retraction of Publication"], f"Retracted: {TEA}", "none"),
        (["Retraction Notice"], f"RETRACTED: {TEA}", "none"),
        (["Expression of Concern"], TEA, "none"),
        (["Retracted Publication", "Retraction of Publication"], TEA, "retracted"),
    ],
)
def test_a_registered_type_counts_before_the_title(types, title, is_read_as):
    fields = fields_of({"title": title, "publication-types": types})

    assert fields["retraction"] == is_read_as


NOTED = {
    "retraction": "retracted",
    "withdrawal": "retracted",
    "removal": "retracted",
    "partial_retraction": "concern",
    "Partial retraction": "concern",
    "expression_of_concern": "concern",
    "correction": "none",
    "erratum": "none",
    "addendum": "none",
    "": "none",
}


@pytest.mark.parametrize(("kind", "is_read_as"), NOTED.items())
def test_crossref_tells_of_notices_about_an_article(kind, is_read_as):
    item = {"title": [TEA], "updated-by": [{"type": kind, "DOI": "10.1000/notice"}]}

    found = standing(csl_json.neutral(item))

    assert found.retraction == is_read_as
    assert bool(found.why) == (is_read_as != "none")


@pytest.mark.parametrize("kind", NOTED)
def test_what_a_notice_retracts_does_not_retract_the_notice(kind):
    item = {
        "title": [f"Retracted: {TEA}"] if kind in RETRACTING else [TEA],
        "DOI": "10.1000/notice",
        "update-to": [{"type": kind, "DOI": "10.1000/tea"}],
    }

    assert standing(csl_json.neutral(item)).retraction == "none"


def test_a_notice_registered_under_the_articles_own_doi_is_about_it():
    item = {
        "title": [TEA],
        "DOI": "10.1000/TEA",
        "update-to": [{"type": "removal", "DOI": "10.1000/tea"}],
    }

    assert standing(csl_json.neutral(item)).retraction == "retracted"


@pytest.mark.parametrize("odd", [None, "retraction", 7, {}, [None, 7, "x", {}], [[]]])
def test_odd_notices_of_crossref_break_nothing(odd):
    item = {"title": [TEA], "DOI": "10.1000/tea", "updated-by": odd, "update-to": odd}

    assert standing(csl_json.neutral(item)).retraction == "none"


@pytest.mark.parametrize(
    ("tag", "is_read_as"),
    [
        ("RIN", "retracted"),
        ("RRI", "retracted"),
        ("PRIN", "concern"),
        ("ECI", "concern"),
        ("ROF", "none"),
        ("ECF", "none"),
        ("CIN", "none"),
    ],
)
def test_tags_of_pubmeds_text_format_are_read(tag, is_read_as):
    text = f"PMID- 1\nTI  - Retracted: {TEA}\n" if tag == "ROF" else ""
    text = text or f"PMID- 1\nTI  - {TEA}\n"
    text += f"{tag.ljust(4)}- J Tea. 2010;1(2):3\n"

    (read,) = files.read(text.encode())

    assert fields_of(read.csl)["retraction"] == is_read_as


# Laws


@given(st.text(max_size=80), WORDS)
def test_any_title_is_read_and_a_mark_never_comes_without_its_reason(text, words):
    for title in (text, f"{text} {words}", f"{words} ({text})"):
        found = standing({"title": title})
        assert found.why or found.retraction == "none"


@given(WORDS, st.sampled_from(["RETRACTED: ", "[Retracted] ", "Retracted article: "]))
def test_no_title_hides_its_mark(words, mark):
    assert standing({"title": f"{mark}x{words}"}).retraction == "retracted"


@given(WORDS, st.sets(st.sampled_from(sorted(RETRACTING | DOUBTING))))
def test_one_more_notice_never_makes_a_paper_look_sounder(words, notices):
    order = ["none", "concern", "retracted"]

    def rank(kinds):
        csl = {"title": f"x{words}", "notices": sorted(kinds)}
        return order.index(standing(csl).retraction)

    for more in RETRACTING | DOUBTING:
        assert rank(notices | {more}) >= rank(notices)


# On the desk


@pytest.mark.django_db
def test_the_curator_sees_why_before_anything_is_made(admin_client):
    here = make.source(name=TEA, doi="10.1000/tea")
    content = [
        {
            "type": "journal-article",
            "title": TEA,
            "DOI": "10.1000/tea",
            "updated-by": [{"type": "retraction"}],
        },
        {"type": "journal-article", "title": "RETRACTED: Coffee and sleep"},
        {"type": "journal-article", "title": "Retraction: Cocoa and sleep"},
    ]
    sent = SimpleUploadedFile("list.json", json.dumps(content).encode())

    page = admin_client.post("/admin/kb/source/upload/", {"file": sent}).text

    assert "a notice of retraction names it" in page
    assert "Look whether the one here says so too." in page
    assert "its title says “retracted”" in page
    assert "a notice about another publication" in page
    here.refresh_from_db()
    assert here.retraction == "none"
    assert Source.objects.count() == 1
