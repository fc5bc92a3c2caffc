"""What leads programs to the pages: sitemaps, robots.txt, signposts, feeds, citations."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import bibtexparser
import pytest
from django.conf import settings

from kb.accounts import append_only
from kb.models import RegulatoryStatus
from tests import make

pytestmark = pytest.mark.django_db

SITE = settings.SITE_URL
LINK = re.compile(r'<([^>]*)>; rel="([^"]*)"(?:; type="([^"]*)")?')


def links(response):
    return {(rel, href): kind for href, rel, kind in LINK.findall(response["Link"])}


def locations(xml):
    return [
        each.text
        for each in ElementTree.fromstring(xml).iter()
        if each.tag[-3:] == "loc"
    ]


def test_the_index_of_sitemaps_leads_to_every_published_record(client):
    shown, article = make.substance(), make.article(body="Text.")
    draft = make.substance(state="draft")

    maps = locations(client.get("/sitemap.xml").content)
    found = [
        address
        for each in maps
        for address in locations(client.get(each.removeprefix(SITE)).content)
    ]

    for record in (shown, article):
        assert f"{SITE}{record.get_absolute_url()}" in found
    assert f"{SITE}{draft.get_absolute_url()}" not in found
    assert len(found) == len(set(found))
    for address in found:
        assert client.get(address.removeprefix(SITE)).status_code == 200, address


def test_an_entry_changes_in_the_sitemap_when_a_law_on_it_does(client):
    status = make.status(subject=make.substance(), status="banned")

    def lastmod():
        return re.findall(
            "<lastmod>(.*?)</lastmod>", client.get("/sitemap-substances.xml").text
        )

    before = lastmod()
    with append_only.lifted():
        RegulatoryStatus.history.filter(id=status.pk).update(
            history_date="2031-01-02T00:00Z"
        )
    status.summary = "Changed."
    status.save()

    assert before != lastmod()
    assert lastmod()[0].startswith("2031-01-02")


def test_robots_are_led_to_the_sitemap_and_away_from_the_desk(client):
    text = client.get("/robots.txt").text

    assert f"Sitemap: {SITE}/sitemap.xml" in text
    assert "Disallow: /admin/" in text


def test_the_text_for_language_models_says_what_silence_means(client):
    text = client.get("/llms.txt").text

    assert text.startswith("# Pharmakon\n\n>")
    assert "not-assessed" in text
    assert "not-checked" in text
    for path in re.findall(rf"\({re.escape(SITE)}(/[^)]*)\)", text):
        if "kratom" not in path and not path.startswith("/api/v1/docs"):
            assert client.get(path).status_code == 200, path


@pytest.mark.usefixtures("index")
def test_a_browser_can_search_and_complete_from_its_own_field(client):
    described = ElementTree.fromstring(client.get("/opensearch.xml").content)
    templates = {
        each.get("type"): each.get("template")
        for each in described
        if each.tag.endswith("Url")
    }

    page = templates["text/html"].replace("{searchTerms}", "plant")
    complete = templates["application/x-suggestions+json"].replace(
        "{searchTerms}", "plant"
    )

    assert client.get(page.removeprefix(SITE)).status_code == 200
    typed, titles, _, addresses = client.get(complete.removeprefix(SITE)).json()
    assert typed == "plant"
    assert len(titles) == len(addresses)


def test_every_page_names_its_one_address_and_the_search(client):
    record = make.substance()

    html = client.get(f"{record.get_absolute_url()}?sort=level&utm_source=x").text

    assert f'<link rel="canonical" href="{SITE}{record.get_absolute_url()}">' in html
    assert 'href="/opensearch.xml"' in html
    assert f'type="application/json" href="/api/v1/substances/{record.slug}"' in html


def test_the_second_page_of_a_list_is_a_page_of_its_own(client):
    with make.many():
        for _ in range(51):
            make.source()

    html = client.get("/sources/?page=2").text

    assert f'rel="canonical" href="{SITE}/sources/?page=2"' in html


@pytest.mark.parametrize(
    "make_one",
    [make.substance, make.alkaloid, make.symptom, make.claim, make.region],
)
def test_a_page_points_to_its_data_and_the_data_back(client, make_one):
    record = make_one()
    page = f"{SITE}{record.get_absolute_url()}"

    there = links(client.get(record.get_absolute_url()))

    assert ("cite-as", page) in there
    assert ("type", "https://schema.org/AboutPage") in there
    assert ("license", "https://creativecommons.org/licenses/by/4.0/") in there
    (item,) = [href for rel, href in there if rel == "item"]
    back = links(client.get(item.removeprefix(SITE)))
    assert back["collection", page] == "text/html"
    for rel, href in there:
        if rel in ("item", "describedby", "linkset"):
            answer = client.get(href.removeprefix(SITE))
            assert answer.status_code == 200, href
            assert answer["Content-Type"].startswith(there[rel, href])


def test_the_linkset_says_what_the_header_says(client):
    record = make.article(body="Text.")
    header = links(client.get(record.get_absolute_url()))

    page, *_ = client.get(f"{record.get_absolute_url()}linkset.json").json()["linkset"]

    told = {
        (rel, each["href"])
        for rel, targets in page.items()
        if rel != "anchor"
        for each in targets
    }
    assert told == {each for each in header if each[0] != "linkset"}


def test_a_source_is_described_under_its_doi(client):
    source = make.source(doi="10.1000/182")

    there = links(client.get(source.get_absolute_url()))

    assert ("describes", "https://doi.org/10.1000/182") in there


def test_zotero_reads_the_publication_on_the_page_of_a_source(client):
    source = make.source(
        kind="journal-article",
        doi="10.1000/182",
        authors=["Kruegel AC", "World Health Organization"],
        container="J Am Chem Soc 138(21):6754-6764",
        published="2016-05-10",
    )

    html = client.get(source.get_absolute_url()).text
    meta = re.findall(r'<meta name="citation_(\w+)" content="([^"]*)">', html)

    assert meta == [
        ("title", source.name),
        ("author", "Kruegel, AC"),
        ("author", "World Health Organization"),
        ("publication_date", "2016/05/10"),
        ("journal_title", "J Am Chem Soc"),
        ("doi", "10.1000/182"),
        ("public_url", "https://doi.org/10.1000/182"),
    ]


def test_a_page_can_be_cited_and_taken_along(client):
    record = make.article(body="Text.", name="Kratom & sleep", author="Jane Doe")
    path = record.get_absolute_url()

    html = client.get(path).text
    (csl,) = json.loads(client.get(f"{path}cite.json").content)
    bibtex = bibtexparser.parse_string(client.get(f"{path}cite.bib").text)
    ris = client.get(f"{path}cite.ris").text

    words = client.get(f"{path}cite/").text

    assert f'href="{path}cite/"' in html
    assert "Doe" in words
    assert "Kratom &amp; sleep" in words
    assert csl["title"] == "Kratom & sleep"
    assert csl["author"] == [{"literal": "Jane Doe"}]
    assert csl["URL"] == f"{SITE}{path}"
    assert csl["version"] == record.updated_at.date().isoformat()
    assert not bibtex.failed_blocks
    assert bibtex.entries[0]["url"] == f"{SITE}{path}"
    assert "TI  - Kratom & sleep" in ris


def test_a_draft_cannot_be_cited(client):
    draft = make.substance(state="draft")

    for name in ("cite.bib", "cite.json", "linkset.json"):
        assert client.get(f"{draft.get_absolute_url()}{name}").status_code == 404


def test_what_changed_can_be_followed(client):
    record = make.substance(name="Mountain tea")

    feed = client.get("/changes.json").json()
    atom = client.get("/changes.atom").text

    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert f"{record.name} added" in feed["items"][0]["content_text"]
    assert f"{record.name} added" in atom
    assert 'href="/changes.json"' in client.get("/changes/").text
