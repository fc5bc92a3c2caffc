"""The dataset as schema.org sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from kb.linked_data import pages
from kb.linked_data.head import Head
from kb.linked_data.nodes import LICENCE_URL, absolute, node, publisher

MEDIA = {
    "kb.json": "application/json",
    "kb.jsonl": "application/x-ndjson",
    "schema.json": "application/schema+json",
}


def dataset(files: Iterable[Mapping[str, Any]], modified_at: datetime) -> Head:
    """Return the head of the export.

    files are {"name": "kb.json", "about": "…", "size": 1024, "sha256": "…"}.
    """
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
        includedInDataCatalog=node(
            "DataCatalog", name="Pharmakon", url=absolute("/api/v1/docs")
        ),
        distribution=[
            node(
                "DataDownload",
                name=each["about"],
                contentUrl=absolute(f"{path}{each['name']}"),
                encodingFormat=MEDIA[each["name"]],
                contentSize=f"{each['size']} B",
                sha256=each["sha256"],
            )
            for each in files
        ],
    )
    it["@id"] = f"{absolute(path)}#data"
    page = pages.page(path, "Open data", main={"@id": it["@id"]}).graph
    return Head(
        path=path, graph=[*page, it], title="Open data · Pharmakon", is_record=False
    )
