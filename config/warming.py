"""What the first reader of a process would wait for: done before it serves anyone."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import connections
from django.test import RequestFactory

log = logging.getLogger(__name__)

# With them addresses, templates, names of records and the index have been read once.
PAGES = ("/", "/search/?q=kratom", "/api/v1/search?q=kratom")


def warm(application: Callable[..., Any]) -> None:
    """Ask a WSGI application for a few pages; what goes wrong is only logged.

    Meant for before processes part: they share what was read. Connections are closed
    again, for those must not be shared.
    """
    host = next((name for name in settings.ALLOWED_HOSTS if name != "*"), "localhost")
    asks = RequestFactory(SERVER_NAME=host.lstrip("."))
    try:
        for page in PAGES:
            # HEAD, because what a reader gets may be counted.
            request = asks.head(page, secure=settings.SECURE_SSL_REDIRECT)
            answer = application(request.environ, lambda status, headers, *_: None)
            answer.close()
    except Exception:
        log.exception("The pages for a quick start could not be made")
    finally:
        connections.close_all()
        caches.close_all()
