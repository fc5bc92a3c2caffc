"""Imports go one way: config → exchange → search → articles → kb."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# A room may import what stands right of it.
ROOMS = ("config", "exchange", "search", "articles", "kb")
WORDS = "django.utils.translation."
ENGINES = {"whoosh": "whoosh", "opensearchpy": "opensearch"}


def modules(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


@cache
def imported(file: Path) -> list[tuple[int, str]]:
    """Return line and full name of everything a module imports, wherever it does so."""
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(node.lineno, name.name) for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno}: a relative import"
            found += [
                (node.lineno, f"{node.module}.{name.name}") for name in node.names
            ]
    return found


def all_imports(*rooms: str) -> Iterator[tuple[Path, int, str]]:
    for room in rooms:
        for file in modules(room):
            for line, name in imported(file):
                yield file.relative_to(ROOT), line, name


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_stands_right_of_it(room):
    left = ROOMS[: ROOMS.index(room)]
    wrong = [
        f"{file}:{line}: {name}"
        for file, line, name in all_imports(room)
        if name.partition(".")[0] in left
    ]

    assert not wrong, "\n".join(wrong)


def test_nothing_imports_tests_or_benchmarks():
    wrong = [
        f"{file}:{line}: {name}"
        for file, line, name in all_imports(*ROOMS, "deploy")
        if name.partition(".")[0] in ("tests", "bench")
    ]

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("library", ENGINES)
def test_a_search_library_is_imported_by_its_engine_alone(library):
    home = Path("search", "engine")
    compared = Path("bench", "peers.py")  # Whoosh as others use it, beside ours
    wrong = [
        f"{file}:{line}: {name}"
        for file, line, name in all_imports(*ROOMS, "bench", "deploy")
        if name.partition(".")[0] == library
        and file != compared
        and not (file.parent == home and file.name.startswith(ENGINES[library]))
    ]

    assert not wrong, "\n".join(wrong)


def test_nobody_outside_the_engines_knows_which_one_is_there():
    wrong = [
        f"{file}:{line}: {name}"
        for file, line, name in all_imports(*ROOMS)
        if name.startswith("search.engine.whoosh")
        and not str(file).startswith("search/engine/")
    ]

    assert not wrong, "\n".join(wrong)


def test_an_engine_knows_no_model_no_request_and_no_page():
    wrong = [
        f"{file}:{line}: {name}"
        for file, line, name in all_imports("search")
        if str(file).startswith("search/engine/")
        and name.startswith(
            ("kb.models", "articles", "django.http", "django.shortcuts")
        )
    ]

    assert not wrong, "\n".join(wrong)


RULES = [
    path
    for room in ("kb/grading", "kb/regulation")
    for path in sorted((ROOT / room).glob("*.py"))
]


@pytest.mark.parametrize("rule", RULES, ids=lambda path: path.stem)
def test_a_rule_is_plain_and_asks_no_database(rule):
    names = [name for _, name in imported(rule)]

    # The words of a language ask nothing either.
    names = [name for name in names if not name.startswith(WORDS)]
    assert not [name for name in names if name.startswith(("django", "kb.models"))]


def test_chemistry_is_imported_only_where_it_is_done():
    wrong = [
        f"{file}:{line}: {name}"
        for file, line, name in all_imports(*ROOMS)
        if name.partition(".")[0] == "rdkit" and file != Path("kb/structures.py")
    ]

    assert not wrong, "\n".join(wrong)


def test_views_and_templates_make_no_query_of_their_own_language():
    """SQL stands nowhere but where a rule needs it and says so."""
    raw = [
        f"{file.relative_to(ROOT)}"
        for room in ROOMS
        for file in modules(room)
        if "/migrations/" not in str(file)
        and ".raw(" in file.read_text(encoding="utf-8")
    ]

    assert not raw, raw
