"""Signposting on the API: each record leads back to its page (https://signposting.org)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kb.linked_data.head import LICENCE_URL, Link, link_header

View = Callable[..., HttpResponse]

RECORD = re.compile(
    r"/api/v1(?P<page>/(?:substances|alkaloids|symptoms|sources|claims|articles)/[\w-]+"
    r"|/regions/[A-Za-z0-9-]+(?:/(?!regulation)[a-z0-9-]+)?)"
)


def signposted(view: View) -> View:
    """Let the JSON of a record name its page, its licence and its schema."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        found = RECORD.fullmatch(request.path)
        if response.status_code == 200 and found:
            page = f"{settings.SITE_URL}{found['page']}/"
            response["Link"] = link_header(
                [
                    Link(page, "collection", "text/html"),
                    Link(page, "cite-as"),
                    Link(LICENCE_URL, "license"),
                    Link(
                        f"{settings.SITE_URL}/api/v1/openapi.json",
                        "describedby",
                        "application/json",
                    ),
                ]
            )
        return response

    return answer
