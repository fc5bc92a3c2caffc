"""The notes beside marked sentences, on a screen and on paper."""

from __future__ import annotations

import re

import pytest

from articles.rendering import render
from kb.choices import State
from kb.models import Claim
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]


def outline(markdown: str) -> str:
    """Return the HTML of a text with "NOTE" for each note, and no mark in its sentences."""
    html = re.sub(
        r"<details class=\"claim-note.*?</details>\s*<div class=\"claim-note"
        r" claim-note--beside.*?</p>\s*</div>",
        "NOTE",
        render(markdown).html,
        flags=re.DOTALL,
    )
    html = re.sub(r'<span class="claim-mark__told">.*?</span>', "", html)
    return re.sub(r"</?a\b[^>]*>", "", html)


def test_a_note_follows_its_sentence_and_the_paragraph_goes_on():
    assert (
        outline("It [[claim:C10|halves it]]. More. Others say [[claim:C32|red]]! End.")
        == '<div class="noted-text"><p>It halves it.</p>NOTE<p> More. Others say red!</p>'
        "NOTE<p> End.</p></div>\n"
    )


def test_a_mark_inside_emphasis_is_noted_where_the_emphasis_is_over():
    assert (
        outline("So **it [[claim:C10|halves. it]] all**. More.")
        == '<div class="noted-text"><p>So <strong>it halves. it all</strong>.</p>NOTE'
        "<p> More.</p></div>\n"
    )


def test_two_marks_in_one_sentence_have_a_note_each():
    assert outline("A [[claim:C10|a]] and [[claim:C32|b]]. C.").count("NOTE") == 2


def test_a_point_of_a_list_a_heading_and_a_cell_can_be_marked():
    html = outline(
        "- A [[claim:C10|mark]] here\n\n## On [[claim:C10|it]]\n\n"
        "| a |\n|---|\n| [[claim:C10]] |\n"
    )

    assert '<li>\n<div class="noted-text"><p>A mark here</p>NOTE</div>' in html
    assert '#</div>\n<div class="noted-text">NOTE</div>' in html
    assert re.search(r"<td>[^<]*NOTE</td>", html)
    assert "<p></p>" not in html


def test_a_text_without_marks_is_left_as_it_was():
    assert outline("One. [[kratom]] two.") == "<p>One. Kratom two.</p>\n"


def test_a_note_says_verdict_level_why_and_leads_to_the_claim():
    html = render("It [[claim:C10|halves it]].").html

    note = html[html.index("<details") :]
    assert "Unsupported" in note
    assert "Moderate certainty" in note
    assert "No study with this result was found." in note
    assert note.count('href="/claims/C10/"') == 2


def test_a_note_has_a_name_of_its_own_for_a_screen_reader():
    html = render("It [[claim:C10|halves it]].").html

    assert 'role="note" aria-label="How this claim stands: unsupported"' in html
    assert re.search(
        r'<summary>.*Unsupported.*<span class="visually-hidden">: how this claim stands',
        html,
        re.DOTALL,
    )


def test_a_claim_under_re_check_says_so_beside_its_sentence():
    Claim.objects.filter(slug="C10").update(needs_review=True)

    html = render("It [[claim:C10|halves it]].").html

    assert "under re-check" in html
    assert "its verdict is being looked at again" in html


def test_a_claim_that_readers_do_not_see_marks_nothing():
    Claim.objects.filter(slug="C10").update(state=State.WITHDRAWN)

    rendered = render("It [[claim:C10|halves it]].")

    assert rendered.html == "<p>It halves it.</p>\n"
    assert rendered.claims == ()


def test_paper_has_one_numbered_footnote_for_each_claim(client):
    article = make.article(
        body="It [[claim:C10|halves]]. Red [[claim:C32|more]]. Again [[claim:C10|it]]."
    )

    page = client.get(article.get_absolute_url()).text

    assert re.findall(r"\((\w+, note \d)\)", page) == [
        "unsupported, note 1",
        "contradicted, note 2",
        "unsupported, note 1",
    ]
    footnotes = page[page.index("claim-footnotes") :].partition("</ol>")[0]
    assert footnotes.count("<li>") == 2
    assert "http://testserver/claims/C32/" in footnotes


def test_a_text_cannot_write_a_place_for_a_note():
    html = render('<div class="note-place note-place--1"></div> [[claim:C10|x]].').html

    assert html.count("<details") == 1
