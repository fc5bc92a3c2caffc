"""The page of a symptom: everything that was tried for it, best supported first."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext_noop as _

from kb.choices import Axis, Direction, SymptomKind, SynonymKind
from kb.grading.levels import rank
from kb.languages import current, is_spoken
from kb.models import Assessment, Claim, Symptom
from kb.pages import local, matrix, plain, words
from kb.pages.citations import Citations
from kb.pages.contents import Contents


def context(symptom: Symptom, *, sort: str = "") -> dict[str, Any]:
    """Return all that kb/symptom.html shows; `sort` is one of matrix.SORTS or ""."""
    citations = Citations()
    told = plain.context(symptom, citations)
    found = list(Assessment.objects.filter(symptom=symptom).of_published().for_matrix())
    tried = [each for each in found if each.axis == Axis.BENEFIT]
    elsewhere = what_else_matters(symptom, tried)
    saves_lives = matrix.survival(elsewhere)
    tried.sort(key=lambda each: (-rank(each.level), *_help_first(each, saves_lives)))
    harmful = sorted(
        (each for each in found if each.axis == Axis.HARM), key=matrix.sort_key
    )
    harms_beside = gravest_harms(tried)
    page: dict[str, Any] = {
        "symptom": symptom,
        "told": told,
        **names_of(symptom),
        "tags": list(symptom.tags.all()),
        "part_of": [
            words.link(each) for each in symptom.part_of.all() if each.is_published
        ],
        "parts": [
            words.link(each) for each in symptom.parts.all() if each.is_published
        ],
        "tried_rows": matrix.in_order(matrix.of_symptom(tried, harms_beside), sort),
        "columns": matrix.columns(
            f"{symptom.get_absolute_url()}#tried", sort, {}, first=_("What was tried")
        ),
        "harm_rows": matrix.of_cause(harmful),
        "elsewhere_rows": matrix.of_symptom(
            elsewhere, harms_beside, names_outcome=True
        ),
        "claims": list(Claim.objects.published().filter(symptom=symptom)),
    }
    for each in (*tried, *harmful):
        for item in each.items.all():
            citations.cite(item.source)
    page["sources"] = citations.notes
    contents = Contents()
    contents.add("tried", _("What was tried for it"))
    contents.add("elsewhere", _("What else matters"), if_any=page["elsewhere_rows"])
    contents.add("harms", _("What can bring it on"), if_any=page["harm_rows"])
    contents.add(
        "parts", _("Belongs together"), if_any=page["part_of"] or page["parts"]
    )
    contents.add("claims", _("What people say"), if_any=page["claims"])
    contents.add("sources", _("Sources"), if_any=page["sources"])
    page["contents"] = contents.items
    return page


def names_of(symptom: Symptom) -> dict[str, list[SafeString]]:
    """Return its other names, everyday words apart: the English ones, and those in the
    language of the page. Misspellings are there to be found by."""
    told = [each for each in symptom.synonyms.all() if is_spoken(each.language)]
    told.sort(key=lambda each: each.language != current())
    return {
        "lay_terms": [
            local.named(each.name, each.language)
            for each in told
            if each.kind == SynonymKind.LAY
        ],
        "names": [
            local.named(each.name, each.language)
            for each in told
            if each.kind not in (SynonymKind.LAY, SynonymKind.MISSPELLING)
        ],
    }


def gravest_harms(tried: list[Assessment]) -> dict[str, Assessment]:
    """Return the gravest graded harm of what was tried, to stand beside its benefit.

    {"substance:7": assessment}; 1 query.
    """
    if not tried:
        return {}
    found: dict[str, Assessment] = {}
    rows = (
        Assessment.objects.filter(_subjects_of(tried), axis=Axis.HARM)
        .exclude(direction=Direction.NO_CLEAR_EFFECT)
        .of_published()
        .select_related("symptom", "substance", "alkaloid")
    )
    order = matrix.SEVERITIES
    for row in sorted(
        (each for each in rows if rank(each.level) > 0),
        key=lambda each: (
            order.index(each.symptom.severity),
            -rank(each.level),
            each.symptom.name,
        ),
    ):
        found.setdefault(row.record_of, row)
    return found


def _subjects_of(assessments: list[Assessment]) -> Q:
    return Q(
        substance__in=[each.substance_id for each in assessments if each.substance_id]
    ) | Q(alkaloid__in=[each.alkaloid_id for each in assessments if each.alkaloid_id])


def what_else_matters(symptom: Symptom, tried: list[Assessment]) -> list[Assessment]:
    """Return what was found about staying alive and in treatment, best supported first.

    Only for syndromes: whoever treats withdrawal wants people to live and to stay, too.
    """
    if symptom.kind != SymptomKind.SYNDROME or not tried:
        return []
    found = (
        Assessment.objects.filter(
            _subjects_of(tried),
            axis=Axis.BENEFIT,
            symptom__kind=SymptomKind.OUTCOME,
            direction=Direction.IMPROVES,
        )
        .of_published()
        .for_matrix()
    )
    in_people = [each for each in found if rank(each.level) > 0]
    return sorted(
        in_people,
        key=lambda each: (
            each.symptom.slug != matrix.SURVIVAL,
            *matrix.sort_key(each),
        ),
    )


def _help_first(assessment: Assessment, saves_lives: dict[str, int]) -> tuple[Any, ...]:
    """Among equals: what helps before what does not, what saves lives before the rest."""
    return (
        assessment.direction != Direction.IMPROVES,
        -saves_lives.get(assessment.record_of, 0),
        *matrix.sort_key(assessment)[1:],
    )
