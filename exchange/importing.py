"""Imports an export: everything is checked first, then all of it is saved, or nothing."""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from pydantic import ValidationError as SchemaError

from exchange.exporting import dump
from exchange.kinds import BY_NAME, KINDS
from exchange.reading import Entry
from kb import evidence, structures, trees, version
from kb.kinds import FACT_LISTS, Kind
from kb.models import (
    Activity,
    EvidenceItem,
    ExternalId,
    Occurrence,
    Pharmacokinetic,
    Region,
    Synonym,
    Variety,
)
from kb.schemas.base import SHAPES, Strict
from kb.schemas.lookup import Lookup
from kb.schemas.references import references
from search import freshness


class ImportRefused(Exception):
    """Nothing was written; `errors` says what is wrong, each with its place."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__(f"{len(errors)} errors")
        self.errors = errors


@dataclass
class Report:
    """How many records of each kind were created, changed or left as they were."""

    created: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def lines(self) -> Iterable[str]:
        for kind in KINDS:
            counts = [
                f"{tally[kind.name]} {word}"
                for word, tally in (
                    ("created", self.created),
                    ("changed", self.changed),
                    ("unchanged", self.unchanged),
                )
                if tally[kind.name]
            ]
            if counts:
                yield f"{kind.plural}: {', '.join(counts)}"


@dataclass(frozen=True, slots=True)
class Row:
    entry: Entry
    kind: Kind
    record: Strict
    content: dict[str, Any]  # as dumped by its schema, without what is computed


NESTED: dict[str, type[models.Model]] = {
    "items": EvidenceItem,
    "contains": Occurrence,
    "activities": Activity,
    "pharmacokinetics": Pharmacokinetic,
    "varieties": Variety,
    "synonyms": Synonym,
    "external_ids": ExternalId,
}


class _DryRun(Exception):
    """Rolls the transaction back."""


def import_entries(entries: list[Entry], *, dry_run: bool = False) -> Report:
    """Save all entries. Raises ImportRefused with every error found, nothing written."""
    rows = _checked(entries)
    report = Report()
    try:
        with transaction.atomic(), version.counting_once(), freshness.noting_once():
            with evidence.recomputing_once():
                _save_all(rows, report)
            report.notes += _level_notes(rows)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return report


def _checked(entries: list[Entry]) -> list[Row]:
    errors: list[str] = []
    rows: list[Row] = []
    broken: set[tuple[str, str]] = set()
    for entry in entries:
        kind = BY_NAME[entry.kind]
        try:
            record = kind.schema.model_validate(entry.content)
        except SchemaError as error:
            errors.extend(_explain(entry.place, kind, error))
            broken.update(_claimed_names(entry))
            continue
        rows.append(Row(entry, kind, record, dump(record, without=kind.computed)))
    errors.extend(_twins(rows))
    errors.extend(_dangling(rows, broken))
    errors.extend(_too_long(rows))
    errors.extend(_structures(rows))
    errors.extend(_cycles(rows))
    if errors:
        raise ImportRefused(errors)
    order = {kind.name: number for number, kind in enumerate(KINDS)}
    return _parents_first(sorted(rows, key=lambda row: order[row.kind.name]))


def _explain(place: str, kind: Kind, error: SchemaError) -> Iterable[str]:
    """Turn pydantic's errors into "place: field: what is wrong; what it takes"."""
    for problem in error.errors():
        where = ""
        for step in problem["loc"]:
            where += (
                f"[{step}]"
                if isinstance(step, int)
                else f".{step}"
                if where
                else str(step)
            )
        given = problem.get("input")
        shown = (
            f" (got {given!r})" if isinstance(given, str | int | float | bool) else ""
        )
        message = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "extra_forbidden":
            name = str(problem["loc"][-1])
            known = _known_fields(kind, problem["loc"])
            near = difflib.get_close_matches(name, known, 1)
            message = f"{name!r} is no field here"
            message += f"; did you mean {near[0]!r}?" if near else ""
            shown = ""
        elif problem["type"] == "missing":
            message, shown = "is missing", ""
        elif problem["type"] == "enum" and isinstance(given, str):
            options = problem["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
            near = difflib.get_close_matches(given, options.split(", "), 1)
            message = f"{given!r} is not one of: {options}"
            message += f"; did you mean {near[0]!r}?" if near else ""
            shown = ""
        elif problem["type"] == "string_pattern_mismatch":
            message = f"{given!r} is not {SHAPES[problem['ctx']['pattern']]}"
            shown = ""
        elif problem["type"] == "string_too_short":
            message, shown = "is empty", ""
        yield f"{place}: {where + ': ' if where else ''}{message}{shown}"


def _known_fields(kind: Kind, path: tuple[int | str, ...]) -> list[str]:
    """Return the fields of the object that a path leads into."""
    schema = kind.schema.model_json_schema()
    node = schema
    for step in path[:-1]:
        node = (
            node.get("items", {}) if isinstance(step, int) else node["properties"][step]
        )
        for option in (node, *node.get("anyOf", [])):
            if "$ref" in option:
                node = schema["$defs"][option["$ref"].rsplit("/", 1)[1]]
    return list(node.get("properties", {}))


def _twins(rows: list[Row]) -> Iterable[str]:
    """Find one identity, DOI, PMID or fact key given to two."""
    seen: dict[tuple[str, str], str] = {}
    for row in rows:
        names = [(f"the same {row.kind.name}", row.kind.identity(row.record))]
        names += [
            (name.upper(), row.content[name])
            for name in ("doi", "pmid")
            if row.content.get(name)
        ]
        for part in FACT_LISTS:
            names += [
                (f"the key of {part}", each["key"])
                for each in row.content.get(part, [])
            ]
        for name in names:
            if name in seen:
                yield f"{row.entry.place}: {name[0]} ({name[1]}) stands in {seen[name]} too"
            seen.setdefault(name, row.entry.place)


def _claimed_names(entry: Entry) -> Iterable[tuple[str, str]]:
    """Yield what a broken record would have been called: others may rightly point to it."""
    for name in ("slug", "code", "id"):
        if isinstance(entry.content.get(name), str):
            yield entry.kind, entry.content[name]
    items = entry.content.get("items")
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict) and isinstance(item.get("key"), str):
            yield "item", item["key"]


