"""What keeps entries on the reader's device, and the page that lists them."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kb.linked_data import pages
from kb.linked_data.head import respond

WORKER = settings.BASE_DIR / "static" / "js" / "service-worker.js"


def service_worker(request: HttpRequest) -> HttpResponse:
    """Serve the worker from the root: it reaches only what lies below its address."""
    response = HttpResponse(WORKER.read_bytes(), content_type="text/javascript")
    # Browsers ask for it again at each visit; a mended one has to reach them.
    response["Cache-Control"] = "no-cache"
    return response


def offline(request: HttpRequest) -> HttpResponse:
    head = pages.page("/offline/", "Without a connection")
    return respond(request, "kb/offline.html", {}, head)
