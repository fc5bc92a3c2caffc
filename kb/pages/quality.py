"""The page of figures: today, and how they moved."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from kb import quality
from kb.models import QualityDay
from kb.pages import local

DAYS_SHOWN = 12


def context() -> dict[str, Any]:
    """Return what kb/quality.html shows."""
    now = quality.figures()
    kept = list(QualityDay.objects.all()[:DAYS_SHOWN])
    return {
        "on": local.day(timezone.localdate()),
        "figures": now,
        "days": [
            {"iso": row.day.isoformat(), "day": local.day(row.day)} for row in kept
        ],
        "rows": [
            {"title": figure.title, "cells": [_percent(row, figure) for row in kept]}
            for figure in now
        ],
    }


def _percent(row: QualityDay, figure: quality.Figure) -> str:
    """Return "63.5 %" of a day kept, or a dash for a figure that there was not yet."""
    part, total = row.figures.get(figure.name, (0, 0))
    kept = quality.Figure(figure.name, figure.title, part, total)
    return local.percent(kept.percent) or "–"
