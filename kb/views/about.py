"""The pages about the site itself."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kb.linked_data import pages
from kb.linked_data.head import respond

PAGES = {
    "about": "About",
    "privacy": "Privacy",
    "accessibility": "Accessibility",
    "terms": "Terms",
}


def about(request: HttpRequest, name: str) -> HttpResponse:
    context = {"source_url": settings.SOURCE_URL}
    head = pages.about_site(f"/{name}/", PAGES[name], settings.SOURCE_URL)
    return respond(request, f"about/{name}.html", context, head)
