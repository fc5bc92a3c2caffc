"""Reads a file or folder of records into entries, each with its place; judges nothing."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from exchange.kinds import BY_NAME, BY_PLURAL

FORMAT = 1
HEADER = {"format", "licence", "title", "about"}
LARGEST_BYTES = 512 * 1024 * 1024


class Entry(NamedTuple):
    place: str  # "substances/kratom.json" or "substances[3]" or "line 7"
    kind: str  # "substance"
    content: dict[str, Any]


class Unreadable(Exception):
    """What was given is no export at all; each message says what and where."""

    def __init__(self, *errors: str) -> None:
        super().__init__("\n".join(errors))
        self.errors = list(errors)


def read(path: str) -> list[Entry]:
    """Return all entries of a `.json`, `.jsonl` (either `.gz`), a folder, or `-`.

    Raises Unreadable with every file that is not JSON or not of the expected shape.
    """
    if path == "-":
        return list(_read_text(sys.stdin.read(), "standard input", is_lines=None))
    where = Path(path)
    if where.is_dir():
        return _read_folder(where)
    if not where.exists():
        raise Unreadable(f"{path}: no such file or folder")
    name = where.name.removesuffix(".gz")
    return list(
        _read_text(_text_of(where), where.name, is_lines=name.endswith(".jsonl"))
    )


def _text_of(file: Path) -> str:
    try:
        raw = file.read_bytes()
        if raw[:2] == b"\x1f\x8b":
            with gzip.open(file) as unpacked:
                raw = unpacked.read(LARGEST_BYTES + 1)
        if len(raw) > LARGEST_BYTES:
            raise Unreadable(f"{file.name}: larger than {LARGEST_BYTES >> 20} MiB")
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"{file.name}: byte {error.start}: not UTF-8 text") from error
    except (OSError, EOFError) as error:
        raise Unreadable(f"{file.name}: cannot be read: {error}") from error


def _json(text: str, place: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_no_twins)
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"{place}: line {error.lineno}, column {error.colno}: not JSON: {error.msg}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{place}: {error}") from error


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object with the same key twice: one of the two would be lost."""
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twin = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twin!r} stands twice in one object")
    return found


def _read_text(text: str, place: str, *, is_lines: bool | None) -> Iterator[Entry]:
    if is_lines is None:
        is_lines = _looks_like_lines(text)
    if is_lines:
        yield from _read_lines(text, place)
    else:
        yield from _read_document(_json(text, place), place)


def _looks_like_lines(text: str) -> bool:
    """Tell whether each line is an object of its own, the first one whole at its end."""
    first, _, rest = text.lstrip().partition("\n")
    try:
        return isinstance(json.loads(first), dict) and bool(rest.strip())
    except ValueError:
        return False


def _read_lines(text: str, place: str) -> Iterator[Entry]:
    errors: list[str] = []
    entries: list[Entry] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        here = f"{place}: line {number}"
        try:
            content = _json(line, here)
            if isinstance(content, dict) and "format" in content:
                _check_format(content, here)
                continue
            entries.append(_entry(content, here))
        except Unreadable as error:
            errors.extend(error.errors)
    if errors:
        raise Unreadable(*errors)
    yield from entries


def _read_document(document: Any, place: str) -> Iterator[Entry]:
    if not isinstance(document, dict):
        raise Unreadable(f"{place}: expected an object with the lists of an export")
    _check_format(document, place)
    errors: list[str] = []
    entries: list[Entry] = []
    for key, rows in document.items():
        if key in HEADER:
            continue
        if key not in BY_PLURAL:
            errors.append(
                f"{place}: {key!r} is no list of an export ({', '.join(BY_PLURAL)})"
            )
        elif not isinstance(rows, list):
            errors.append(f"{place}: {key}: expected a list")
        else:
            for number, content in enumerate(rows):
                here = f"{place}: {key}[{number}]"
                if isinstance(content, dict):
                    entries.append(Entry(here, BY_PLURAL[key].name, content))
                else:
                    errors.append(f"{here}: expected an object")
    if errors:
        raise Unreadable(*errors)
    yield from entries


def _check_format(header: dict[str, Any], place: str) -> None:
    if header.get("format") != FORMAT:
        raise Unreadable(
            f"{place}: format: {header.get('format')!r}; this version reads format {FORMAT}"
        )


def _entry(content: Any, place: str, kind: str | None = None) -> Entry:
    if not isinstance(content, dict):
        raise Unreadable(f"{place}: expected an object")
    named = content.get("kind", kind)
    if named not in BY_NAME:
        raise Unreadable(
            f"{place}: kind: {named!r}; expected one of {', '.join(BY_NAME)}"
        )
    return Entry(place, named, content)


def _read_folder(folder: Path) -> list[Entry]:
    entries: list[Entry] = []
    errors: list[str] = []
    for file in sorted(folder.rglob("*.json")):
        relative = file.relative_to(folder)
        place = relative.as_posix()
        top = relative.parts[0].removesuffix(".json")
        if top == "manifest":
            continue
        if top not in BY_PLURAL:
            errors.append(f"{place}: no kind of record is kept here")
            continue
        kind = BY_PLURAL[top].name
        try:
            content = _json(_text_of(file), place)
            if isinstance(content, list):
                entries.extend(
                    _entry(each, f"{place}[{number}]", kind)
                    for number, each in enumerate(content)
                )
            else:
                entries.append(_entry(content, place, kind))
        except Unreadable as error:
            errors.extend(error.errors)
    if not entries and not errors:
        errors.append(f"{folder}: no records found")
    if errors:
        raise Unreadable(*errors)
    return entries
