"""A backup brings back what was there, with a real PostgreSQL."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = os.environ.get("DATABASE_URL", "")

pytestmark = pytest.mark.skipif(
    not ADDRESS.startswith("postgres") or shutil.which("pg_dump") is None,
    reason="make test-services runs this on a real PostgreSQL",
)


@pytest.fixture
def database() -> Iterator[str]:
    """The address of a database of its own, with one row in it."""
    name = f"backup_{os.getpid()}"
    with psycopg.connect(ADDRESS, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        address = f"{ADDRESS.rsplit('/', 1)[0]}/{name}"
        with psycopg.connect(address) as made:
            made.execute("CREATE TABLE words (word text)")
            made.execute("INSERT INTO words VALUES ('before')")
        yield address
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def words_in(address: str) -> list[str]:
    with psycopg.connect(address) as database:
        return [word for (word,) in database.execute("SELECT word FROM words")]


def run(folder: Path, script: str, argument: Path, address: str) -> str:
    done = subprocess.run(
        ["sh", f"deploy/{script}", str(argument)],
        cwd=folder,
        env={**os.environ, "DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_what_was_backed_up_is_there_again(database: str, tmp_path: Path) -> None:
    house = tmp_path / "house"
    shutil.copytree(ROOT / "deploy", house / "deploy")
    made = run(house, "backup.sh", tmp_path / "backups", database)
    with psycopg.connect(database) as later:
        later.execute("UPDATE words SET word = 'after'")
        # As an upgrade would make it, that is gone back from.
        later.execute("CREATE TABLE newer (word text)")

    run(house, "restore.sh", Path(made), database)

    assert words_in(database) == ["before"]
    with psycopg.connect(database) as now:
        assert now.execute("SELECT to_regclass('newer')").fetchone() == (None,)
