"""The components side by side, with sample data; only where DEBUG is on."""

from __future__ import annotations

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def style(request: HttpRequest) -> HttpResponse:
    samples = (settings.BASE_DIR / "templates" / "style.json").read_text(
        encoding="utf-8"
    )
    return render(request, "style.html", json.loads(samples))
