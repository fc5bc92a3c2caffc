"""How the API refuses, what it lets others do, and how much."""

from __future__ import annotations

import pytest

from exchange.api import search as searching
from tests.exchange.asking import PROBLEM, post, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v1/", "/api/v1/no-such-kind", "/api/v2/search"]
)
def test_an_unknown_address_is_a_problem_document(client, path):
    refused(client, path, 404)


def test_a_slash_too_many_is_forgiven(client):
    response = client.get("/api/v1/substances/kratom/?a=b")

    assert response.status_code == 301
    assert response["Location"] == "/api/v1/substances/kratom?a=b"


def test_a_method_that_is_not_taken_is_told_which_are(client):
    response = client.put("/api/v1/substances/kratom")

    assert response.status_code == 405
    assert response["Content-Type"] == PROBLEM
    assert response["Allow"] == "GET, HEAD"


def test_head_answers_as_get_does_without_the_body(client):
    response = client.head("/api/v1/substances/kratom")

    assert response.status_code == 200
    assert response.content == b""


def test_scripts_of_any_site_may_read(client):
    for path in ("/api/v1/substances/kratom", "/api/v1/substances/none", "/api/none"):
        assert client.get(path)["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in post(client, "{}")


def test_too_many_requests_are_told_to_wait(client):
    for _ in range(30):
        assert post(client, '{"text": ""}').status_code == 200

    response = post(client, '{"text": ""}')

    assert response.status_code == 429
    assert response["Content-Type"] == PROBLEM
    assert 0 < int(response["Retry-After"]) <= 60


def test_a_forged_header_does_not_lift_the_limit(client):
    for number in range(31):
        response = client.post(
            "/api/v1/check",
            '{"text": ""}',
            content_type="application/json",
            headers={"X-Forwarded-For": f"192.0.2.{number}"},
        )

    assert response.status_code == 429


def test_what_breaks_here_is_a_problem_document_too(client, monkeypatch, caplog):
    def broken(text: str) -> None:
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr(searching, "parse", lambda *args, **kwargs: broken(""))

    body = refused(client, "/api/v1/search?q=x", 500)

    assert "secret" not in body["detail"]
    assert "a secret of the house" in caplog.text


def test_nothing_sets_a_cookie(client):
    for path in ("substances/kratom", "docs", "openapi.json"):
        assert not client.get(f"/api/v1/{path}").cookies
