"""The pages about the site itself."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control

from kb.linked_data import pages
from kb.linked_data.head import respond

PAGES = {
    "about": "About",
    "privacy": "Privacy",
    "accessibility": "Accessibility",
    "terms": "Terms",
}


ICON = settings.BASE_DIR / "static" / "img" / "favicon.ico"


@cache_control(public=True, max_age=24 * 3600)
def icon(request: HttpRequest) -> HttpResponse:
    """Return the sign of the site to who asks for it blindly; pages name an SVG."""
    return HttpResponse(ICON.read_bytes(), content_type="image/x-icon")


def about(request: HttpRequest, name: str) -> HttpResponse:
    context = {"source_url": settings.SOURCE_URL}
    head = pages.about_site(f"/{name}/", PAGES[name], settings.SOURCE_URL)
    return respond(request, f"about/{name}.html", context, head)
