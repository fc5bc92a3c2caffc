"""Puts the shipped dataset into the test database, and takes it out again.

Importing it takes some 15 seconds of a processor, so one process does it for all. With
SQLite the database is copied in and out; with PostgreSQL a database of its own is made
from a template, and the tests of the module are led to that one.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.db import connection
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
        self._run_folder = run_folder
        self._own_database = ""

    @contextmanager
    def loaded(self) -> Iterator[None]:
        led = self._copied if connection.vendor == "sqlite" else self._from_template
        with led():
            yield

    @contextmanager
    def _copied(self) -> Iterator[None]:
        def make(folder: Path) -> None:
            _import(folder / "index")
            migrated.keep_in(folder)

        with tempfile.TemporaryDirectory() as before:
            migrated.keep_in(Path(before))
            try:
                whole = once(self._run_folder, "shipped", make)
                migrated.put_back(whole)
                self._fresh_index(whole)
                yield
            finally:
                migrated.put_back(Path(before))

    @contextmanager
    def _from_template(self) -> Iterator[None]:
        usual = connection.settings_dict["NAME"]

        def make(folder: Path) -> None:
            _make_database(TEMPLATE, usual)
            with _led_to(TEMPLATE):
                _import(folder / "index")

        whole = once(self._run_folder, "shipped", make)
        if not self._own_database:
            _make_database(f"{usual}_shipped", TEMPLATE)
            self._own_database = f"{usual}_shipped"
        self._fresh_index(whole)
        with _led_to(self._own_database):
            yield

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
    """Lead the connection of this process to another PostgreSQL database."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    ContentType.objects.clear_cache()
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
        ContentType.objects.clear_cache()
