"""Tables that the database itself lets nobody change: the audit trail and all history.

Triggers refuse UPDATE and DELETE (and TRUNCATE, on PostgreSQL). Each `migrate` makes
sure of them, because SQLite loses a table's triggers when a migration remakes it. A
migration that has to change what history says does so within `lifted()`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connections, models

from kb.models import AuditEntry

REFUSAL = "is append-only: what was written stays"
FUNCTION = "kb_refuse_change"


def tables() -> list[str]:
    """Return the names of all tables that are only added to."""
    histories = (model for model in apps.get_models() if is_history(model))
    found: list[type[models.Model]] = [AuditEntry, *histories]
    return sorted(model._meta.db_table for model in found)


def is_history(model: type[models.Model]) -> bool:
    """Tell whether django-simple-history made this model."""
    return hasattr(model, "instance_type") and hasattr(model, "history_id")


def ensure(sender: Any = None, using: str = "default", **_: Any) -> None:
    """Put the triggers where they are missing; receives `post_migrate`, once is enough."""
    if sender is not None and sender.label not in ("kb", "articles"):
        return
    connection = connections[using]
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for statement in statements_for(connection.vendor, there & set(tables())):
            cursor.execute(statement)


def statements_for(vendor: str, names: set[str]) -> Iterator[str]:
    """Yield the SQL that protects these tables; running it twice does no harm."""
    if vendor == "postgresql" and names:
        yield (
            f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql"
            f" AS $$ BEGIN RAISE EXCEPTION '% {REFUSAL}', TG_TABLE_NAME"
            " USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
    for name in sorted(names):
        if vendor == "postgresql":
            for trigger, when, each in (
                ("append_only", "UPDATE OR DELETE", "ROW"),
                ("append_only_whole", "TRUNCATE", "STATEMENT"),
            ):
                yield (
                    f'CREATE OR REPLACE TRIGGER {trigger} BEFORE {when} ON "{name}"'
                    f" FOR EACH {each} EXECUTE FUNCTION {FUNCTION}()"
                )
        else:
            for when in ("update", "delete"):
                yield (
                    f'CREATE TRIGGER IF NOT EXISTS "{name}_no_{when}" BEFORE {when}'
                    f' ON "{name}" BEGIN'
                    f" SELECT RAISE(ABORT, '{name} {REFUSAL}'); END"
                )


def lifting_for(vendor: str, names: set[str]) -> Iterator[str]:
    """Yield the SQL that takes the protection away."""
    for name in sorted(names):
        if vendor == "postgresql":
            for trigger in ("append_only", "append_only_whole"):
                yield f'DROP TRIGGER IF EXISTS {trigger} ON "{name}"'
        else:
            for when in ("update", "delete"):
                yield f'DROP TRIGGER IF EXISTS "{name}_no_{when}"'


@contextmanager
def lifted(using: str = "default") -> Iterator[None]:
    """Let a migration change what only grows; within a transaction nobody else can."""
    connection = connections[using]
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for statement in lifting_for(connection.vendor, there & set(tables())):
            cursor.execute(statement)
    try:
        yield
    finally:
        ensure(using=using)
