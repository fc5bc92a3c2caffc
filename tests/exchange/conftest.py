"""What tests of importing and of the API share."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from search import upkeep
from tests.exchange import made_world
from tests.exchange.import_files import Outcome, run


@pytest.fixture
def bring(tmp_path: Path) -> Callable[..., Outcome]:
    """Import a document that is written to a file first."""

    def bring(content: Any, name: str = "kb.json", **options: Any) -> Outcome:
        path = tmp_path / name
        if not isinstance(content, str | bytes):
            content = json.dumps(content)
        if isinstance(content, str):
            content = content.encode()
        path.write_bytes(content)
        return run(path, **options)

    return bring


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A small knowledge base with something of every kind in it, for a module."""
    with django_db_blocker.unblock(), made_world():
        yield


@pytest.fixture
def searchable(world: None, db: None) -> None:
    upkeep.rebuild()
