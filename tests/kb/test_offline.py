"""What a browser needs to keep entries for when there is no connection."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import make

pytestmark = pytest.mark.django_db


def test_the_worker_is_served_from_the_root_and_asked_for_at_each_visit(
    client: Client,
) -> None:
    response = client.get("/service-worker.js")

    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Cache-Control"] == "no-cache"
    assert b'addEventListener("fetch"' in response.content


def test_every_public_page_asks_the_worker_to_keep_it(client: Client) -> None:
    make.substance(slug="kratom", name="Kratom")

    text = client.get("/substances/kratom/").content.decode()

    assert "js/offline.js" in text


def test_a_safety_card_runs_no_script_to_be_kept(client: Client) -> None:
    make.substance(slug="kratom", name="Kratom")

    text = client.get("/substances/kratom/card/").content.decode()

    assert "<script" not in text


def test_the_page_without_a_connection_says_what_is_kept_and_what_is_not(
    client: Client,
) -> None:
    text = client.get("/offline/").content.decode()

    assert "What is kept, and what is not" in text
    assert "The list is made in your browser" in text
