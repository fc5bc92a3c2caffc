"""Checking a text through the API."""

from __future__ import annotations

import json

import pytest

from exchange.api import checking
from tests.exchange.asking import PROBLEM, post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def test_a_text_is_checked(client, settings):
    text = "Kratom halves withdrawal."

    response = post(client, json.dumps({"text": text}))

    assert response.status_code == 200
    checking.CheckReply.model_validate(response.json())
    (sentence,) = response.json()["sentences"]
    assert text[sentence["start"] : sentence["end"]] == sentence["text"]
    assert sentence["records"][0]["slug"] == "kratom"
    for claim in sentence["claims"]:
        assert claim["url"].startswith(settings.SITE_URL)


@pytest.mark.parametrize("body", ["hello", "[]", "{}", '{"text": 3}', "", b"\xff"])
def test_what_is_no_text_is_refused(client, body):
    response = post(client, body)

    assert response.status_code == 400
    assert response["Content-Type"] == PROBLEM
    assert response.json()["errors"]


@pytest.mark.parametrize("length", [102_401, 700_000, 11_000_000])
def test_a_text_that_is_too_long_is_refused(client, length):
    response = post(client, json.dumps({"text": "a" * length}))

    assert response.status_code == 413
    assert response["Content-Type"] == PROBLEM
