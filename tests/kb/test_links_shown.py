"""What readers and curators see of an address that is gone."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from articles import condition
from kb import links, quality, version
from kb.choices import LinkState
from kb.models import LinkCheck
from tests import make
from tests.kb.looks import START, dead

pytestmark = pytest.mark.django_db


def look_again(address, *, found, days):
    now = START + datetime.timedelta(days=days)
    outcome = links.Outcome(found, 404 if found == LinkState.FAILING else 200)
    links.save_outcomes([(address, outcome, now, "")])


def test_a_kept_page_shows_that_an_address_died(read):
    item = make.evidence_item(source=make.source(url="https://a.test/"))
    for day in (0, 3):
        look_again("https://a.test/", found=LinkState.FAILING, days=day)
    assert "no longer opens" not in read(item.assessment).text

    look_again("https://a.test/", found=LinkState.FAILING, days=8)

    assert "Its address no longer opens." in read(item.assessment).text


def test_one_more_look_that_finds_the_same_renews_no_kept_page():
    make.source(url="https://a.test/")
    look_again("https://a.test/", found=LinkState.WORKS, days=0)
    before = version.current()

    look_again("https://a.test/", found=LinkState.WORKS, days=8)

    assert version.current() == before
    assert LinkCheck.objects.get().checked_at == START + datetime.timedelta(days=8)


def test_the_page_of_a_source_says_what_was_never_checked(read):
    page = read(make.source(url="https://a.test/"))

    assert "Not checked" in page.text


def test_the_page_of_a_source_says_what_is_gone_and_where_a_copy_is(read):
    dead("https://a.test/", archived_address="https://web.archive.org/web/1/a")

    page = read(make.source(url="https://a.test/"))

    assert "Gone: not found on 4 days since 24 October 2026" in page.text
    assert "https://web.archive.org/web/1/a" in page.links


@pytest.mark.parametrize("state", ["failing", "unclear", "works"])
def test_what_is_not_gone_is_not_called_so_where_it_is_cited(read, state):
    LinkCheck.objects.create(address="https://a.test/", state=state, checked_at=START)
    item = make.evidence_item(source=make.source(url="https://a.test/"))

    assert "no longer opens" not in read(item.assessment).text


def test_a_gone_address_is_flagged_wherever_its_source_is_cited(read):
    dead("https://a.test/")
    source = make.source(url="https://a.test/")
    item = make.evidence_item(source=source)
    note = make.safety_note(source=source)
    article = make.article(body=f"So it is. [@{source.slug}]", sources=[source])

    for record in (item.assessment, note.subject, article):
        assert "Its address no longer opens. No archived copy" in read(record).text


def test_an_article_on_the_desk_names_its_dead_sources():
    dead("https://a.test/")
    source = make.source(name="A lost paper", url="https://a.test/")
    article = make.article(sources=[source])

    assert condition.gone_sources(article) == [
        "A lost paper: its address no longer opens"
    ]
    counted = condition.with_gone_sources(type(article).objects.all()).get()
    assert counted.gone_count == 1


def test_a_dead_address_that_readers_do_not_get_is_not_held_against_a_source():
    dead("https://a.test/")
    make.source(doi="10.1/x", url="https://a.test/")

    assert links.dead_sources() == {}


def test_the_desk_counts_dead_sources_and_lists_them(admin_client):
    dead("https://a.test/")
    make.source(name="A lost paper", url="https://a.test/")
    make.source(name="A paper that stands", url="https://b.test/")

    front = admin_client.get(reverse("admin:index")).content.decode()
    listed = admin_client.get(
        reverse("admin:kb_source_changelist"), {"link": "dead"}
    ).content.decode()

    assert "Sources whose address no longer opens" in front
    assert "A lost paper" in listed
    assert "A paper that stands" not in listed


def test_the_figures_count_what_could_not_be_checked_for_neither_side():
    for letter, state in (("a", "works"), ("b", "unclear"), ("c", "failing")):
        address = f"https://{letter}.test/"
        make.source(url=address)
        LinkCheck.objects.create(address=address, state=state, checked_at=START)
    make.source(url="https://d.test/")

    found = {each.name: (each.part, each.total) for each in quality.figures()}

    assert found["links-checked"] == (3, 4)
    assert found["links-that-open"] == (1, 2)


@pytest.mark.parametrize(
    ("address", "make_one"),
    [
        ("https://doi.org/10.1000/1", lambda: make.source(doi="10.1000/1")),
        ("https://pubmed.ncbi.nlm.nih.gov/12/", lambda: make.source(pmid="12")),
        ("https://a.test/", lambda: make.source(url="https://a.test/")),
        ("https://b.test/", lambda: make.help_resource(url="https://b.test/")),
    ],
)
def test_the_page_of_an_address_leads_to_what_cites_it(admin_client, address, make_one):
    one = make_one()
    other = make.source(doi="10.1000/12", pmid="123", url="https://a.test/b")
    check = LinkCheck.objects.create(address=address)

    page = admin_client.get(f"/admin/kb/linkcheck/{check.pk}/change/").content.decode()

    assert f'<li><a href="/admin/kb/{one._meta.model_name}/{one.pk}/change/">' in page
    assert f'<li><a href="/admin/kb/source/{other.pk}/change/">' not in page
