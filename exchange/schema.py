"""The JSON Schema (2020-12) of the whole export, from the schema classes themselves."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from pydantic.json_schema import models_json_schema

from exchange.exporting import HEADER
from exchange.kinds import KINDS

DIALECT = "https://json-schema.org/draft/2020-12/schema"


@cache
def export_schema() -> dict[str, Any]:
    """Return what `/export/kb.json` keeps to: every field of every record is there."""
    kinds = [kind for kind in KINDS if kind.is_public]
    places, described = models_json_schema(
        [(kind.schema, "serialization") for kind in kinds],
        ref_template="#/$defs/{model}",
    )
    for shape in described["$defs"].values():
        if "properties" in shape:
            shape["required"] = sorted(shape["properties"])
    lists = {
        kind.plural: {
            "type": "array",
            "items": places[kind.schema, "serialization"],
        }
        for kind in kinds
    }
    header = {
        name: {"const": value} if name == "format" else {"type": "string"}
        for name, value in HEADER.items()
    }
    return {
        "$schema": DIALECT,
        "$id": f"{settings.SITE_URL}/export/schema.json",
        "title": "Pharmakon: the whole knowledge base",
        "description": "In kb.jsonl the header is the first line, each record one more.",
        "type": "object",
        "properties": {**header, **lists},
        "required": [*header, *lists],
        "additionalProperties": False,
        "$defs": described["$defs"],
    }