def _too_long(rows: list[Row]) -> Iterable[str]:
    """Find texts that are longer than the database keeps."""
    for row in rows:
        model = row.kind.rows().model
        yield from _longer_than(model, row.content, f"{row.entry.place}: ")
        for part, nested in NESTED.items():
            for number, each in enumerate(row.content.get(part) or ()):
                yield from _longer_than(
                    nested, each, f"{row.entry.place}: {part}[{number}]."
                )


def _longer_than(
    model: type[models.Model], content: dict[str, Any], place: str
) -> Iterable[str]:
    limits = {field.name: field.max_length for field in model._meta.fields}
    for name, value in content.items():
        limit = limits.get(name)
        if isinstance(value, str) and limit and len(value) > limit:
            yield f"{place}{name}: {len(value)} characters; at most {limit} are kept"


def _dangling(rows: list[Row], broken: set[tuple[str, str]]) -> Iterable[str]:
    """Find references to what is neither in the file nor in the database."""
    lookup = Lookup()
    given: dict[str, set[str]] = defaultdict(set)
    for kind, name in broken:
        given[kind].add(name)
    for row in rows:
        given[row.kind.name].add(row.kind.identity(row.record))
        given["item"].update(each["key"] for each in row.content.get("items", []))
    for row in rows:
        for reference in references(row.content):
            if reference.slug in given[reference.kind]:
                continue
            known = lookup.of_kind(reference.kind)
            if reference.slug not in known:
                near = difflib.get_close_matches(
                    reference.slug, given[reference.kind] | known.keys(), 1
                )
                hint = f"; did you mean {near[0]!r}?" if near else ""
                yield (
                    f"{row.entry.place}: {reference.place}: there is no {reference.kind}"
                    f" {reference.slug!r}{hint}"
                )


