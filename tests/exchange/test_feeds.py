"""Every feed is what its format asks for: readers of feeds are strict, and silent."""

from __future__ import annotations

from datetime import datetime
from xml.etree import ElementTree

import pytest
from django.conf import settings

from kb.models import Assessment
from tests import make

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def records():
    plant, region = make.substance(slug="plant"), make.region(code="XA")
    make.status(subject=plant, region=region, status="banned", since="2020-05-01")
    assessment = make.assessment(subject=plant)
    make.evidence_item(assessment=assessment)
    assert Assessment.objects.get(pk=assessment.pk).grade_changes.exists()


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize(
    "address",
    [
        "/changes.atom",
        "/method/ledger.atom",
        "/law/changes.atom",
        "/substances/plant/law.atom",
        "/regions/XA/law.atom",
    ],
)
def test_an_atom_feed_has_what_atom_asks_for(client, address):
    """RFC 4287, 4.1: an id that is an address, a title, a day, an author."""
    response = client.get(address, headers={"Host": "localhost"})
    feed = ElementTree.fromstring(response.content)
    entries = feed.findall(f"{ATOM}entry")
    links = {each.get("rel"): each.get("href") for each in feed.findall(f"{ATOM}link")}

    assert response["Content-Type"].startswith("application/atom+xml")
    assert links["self"] == f"{settings.SITE_URL}{address}"
    assert feed.find(f"{ATOM}author/{ATOM}name").text
    assert entries
    ids = [each.find(f"{ATOM}id").text for each in (feed, *entries)]
    assert len(ids) == len(set(ids))
    for each, its_id in zip((feed, *entries), ids, strict=True):
        assert its_id.startswith((settings.SITE_URL, "tag:")), its_id
        assert each.find(f"{ATOM}title").text
        assert datetime.fromisoformat(each.find(f"{ATOM}updated").text).tzinfo
    for each in entries:
        assert each.find(f"{ATOM}link").get("href").startswith(settings.SITE_URL)


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize("address", ["/changes.json", "/law/changes.json"])
def test_a_json_feed_has_what_its_format_asks_for(client, address):
    feed = client.get(address).json()

    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert feed["feed_url"] == f"{settings.SITE_URL}{address}"
    assert feed["items"]
    for each in feed["items"]:
        assert isinstance(each["id"], str)
        assert each["content_text"]
        assert each["url"].startswith(settings.SITE_URL)
