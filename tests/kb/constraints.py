"""How tests ask whether the database or a form takes a change."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction


def refused(change):
    """Tell whether the database itself refuses a change, and change nothing."""
    try:
        with transaction.atomic():
            change()
    except IntegrityError:
        return True
    return False


def sentences(row):
    """Return what a form would say about a row, or "" where it has nothing to say."""
    try:
        row.full_clean()
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def update(row, **values):
    """Write past the models, as SQL would."""
    return lambda: type(row)._default_manager.filter(pk=row.pk).update(**values)
