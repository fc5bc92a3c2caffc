"""Search, suggestions and answers of the API."""

from __future__ import annotations

import pytest

from exchange.api import search as searching
from kb.version import Version
from tests.exchange.asking import PROBLEM, NoEngine, get, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


@pytest.mark.usefixtures("searchable")
def test_a_search_finds_by_another_name(client, settings):
    reply = get(client, "/api/v1/search?q=ketum")

    hit = reply["results"][0]
    assert (hit["kind"], hit["slug"], hit["evidence_level"]) == (
        "substance",
        "kratom",
        "very-low",
    )
    assert hit["url"] == f"{settings.SITE_URL}/substances/kratom/"
    assert isinstance(hit["snippet"], str)
    (alabama,) = reply["facets"]["region"]
    assert (alabama["value"], alabama["label"]) == ("US-AL", "Alabama")
    assert reply["facets"]["tag"][0]["value"] == "opioid-receptor"
    assert reply["took_ms"] >= 0


@pytest.mark.usefixtures("searchable")
def test_filters_narrow_and_facets_have_words(client):
    reply = get(client, "/api/v1/search?q=kratom&kind=claim&kind=article&level=")

    assert {hit["kind"] for hit in reply["results"]} <= {"claim", "article"}
    kinds = {each["value"]: each["label"] for each in reply["facets"]["kind"]}
    assert kinds["substance"] == "Substance"
    assert all(hit["evidence_level"] is None for hit in reply["results"])


@pytest.mark.parametrize("name", ["kind", "level", "status"])
def test_an_unknown_filter_value_is_told_the_known_ones(client, name):
    body = refused(client, f"/api/v1/search?q=x&{name}=superb", 400)

    assert body["errors"][0]["parameter"] == name
    assert "takes one of" in body["errors"][0]["detail"]


@pytest.mark.parametrize("query", ["limit=banana", "limit=101", "offset=-1"])
def test_a_search_refuses_numbers_that_are_none(client, query):
    refused(client, f"/api/v1/search?q=x&{query}", 400)


@pytest.mark.usefixtures("searchable")
def test_a_name_is_completed_as_it_is_typed(client):
    reply = get(client, "/api/v1/suggest?q=mitr")

    assert reply["suggestions"][0]["slug"] == "mitragynine"
    assert reply["suggestions"][0].keys() == {"kind", "slug", "title", "matched", "url"}


def test_without_an_index_the_search_says_when_to_come_back(client, monkeypatch):
    monkeypatch.setattr(searching, "get_engine", NoEngine)

    response = client.get("/api/v1/search?q=kratom")

    assert response.status_code == 503
    assert response["Content-Type"] == PROBLEM
    assert int(response["Retry-After"]) > 0
    assert b"/srv/index" not in response.content


@pytest.mark.usefixtures("searchable")
def test_an_answer_leads_to_a_whole_address(client, monkeypatch, settings):
    class Answer:
        url = "/regions/US-AL/"

        def as_json(self) -> dict[str, str]:
            return {"type": "law", "url": self.url}

    asked = []

    def find_answer(text: str, *, region: str | None, now: Version) -> Answer:
        asked.append((text, region))
        return Answer()

    monkeypatch.setattr(searching, "find_answer", find_answer)

    reply = get(client, "/api/v1/search?q=kratom&region=us-al")

    assert asked == [("kratom", "US-AL")]
    assert reply["answer"] == {
        "type": "law",
        "url": f"{settings.SITE_URL}/regions/US-AL/",
    }
