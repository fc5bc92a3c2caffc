"""The reader's place goes along from page to page, in the address."""

from __future__ import annotations

import re

import pytest

from kb.carrying import carried
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def ohio():
    us = make.region("US", name="United States")
    return make.region("US-OH", name="Ohio", parent=us)


@pytest.fixture
def kratom(ohio):
    found = make.substance(slug="kratom", name="Kratom")
    make.status(substance=found, region=ohio)
    return found


@pytest.mark.parametrize(
    ("link", "becomes"),
    [
        ("/", "/?in=US-OH"),
        ("/substances/", "/substances/?in=US-OH"),
        ("/substances/kratom/#law", "/substances/kratom/?in=US-OH#law"),
        ("/search/?q=a&amp;kind=b", "/search/?q=a&amp;kind=b&amp;in=US-OH"),
        ("/help/", "/help/?in=US-OH"),
        ("?page=2", "?page=2&amp;in=US-OH"),
    ],
)
def test_links_to_pages_of_the_site_carry_it(link, becomes):
    assert carried(f'<a class="x" href="{link}">', "US-OH") == (
        f'<a class="x" href="{becomes}">'
    )


@pytest.mark.parametrize(
    "link",
    [
        "/substances/kratom/law.atom",
        "/export/kb.json",
        "/admin/",
        "/api/v1/substances/kratom",
        "/static/css/base.css",
        "https://example.org/substances/",
        "//example.org/help/",
        "#law",
        "/substances/kratom/?in=TH",
        "/substances/kratom/?q=1&amp;in=#law",
    ],
)
def test_other_links_stay_as_they_are(link):
    assert carried(f'<a href="{link}">', "US-OH") == f'<a href="{link}">'


def test_a_search_from_a_page_carries_it():
    form = '<form class="search" action="/search/" method="get">'

    assert carried(form, "US-OH").endswith(
        '<input type="hidden" name="in" value="US-OH">'
    )
    assert (
        carried('<form action="/admin/login/">', "US-OH")
        == '<form action="/admin/login/">'
    )


@pytest.mark.parametrize(
    "page",
    ["/", "/substances/", "/substances/kratom/", "/regions/", "/help/", "/compare/"],
)
def test_every_link_of_a_page_carries_the_place_that_it_was_opened_with(
    client, kratom, page
):
    text = client.get(page, {"in": "ohio"}).content.decode()

    links = re.findall(
        r'<a\b[^>]*href="(/(?:substances|regions|compare|help)/[^".]*)"', text
    )
    assert links
    assert not [link for link in links if "in=" not in link]
    assert "Your place: " in text
    assert 'rel="canonical"' in text
    assert not re.search(r'rel="canonical" href="[^"]*in=', text)


def test_without_a_place_no_link_names_one(client, kratom):
    text = client.get("/substances/kratom/").content.decode()

    assert "?in=" not in text
    assert "Your place" not in text


def test_the_way_out_of_it_is_not_carried_back(client, kratom):
    text = client.get("/compare/?in=US-OH&a=kratom").content.decode()

    assert 'href="/compare/?in=&a=kratom"' in text or (
        'href="/compare/?in=&amp;a=kratom"' in text
    )


def test_two_places_are_two_kept_pages(client, kratom, ohio):
    make.region("TH", name="Thailand")
    first = client.get("/substances/", {"in": "US-OH"}).content.decode()

    second = client.get("/substances/", {"in": "TH"}).content.decode()

    assert "in=US-OH" in first
    assert "in=US-OH" not in second
    assert "in=TH" in second


def test_search_shows_the_law_of_the_place(client, kratom, ohio):
    from search.documents import all_documents
    from search.engine import get_engine

    get_engine().rebuild(all_documents())

    text = client.get("/search/", {"q": "kratom", "in": "US-OH"}).content.decode()

    assert '<span class="card__region">Ohio</span>' in text


def test_help_shows_that_of_the_place_first(client, ohio):
    text = client.get("/help/", {"in": "US-OH"}).content.decode()

    assert text.index('id="here"') < text.index("</main>")
    assert "Ohio" in text
