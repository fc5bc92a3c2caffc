"""What holds of every shipped article."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest
from django.test import Client

from articles.checking.sentences import split
from articles.models import Article
from articles.rendering import broken_links, render

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]

FOLDER = Path(__file__).resolve().parents[2] / "data" / "articles"
ARTICLES = sorted(path.stem for path in FOLDER.glob("*.json"))
EIGHT = {
    "opioid-withdrawal-and-what-treats-it",
    "kratom-and-opioid-withdrawal",
    "how-safe-is-kratom",
    "seven-oh-is-not-kratom",
    "what-vein-colours-tell",
    "kratom-and-other-medicines",
    "kratom-law-in-the-united-states",
    "how-to-read-a-health-claim",
}
SOURCED = re.compile(r"\[@|\[\[claim:")
# Names with a digit in them are no figures; nor are the addresses of links.
NAMES = re.compile(
    r"\[\[[^\]|]*\|?|7-(?:OH|hydroxy)|alpha-2|CYP\w+|\bC\d\d\b",
    re.IGNORECASE,
)


def bare_figures(body: str) -> list[str]:
    """Return the sentences of an article that have a digit and neither source nor claim."""
    found = []
    for block in body.split("\n"):
        if block.startswith(("#", "|")):
            continue
        text = re.sub(r"^(?:- |\d+\. )", "", block)
        # The stop is moved behind the citation, so that the two stay together.
        text = re.sub(r"((?: \[@[^\]]*\])+)([.;:])", r"\1\2", text)
        for one in split(text):
            plain = NAMES.sub("", re.sub(r"\[@[^\]]*\]", "", one.text))
            if re.search(r"\d", plain) and not SOURCED.search(one.text):
                found.append(one.text)
    return found


def test_the_eight_that_were_asked_for_are_there():
    assert set(ARTICLES) >= EIGHT


@pytest.mark.parametrize("slug", ARTICLES)
def test_no_sentence_with_a_figure_stands_without_a_source(slug):
    assert bare_figures(Article.objects.get(slug=slug).body) == []


def test_a_figure_without_a_source_would_be_seen():
    body = "Of 12 adults, 5 had a headache.\n\nIt helped 40% [@coe-2019]. It is 7-OH."

    assert bare_figures(body) == ["Of 12 adults, 5 had a headache."]


@pytest.mark.parametrize("slug", ARTICLES)
def test_each_row_of_a_table_with_a_figure_names_its_source(slug):
    rows = [
        line
        for line in Article.objects.get(slug=slug).body.split("\n")
        if line.startswith("|") and re.search(r"\d", NAMES.sub("", line))
    ]

    assert all("[@" in row for row in rows)


@pytest.mark.parametrize("slug", ARTICLES)
def test_nothing_in_it_leads_nowhere(slug):
    assert broken_links(Article.objects.get(slug=slug)) == []


@pytest.mark.parametrize("slug", ARTICLES)
def test_it_lists_all_that_it_cites_and_nothing_else(slug):
    content = json.loads((FOLDER / f"{slug}.json").read_text(encoding="utf-8"))

    assert set(render(content["body"]).cited) == set(content["sources"])


@cache
def status_of(address):
    """Several articles lead to the same pages; each is asked for once."""
    return Client().get(address).status_code


@pytest.mark.parametrize("slug", ARTICLES)
def test_every_address_on_its_page_answers(client, slug):
    page = client.get(f"/articles/{slug}/").text

    article = page.partition("<article")[2].partition("</article>")[0]
    inside = set(re.findall(r'href="(/[^"#]*)"', article))
    anchors = set(re.findall(r'href="#([^"]+)"', page))
    assert inside
    assert [each for each in inside if status_of(each) != 200] == []
    assert [each for each in anchors if f'id="{each}"' not in page] == []


@pytest.mark.parametrize("slug", ARTICLES)
def test_it_has_a_lead_parts_takeaways_and_an_honest_byline(slug):
    article = Article.objects.get(slug=slug)

    assert article.summary
    assert len(render(article.body).contents) >= 4
    assert 3 <= len(article.takeaways) <= 5
    assert article.byline == "Editorial team"
    assert article.reviewed_on is None
