"""What evidence pages show beside the matrix: the arithmetic, the items, what is best."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kb.choices import Axis, Direction, Level
from kb.grading.items import start_points
from kb.grading.levels import GRADED, rank
from kb.models import Assessment, EvidenceItem
from kb.pages import local, words
from kb.pages.citations import Citations
from kb.pages.matrix import about, harm_key, sort_key, survival


def unfolded(
    assessment: Assessment, citations: Citations, arithmetic: dict[str, Any]
) -> dict[str, Any]:
    """Return an assessment with its arithmetic and items, for kb/why.html.

    arithmetic is as the assessment stores it, in the words of the page's language.
    """
    aside = {each["item"]: each["reason"] for each in arithmetic.get("set_aside", [])}
    items = sorted(
        assessment.items.all(),
        key=lambda item: (
            -(start_points(item.graded()) or -1),
            item.source.name,
        ),
    )
    return {
        "anchor": f"why-{assessment.anchor}",
        "url": assessment.get_absolute_url(),
        "searched": arithmetic.get("searched", []),
        "title": assessment.symptom.name,
        "against": assessment.comparator,
        "axis": words.AXIS_QUESTION[Axis(assessment.axis)],
        "direction": assessment.direction if assessment.level in GRADED else "",
        "level": assessment.level,
        "level_label": assessment.get_level_display(),
        "suggested_level": assessment.suggested_level,
        "suggested_label": assessment.get_suggested_level_display(),
        "is_overridden": assessment.is_overridden,
        "override_reason": assessment.override_reason,
        "override_by": assessment.override_by,
        "override_on": assessment.override_on,
        "needs_review": assessment.needs_review,
        "basis": arithmetic.get("basis", ""),
        "steps": arithmetic.get("steps", []),
        "items": [
            evidence_item(item, citations, aside.get(item.key, "")) for item in items
        ],
    }


def evidence_item(
    item: EvidenceItem, citations: Citations, set_aside: str = ""
) -> dict[str, Any]:
    return {
        "finding": item.finding,
        "design": item.get_design_display(),
        "is_laboratory": is_laboratory(item),
        "people": local.count(item.n),
        "population": item.population,
        "comparator": item.comparator,
        "limits": item.limits,
        "bridging_reason": item.bridging_reason,
        "direction": item.direction,
        "verification": item.verification,
        "set_aside": set_aside,
        "cite": citations.cite(item.source),
    }


def is_laboratory(item: EvidenceItem) -> bool:
    """Tell whether it was found in animals, cells or tissue."""
    graded = item.graded()
    return graded.studied in ("animal", "in-vitro")


def laboratory_items(
    assessments: Iterable[Assessment], citations: Citations
) -> list[dict[str, Any]]:
    """Return what was found in animals and cells, which never counts for people."""
    return [
        {**evidence_item(item, citations), "symptom": words.link(assessment.symptom)}
        for assessment in assessments
        for item in assessment.items.all()
        if is_laboratory(item)
    ]


def most_serious(harms: Sequence[Assessment]) -> Assessment | None:
    """Return the gravest harm on record that has any support in people, or None."""
    found = [
        each
        for each in harms
        if each.direction != Direction.NO_CLEAR_EFFECT and rank(each.level) > 0
    ]
    return min(found, key=harm_key, default=None)


def best_benefit(benefits: Sequence[Assessment]) -> Assessment | None:
    """Return the benefit that a tile names: best supported, most people; else None."""
    in_people = [each for each in benefits if rank(each.level) > 0]
    helpful = [each for each in in_people if each.direction == Direction.IMPROVES]
    return min(helpful or in_people, key=sort_key, default=None)


def better_elsewhere(
    own: Sequence[Assessment], all_for_symptoms: Sequence[Assessment]
) -> list[dict[str, Any]]:
    """Return, for each need this subject is tried for, what has better evidence there."""
    found = []
    saves_lives = survival(all_for_symptoms)
    for assessment in sorted(own, key=sort_key):
        if assessment.axis != Axis.BENEFIT or assessment.comparator:
            continue
        rivals = [
            each
            for each in all_for_symptoms
            if each.symptom_id == assessment.symptom_id
            and each.axis == Axis.BENEFIT
            and each.direction == Direction.IMPROVES
            and each.record_of != assessment.record_of
            and rank(each.level) > max(rank(assessment.level), 0)
        ]
        if not rivals:
            continue
        best: dict[str, Assessment] = {}
        for rival in sorted(
            rivals,
            key=lambda each: (
                -rank(each.level),
                -saves_lives.get(each.record_of, 0),
                each.subject.name,
            ),
        ):
            best.setdefault(rival.record_of, rival)
        found.append(
            {
                "symptom": words.link(assessment.symptom),
                "level": assessment.level,
                "level_label": assessment.get_level_display(),
                "better": [
                    {
                        **words.link(rival.subject),
                        "level": rival.level,
                        "level_label": rival.get_level_display(),
                        "about": about(assessment.symptom.name, rival.comparator),
                        "conclusion": rival.conclusion,
                    }
                    for rival in best.values()
                ],
            }
        )
    return found


def level_of(assessments: Iterable[Assessment]) -> dict[str, str]:
    """Return {"level", "level_label", "about"} for a card."""
    assessments = list(assessments)
    best = best_benefit([each for each in assessments if each.axis == Axis.BENEFIT])
    if best is not None:
        about = best.symptom.name
        if best.direction != Direction.IMPROVES:
            about += f" ({local.inside(words.direction(best.direction))})"
        return {
            "level": best.level,
            "level_label": best.get_level_display(),
            "about": about,
        }
    looked = any(
        each.axis == Axis.BENEFIT and each.level == Level.NONE for each in assessments
    )
    level = Level.NONE if looked else Level.NOT_ASSESSED
    return {"level": level, "level_label": str(level.label), "about": ""}
