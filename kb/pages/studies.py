"""The studies that an entry leans on: each once, with all that it is counted for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext_noop as _

from kb.choices import Axis
from kb.grading.items import start_points
from kb.models import Alkaloid, Assessment, EvidenceItem, Substance
from kb.pages import charts, words
from kb.pages.evidence import is_laboratory


def of(assessments: Iterable[Assessment]) -> list[dict[str, Any]]:
    """Return the sources behind these assessments, those about people and strongest first.

    A study is {"title", "url", "year", "design_label", "people", "is_laboratory",
    "is_retracted", "verification", "findings": [{"title", "url", "axis", "finding"}]}.
    No query where items and their sources are loaded.
    """
    found: dict[int, dict[str, Any]] = {}
    for assessment in assessments:
        for item in assessment.items.all():
            study = found.setdefault(item.source_id, _study(item))
            study["n"] = max(study["n"], item.n or 0)
            study["points"] = max(study["points"], _points(item))
            study["is_laboratory"] &= is_laboratory(item)
            study["findings"].append(
                {
                    "title": assessment.symptom.name,
                    "url": assessment.get_absolute_url(),
                    "axis": _("Benefit")
                    if assessment.axis == Axis.BENEFIT
                    else _("Harm"),
                    "finding": item.finding,
                }
            )
    for study in found.values():
        study["people"] = words.count(study["n"] or None)
    by_name = sorted(found.values(), key=itemgetter("title"))
    return sorted(
        by_name,
        key=lambda study: (
            study["is_retracted"],
            study["is_laboratory"],
            -study["points"],
            -study["n"],
        ),
    )


def _study(item: EvidenceItem) -> dict[str, Any]:
    source = item.source
    return {
        "title": source.name,
        "url": source.get_absolute_url(),
        "year": (source.published or "")[:4],
        "design_label": item.get_design_display(),
        "is_laboratory": True,
        "is_retracted": source.is_retracted,
        "verification": source.verification,
        "n": 0,
        "points": -1,
        "findings": [],
    }


def _points(item: EvidenceItem) -> int:
    """Return where the rule starts for its design; what it does not count stands last."""
    points = start_points(item.graded())
    return -1 if points is None else points


def context(
    subject: Substance | Alkaloid, assessments: Collection[Assessment]
) -> dict[str, Any]:
    """Return what kb/studies.html shows."""
    return {
        "subject": words.link(subject),
        "crumbs": [words.link(subject), {"title": _("The studies")}],
        "studies": of(assessments),
        "growth": charts.growth(
            item for assessment in assessments for item in assessment.items.all()
        ),
    }
