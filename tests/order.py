"""In which order modules are tested, so that two processes share the work well.

The first process makes the database with a long module before a browser; the other one
meanwhile tests what needs no database. Then come the other long ones; what is short
fills the end, so that no process waits for the last module of another.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

DATABASE = {"db", "transactional_db", "django_db_setup"}


def in_order(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Return the tests module by module; within one they keep their order."""
    modules: dict[str, list[pytest.Item]] = {}
    for item in items:
        modules.setdefault(item.nodeid.partition("::")[0], []).append(item)
    browser = {name for name in modules if name.startswith("tests/browser/")}
    free = {name for name in modules if not any(map(needs_database, modules[name]))}
    first = min(browser, default="")

    def place(name: str) -> tuple[int, int]:
        kind = (name == first, name in free, name in browser, True).index(True)
        return kind, -len(modules[name])

    return [item for name in sorted(modules, key=place) for item in modules[name]]


def needs_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return bool(item.get_closest_marker("django_db") or DATABASE & set(fixtures))
