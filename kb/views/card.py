"""The safety card: one file that is whole without any other."""

from __future__ import annotations

import base64
import hashlib
from functools import wraps
from typing import Any

from csp.constants import NONE
from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from kb.finding import get_published
from kb.keeping import View, kept
from kb.languages import address_in, current
from kb.models import Alkaloid, Substance
from kb.pages import card as card_page
from kb.parameters import region_parameter

# Written into the page; the policy lets in exactly these letters and no other style.
STYLE = (settings.BASE_DIR / "static" / "css" / "card.css").read_text(encoding="utf-8")
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
RECORDS: dict[str, Any] = {"substance": Substance, "alkaloid": Alkaloid}

_strict = csp_replace(
    {
        "script-src": [NONE],
        "style-src": [f"'sha256-{STYLE_HASH}'"],
        "img-src": [NONE],
        "font-src": [NONE],
        "connect-src": [NONE],
    }
)


def alone(view: View) -> View:
    """Let a page load nothing at all, also when it comes from what is kept."""
    wrapped: View = wraps(view)(_strict(kept(view)))
    return wrapped


@alone
def card(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Show the card of a substance or alkaloid, with the numbers of `?in=`."""
    found = get_published(RECORDS[kind].objects.all(), slug)
    context = card_page.context(
        found,
        region=region_parameter(request),
        address=f"{settings.SITE_URL}{address_in(current(), found.get_absolute_url())}",
    )
    return render(request, "kb/card.html", context | {"style": mark_safe(STYLE)})
