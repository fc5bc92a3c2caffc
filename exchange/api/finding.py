"""Finding the record that an address names, and giving a record its address."""

from __future__ import annotations

import re
from typing import Any, TypeGuard

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404

from exchange.api.errors import NotFound
from kb import places
from kb.finding import Moved, Withdrawn, get_published
from kb.models import Record, Region
from kb.regulation import written_code


def absolute(record: Any) -> str:
    return f"{settings.SITE_URL}{record.get_absolute_url()}"


def is_public(record: Record | None) -> TypeGuard[Record]:
    return record is not None and record.is_published


def find_published(rows: QuerySet[Any], slug: str) -> Any:
    """Return the published record of this slug. Raises Moved, Withdrawn, NotFound."""
    kind = rows.model.KIND
    if not re.fullmatch(r"[\w-]{1,80}", slug):
        raise NotFound(f"There is no {kind} {slug[:80]!r}.")
    try:
        return get_published(rows, slug)
    except (Moved, Withdrawn):
        raise
    except Http404 as error:
        raise NotFound(str(error)) from error


def find_region(code: str, tree: places.RegionTree) -> Region:
    """Return the region of a code, a retired one too, however it is written.

    Raises NotFound.
    """
    found = tree.find(code)
    if found is None:
        raise NotFound(
            f"There is no region {written_code(code)[:60]!r} here;"
            " /api/v1/regions lists all of them."
        )
    return found
