"""A backup brings back what was there, with SQLite; tests/services does PostgreSQL."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "deploy"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A folder that looks like an installed site, with one row in its database."""
    folder = tmp_path / "house"
    (folder / "deploy").mkdir(parents=True)
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / "var" / "dataset").mkdir(parents=True)
    for name in ("backup.sh", "restore.sh", "site-environment.sh"):
        shutil.copy(SCRIPTS / name, folder / "deploy")
    (folder / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (folder / "var" / "secret-key").write_text("a secret")
    (folder / "var" / "dataset" / "stamp.json").write_text("{}")
    write(folder, "before")
    return folder


def run(house: Path, script: str, argument: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", f"deploy/{script}", str(argument)],
        cwd=house,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def write(house: Path, word: str) -> None:
    database = sqlite3.connect(house / "var" / "db.sqlite3")
    with database:
        database.execute("CREATE TABLE IF NOT EXISTS words (word)")
        database.execute("DELETE FROM words")
        database.execute("INSERT INTO words VALUES (?)", [word])
    database.close()


def words_in(file: Path) -> list[str]:
    database = sqlite3.connect(file)
    found = [word for (word,) in database.execute("SELECT word FROM words")]
    database.close()
    return found


def test_what_was_backed_up_is_there_again(house: Path, tmp_path: Path) -> None:
    made = run(house, "backup.sh", tmp_path / "backups")
    assert made.returncode == 0, made.stderr
    write(house, "after")
    (house / "var" / "secret-key").write_text("another")

    restored = run(house, "restore.sh", Path(made.stdout.strip()))

    assert restored.returncode == 0, restored.stderr
    assert words_in(house / "var" / "db.sqlite3") == ["before"]
    assert (house / "var" / "secret-key").read_text() == "a secret"
    assert (house / "var" / "dataset" / "stamp.json").exists()


def test_what_a_restore_replaces_is_kept(house: Path, tmp_path: Path) -> None:
    made = run(house, "backup.sh", tmp_path / "backups")
    write(house, "after")

    run(house, "restore.sh", Path(made.stdout.strip()))

    (kept,) = (house / "var").glob("db.sqlite3.before-*")
    assert words_in(kept) == ["after"]


def test_a_backup_is_nobody_elses_to_read(house: Path, tmp_path: Path) -> None:
    made = run(house, "backup.sh", tmp_path / "backups")

    assert Path(made.stdout.strip()).stat().st_mode & 0o077 == 0


def test_no_backup_is_made_of_nothing(house: Path, tmp_path: Path) -> None:
    (house / "var" / "db.sqlite3").unlink()

    made = run(house, "backup.sh", tmp_path / "backups")

    assert made.returncode != 0
    assert "There is no database" in made.stderr
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_file_without_a_database_changes_nothing(house: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "other.tar.gz", "w:gz") as other:
        other.add(house / "var" / "secret-key", "secret-key")

    restored = run(house, "restore.sh", tmp_path / "other.tar.gz")

    assert restored.returncode == 1
    assert "holds no database" in restored.stderr
    assert words_in(house / "var" / "db.sqlite3") == ["before"]
