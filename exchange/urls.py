"""The doors for programs: API and export."""

from __future__ import annotations

from django.urls import include, path, re_path

from exchange import views
from exchange.api import api
from exchange.api.errors import open_doors, unknown

app_name = "exchange"

_patterns, _, _namespace = api.urls

urlpatterns = [
    path("api/v1/", include((open_doors(_patterns), _namespace))),
    re_path(r"^api(?:/|\Z)", unknown, name="unknown"),
    path("export/", views.export, name="export"),
    path("export/kb.json", views.document, name="document"),
    path("export/kb.jsonl", views.lines, name="lines"),
    path("export/schema.json", views.schema, name="schema"),
]
