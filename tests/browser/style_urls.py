"""The addresses of the site, and the style guide, which else is there in DEBUG alone."""

from __future__ import annotations

from django.urls import path

from config.style import style
from config.urls import urlpatterns as site_urls

handler400 = "config.errors.bad_request"
handler404 = "config.errors.not_found"
urlpatterns = [*site_urls, path("style/", style, name="style")]
