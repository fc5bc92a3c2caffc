"""An engine of its own for each test; the same tests run against every engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from search.engine import Engine
from search.engine.whoosh import WhooshEngine
from tests.search.examples import ALL


@pytest.fixture(params=["whoosh"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    assert request.param == "whoosh"
    made = WhooshEngine(tmp_path / "index", lock_wait_s=5)
    yield made
    made.close()


@pytest.fixture
def filled(engine: Engine) -> Engine:
    engine.rebuild(ALL)
    return engine


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    made = WhooshEngine(tmp_path_factory.mktemp("shared") / "index")
    made.rebuild(ALL)
    yield made
    made.close()
