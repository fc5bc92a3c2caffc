"""Two answers for whoever watches the site: is it alive, and can it serve."""

from __future__ import annotations

import logging

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from search.engine import get_engine

log = logging.getLogger(__name__)


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process answers, whatever else is broken."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether database and index answer: 200, or 503 naming what does not."""
    parts = {"database": _database_answers(), "search": _index_answers()}
    is_ready = all(parts.values())
    body = {
        "status": "ok" if is_ready else "failing",
        **{name: "ok" if answers else "failing" for name, answers in parts.items()},
        "failing": [name for name, answers in parts.items() if not answers],
    }
    return JsonResponse(body, status=200 if is_ready else 503)


def _database_answers() -> bool:
    """Ask for a row of our own: an empty database without tables cannot serve."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM kb_region LIMIT 1")
    except DatabaseError as error:
        log.error("The database does not answer: %s", error)
        return False
    return True


def _index_answers() -> bool:
    try:
        return get_engine().is_ready()
    except ImproperlyConfigured as error:
        log.error("%s", error)
        return False
