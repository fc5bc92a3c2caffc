"""Two or three subjects side by side."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext_noop as _

from kb import law, places
from kb.choices import Axis
from kb.models import Alkaloid, Assessment, Region, SafetyNote, Substance
from kb.pages import law as law_page
from kb.pages import matrix, words

Subject = Substance | Alkaloid


SLUG = re.compile(r"[-\w]{1,80}")


def find_subject(name: str) -> Subject | None:
    """Return the published subject of a slug, or of "alkaloid:slug"."""
    kind, _colon, slug = name.rpartition(":")
    if not SLUG.fullmatch(slug):
        return None
    found: Subject | None = None
    if kind in ("", "substance"):
        found = Substance.objects.published().filter(slug=slug).first()
    if found is None and kind in ("", "alkaloid"):
        found = Alkaloid.objects.published().filter(slug=slug).first()
    return found


def context(subjects: list[Subject], region: Region | None) -> dict[str, Any]:
    """Return rows of outcomes, law and safety; a row says whether its cells differ."""
    columns = [_column(subject) for subject in subjects]
    tree = places.RegionTree()
    return {
        "subjects": subjects,
        "benefits": _outcomes(subjects, columns, Axis.BENEFIT),
        "harms": _outcomes(subjects, columns, Axis.HARM),
        "law": _law(subjects, tree, region),
        "safety_columns": [
            (
                subject,
                SafetyNote.objects.filter(**{subject.KIND: subject})
                .filter(severity__in=["life-threatening", "serious"])
                .select_related("source")
                .order_by("severity", "kind", "key")[:6],
            )
            for subject in subjects
        ],
    }


def _column(subject: Subject) -> dict[tuple[str, str, str], Assessment]:
    found = Assessment.objects.filter(**{subject.KIND: subject}).for_matrix()
    return {(each.axis, each.symptom.name, each.comparator): each for each in found}


def _outcomes(
    subjects: list[Subject],
    columns: list[dict[tuple[str, str, str], Assessment]],
    axis: str,
) -> list[dict[str, Any]]:
    keys = sorted({key for column in columns for key in column if key[0] == axis})
    rows = []
    for key in keys:
        cells = [
            {**_cell(column.get(key)), "name": subject.name}
            for subject, column in zip(subjects, columns, strict=True)
        ]
        some = next(column[key] for column in columns if key in column)
        rows.append(
            {
                **words.link(some.symptom),
                "note": matrix.against(key[2]),
                "cells": cells,
                "differs": len({(cell["direction"], cell["level"]) for cell in cells})
                > 1,
            }
        )
    return sorted(
        rows, key=lambda row: sum(c["level"] == "not-assessed" for c in row["cells"])
    )


def _cell(assessment: Assessment | None) -> dict[str, Any]:
    if assessment is None:
        return {
            "level": "not-assessed",
            "level_label": _("Not assessed"),
            "direction": "",
        }
    __, people = matrix.studied(assessment)
    return {
        "level": assessment.level,
        "level_label": assessment.get_level_display(),
        "direction": assessment.direction,
        "direction_label": words.direction(assessment.direction),
        "conclusion": assessment.conclusion,
        "people": words.count(people),
        "url": f"{assessment.subject.get_absolute_url()}#why-{assessment.anchor}",
    }


def _law(
    subjects: list[Subject], tree: places.RegionTree, region: Region | None
) -> list[dict[str, Any]]:
    """Return the chosen region, or every country where at least two were checked."""
    rules = [law.rules_bearing_on(subject) for subject in subjects]
    with_rules = [{rule.region for rule in each} for each in rules]
    if region is not None:
        shown = [region]
    else:
        codes = sorted(
            (
                code
                for code in set().union(*with_rules)
                if sum(code in each for each in with_rules) > 1 and "/" not in code
            ),
            key=lambda code: law.order_of(tree.by_code[code], tree),
        )
        shown = [tree.by_code[code] for code in codes]
    rows = []
    for place in shown:
        cells = [
            {
                **law_page.status_of(
                    law.effective_with(subject, place, rules=each, tree=tree),
                    tree,
                ),
                "name": subject.name,
            }
            for subject, each in zip(subjects, rules, strict=True)
        ]
        rows.append(
            {
                **words.link(place),
                "cells": cells,
                "differs": len({cell["status"] for cell in cells}) > 1,
            }
        )
    return rows
