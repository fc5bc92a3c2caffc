"""Leads tests to the shipped dataset, in a database and an index of their own.

Importing it takes some 15 seconds of a processor, so one process does it for all. What
it made is copied, by file with SQLite, as a template with PostgreSQL, and the tests of
a module are led to the copy.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.test import override_settings

from exchange.importing import import_entries
from exchange.reading import read
from search import upkeep
from search.engine import get_engine
from tests import migrated
from tests.once import once

DATASET = Path(__file__).resolve().parent.parent / "data"
TEMPLATE = "test_shipped"


class Shipped:
    """The dataset of a run; `index` is where its index lies for the module at work."""

    def __init__(self, own_folder: Path, run_folder: Path) -> None:
        self.index = own_folder / "index"
        self._own_folder = own_folder
        self._run_folder = run_folder
        self._own_database = ""

    @contextmanager
    def loaded(self) -> Iterator[None]:
        made = self._from_file if connection.vendor == "sqlite" else self._from_template
        whole, database = made()
        self._fresh_index(whole)
        with _led_to(database):
            yield
        if connection.vendor == "sqlite":
            migrated.put_back_if_gone(self._run_folder)

    def _from_file(self) -> tuple[Path, str]:
        """Give each module a file that no other module has written to.

        A file, and not memory: there the threads of a server share one connection, so
        that what one does ends in the transaction of another; and of two connections to
        one memory, one is refused at once where the other writes, whatever the timeout.
        """

        def make(folder: Path) -> None:
            file = folder / migrated.FILE
            shutil.copyfile(self._run_folder / "migrated" / migrated.FILE, file)
            with _led_to(str(file)):
                _import(folder / "index")

        whole = once(self._run_folder, "shipped", make)
        folder = self._own_folder / "database"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return whole, shutil.copy(whole / migrated.FILE, folder)

    def _from_template(self) -> tuple[Path, str]:
        usual = connection.settings_dict["NAME"]

        def make(folder: Path) -> None:
            _make_database(TEMPLATE, usual)
            with _led_to(TEMPLATE):
                _import(folder / "index")

        whole = once(self._run_folder, "shipped", make)
        if not self._own_database:
            _make_database(f"{usual}_shipped", TEMPLATE)
            self._own_database = f"{usual}_shipped"
        return whole, self._own_database

    def _fresh_index(self, whole: Path) -> None:
        """Give each module an index that no other module has written to."""
        shutil.rmtree(self.index, ignore_errors=True)
        shutil.copytree(whole / "index", self.index)


def _import(index: Path) -> None:
    with override_settings(SEARCH_URL=f"whoosh://{index}"):
        get_engine.cache_clear()
        import_entries(read(str(DATASET)))
        if not upkeep.is_whole():
            upkeep.rebuild()
    get_engine.cache_clear()


def _make_database(name: str, template: str) -> None:
    """Make a PostgreSQL database from another one, to which nobody may be connected."""
    connection.close()
    quoted = connection.ops.quote_name
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f"DROP DATABASE IF EXISTS {quoted(name)}")
        cursor.execute(f"CREATE DATABASE {quoted(name)} TEMPLATE {quoted(template)}")


@contextmanager
def _led_to(name: str) -> Iterator[None]:
    """Lead this process to another database; a usual one in memory is kept meanwhile."""
    usual = connections[DEFAULT_DB_ALIAS]
    usual_name = usual.settings_dict["NAME"]
    usual.close()
    # One in memory goes with its last connection.
    in_memory = usual.vendor == "sqlite" and usual.is_in_memory_db()
    holds = sqlite3.connect(usual_name, uri=True) if in_memory else None
    # The connections of other threads are made from the same settings.
    usual.settings_dict["NAME"] = name
    connections[DEFAULT_DB_ALIAS] = connections.create_connection(DEFAULT_DB_ALIAS)
    ContentType.objects.clear_cache()
    try:
        yield
    finally:
        connection.close()
        usual.settings_dict["NAME"] = usual_name
        connections[DEFAULT_DB_ALIAS] = usual
        if holds is not None:
            usual.ensure_connection()
            holds.close()
        ContentType.objects.clear_cache()
