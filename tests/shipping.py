"""Puts the shipped dataset into the test database, and takes it out again.

Importing takes seconds, so with SQLite it is done once a process and copied from then
on. Another database imports it once a module, in a transaction that is rolled back.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import override_settings

from exchange.importing import import_entries
from exchange.reading import read
from search import upkeep
from search.engine import get_engine

DATASET = Path(__file__).resolve().parent.parent / "data"


class Shipped:
    def __init__(self, folder: Path) -> None:
        self.index = folder / "index"
        self._whole_index = folder / "whole-index"
        self._copy: sqlite3.Connection | None = None

    @contextmanager
    def loaded(self) -> Iterator[None]:
        if connection.vendor != "sqlite":
            with transaction.atomic():
                self._import()
                yield
                transaction.set_rollback(True)
            return
        before = self._copy_of_database()
        try:
            if self._copy is None:
                self._import()
                self._copy = self._copy_of_database()
            else:
                self._put_back(self._copy)
                self._fresh_index()
            yield
        finally:
            self._put_back(before)
            before.close()

    def _import(self) -> None:
        with override_settings(SEARCH_URL=f"whoosh://{self._whole_index}"):
            get_engine.cache_clear()
            import_entries(read(str(DATASET)))
            if not upkeep.is_whole():
                upkeep.rebuild()
        get_engine.cache_clear()
        self._fresh_index()

    def _fresh_index(self) -> None:
        """Give each module an index that no other module has written to."""
        shutil.rmtree(self.index, ignore_errors=True)
        shutil.copytree(self._whole_index, self.index)

    def _put_back(self, copy: sqlite3.Connection) -> None:
        """Restore a copy; a flush in between may have numbered the content types anew."""
        copy.backup(self._database())
        ContentType.objects.clear_cache()

    def _copy_of_database(self) -> sqlite3.Connection:
        copy = sqlite3.connect(":memory:", check_same_thread=False)
        self._database().backup(copy)
        return copy

    def _database(self) -> sqlite3.Connection:
        connection.ensure_connection()
        database: sqlite3.Connection = connection.connection
        return database
