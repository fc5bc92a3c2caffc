"""The dataset as schema.org sees it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from kb.linked_data.head import Head
from kb.linked_data.nodes import LICENCE_URL, absolute, node, publisher

MEDIA = {
    "kb.json": "application/json",
    "kb.jsonl": "application/x-ndjson",
    "schema.json": "application/schema+json",
}


def dataset(files: Iterable[tuple[str, str]], modified_at: datetime) -> Head:
    """files are (name under /export/, what it is)."""
    path = "/export/"
    it = node(
        "Dataset",
        name="Pharmakon: evidence, law and safety of what people take",
        description="Every published record of Pharmakon: substances, alkaloids,"
        " symptoms, evidence with its level, safety, law by region and day, claims and"
        " their sources.",
        url=absolute(path),
        dateModified=modified_at.date().isoformat(),
        inLanguage="en",
        license=LICENCE_URL,
        isAccessibleForFree=True,
        creator=publisher(),
        publisher=publisher(),
        distribution=[
            node(
                "DataDownload",
                name=about,
                contentUrl=absolute(f"{path}{name}"),
                encodingFormat=MEDIA[name],
            )
            for name, about in files
        ],
    )
    return Head(path=path, graph=[it], title="Open data · Pharmakon", is_record=False)
