"""What leads programs to the pages: sitemaps, robots.txt, llms.txt, OpenSearch."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.sitemaps.views import sitemap as django_sitemap
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from exchange.sitemaps import SITEMAPS
from kb.method import LEVEL_MEANS
from kb.regulation import STRICTNESS


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """List the sitemaps, a kind each, with the newest change in it."""
    sites = [
        {
            "location": f"{settings.SITE_URL}/sitemap-{section}.xml"
            + (f"?p={page}" if page > 1 else ""),
            "last_mod": each.get_latest_lastmod(),
        }
        for section, each in SITEMAPS.items()
        for page in each.paginator.page_range
    ]
    return render(
        request,
        "sitemap_index.xml",
        {"sitemaps": sites},
        content_type="application/xml",
    )


@require_safe
def sitemap(request: HttpRequest, section: str) -> HttpResponse:
    response = django_sitemap(request, {**SITEMAPS}, section=section)
    response.render()
    # Taken from its parts: its own date is that of the newest record, ours of the data.
    return HttpResponse(response.content, content_type="application/xml")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return _text(request, "exchange/robots.txt", {})


@require_safe
def llms(request: HttpRequest) -> HttpResponse:
    """Say in plain text what this is, where the JSON is and what the words mean."""
    context = {
        "levels": [
            (each.value, str(each.label), text) for each, text in LEVEL_MEANS.items()
        ],
        "statuses": [str(each) for each in STRICTNESS],
    }
    return _text(request, "exchange/llms.txt", context)


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    response = _text(request, "exchange/opensearch.xml", {})
    response["Content-Type"] = "application/opensearchdescription+xml; charset=utf-8"
    return response


def _text(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(
        request,
        template,
        context | {"site": settings.SITE_URL},
        content_type="text/plain; charset=utf-8",
    )
