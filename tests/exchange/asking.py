"""Asks the API as a program would; what it refuses is a problem document."""

from __future__ import annotations

from typing import Any

from django.test import Client

from search.engine import SearchUnavailable

PROBLEM = "application/problem+json"


def get(client: Client, path: str) -> Any:
    response = client.get(path)
    assert response.status_code == 200, response.content
    return response.json()


def post(client: Client, body: str | bytes) -> Any:
    return client.post("/api/v1/check", body, content_type="application/json")


def refused(client: Client, path: str, status: int) -> Any:
    response = client.get(path)
    assert response.status_code == status, response.content
    assert response["Content-Type"] == PROBLEM
    body = response.json()
    assert body["status"] == status
    assert {"type", "title", "detail", "errors"} <= body.keys()
    return body


class NoEngine:
    def search(self, query: object) -> None:
        raise SearchUnavailable("/srv/index is gone")

    def is_ready(self) -> bool:
        return False
