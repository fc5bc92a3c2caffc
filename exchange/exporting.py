"""Exports the published knowledge base: same data, same bytes."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import orjson

from exchange.kinds import KINDS
from exchange.reading import FORMAT
from kb.choices import Retraction
from kb.kinds import Kind
from kb.schemas.base import Strict
from kb.schemas.references import references

HEADER = {
    "format": FORMAT,
    "title": "Pharmakon",
    "about": "Substances that people take: evidence, law and safety, with sources.",
    "licence": "CC-BY-4.0",
}
COMPACT = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE


def dump(record: Strict, *, without: Collection[str] = ()) -> dict[str, Any]:
    """Return a record as plain JSON values, every field written out."""
    return record.model_dump(mode="json", exclude=set(without) or None)


def all_records(*, curation: bool = False) -> dict[str, list[dict[str, Any]]]:
    """Return {"substances": [...], …}: all that is published, each list in a fixed order.

    What points to something unpublished is left out, and with it whatever cannot stand
    without: a fact whose source readers may not see is not told.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    known: dict[str, set[str]] = defaultdict(set)
    for kind in KINDS:
        if kind.is_public or curation:
            records = sorted(
                (kind.write(row) for row in kind.rows()), key=kind.identity
            )
            known[kind.name] = {kind.identity(record) for record in records}
            found[kind.plural] = [dump(record) for record in records]
    known["item"] = {
        item["key"]
        for record in found["evidence"]
        for item in record["items"]
        if item["source"] in known["source"]
    }
    for plural, rows in found.items():
        if plural != "curation":
            found[plural] = [row for row in rows if _prune(row, known)]
    _mark_retracted(found)
    return found


def _mark_retracted(found: dict[str, list[dict[str, Any]]]) -> None:
    """Note in each row which of the sources that it rests on were retracted."""
    retracted = {
        row["slug"]
        for row in found["sources"]
        if row["retraction"] == Retraction.RETRACTED
    }
    for rows in found.values():
        for row in rows:
            if "retracted_sources" in row:
                cited = {each.slug for each in references(row) if each.kind == "source"}
                row["retracted_sources"] = sorted(cited & retracted)


OPTIONAL = {"symptom", "parent", "inside_review", "duplicate_of"}
ABOUT_A_SYMPTOM = {"assessment", "evidence-search"}  # these cannot stand without one


def _prune(row: dict[str, Any], known: dict[str, set[str]]) -> bool:
    """Take out what points to nothing; return whether the row can stand without it."""
    if all(each.slug in known[each.kind] for each in references(row)):
        return True
    for name, value in row.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            row[name] = [each for each in value if _prune(each, known)]
        elif isinstance(value, list):
            gone = {
                each.slug if name != "subjects" else f"{each.kind}:{each.slug}"
                for each in references({name: value})
                if each.slug not in known[each.kind]
            }
            row[name] = [each for each in value if each not in gone]
        elif name == "symptom" and row.get("kind") in ABOUT_A_SYMPTOM:
            continue
        elif _is_optional(name, row) and any(
            each.slug not in known[each.kind] for each in references({name: value})
        ):
            row[name] = None
    is_whole = all(each.slug in known[each.kind] for each in references(row))
    needs_source = row.get("kind") == "safety-note"
    return is_whole and not (needs_source and not row["sources"])


def _is_optional(name: str, row: dict[str, Any]) -> bool:
    """Tell whether a row stands without this reference; a name does without a source."""
    return name in OPTIONAL or (name == "source" and "language" in row)


def as_document() -> bytes:
    """Return everything as one JSON object."""
    return orjson.dumps(
        {**HEADER, **all_records()}, option=COMPACT | orjson.OPT_INDENT_2
    )


def as_lines() -> Iterator[bytes]:
    """Yield a header line, then a record a line."""
    yield orjson.dumps(HEADER, option=COMPACT)
    for rows in all_records().values():
        for row in rows:
            yield orjson.dumps(row, option=COMPACT)


def export_to(path: str) -> None:
    """Write to a file; `.jsonl` gives lines, `.gz` compresses; it appears whole or not at all."""
    target = Path(path)
    name = target.name.removesuffix(".gz")
    body = b"".join(as_lines()) if name.endswith(".jsonl") else as_document()
    if target.name.endswith(".gz"):
        packed = io.BytesIO()
        with gzip.GzipFile(fileobj=packed, mode="wb", filename="", mtime=0) as file:
            file.write(body)
        body = packed.getvalue()
    draft = target.with_name(target.name + ".part")
    draft.write_bytes(body)
    draft.replace(target)


def export_folder(folder: Path) -> None:
    """Write the readable layout of `data/`: short files, what is at its default left out."""
    records = all_records(curation=True)
    folder.mkdir(parents=True, exist_ok=True)
    for kind in KINDS:
        rows = records[kind.plural]
        files = dict(_files(kind, rows))
        home = folder / kind.plural
        with tempfile.TemporaryDirectory(dir=folder) as made:
            for name, content in files.items():
                file = Path(made) / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(readable(content), encoding="utf-8")
            if kind.layout == "one":
                for name in files:
                    (Path(made) / name).replace(folder / name)
            else:
                shutil.rmtree(home, ignore_errors=True)
                if files:
                    (Path(made) / kind.plural).replace(home)
    (folder / "manifest.json").write_text(readable(HEADER), encoding="utf-8")


def _files(kind: Kind, rows: list[dict[str, Any]]) -> Iterator[tuple[str, Any]]:
    short = [shorten(kind, row) for row in rows]
    if kind.layout == "one":
        yield f"{kind.plural}.json", short
    elif kind.layout == "record":
        for row, content in zip(rows, short, strict=True):
            yield f"{kind.plural}/{row.get('slug') or row['id']}.json", content
    else:
        groups: dict[str, list[Any]] = defaultdict(list)
        for row, content in zip(rows, short, strict=True):
            groups[row["subject"].partition(":")[2]].append(content)
        for slug, contents in groups.items():
            yield f"{kind.plural}/{slug}.json", contents


def shorten(kind: Kind, row: dict[str, Any]) -> dict[str, Any]:
    """Return a record without what is computed and what is at its default."""
    record = kind.schema.model_validate(row)
    short = record.model_dump(
        mode="json", exclude_defaults=True, exclude=set(kind.computed)
    )
    return {**short, "kind": row["kind"]} if "kind" in row else short


def readable(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
