"""What the API says of itself: its description, and whether it is well."""

from __future__ import annotations

import json

import pytest
from django.test import RequestFactory

from config import health
from exchange.api import api, shapes
from kb.models import Substance
from tests.exchange.asking import PROBLEM, NoEngine, get, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def test_the_description_names_every_address_and_every_error(client):
    openapi = get(client, "/api/v1/openapi.json")

    assert openapi["openapi"].startswith("3.1")
    paths = openapi["paths"]
    for plural in ("substances", "alkaloids", "symptoms", "sources", "articles"):
        assert f"/api/v1/{plural}" in paths
        assert f"/api/v1/{plural}/{{slug}}" in paths
    search = paths["/api/v1/search"]["get"]
    assert {each["name"] for each in search["parameters"]} >= {"q", "kind", "limit"}
    assert PROBLEM in search["responses"]["400"]["content"]
    assert "422" not in search["responses"]
    identifiers = [
        operation["operationId"]
        for path in paths.values()
        for operation in path.values()
    ]
    assert len(identifiers) == len(set(identifiers))


def test_the_description_can_be_read_as_a_page_without_inline_script(client):
    response = client.get("/api/v1/docs")

    text = response.content.decode()
    assert response.status_code == 200
    assert "<style" not in text
    assert "style=" not in text
    assert text.count("<script") == text.count("<script src=")


def test_the_api_answers_what_it_describes(client):
    """Every reply keeps to its shape: no field too many, none missing."""
    for path, shape in (
        ("substances/kratom", shapes.SubstanceReply),
        ("alkaloids/mitragynine", shapes.AlkaloidReply),
        ("symptoms/withdrawal", shapes.SymptomReply),
        ("sources/survey-2020", shapes.SourceReply),
        ("regions/US-AL", shapes.RegionReply),
        ("articles/reading-claims", shapes.ArticleReply),
        ("claims/C10", shapes.ClaimReply),
        ("claims", shapes.ListReply),
    ):
        shape.model_validate(get(client, f"/api/v1/{path}"))


def test_each_view_has_a_name_of_its_own():
    names = [pattern.name for pattern in api.urls[0] if getattr(pattern, "name", None)]
    assert len(names) == len(set(names))


def test_a_living_process_says_ok():
    response = health.healthz(RequestFactory().get("/healthz"))

    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.usefixtures("searchable")
def test_a_site_with_database_and_index_is_ready():
    response = health.readyz(RequestFactory().get("/readyz"))

    assert response.status_code == 200


def test_a_site_without_index_says_what_is_missing(monkeypatch):
    monkeypatch.setattr(health, "get_engine", NoEngine)

    response = health.readyz(RequestFactory().get("/readyz"))

    assert response.status_code == 503
    assert json.loads(response.content)["failing"] == ["search"]


def test_a_draft_that_is_published_appears(client):
    refused(client, "/api/v1/substances/hidden", 404)
    hidden = Substance.objects.get(slug="hidden")
    hidden.state = "published"
    hidden.save()

    assert (
        get(client, "/api/v1/substances/hidden")["evidence"]["level"] == "not-assessed"
    )
