"""Two subjects beside each other."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext

from kb.choices import Axis, Level
from kb.models import Assessment
from kb.pages import evidence as evidence_page
from kb.pages import local, words
from search.answers.answer import Answer, joined, symptom_of
from search.answers.evidence import about, is_about, with_items
from search.answers.names import Named
from search.answers.question import Question


def compare(question: Question) -> Answer:
    """Return how well each is supported, for the symptom if one is named: 2 queries."""
    assert question.other is not None, "a question that compares names two subjects"
    first, second = _pair(question)
    symptom = question.symptoms[0] if question.symptoms else None
    condition = Q(axis=Axis.BENEFIT) & about((first, second))
    if symptom:
        condition &= Q(symptom__slug=symptom.slug)
    found = with_items(condition)
    return Answer(
        type="comparison",
        subject=first.as_json(),
        with_=dict(second.as_json()),
        symptom=symptom_of(symptom) if symptom else None,
        parts=joined(
            gettext("%(first)s and %(second)s are different things.")
            % {"first": first.name, "second": second.inside},
            *(_supported(each, symptom, found) for each in (first, second)),
            _namesake(question, first, second),
        ),
        url=f"{reverse('kb:compare')}?{urlencode({'a': _key(first), 'b': _key(second)})}",
    )


def _pair(question: Question) -> tuple[Named, Named]:
    """Return two records of the same kind where the names allow it.

    "7-oh" is an alkaloid beside mitragynine, and a product beside kratom.
    """
    assert question.other is not None
    pairs = [
        (one, two)
        for one in question.subject.twins
        for two in question.other.twins
        if one != two
    ]
    return min(pairs, key=lambda pair: pair[0].kind != pair[1].kind)


def _supported(record: Named, symptom: Named | None, found: list[Assessment]) -> str:
    """Return "Kratom: very low certainty, about opioid withdrawal (improves)."."""
    own = [each for each in found if is_about(each, record)]
    best = evidence_page.best_benefit(own)
    named = {"name": record.name, "symptom": symptom.inside if symptom else ""}
    if best is None:
        return _unsupported(own, is_for_any=symptom is None) % named
    named |= {
        "symptom": symptom.inside if symptom else local.inside(best.symptom.name),
        "other": best.comparator,
        "direction": local.inside(words.direction(best.direction)),
        "level": gettext(best.get_level_display()).lower(),
    }
    said = gettext("%(name)s: %(level)s certainty, about %(symptom)s (%(direction)s).")
    if best.comparator:
        said = gettext(
            "%(name)s: %(level)s certainty, about %(symptom)s, against %(other)s"
            " (%(direction)s)."
        )
    return said % named


def _unsupported(own: list[Assessment], *, is_for_any: bool) -> str:
    level: dict[str, Any] = evidence_page.level_of(own)
    if level["level"] == Level.NONE and is_for_any:
        return gettext("%(name)s: no study in people was found for any use.")
    if level["level"] == Level.NONE:
        return gettext("%(name)s: no study in people was found for %(symptom)s.")
    if is_for_any:
        return gettext("%(name)s: nobody has assessed it here for any use yet.")
    return gettext("%(name)s: nobody has assessed it here for %(symptom)s yet.")


def _namesake(question: Question, *chosen: Named) -> str:
    """Return that a name which was used belongs to something else as well."""
    assert question.other is not None
    others = [
        each
        for subject in (question.subject, question.other)
        for each in subject.records
        if each not in chosen and each.name not in {record.name for record in chosen}
    ]
    if not others:
        return ""
    said = gettext("The same name is used for another thing: %(other)s.")
    return said % {"other": others[0].inside}


def _key(record: Named) -> str:
    """Return how the page of comparisons is asked: a slug may belong to both kinds."""
    return record.key if record.kind == "alkaloid" else record.slug
