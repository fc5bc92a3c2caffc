"""Every command, variable and parameter is named in the documents."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from kb.choices import Level, Status
from search import page, query

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("config", "exchange", "search", "articles", "kb", "deploy")


def documents() -> dict[str, str]:
    files = [*sorted((ROOT / "docs").glob("*.md")), *sorted(ROOT.glob("*.md"))]
    return {
        str(file.relative_to(ROOT)): file.read_text(encoding="utf-8") for file in files
    }


def assert_named(words: set[str], what: str) -> None:
    """Fail with every word that no document names."""
    whole = "\n".join(documents().values())
    missing = sorted(
        word
        for word in words
        if not re.search(rf"(?<![\w-]){re.escape(word)}\b", whole)
    )
    assert not missing, f"{what} that neither docs/ nor README.md names: {missing}"


def commands() -> set[str]:
    return {
        file.stem
        for room in ROOMS
        for file in (ROOT / room).glob("management/commands/*.py")
        if file.stem != "__init__"
    }


def options() -> set[str]:
    """Return each option of our commands: "--dry-run"."""
    found = set()
    for room in ROOMS:
        for file in (ROOT / room).glob("management/commands/*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.update(re.findall(r"^--[a-z-]+$", node.value))
    return found


def variables() -> set[str]:
    """Return each variable that settings and deployment read from the environment."""
    found = set()
    for room in ("config", "deploy"):
        for file in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if not (isinstance(node, ast.Call) and node.args):
                    continue
                first, called = node.args[0], ast.unparse(node.func)
                reads = called == "env" or called.startswith("env.")
                reads = reads or called in (
                    "os.environ.get",
                    "os.getenv",
                    "environ.get",
                )
                if reads and isinstance(first, ast.Constant):
                    found.add(str(first.value))
    return found


def test_there_are_the_documents_that_the_house_promises():
    there = documents()

    for name in (
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "docs/data-format.md",
        "docs/method.md",
        "docs/search.md",
        "docs/operations.md",
        "docs/decisions.md",
    ):
        assert name in there, f"{name} is not there"


def test_the_readers_of_this_file_find_something():
    assert {"import", "export", "search_index"} <= commands()
    assert {"DATABASE_URL", "SEARCH_URL", "SECRET_KEY"} <= variables()
    assert "--dry-run" in options()


def test_every_command_is_described():
    assert_named(commands(), "Commands")


def test_every_option_of_a_command_is_described():
    whole = "\n".join(documents().values())
    missing = sorted(option for option in options() if option not in whole)
    assert not missing, f"Options that no document names: {missing}"


def test_every_make_target_is_described():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    targets -= {"environment", "environment-dev", "help"}

    assert_named({f"make {target}" for target in targets}, "Targets")


def test_every_environment_variable_is_described():
    assert_named(variables(), "Environment variables")


def test_every_search_parameter_is_described():
    parameters = {*page.FILTERS, "q", "page"}
    text = documents().get("docs/search.md", "")

    missing = sorted(each for each in parameters if f"`{each}`" not in text)
    assert not missing, (
        f"Search parameters that docs/search.md does not name: {missing}"
    )


def test_every_filter_within_a_query_is_described():
    text = documents().get("docs/search.md", "")

    missing = sorted(each for each in query._FIELDS if f"`{each}:" not in text)
    assert not missing, f"Filters that docs/search.md does not name: {missing}"


@pytest.mark.parametrize("vocabulary", [Level, Status], ids=lambda v: v.__name__)
def test_every_level_and_status_is_explained_in_the_method(vocabulary):
    text = documents().get("docs/method.md", "")

    missing = [
        word.value
        for word in vocabulary
        if word not in text and str(word.label).lower() not in text.lower()
    ]
    assert not missing, f"docs/method.md does not explain: {missing}"


def test_every_field_of_every_record_is_explained():
    from exchange.kinds import KINDS

    text = documents().get("docs/data-format.md", "")
    missing = sorted(
        f"{kind.name}.{field}"
        for kind in KINDS
        for field in kind.schema.model_fields
        if not re.search(rf"`[^`\n]*\b{field}\b[^`\n]*`", text)
    )
    assert not missing, f"docs/data-format.md does not name: {missing}"


def test_every_file_that_the_documents_link_to_is_there():
    broken = []
    for name, text in documents().items():
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
            is_file = not re.match(r"[a-z]+:|/", target)
            if is_file and not ((ROOT / name).parent / target).exists():
                broken.append(f"{name}: {target}")
    assert not broken, "\n".join(broken)
