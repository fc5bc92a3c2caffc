"""The evidence matrix: outcomes or subjects in rows, benefit and harm apart in a cell.

Nothing here grades: it puts assessments into order and into rows for
components/_matrix.html.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from kb.choices import Axis, Direction, Level, Severity
from kb.grading.items import people_counted, start_points
from kb.grading.levels import rank
from kb.grading.steps import MODEST, SMALL
from kb.grading.suggestion import Basis
from kb.models import Assessment
from kb.pages import local, words

SEVERITIES = list(Severity.values)
SURVIVAL = "mortality"  # the outcome that decides among equals
DIRECTION_ORDER = [
    Direction.IMPROVES,
    Direction.CAUSES,
    Direction.WORSENS,
    Direction.NO_CLEAR_EFFECT,
]
# Where no person was studied, the way that animals point is no direction for people:
# the mark says what was found instead. Keys are what a level rests on.
WITHOUT_PEOPLE = {
    Basis.SEARCHED: _("Looked for, none found"),
    Basis.LABORATORY: _("Animals or cells only"),
    Basis.OTHER_FORM: _("Another form only"),
    Basis.NO_STUDY: _("No study in people found"),
}
NOT_ASSESSED = {
    "level": Level.NOT_ASSESSED,
    "level_label": str(Level.NOT_ASSESSED.label),
}
# A crowd is drawn as one to four people: the limits below which the rule of grading
# finds too few, and one ten times the larger.
CROWDS = (SMALL, MODEST, 10 * MODEST)
# What a reader may sort by: the parameter's value, the column it orders, up or down.
SORTS = {
    "level": "descending",
    "studies": "descending",
    "people": "descending",
    "outcome": "ascending",
}


def survival(assessments: Iterable[Assessment]) -> dict[str, int]:
    """Return how well it is supported that a subject saves lives: {"substance:7": 3}."""
    return {
        each.record_of: rank(each.level)
        for each in assessments
        if each.symptom.slug == SURVIVAL
        and each.axis == Axis.BENEFIT
        and each.direction == Direction.IMPROVES
    }


def studied(*assessments: Assessment) -> tuple[int, int | None]:
    """Return how many studies in people there are, and how many people were in them."""
    items = [item.graded() for each in assessments for item in each.items.all()]
    human = [item for item in items if start_points(item) != 0 and not item.retracted]
    sources = {item.source for item in human}
    return len(sources), people_counted(human) if human else None


def sort_key(assessment: Assessment) -> tuple[Any, ...]:
    """Put the best supported first: level, then direction, findings, people, name."""
    __, people = studied(assessment)
    return (
        -rank(assessment.level),
        DIRECTION_ORDER.index(Direction(assessment.direction)),
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
        rank(assessment.level) < 1,
        SEVERITIES.index(assessment.symptom.severity),
        *sort_key(assessment),
    )


def of_subject(
    benefits: Sequence[Assessment], harms: Sequence[Assessment], *, sort: str = ""
) -> list[dict[str, Any]]:
    """Return the groups of a subject's matrix, a row an outcome and comparison.

    Both come in the order that matters; `sort` is one of SORTS or "". A row whose outcome
    was studied as benefit and as harm stands once, in the first group.
    """
    harm_of = {(each.symptom_id, each.comparator): each for each in harms}
    sought = [
        _outcome_row(each, harm_of.pop((each.symptom_id, each.comparator), None))
        for each in benefits
    ]
    besides = [
        _outcome_row(None, each)
        for each in harms
        if (each.symptom_id, each.comparator) in harm_of
    ]
    return [
        {
            "id": "benefits",
            "title": _("What it was tried for"),
            "rows": in_order(sought, sort),
            "empty": _(
                "No study of a benefit has been entered here. That says nothing"
                " about whether it helps."
            ),
        },
        {
            "id": "harms",
            "title": _("What harm was studied"),
            "rows": in_order(besides, sort),
            "empty": ""
            if any(row["harm"]["level"] != Level.NOT_ASSESSED for row in sought)
            else _(
                "No study of harm has been entered here. That does not mean that it is"
                " harmless."
            ),
        },
    ]


def _outcome_row(benefit: Assessment | None, harm: Assessment | None) -> dict[str, Any]:
    found = [each for each in (benefit, harm) if each]
    return _row(
        found,
        about=found[0].symptom,
        benefit=_grade(benefit),
        harm=_grade(harm),
        on_its_page=True,
    )


def of_symptom(
    tried: Iterable[Assessment],
    harms: Mapping[str, Assessment],
    *,
    names_outcome: bool = False,
) -> list[dict[str, Any]]:
    """Return a row for each thing that was tried, beside its gravest harm.

    `harms` gives that of each subject: {"substance:7": assessment}. `names_outcome`: the
    rows are about several outcomes, so each says which.
    """
    rows = []
    for each in tried:
        harm = harms.get(each.record_of)
        row = _row([each], about=each.subject, benefit=_grade(each), harm=_grade(harm))
        if harm is not None:
            url = f"{harm.subject.get_absolute_url()}#why-{harm.anchor}"
            row["harm"] |= {"about": harm.symptom.name, "url": url}
        if names_outcome:
            row["outcome_note"] = ", ".join(
                filter(None, [each.symptom.name, row["outcome_note"]])
            )
        rows.append(row)
    return rows


def of_cause(harmful: Iterable[Assessment]) -> list[dict[str, Any]]:
    """Return a row for each thing that can bring a symptom on or worsen it."""
    return [
        _row([each], about=each.subject, benefit=None, harm=_grade(each))
        for each in harmful
    ]


def _row(
    found: Sequence[Assessment],
    *,
    about: Any,
    benefit: dict[str, Any] | None,
    harm: dict[str, Any] | None,
    on_its_page: bool = False,
) -> dict[str, Any]:
    """Return a row for components/_matrix_row.html.

    `on_its_page`: the row is what links to "#why-…" lead to, from other pages.
    """
    studies, people = studied(*found)
    notes = [against(found[0].comparator)] if found[0].comparator else []
    if any(each.needs_review for each in found):
        notes.append(gettext("under re-check"))
    page = about.get_absolute_url()
    return {
        "outcome": about.name,
        "outcome_url": page,
        "outcome_note": ", ".join(notes),
        "benefit": benefit,
        "harm": harm,
        "studies": studies,
        "people": local.count(people) if people else "",
        "crowd": crowd(people),
        "conclusions": [
            {
                "text": each.conclusion,
                "axis": words.AXIS_NAME[Axis(each.axis)] if len(found) > 1 else "",
                "anchor": f"why-{each.anchor}" if on_its_page else "",
                "url": each.get_absolute_url()
                if on_its_page
                else f"{page}#why-{each.anchor}",
            }
            for each in found
        ],
        "order": {
            "level": -max(rank(each.level) for each in found),
            "studies": -studies,
            "people": -(people or 0),
            "outcome": about.name,
        },
    }


def _grade(assessment: Assessment | None) -> dict[str, Any]:
    """Return one half of the cell: which way it goes, and how sure anyone can be."""
    if assessment is None:
        return dict(NOT_ASSESSED)
    grade: dict[str, Any] = {
        "level": assessment.level,
        "level_label": assessment.get_level_display(),
    }
    if assessment.level == Level.NONE:
        basis = assessment.arithmetic.get("basis", "")
        return grade | {"level_label": WITHOUT_PEOPLE.get(basis, _("None"))}
    if assessment.level == Level.NOT_ASSESSED:
        return grade
    return grade | {
        "direction": assessment.direction,
        "direction_label": words.direction(assessment.direction),
    }


def against(comparator: str) -> str:
    """Return "against placebo", or "" where there is no comparator."""
    return gettext("against %(other)s") % {"other": comparator} if comparator else ""


def about(symptom: str, comparator: str) -> SafeString:
    """Return what a level is about: "Insomnia, against placebo"."""
    name = local.quoted(symptom)
    return format_html("{}, {}", name, against(comparator)) if comparator else name


def crowd(people: int | None) -> int:
    """Return how many figures stand for so many people: 0 (not known) to 4."""
    if not people:
        return 0
    return 1 + sum(people >= limit for limit in CROWDS)


def in_order(rows: list[dict[str, Any]], sort: str) -> list[dict[str, Any]]:
    """Return rows as a reader asked for them, equals in the order that matters."""
    if sort not in SORTS:
        return rows
    return sorted(rows, key=lambda row: row["order"][sort])


def columns(
    address: str, sort: str, kept: Mapping[str, str], *, first: str = _("Outcome")
) -> dict[str, Any]:
    """Return the columns that sort, as links that keep the other parameters.

    `address` may end in an anchor. {"head": [{"name", "label", "by", "url", "sorted":
    "descending" or ""}, …], "default": {"url", "sorted"}}
    """
    page, _hash, anchor = address.partition("#")

    def link(name: str) -> str:
        asked = {**kept, "sort": name} if name else dict(kept)
        return f"{page}{'?' if asked else ''}{urlencode(asked)}#{anchor}"

    names = {
        "outcome": (first, _("name")),
        "level": (_("Benefit and harm"), _("certainty")),
        "studies": (_("Studies"), _("studies")),
        "people": (_("People"), _("people")),
    }
    head = [
        {
            "name": name,
            "label": label,
            "by": by,
            "url": link(name),
            "sorted": SORTS[name] if sort == name else "",
        }
        for name, (label, by) in names.items()
    ]
    return {"head": head, "default": {"url": link(""), "sorted": sort not in SORTS}}
