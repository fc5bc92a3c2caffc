"""The JSON API under /api/v1/: a router a room, one description of all of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase
from ninja.openapi.schema import OpenAPISchema

from exchange.api import checking, errors, law, lists, quality, records, search
from exchange.api.rendering import Renderer

DESCRIPTION = """\
What people take: evidence with its level and source, law by region and day, safety.
Read only, no key needed; scripts of any site may ask. Errors are `application/problem+json`
(RFC 9457). The data may be used by anyone, with credit (CC BY 4.0); all of it in one file:
`/export/`. It is information, not medical or legal advice.
"""


class DocsPage(DocsBase):
    """The description as a page: files of this site only, nothing inline."""

    def render_page(
        self, request: HttpRequest, api: NinjaAPI, **kwargs: Any
    ) -> HttpResponse:
        address = self.get_openapi_url(api, kwargs)
        return render(request, "exchange/api_docs.html", {"openapi_url": address})


class Api(NinjaAPI):
    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        """Return the description, with errors under their own media type."""
        schema = super().get_openapi_schema(**kwargs)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, response in operation["responses"].items():
                    if int(status) >= 400 and "content" in response:
                        content = response["content"].pop(Renderer.media_type)
                        response["content"][errors.MEDIA_TYPE] = content
        return schema


api = Api(
    title="Pharmakon",
    version="1",
    description=DESCRIPTION,
    urls_namespace="exchange:api",
    docs=DocsPage(),
    renderer=Renderer(),
    openapi_extra={
        "info": {
            "license": {
                "name": "CC BY 4.0",
                "url": "https://creativecommons.org/licenses/by/4.0/",
            }
        }
    },
)
errors.add_handlers(api)
# Law before records: "/regions/{path}" would take what comes after it.
for _router in (
    search.router,
    checking.router,
    lists.router,
    quality.router,
    law.router,
    records.router,
):
    api.add_router("", _router)
