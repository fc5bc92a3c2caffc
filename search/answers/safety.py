"""What can go wrong: the gravest harm on record, or the one that is asked about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.utils.translation import gettext

from kb.choices import Axis, Direction, Level, Severity
from kb.grading.levels import rank
from kb.languages import current
from kb.models import Assessment, SafetyNote
from kb.pages import evidence as evidence_page
from kb.pages import matrix
from search.answers.answer import Answer, Quoted, joined, page_of, source_of
from search.answers.evidence import (
    about,
    anchor_url,
    answer_with,
    direction_of,
    is_about,
    strongest_source,
    with_items,
)
from search.answers.names import Named
from search.answers.question import Question
from search.answers.topics import OVERDOSE, TOPICS, Topic

SEVERITIES = list(Severity.values)
CONTENT = "product-variability"
# General words for harm: no topic of their own.
GENERAL = frozenset({"serious-adverse-events", "drug-interaction"})


def warn(question: Question) -> Answer:
    """Return the gravest harm on record; of the one asked for, if one is: 4 queries."""
    records = question.subject.twins
    found = with_items(about(records))
    harms = [each for each in found if each.axis == Axis.HARM]
    notes = notes_on(records)
    topic = next((each for each in TOPICS if question.says(each.said)), None)
    symptoms = [each for each in question.symptoms if each.slug not in GENERAL]
    for record in records:
        own = [each for each in harms if is_about(each, record)]
        own_notes = [each for each in notes if each.subject.record_key == record.key]
        if topic or symptoms:
            answer = _on_topic(record, own, own_notes, symptoms, topic)
        else:
            answer = _gravest(record, own, own_notes)
        if answer:
            return answer
    if topic and (benefit := _averted(question, topic, found)):
        return benefit
    record = records[0]
    asked = gettext(topic.name) if topic else symptoms[0].inside if symptoms else ""
    if topic and not topic.is_harm:
        return _unrecorded(record, asked)
    general = _gravest(
        record,
        [each for each in harms if is_about(each, record)],
        [each for each in notes if each.subject.record_key == record.key],
    )
    nothing = gettext(
        "No harm of %(name)s has been assessed here yet. That does not mean that it is"
        " harmless."
    )
    if asked:
        nothing = gettext(
            "Nothing is recorded here about %(name)s and %(asked)s. That does not mean"
            " that it is harmless."
        )
    return Answer(
        type="safety",
        subject=record.as_json(),
        level=Level.NOT_ASSESSED.value,
        parts=joined(
            nothing % {"name": record.inside, "asked": asked},
            *(general.parts if general else ()),
        ),
        source=general.source if general else None,
        url=f"{page_of(record)}#safety",
    )


def refuse_dose(question: Question) -> Answer:
    """Return that no amount is advised, and why an amount says little: 4 queries."""
    record = question.subject.taken
    harms = [
        each
        for each in with_items(about([record]))
        if each.axis == Axis.HARM and rank(each.level) > 0
    ]
    varies = [each for each in harms if each.symptom.slug == CONTENT]
    known = (
        _of_assessment(record, min(varies, key=matrix.harm_key))
        if varies
        else _gravest(record, harms, notes_on([record]))
    )
    refused = gettext("No amount of %(name)s is recommended here.")
    said = refused % {"name": record.inside}
    if known is None:
        return replace(_unrecorded(record, ""), parts=(said,))
    return replace(known, parts=(said, *known.parts))


def _unrecorded(record: Named, asked: str) -> Answer:
    nothing = gettext("Nothing is recorded here about %(name)s and %(asked)s.")
    return Answer(
        type="safety",
        subject=record.as_json(),
        level=Level.NOT_ASSESSED.value,
        parts=(nothing % {"name": record.inside, "asked": asked},),
        url=f"{page_of(record)}#safety",
    )


def notes_on(records: Iterable[Named]) -> list[SafetyNote]:
    """Return the safety notes on these subjects, gravest first: 2 queries."""
    found = (
        SafetyNote.objects.filter(about(records))
        .select_related("substance", "alkaloid", "symptom", "source")
        .prefetch_related("interacts_with")
    )
    return sorted(found, key=lambda note: (SEVERITIES.index(note.severity), note.key))


def _on_topic(
    record: Named,
    harms: Sequence[Assessment],
    notes: Sequence[SafetyNote],
    symptoms: Sequence[Named],
    topic: Topic | None,
) -> Answer | None:
    slugs = {each.slug for each in symptoms}
    fitting = [
        each
        for each in harms
        if each.symptom.slug in slugs
        or (topic and holds(each.symptom.name, topic.stems))
    ]
    in_people = [each for each in fitting if rank(each.level) > 0]
    if in_people:
        return _of_assessment(record, min(in_people, key=matrix.harm_key))
    for note in notes:
        by_symptom = note.symptom is not None and note.symptom.slug in slugs
        by_topic = topic and (
            note.kind == topic.kind
            if topic.kind
            else holds(f"{note.finding} {note.population}", topic.stems)
        )
        if by_symptom or by_topic:
            return of_note(record, note)
    if fitting:
        return _of_assessment(record, min(fitting, key=matrix.harm_key))
    return None


def _averted(
    question: Question, topic: Topic, found: Sequence[Assessment]
) -> Answer | None:
    """Return that it helps against what is feared: "naloxone overdose". That fewer die
    on a medicine is no answer to an overdose of it."""
    stems = ("overdose",) if question.says(OVERDOSE) else topic.stems
    fitting = [
        each
        for each in found
        if each.axis == Axis.BENEFIT
        and rank(each.level) > 0
        and holds(each.symptom.name, stems)
    ]
    best = evidence_page.best_benefit(fitting)
    if best is None:
        return None
    record = next(each for each in question.subject.twins if is_about(best, each))
    symptom = question.names.records["symptom", best.symptom.slug]
    answer = answer_with(question, record, symptom, best, ())
    said = gettext("Nothing is recorded here on %(topic)s as a harm of %(name)s.")
    unknown = said % {"topic": gettext(topic.name), "name": record.inside}
    return replace(answer, parts=(*answer.parts, unknown))


def _gravest(
    record: Named, harms: Sequence[Assessment], notes: Sequence[SafetyNote]
) -> Answer | None:
    worst = evidence_page.most_serious(harms)
    if worst is not None:
        return _of_assessment(record, worst, is_gravest=True)
    return of_note(record, notes[0]) if notes else None


def _of_assessment(
    record: Named, harm: Assessment, *, is_gravest: bool = False
) -> Answer:
    rated = harm.symptom.severity != Severity.NOT_RATED
    name = harm.symptom.name
    lead = ""
    if is_gravest:
        said = f"{name[0].lower()}{name[1:]}" if current() != "de" else name
        lead = gettext("The gravest harm on record: %(harm)s.") % {"harm": said}
    if not is_gravest and record.said.lower() not in harm.conclusion.lower():
        lead = f"{record.name}:"
    return Answer(
        type="safety",
        subject=record.as_json(),
        symptom={"slug": harm.symptom.slug, "name": name},
        level=harm.level,
        direction=direction_of(harm),
        parts=joined(lead if rated or not is_gravest else "", Quoted(harm.conclusion)),
        source=source_of(strongest_source(harm)),
        url=anchor_url(record, harm),
    )


def of_note(record: Named, note: SafetyNote, lead: str = "") -> Answer:
    """Return a single note: a finding with its source, which nobody graded."""
    return Answer(
        type="safety",
        subject=record.as_json(),
        symptom={"slug": note.symptom.slug, "name": note.symptom.name}
        if note.symptom
        else None,
        direction=Direction.CAUSES.value if note.symptom else None,
        parts=joined(lead or f"{record.name}:", Quoted(note.finding)),
        source=source_of(note.source),
        url=f"{page_of(record)}#safety-{note.kind}",
    )


def holds(text: str, stems: Iterable[str]) -> bool:
    folded = text.lower()
    return any(stem in folded for stem in stems)
