"""The evidence matrix, its arithmetic and its items, for substances and for symptoms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from kb import grading
from kb.choices import Axis, Direction, Level, Severity
from kb.models import Assessment, EvidenceItem
from kb.pages import words
from kb.pages.citations import Citations

SEVERITIES = list(Severity.values)
SURVIVAL = "mortality"  # the outcome that decides among equals


def survival(assessments: Iterable[Assessment]) -> dict[str, int]:
    """Return how well it is supported that a subject saves lives: {"substance:7": 3}."""
    return {
        each.record_of: grading.rank(each.level)
        for each in assessments
        if each.symptom.slug == SURVIVAL
        and each.axis == Axis.BENEFIT
        and each.direction == Direction.IMPROVES
    }


def studied(assessment: Assessment) -> tuple[int, int | None]:
    """Return how many studies in people there are, and how many people were in them."""
    items = [item.graded() for item in assessment.items.all()]
    human = [
        item for item in items if grading.start_points(item) != 0 and not item.retracted
    ]
    sources = {item.source for item in human}
    return len(sources), grading.people_counted(human) if human else None


def sort_key(assessment: Assessment) -> tuple[Any, ...]:
    """Put the best supported first: level, then direction, findings, people, name."""
    order = [
        Direction.IMPROVES,
        Direction.CAUSES,
        Direction.WORSENS,
        Direction.NO_CLEAR_EFFECT,
    ]
    _, people = studied(assessment)
    return (
        -grading.rank(assessment.level),
        order.index(Direction(assessment.direction)),
        -assessment.findings_counted,
        -(people or 0),
        assessment.symptom.name,
        assessment.subject.name,
        assessment.comparator,
    )


def harm_key(assessment: Assessment) -> tuple[Any, ...]:
    """Put the gravest harm first, however weak its evidence in people; then what was
    seen in animals alone; then what was looked for and not found."""
    is_absent = assessment.direction == Direction.NO_CLEAR_EFFECT
    return (
        is_absent,
        grading.rank(assessment.level) < 1,
        SEVERITIES.index(assessment.symptom.severity),
        *sort_key(assessment),
    )


SORTS = {
    "level": "Certainty",
    "studies": "Studies",
    "people": "People",
    "outcome": "Outcome",
}


def in_order(
    assessments: Iterable[Assessment], sort: str, default: Callable[[Assessment], Any]
) -> list[Assessment]:
    """Return assessments as a reader asked for them; `level`: surest first."""
    first = sorted(assessments, key=default)
    keys: dict[str, Callable[[Assessment], Any]] = {
        "level": lambda each: -grading.rank(each.level),
        "studies": lambda each: -studied(each)[0],
        "people": lambda each: -(studied(each)[1] or 0),
        "outcome": lambda each: each.symptom.name,
    }
    return sorted(first, key=keys[sort]) if sort in keys else first


def sort_links(
    address: str, sort: str, kept: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the ways to sort a matrix, as links that keep the other parameters."""
    links = [{"label": "As it matters", "url": f"{address}?{urlencode(kept)}#evidence"}]
    links += [
        {
            "label": label,
            "url": f"{address}?{urlencode({**kept, 'sort': name})}#evidence",
        }
        for name, label in SORTS.items()
    ]
    chosen = SORTS.get(sort, "As it matters")
    return [{**link, "current": link["label"] == chosen} for link in links]


def matrix_row(assessment: Assessment, *, by: str) -> dict[str, Any]:
    """Return a row for components/_matrix_row.html; `by` is "symptom" or "subject"."""
    about = assessment.symptom if by == "symptom" else assessment.subject
    studies, people = studied(assessment)
    notes = [f"against {assessment.comparator}"] if assessment.comparator else []
    if assessment.needs_review:
        notes.append("under re-check")
    return {
        "outcome": about.name,
        "outcome_url": about.get_absolute_url(),
        "outcome_note": ", ".join(notes),
        "direction": assessment.direction,
        "direction_label": words.direction(assessment.direction),
        "level": assessment.level,
        "level_label": assessment.get_level_display(),
        "studies": studies or None,
        "people": words.count(people) if people else None,
        "conclusion": assessment.conclusion,
        "url": f"#why-{assessment.anchor}"
        if by == "symptom"
        else f"{about.get_absolute_url()}#why-{assessment.anchor}",
    }


def unfolded(assessment: Assessment, citations: Citations) -> dict[str, Any]:
    """Return an assessment with its arithmetic and items, for kb/_why.html."""
    arithmetic = assessment.arithmetic
    aside = {each["item"]: each["reason"] for each in arithmetic.get("set_aside", [])}
    items = sorted(
        assessment.items.all(),
        key=lambda item: (
            -(grading.start_points(item.graded()) or -1),
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
        "direction": assessment.direction,
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
        "people": words.count(item.n),
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
        if each.direction != Direction.NO_CLEAR_EFFECT and grading.rank(each.level) > 0
    ]
    return min(found, key=harm_key, default=None)


def best_benefit(benefits: Sequence[Assessment]) -> Assessment | None:
    """Return the benefit that a tile names: best supported, most people; else None."""
    in_people = [each for each in benefits if grading.rank(each.level) > 0]
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
            and grading.rank(each.level) > max(grading.rank(assessment.level), 0)
        ]
        if not rivals:
            continue
        best: dict[str, Assessment] = {}
        for rival in sorted(
            rivals,
            key=lambda each: (
                -grading.rank(each.level),
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
                        "about": assessment.symptom.name
                        + (f", against {rival.comparator}" if rival.comparator else ""),
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
            about += f" ({words.direction(best.direction).lower()})"
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
