"""What the templates of the admin need on the pages around logging in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest


def desk(request: HttpRequest) -> dict[str, Any]:
    """Return the desk's own words for its account pages; nothing for any other page."""
    match = getattr(request, "resolver_match", None)
    if match is None or not match.route.startswith(("admin/account/", "admin/login/")):
        return {}
    return {
        **admin.site.each_context(request),
        "is_nav_sidebar_enabled": False,
        "second_factor_is_required": settings.REQUIRE_SECOND_FACTOR,
        # A passkey belongs to a name, never to a bare address.
        "passkeys_work": not request.get_host()
        .split(":")[0]
        .replace(".", "")
        .isdigit(),
    }
