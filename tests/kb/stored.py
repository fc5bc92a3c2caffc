"""Reads a row as the database has it."""

from __future__ import annotations


def now(row):
    """Return the row as the database has it."""
    return type(row)._default_manager.get(pk=row.pk)
