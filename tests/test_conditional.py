"""Every public answer can be asked for again cheaply, and is never older than the records."""

from __future__ import annotations

import pytest
from django.core.cache import caches
from django.utils.http import http_date

from kb import keeping, version
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index")]


@pytest.fixture
def addresses():
    """Return one address of each kind of page and answer."""
    make.one_of_each()
    return [
        "/",
        "/substances/",
        "/substances/plant/",
        "/substances/plant/law/",
        "/substances/plant/law.atom",
        "/substances/plant/history/",
        "/substances/plant/card/",
        "/substances/plant/cite.bib",
        "/substances/plant/linkset.json",
        "/alkaloids/base/",
        "/alkaloids/base/structure.svg",
        "/symptoms/ache/",
        "/sources/paper/",
        "/sources/paper/linkset.json",
        "/claims/C99/",
        "/claims/C99/cite.ris",
        "/articles/",
        "/articles/text/",
        "/articles/text/cite.json",
        "/articles/text/linkset.json",
        "/regions/",
        "/regions/XA/",
        "/regions/XA/cite.json",
        "/regions/XA/linkset.json",
        "/regions/suggest?q=a",
        "/compare/",
        "/method/",
        "/method/ledger.atom",
        "/quality/",
        "/help/",
        "/law/changes/",
        "/changes/",
        "/changes.atom",
        "/changes.json",
        "/export/",
        "/export/kb.json",
        "/export/schema.json",
        "/search/?q=plant",
        "/search/suggest?q=plant",
        "/search/complete?q=plant",
        "/robots.txt",
        "/llms.txt",
        "/opensearch.xml",
        "/sitemap.xml",
        "/sitemap-substances.xml",
        "/sitemap-pages.xml",
        "/api/v1/substances",
        "/api/v1/substances/plant",
        "/api/v1/substances/plant/regulation?region=XA",
        "/api/v1/regions/XA",
        "/api/v1/search?q=plant",
        "/api/v1/suggest?q=plant",
        "/api/v1/quality",
        "/api/v1/openapi.json",
    ]


def test_whoever_has_an_answer_already_is_told_so(client, addresses):
    for address in addresses:
        first = client.get(address)
        assert first.status_code == 200, address
        again = client.get(address, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b""), address
        assert again["ETag"] == first["ETag"]
        assert "no-cache" in first["Cache-Control"], address
        assert "public" in first["Cache-Control"], address


def test_head_answers_as_get_does_without_a_body(client, addresses):
    for address in addresses:
        whole, head = client.get(address), client.head(address)
        assert (head.status_code, head.content) == (200, b""), address
        assert head["Content-Type"] == whole["Content-Type"]
        assert head["ETag"] == whole["ETag"], address


@pytest.mark.parametrize(
    "address",
    [
        "/substances/plant/",
        "/articles/",
        "/export/",
        "/api/v1/substances/plant",
        "/sitemap-substances.xml",
        "/substances/plant/cite.json",
    ],
)
def test_a_change_is_seen_at_once(client, address):
    plant = make.substance(slug="plant")
    known = {"If-None-Match": client.get(address)["ETag"]}
    assert client.get(address, headers=known).status_code == 304

    plant.summary = "Something else is known."
    plant.save()

    assert client.get(address, headers=known).status_code == 200


def test_a_date_alone_is_enough_but_not_in_the_second_of_a_change(client, monkeypatch):
    make.substance(slug="plant")
    changed_at = keeping.moment().changed_at
    monkeypatch.setattr(keeping.time, "time", lambda: changed_at + 5)
    later = client.get("/substances/plant/")["Last-Modified"]
    known = {"If-Modified-Since": later}
    assert later == http_date(changed_at)
    assert client.get("/substances/plant/", headers=known).status_code == 304

    monkeypatch.setattr(keeping.time, "time", lambda: changed_at + 0.9)
    assert "Last-Modified" not in client.get("/substances/plant/").headers


def test_after_an_upgrade_no_old_page_counts_as_unchanged(client, monkeypatch):
    make.substance(slug="plant")
    known = {"If-None-Match": client.get("/substances/plant/")["ETag"]}

    monkeypatch.setattr(keeping, "code", lambda: keeping.Code("another", 0.0))

    assert client.get("/substances/plant/", headers=known).status_code == 200


def test_a_kept_page_tells_the_same_as_a_fresh_one(client):
    make.substance(slug="plant")
    caches["pages"].clear()

    fresh, kept = (client.get("/substances/plant/cite.bib") for _ in range(2))

    for name in ("Content-Type", "Content-Disposition", "ETag"):
        assert fresh[name] == kept[name]
    page, again = (client.get("/substances/plant/") for _ in range(2))
    assert page["Link"] == again["Link"]


def test_a_reader_who_cannot_unpack_gets_plain_text(client):
    make.substance(slug="plant")

    packed = client.get("/substances/plant/", headers={"Accept-Encoding": "gzip"})
    plain = client.get("/substances/plant/", headers={"Accept-Encoding": "gzip;q=0"})

    assert packed["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain
    assert plain["Vary"] == packed["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("address", ["/admin/login/", "/check/", "/healthz"])
def test_forms_and_the_desk_are_stored_by_nobody(client, address):
    response = client.get(address)

    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]
    assert "ETag" not in response


def test_a_version_is_one_number_for_all_of_it():
    before = version.current()

    make.substance()

    assert version.current().number > before.number
