"""The language of a page stands in its address: /es/help/, /de/help/; English has none.

A reader gets what the address says: no cookie, and nothing that a browser prefers. Routes
know of one language only, so that `reverse` gives the same address to everyone, whoever
asked first; `kb.carrying` puts the prefix into the links of a page as it leaves.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.utils import translation

from kb.languages import is_translated, split

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def language_of_address(get_response: GetResponse) -> GetResponse:
    """Middleware: take the prefix off for the routes, and speak its language.

    `request.path` keeps it: a page is kept, cited and named canonical under its own
    address. What has no languages (the API, files, the desk) is not found below one.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        language, path = split(request.path_info)
        if not language:
            return get_response(request)
        if not path:
            return HttpResponsePermanentRedirect(f"/{language}/")
        if is_translated(path):
            request.path_info = path
        with translation.override(language):
            return staying(get_response(request), language)

    return answer


def staying(response: HttpResponseBase, language: str) -> HttpResponseBase:
    """Return an answer that leads elsewhere on the site in the same language."""
    target = response.get("Location", "")
    path = re.split("[?#]", target, maxsplit=1)[0]
    if path.startswith("/") and not split(path)[0] and is_translated(path):
        response["Location"] = f"/{language}{target}"
    return response
