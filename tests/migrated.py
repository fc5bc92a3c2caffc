"""A database is migrated once a run; with SQLite, the other processes copy it.

Migrating takes some 15 seconds of a processor. The copy also puts back what a test
left that needed real transactions: emptying every table takes far longer.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management.commands import migrate
from django.db import connection
from django.test import TransactionTestCase

from tests.once import once

FILE = "db.sqlite3"


def database() -> sqlite3.Connection:
    connection.ensure_connection()
    opened: sqlite3.Connection = connection.connection
    return opened


def keep_in(folder: Path) -> None:
    with closing(sqlite3.connect(folder / FILE)) as copy:
        database().backup(copy)


def put_back(folder: Path) -> None:
    """Replace the whole database by the one that is kept in a folder."""
    with closing(sqlite3.connect(folder / FILE)) as copy:
        copy.backup(database())
    # The content types may have had other numbers until now.
    ContentType.objects.clear_cache()


def put_back_if_gone(run_folder: Path) -> None:
    """Put the migrated database back where this one has no table: seen once in five
    runs, after a module that was led to another database."""
    if not connection.introspection.table_names():
        put_back(run_folder / "migrated")


@contextmanager
def migrating_once(run_folder: Path) -> Iterator[None]:
    """Let `migrate` of an empty SQLite database take what another process made of one."""

    class Migrating(migrate.Command):
        def handle(self, *args: Any, **options: Any) -> None:
            if connection.vendor != "sqlite":
                super().handle(*args, **options)
                return
            was_made_here = False

            def make(folder: Path) -> None:
                nonlocal was_made_here
                was_made_here = True
                super(Migrating, self).handle(*args, **options)
                keep_in(folder)

            made = once(run_folder, "migrated", make)
            if not was_made_here:
                put_back(made)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrate, "Command", Migrating)
        yield


@contextmanager
def put_back_after_tests(run_folder: Path) -> Iterator[None]:
    """Instead of emptying a SQLite database table by table, put the migrated one back."""

    def put_back_migrated(case: TransactionTestCase) -> None:
        put_back(run_folder / "migrated")

    with pytest.MonkeyPatch.context() as patch:
        if connection.vendor == "sqlite":
            patch.setattr(TransactionTestCase, "_fixture_teardown", put_back_migrated)
        yield
