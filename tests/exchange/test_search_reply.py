"""What the search API sends is what its description says, whatever was asked."""

from __future__ import annotations

import pytest

from exchange.api.shapes import SearchReply

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]


@pytest.mark.parametrize(
    "query",
    [
        "q=kratom+withdrawal",  # with an answer
        "q=kratom+legal+ohio",
        "q=mitragynin",  # with another spelling
        "q=fentanyl",  # with related records
        "q=&region=US-AL&status=controlled",
        "q=zzzzzzzz",
    ],
)
def test_every_reply_has_the_shape_that_is_described(client, query):
    reply = client.get(f"/api/v1/search?{query}")

    assert reply["Content-Type"] == "application/json; charset=utf-8"
    found = SearchReply.model_validate_json(reply.content, strict=True)
    assert found.model_dump(mode="json") == reply.json()
