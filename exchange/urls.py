"""The doors for programs: API and export."""

from __future__ import annotations

from django.urls import include, path, re_path

from exchange import changes, discovery, views
from exchange.api import api
from exchange.api.errors import open_doors, unknown
from exchange.signposts import signposted
from kb.keeping import kept, read_only

app_name = "exchange"

_patterns, _, _namespace = api.urls
# Those that count how often one reader asks, or read a text, are not kept.
_EACH_TIME = {"search", "suggest", "check"}
for _pattern in _patterns:
    if _pattern.callback and str(_pattern.pattern) not in _EACH_TIME:
        _pattern.callback = kept(signposted(_pattern.callback))

urlpatterns = [
    path("api/v1/", include((open_doors(_patterns), _namespace))),
    re_path(r"^api(?:/|\Z)", unknown, name="unknown"),
    path("export/", kept(views.export), name="export"),
    path("export/kb.json", read_only(views.document), name="document"),
    path("export/kb.jsonl", read_only(views.lines), name="lines"),
    path("export/schema.json", read_only(views.schema), name="schema"),
    path("changes.atom", kept(changes.atom), name="changes-atom"),
    path("changes.json", kept(changes.json_feed), name="changes-json"),
    path("robots.txt", kept(discovery.robots), name="robots"),
    path("llms.txt", kept(discovery.llms), name="llms"),
    path("opensearch.xml", kept(discovery.opensearch), name="opensearch"),
    path("sitemap.xml", kept(discovery.sitemap_index), name="sitemap-index"),
    path("sitemap-<slug:section>.xml", kept(discovery.sitemap), name="sitemap"),
]