def _structures(rows: list[Row]) -> Iterable[str]:
    """Find structures that are none, or that disagree with what is stated beside them."""
    for row in rows:
        if row.kind.name != "alkaloid":
            continue
        stated = row.content
        try:
            found = structures.read_structure(stated["smiles"])
        except structures.BadStructure as error:
            yield f"{row.entry.place}: smiles: {error}"
            continue
        for name in ("inchikey", "formula"):
            computed = getattr(found, name)
            if stated[name] and stated[name] != computed:
                yield (
                    f"{row.entry.place}: {name}: {stated[name]!r}, but the SMILES gives"
                    f" {computed!r}"
                )
        mass = stated["molar_mass"]
        if mass is not None and abs(mass - found.molar_mass) > 0.02:
            yield (
                f"{row.entry.place}: molar_mass: {mass}, but the SMILES gives"
                f" {found.molar_mass} g/mol"
            )


def _cycles(rows: list[Row]) -> Iterable[str]:
    parents: dict[str, str | None] = {}
    if any(row.kind.name == "region" for row in rows):
        parents = dict(Region.objects.values_list("code", "parent__code"))
    parents |= {
        row.content["code"]: row.content["parent"]
        for row in rows
        if row.kind.name == "region"
    }
    for row in rows:
        if row.kind.name != "region":
            continue
        if way := trees.circle(row.content["code"], parents):
            yield f"{row.entry.place}: parent: {' → '.join(way)} is a circle"


def _parents_first(rows: list[Row]) -> list[Row]:
    """Put regions so that each comes after the one it lies in."""
    parents = {
        row.content["code"]: row.content["parent"]
        for row in rows
        if row.kind.name == "region"
    }

    def key(row: Row) -> int:
        if row.kind.name != "region":
            return 0
        return trees.depth(row.content["code"], parents)

    order = {kind.name: number for number, kind in enumerate(KINDS)}
    return sorted(rows, key=lambda row: (order[row.kind.name], key(row)))


def _save_all(rows: list[Row], report: Report) -> None:
    lookup = Lookup()
    present = {
        kind.name: _present(kind)
        for kind in {row.kind.name: row.kind for row in rows}.values()
    }
    touched: list[Row] = []
    errors: list[str] = []
    for row in rows:
        before = present[row.kind.name].get(row.kind.identity(row.record))
        if before == _comparable(row):
            report.unchanged[row.kind.name] += 1
            continue
        try:
            with transaction.atomic():
                row.kind.save(row.record, lookup)
        except (IntegrityError, ValidationError) as error:
            errors.append(f"{row.entry.place}: the database refuses it: {error}")
            continue
        except KeyError:
            if not errors:
                raise
            continue  # it points to one that was just refused
        touched.append(row)
        tally = report.created if before is None else report.changed
        tally[row.kind.name] += 1
    if errors:
        raise ImportRefused(errors)
    for row in touched:
        if row.kind.link:
            row.kind.link(row.record, lookup)


def _present(kind: Kind) -> dict[str, dict[str, Any]]:
    """Return what is in the database now, whatever its state, as it would be exported."""
    found: dict[str, dict[str, Any]] = {}
    for row in kind.all_rows():
        record = kind.write(row)
        found[kind.identity(record)] = kind.comparable(dump(record))
    return found


def _comparable(row: Row) -> dict[str, Any]:
    return row.kind.comparable(row.content)


def _level_notes(rows: list[Row]) -> list[str]:
    """Say where the rule gives another level than the file states."""
    kind = BY_NAME["assessment"]
    stated = {
        kind.identity(row.record): row
        for row in rows
        if row.kind is kind and row.record.level is not None  # type: ignore[attr-defined]
    }
    if not stated:
        return []
    notes = []
    for assessment in kind.rows():
        record = kind.write(assessment)
        row = stated.get(kind.identity(record))
        if row is not None and row.record.level != record.level:  # type: ignore[attr-defined]
            notes.append(
                f"{row.entry.place}: level: the file says"
                f" {row.record.level}; by the rule it is {record.level}"  # type: ignore[attr-defined]
            )
    return notes
