"""Does it help, what does it bring: the assessments of a subject."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.db.models import Prefetch, Q
from django.utils.translation import gettext

from kb.choices import Axis, Direction, Level
from kb.grading.items import start_points
from kb.grading.levels import rank
from kb.languages import current
from kb.models import Assessment, EvidenceItem, Source
from kb.pages import evidence as evidence_page
from kb.pages import matrix, words
from search.answers.answer import (
    Answer,
    Quoted,
    joined,
    label_of,
    page_of,
    source_of,
    symptom_of,
)
from search.answers.names import Named
from search.answers.question import Question

MOST_BETTER = 6
# Where withdrawal from something is told, unless it has a record of its own.
DEPENDENCE = "dependence"
# Answers of one state of the data: a megabyte or two.
_MOST_KEPT = 1_000
# Few items stand inside a review; where none does, these prefetches ask nothing.
ITEMS = EvidenceItem.objects.of_published_sources().prefetch_related(
    "inside_review", "duplicate_of"
)


def about(records: Iterable[Named]) -> Q:
    """Return the condition for rows about any of these subjects."""
    condition = Q(pk__in=())
    for record in records:
        condition |= Q(**{f"{record.kind}__slug": record.slug})
    return condition


def with_items(condition: Q) -> list[Assessment]:
    """Return assessments with all that their order and their source take: 2 queries."""
    return list(
        Assessment.objects.filter(condition)
        .of_published()
        .select_related("symptom", "substance", "alkaloid")
        .prefetch_related(Prefetch("items", ITEMS))
    )


def is_about(assessment: Assessment, record: Named) -> bool:
    return assessment.subject.record_key == record.key


def strongest_source(assessment: Assessment) -> Source | None:
    """Return the source of the best item that counts; of the others if none does."""
    counted = set(assessment.arithmetic.get("counted", ()))
    items = [each for each in assessment.items.all() if not each.source.is_retracted]
    best = min(
        items,
        key=lambda item: (
            item.key not in counted,
            -(start_points(item.graded()) or 0),
            -(item.n or 0),
            item.key,
        ),
        default=None,
    )
    return best.source if best else None


def direction_of(assessment: Assessment) -> str | None:
    """Return the direction, if people were studied: animals point nowhere for them."""
    return assessment.direction if rank(assessment.level) > 0 else None


def anchor_url(record: Named, assessment: Assessment) -> str:
    return f"{page_of(record)}#why-{assessment.anchor}"


def assess(question: Question) -> Answer:
    """Return what is known of the subject and the symptom: 3 queries, and none for
    whoever asks the same in other words."""
    asked = (
        current(),
        question.subject.twins,
        question.symptoms,
        question.own_symptoms,
        question.asks_help,
        question.asks_harm,
        question.asks_how_long,
    )
    # The names are made anew with every change of the data; so is what is kept here.
    kept = question.names.answers
    answer = kept.get(asked)
    if answer is None:
        answer = _assess(question) if question.symptoms else _best_benefit(question)
        if len(kept) >= _MOST_KEPT:
            kept.clear()
        kept[asked] = answer
    return answer


def _assess(question: Question) -> Answer:
    records = question.subject.twins
    slugs = {each.slug for each in (*question.symptoms, *question.own_symptoms)}
    found = with_items(
        Q(symptom__slug__in={*slugs, matrix.SURVIVAL}, axis=Axis.BENEFIT)
        | (Q(symptom__slug__in={*slugs, DEPENDENCE}) & about(records))
    )
    for axis in _axes(question):
        for symptom in question.symptoms:
            for record in records:
                chosen = _chosen(found, record, symptom.slug, axis)
                if chosen:
                    return answer_with(question, record, symptom, chosen, found)
    return _not_assessed(question, records, found)


def _axes(question: Question) -> Sequence[tuple[Axis, ...]]:
    """Return the axes to look at, and in which order; together: symptom by symptom."""
    if question.asks_help and question.symptoms[0] not in question.own_symptoms:
        return [(Axis.BENEFIT,)]
    if question.asks_harm or question.asks_help:
        return [(Axis.HARM,), (Axis.BENEFIT,)]
    return [(Axis.BENEFIT, Axis.HARM)]


def _chosen(
    found: Sequence[Assessment], record: Named, symptom: str, axes: Sequence[Axis]
) -> Assessment | None:
    """Return the assessment without a comparator first, else the best supported."""
    fitting = [
        each
        for each in found
        if each.symptom.slug == symptom and each.axis in axes and is_about(each, record)
    ]
    return min(
        fitting,
        key=lambda each: (
            axes.index(Axis(each.axis)),
            each.comparator != "",
            *matrix.sort_key(each),
        ),
        default=None,
    )


def answer_with(
    question: Question,
    record: Named,
    symptom: Named,
    chosen: Assessment,
    found: Sequence[Assessment],
) -> Answer:
    """Return the answer that an assessment gives; `found` holds its rivals."""
    # What helps against a harm is no "better evidence" than the harm has.
    level = chosen.level if chosen.axis == Axis.BENEFIT else Level.NONE.value
    return Answer(
        type="evidence",
        subject=record.as_json(),
        symptom=symptom_of(symptom),
        level=chosen.level,
        direction=direction_of(chosen),
        parts=joined(
            *conclusion(chosen, record, symptom),
            _how_long(question, chosen),
            _own_withdrawal(question, record, chosen, found),
        ),
        source=source_of(strongest_source(chosen)),
        url=anchor_url(record, chosen),
        better=better(found, record, symptom.slug, level),
    )


def conclusion(
    assessment: Assessment, record: Named, symptom: Named
) -> tuple[str, ...]:
    """Return the conclusion, with what it is about where it does not say so itself."""
    text = Quoted(assessment.conclusion)
    if record.said.lower() in text.lower() and not assessment.comparator:
        return (text,)
    said = gettext("%(name)s and %(symptom)s:")
    if assessment.comparator:
        said = gettext("%(name)s and %(symptom)s, against %(other)s:")
    about = {
        "name": record.name,
        "symptom": symptom.inside,
        "other": assessment.comparator,
    }
    return said % about, text


def _how_long(question: Question, chosen: Assessment) -> str:
    """Return that no length is on record, where one was asked for and none is told."""
    told = any(word in chosen.conclusion for word in (" day", " week", " hour"))
    if not question.asks_how_long or told:
        return ""
    return gettext("How long it lasts is not recorded here.")


def _own_withdrawal(
    question: Question, record: Named, chosen: Assessment, found: Sequence[Assessment]
) -> str:
    """Return the other reading of "kratom withdrawal", where it is on record."""
    for symptom in question.own_symptoms:
        harm = _chosen(found, record, symptom.slug, (Axis.HARM,))
        if harm and harm != chosen and harm.direction == Direction.CAUSES:
            said = gettext(
                "The other way round, %(symptom)s is on record as a harm of its own"
                " (certainty: %(level)s)."
            )
            level = gettext(label_of(harm.level)).lower()
            return said % {"symptom": symptom.inside, "level": level}
    return ""


def _not_assessed(
    question: Question, records: Sequence[Named], found: Sequence[Assessment]
) -> Answer:
    record, symptom = records[0], question.symptoms[0]
    harm = _chosen(found, record, symptom.slug, (Axis.HARM,))
    if harm is None and "withdrawal" in symptom.slug:
        harm = _chosen(found, record, DEPENDENCE, (Axis.HARM,))
    return Answer(
        type="evidence",
        subject=record.as_json(),
        symptom=symptom_of(symptom),
        level=Level.NOT_ASSESSED.value,
        parts=joined(
            gettext("Nobody has assessed %(name)s for %(symptom)s here yet.")
            % {"name": record.inside, "symptom": symptom.inside},
            gettext("As a harm it is on record:") if harm else "",
            Quoted(harm.conclusion) if harm else "",
        ),
        source=source_of(strongest_source(harm)) if harm else None,
        url=anchor_url(record, harm) if harm else f"{page_of(record)}#evidence",
        better=better(found, record, symptom.slug, Level.NOT_ASSESSED),
    )


def better(
    found: Sequence[Assessment], record: Named, symptom: str, level: str
) -> list[dict[str, str]]:
    """Return what improves the symptom by better evidence, best first, each once."""
    saves_lives = matrix.survival(found)
    rivals = [
        each
        for each in found
        if each.symptom.slug == symptom
        and each.axis == Axis.BENEFIT
        and each.direction == Direction.IMPROVES
        and not is_about(each, record)
        and rank(each.level) > max(rank(level), 0)
    ]
    best: dict[str, Assessment] = {}
    for rival in sorted(
        rivals,
        key=lambda each: (
            -rank(each.level),
            -saves_lives.get(each.record_of, 0),
            *matrix.sort_key(each),
        ),
    ):
        best.setdefault(rival.record_of, rival)
    return [
        {
            **words.link(rival.subject),
            "level": rival.level,
            "level_label": label_of(rival.level),
            "about": matrix.about(rival.symptom.name, rival.comparator),
        }
        for rival in list(best.values())[:MOST_BETTER]
    ]


def _best_benefit(question: Question) -> Answer:
    """Return the best-supported benefit, for "does kratom work": 2 queries."""
    records = question.subject.twins
    found = with_items(about(records) & Q(axis=Axis.BENEFIT))
    for record in records:
        own = [each for each in found if is_about(each, record)]
        best = evidence_page.best_benefit(own)
        if best:
            symptom = question.names.records["symptom", best.symptom.slug]
            answer = answer_with(question, record, symptom, best, ())
            lead = gettext("Of all its uses, the most is known about %(symptom)s:")
            parts = (lead % {"symptom": symptom.inside}, *answer.parts)
            return replace(answer, parts=parts)
    record = records[0]
    level = evidence_page.level_of(each for each in found if is_about(each, record))
    nothing = gettext("Nobody has assessed %(name)s for any use here yet.")
    if level["level"] == Level.NONE:
        nothing = gettext(
            "Only animals or cells were studied for any use of %(name)s; nothing is known"
            " about people."
        )
    return Answer(
        type="evidence",
        subject=record.as_json(),
        level=level["level"],
        parts=(nothing % {"name": record.inside},),
        url=f"{page_of(record)}#evidence",
    )
