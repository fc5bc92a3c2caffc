"""What tests of importing share."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

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
