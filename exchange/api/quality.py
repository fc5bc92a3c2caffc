"""The figures of quality, now and on the days that were kept."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from exchange.api import shapes
from exchange.api.errors import Problem
from kb import quality
from kb.models import QualityDay

router = Router(tags=["quality"])


@router.get(
    "/quality", response={200: shapes.QualityReply, 500: Problem}, url_name="quality"
)
def figures(request: HttpRequest) -> shapes.QualityReply:
    """How many statements have a source, how much of the law was checked, and the like."""
    return shapes.QualityReply(
        on=timezone.localdate(),
        figures=[
            shapes.FigureShape(
                name=each.name,
                title=each.title,
                part=each.part,
                total=each.total,
                percent=each.percent,
            )
            for each in quality.figures()
        ],
        days=[
            shapes.QualityDayShape(on=row.day, figures=row.figures)
            for row in QualityDay.objects.all()[:366]
        ],
    )
