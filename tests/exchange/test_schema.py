"""The JSON Schema of the export: a schema itself, and the shipped dataset keeps to it."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from exchange import exporting
from exchange.schema import export_schema

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    return Draft202012Validator(export_schema())


@pytest.fixture(scope="module")
def document(shipped: object, django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock():
        return json.loads(exporting.as_document())


def test_it_is_a_schema_of_2020_12(client):
    served = client.get("/export/schema.json")

    schema = json.loads(served.content)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"].endswith("/export/schema.json")
    Draft202012Validator.check_schema(schema)


def test_the_whole_export_keeps_to_it(validator, document):
    assert document["substances"]
    assert [error.message for error in validator.iter_errors(document)] == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda document: document.pop("licence"),
        lambda document: document.pop("sources"),
        lambda document: document.update(surprise=[]),
        lambda document: document.update(format=2),
        lambda document: document["substances"][0].pop("summary"),
        lambda document: document["substances"][0].update(colour="green"),
        lambda document: document["regulation"][0].update(status="legal"),
        lambda document: document["regulation"][0].update(since="May 2016"),
        lambda document: document["evidence"][0]["items"][0].update(n="many"),
        lambda document: document["sources"][0].update(kind="substance"),
    ],
)
def test_what_is_no_export_does_not_keep_to_it(validator, document, spoil):
    spoilt = copy.deepcopy(document)

    spoil(spoilt)

    assert not validator.is_valid(spoilt)
