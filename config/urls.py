"""Every address of the site, by room."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from config import health
from exchange import changes
from kb.keeping import kept, read_only

urlpatterns = [
    # Few, and nothing is kept of their answers: what stands first is found first.
    path("", include("search.urls")),
    path("", include("kb.urls")),
    path("", include("articles.urls")),
    path("", include("exchange.urls")),
    path("changes/", kept(changes.page), name="changes"),
    path("healthz", read_only(health.healthz), name="healthz"),
    path("readyz", read_only(health.readyz), name="readyz"),
    path("admin/", include("kb.accounts.urls")),
    path("admin/", admin.site.urls),
]
if settings.DEBUG:
    from config.style import style

    urlpatterns.append(path("style/", style, name="style"))

handler400 = "config.errors.bad_request"
handler404 = "config.errors.not_found"
