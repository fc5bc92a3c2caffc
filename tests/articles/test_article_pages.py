"""The list of articles, an article, and the page that checks a text."""

from __future__ import annotations

import logging
import re

import pytest

from articles.models import Article
from articles.rendering import broken_links, render
from kb.choices import State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]

PAGE = "/articles/kratom-and-opioid-withdrawal/"


def text_of(response) -> str:
    return response.content.decode()


def test_the_list_shows_published_articles_alone(client):
    Article.objects.filter(slug="seven-oh-is-not-kratom").update(state=State.DRAFT)

    page = text_of(client.get("/articles/"))

    assert PAGE in page
    assert "seven-oh-is-not-kratom" not in page
    assert client.get("/articles/seven-oh-is-not-kratom/").status_code == 404


def test_an_empty_list_says_so(client):
    Article.objects.update(state=State.DRAFT)

    assert "No article yet" in text_of(client.get("/articles/"))


def test_an_article_shows_all_that_a_reader_needs_to_trust_it(client):
    page = text_of(client.get(PAGE))

    assert "<h1>Kratom and opioid withdrawal</h1>" in page
    assert "Editorial team" in page
    assert "not yet reviewed by a second person" in page
    assert 'datetime="2026-11-24"' in page
    assert "In short" in page
    assert 'href="#the-short-answer"' in page
    assert "Not medical advice" in page
    assert "verdict--unsupported" in page
    assert 'href="/substances/buprenorphine/"' in page


def test_each_source_says_of_what_kind_it_is(client):
    page = text_of(client.get(PAGE))

    assert "Journal article · " in page
    assert "Vendor or interest group" in page


def test_every_citation_leads_to_a_source_on_the_page(client):
    page = text_of(client.get(PAGE))

    cited = set(re.findall(r'class="cite" href="#(source-\d+)"', page))
    assert len(cited) == 26
    assert all(f'id="{anchor}"' in page for anchor in cited)


def test_a_reviewed_article_says_when(client):
    Article.objects.update(reviewed_on="2026-11-30")

    assert "reviewed by a second person on" in text_of(client.get(PAGE))


def test_an_article_takes_a_dozen_queries(client, django_assert_max_num_queries):
    # Article; linked substances, symptoms, articles; cited sources, again for the list,
    # and the uncited; claims; related substances, alkaloids, symptoms; addresses that are
    # gone, and what is known of those of the list; the version.
    with django_assert_max_num_queries(16):
        client.get(PAGE)


def test_no_shipped_article_has_a_broken_link():
    broken = {each.slug: broken_links(each) for each in Article.objects.all()}

    assert not any(broken.values()), broken


def test_a_link_takes_the_first_kind_that_has_the_slug():
    html = render(
        "[[kratom]] [[alkaloid:mitragynine|the *main* one]] [[mitragynine]]"
    ).html

    assert '<a href="/substances/kratom/">Kratom</a>' in html
    assert '<a href="/alkaloids/mitragynine/">the *main* one</a>' in html
    assert '<a href="/alkaloids/mitragynine/">Mitragynine</a>' in html


def test_a_broken_link_is_plain_text_and_is_reported():
    rendered = render("See [[kratm]] and [[symptom:nope|this]] [@nobody-1999].")

    assert rendered.html == "<p>See kratm and this [nobody-1999].</p>\n"
    assert rendered.broken == ("[[kratm]]", "[[symptom:nope|this]]", "[@nobody-1999]")


def test_sources_are_numbered_as_they_come():
    rendered = render("A [@stanciu-2022]. B [@coe-2019; @stanciu-2022].")

    assert rendered.cited == ("stanciu-2022", "coe-2019")
    assert re.findall(r'#source-(\d)"', rendered.html) == ["1", "2", "1"]
    assert "A<a" in rendered.html


def test_headings_have_anchors_that_nothing_else_on_the_page_has():
    rendered = render("# Sources\n\n## Sources\n\n## [[kratom|The leaf]]\n\n### Inner")

    assert rendered.contents == (
        ("sources-2", "Sources"),
        ("sources-3", "Sources"),
        ("the-leaf", "The leaf"),
    )
    assert '<h3 id="inner">' in rendered.html


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,x)",
        '<img src=x onerror="alert(1)">',
        "![x](https://example.org/a.png)",
        "[[kratom|<b onclick=x>y</b>]]",
        "## <svg onload=x>",
        "```<iframe>\n</script>\n```",
        '[x](https://e.org "a\\" onclick=\\"x")',
    ],
)
def test_hostile_markdown_stays_text(markdown):
    html = render(markdown).html

    assert not re.search(r"<(script|img|svg|iframe|b)\b", html)
    assert not re.search(
        r"<[^>]*\s(on\w+|style|src)\s*=", re.sub(r'"[^"]*"', '""', html)
    )
    assert not re.search(r'href="(?!https?:|/|#)', html)


def test_the_check_page_shows_its_form_without_a_cookie(client):
    response = client.get("/check/")

    assert response.status_code == 200
    assert not response.cookies
    assert "<textarea" in text_of(response)


def test_a_checked_text_is_shown_with_its_marks(client):
    text = "Kratom halves withdrawal compared with placebo. Kratom relieves anxiety."

    response = client.post("/check/", {"text": text})

    page = text_of(response)
    assert response.status_code == 200
    assert not response.cookies
    assert "1 known claim in 2 sentences" in page
    assert "verdict--unsupported" in page
    assert "level--moderate" in page
    assert 'href="/claims/C10/"' in page
    assert '<a href="/substances/kratom/">Kratom</a>' in page
    assert "We have not judged this statement." in page


def test_the_form_needs_no_token():
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)

    assert strict.post("/check/", {"text": "Kratom is safe."}).status_code == 200


def test_nothing_pasted_and_nothing_known_are_told_apart(client):
    assert "There was no text" in text_of(client.post("/check/", {"text": "  "}))
    assert "No claim that we know" in text_of(
        client.post("/check/", {"text": "Hello."})
    )


def test_a_text_that_is_too_long_is_refused_with_a_reason(client):
    response = client.post("/check/", {"text": "a" * 102_401})

    assert response.status_code == 400
    assert "The text has 102,401 characters." in text_of(response)


def test_markup_in_a_pasted_text_is_shown_as_text(client):
    page = text_of(
        client.post("/check/", {"text": "<script>x</script> Kratom is safe."})
    )

    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


def test_what_is_pasted_is_not_logged(client, caplog):
    caplog.set_level(logging.DEBUG)

    client.post("/check/", {"text": "My secret: kratom is safe."})

    assert "secret" not in caplog.text.replace("secret-key", "")


def test_a_checked_text_takes_as_few_queries_as_a_check(
    client, django_assert_num_queries
):
    # Eight of them count the texts of a neighbourhood, which bounds them.
    with django_assert_num_queries(12):
        client.post("/check/", {"text": "Kratom is safe. " * 20})
