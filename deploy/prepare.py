"""Brings a site up to its code and its dataset, then says where it will be served.

    python -m deploy.prepare

Database, dataset, search index, static files: each step looks first whether there is
anything to do, so a second run takes seconds. One process does them all, because each
start of Django costs one.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import django
from django.core.management import call_command
from django.core.management.base import CommandError

ROOT = Path(__file__).resolve().parent.parent
DATASET = ROOT / "data"
STEPS = 6


class CannotStart(Exception):
    """What is in the way, and what to do about it."""


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        check_port()
        django.setup()
        prepare_database()
        load_dataset(DATASET)
        build_index()
        keep_figures()
        gather_static_files()
    except (CannotStart, CommandError) as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here.", file=sys.stderr)
        return 130
    return 0


def say(step: int, text: str) -> None:
    print(f"{step}/{STEPS} {text}", flush=True)


def check_port() -> None:
    """Raise CannotStart if the port is none or somebody else's."""
    given = os.environ.get("PORT", "8000")
    if not given.isdigit() or not 0 < int(given) < 65536:
        raise CannotStart(f"PORT is {given!r}; it must be a number from 1 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(given)))
        except OSError as error:
            raise CannotStart(
                f"Port {given} cannot be used: {error.strerror}."
                " Take another one: PORT=9000 make run"
            ) from error


def prepare_database() -> None:
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
    except OperationalError as error:
        raise CannotStart(
            f"The database of DATABASE_URL does not answer: {error}"
        ) from error
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say(3, "The database is up to date.")
        return
    say(3, "Preparing the database…")
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)


def load_dataset(folder: Path) -> None:
    """Import the records of the shipped dataset that are new since the last time.

    Only those: what a curator has edited since is overwritten only where the dataset
    itself has changed. var/dataset/ keeps, for each database, what it was given.
    """
    from kb.models import Region

    stamp = stamp_file()
    checksum = checksum_of(folder)
    given = read_stamp(stamp)
    is_empty = not Region.objects.exists()
    if given.get("checksum") == checksum and not is_empty:
        say(4, "The dataset has not changed.")
        return

    from exchange.importing import ImportRefused, import_entries
    from exchange.reading import Unreadable, read

    try:
        entries = read(str(folder))
        marks = {mark_of(entry.kind, entry.content) for entry in entries}
        if not given and not is_empty:
            say(
                4,
                "The database holds records that were not loaded from here; they stay as"
                " they are.\n    To load the shipped dataset over them:"
                " .venv/bin/python manage.py import data",
            )
        else:
            known = set() if is_empty else set(given.get("records", []))
            new = [
                each
                for each in entries
                if mark_of(each.kind, each.content) not in known
            ]
            say(4, f"Loading {len(new)} records of the dataset…")
            import_entries(new)
    except (Unreadable, ImportRefused) as refusal:
        shown = "\n".join(refusal.errors[:20])
        raise CannotStart(
            f"{shown}\nThe dataset in {folder} cannot be loaded: {len(refusal.errors)}"
            " errors; nothing was written."
        ) from refusal
    write_stamp(stamp, {"checksum": checksum, "records": sorted(marks)})


def build_index() -> None:
    from search import upkeep
    from search.engine import SearchUnavailable

    try:
        if upkeep.is_whole():
            say(5, "The search index is whole.")
            return
        say(5, "Building the search index…")
        upkeep.rebuild()
    except SearchUnavailable as error:
        raise CannotStart(str(error)) from error


def keep_figures() -> None:
    """Keep the figures of quality of the day, once: /quality/ shows how they move."""
    from django.utils import timezone

    from kb import quality
    from kb.models import QualityDay

    if not QualityDay.objects.filter(day=timezone.localdate()).exists():
        quality.record()


def gather_static_files() -> None:
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders

    found = sorted(
        (name, storage.size(name), storage.get_modified_time(name).isoformat())
        for finder in get_finders()
        for name, storage in finder.list([])
    )
    checksum = digest([json.dumps(found), settings.STATIC_ROOT, settings.STATIC_URL])
    stamp = settings.VAR_DIR / "static-files.json"
    made = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if read_stamp(stamp).get("checksum") == checksum and made.exists():
        say(6, "The static files are gathered.")
        return
    say(6, "Gathering the static files…")
    call_command("collectstatic", verbosity=0, interactive=False, skip_checks=True)
    write_stamp(stamp, {"checksum": checksum})


def stamp_file() -> Path:
    """Return where it is kept what this database was given."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    names = [str(database.get(key, "")) for key in ("ENGINE", "HOST", "PORT", "NAME")]
    # The folder may move, with the database in it.
    names = [name.removeprefix(str(ROOT)) for name in names]
    return Path(settings.VAR_DIR) / "dataset" / f"{digest(names)[:16]}.json"


def read_stamp(stamp: Path) -> dict[str, str | list[str]]:
    """Return what a stamp says; nothing if it is missing or damaged."""
    try:
        content = json.loads(stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def write_stamp(stamp: Path, content: dict[str, str | list[str]]) -> None:
    stamp.parent.mkdir(parents=True, exist_ok=True)
    draft = stamp.with_suffix(".part")
    draft.write_text(json.dumps(content), encoding="utf-8")
    draft.replace(stamp)


def mark_of(kind: str, content: object) -> str:
    """Return a mark of a record: another content, another mark."""
    return digest([kind, json.dumps(content, sort_keys=True)])[:16]


def checksum_of(folder: Path) -> str:
    def parts() -> Iterator[str]:
        for file in sorted(folder.rglob("*.json")):
            yield file.relative_to(folder).as_posix()
            yield hashlib.sha256(file.read_bytes()).hexdigest()

    return digest(parts())


def digest(parts: Iterable[object]) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
