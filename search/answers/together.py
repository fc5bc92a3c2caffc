"""What is recorded about taking one thing together with another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext

from kb.choices import Level, SafetyKind
from kb.models import SafetyNote
from search.answers.answer import Answer, Quoted, joined, page_of, source_of
from search.answers.names import Named
from search.answers.question import Question
from search.answers.safety import holds, notes_on, of_note

MIXING = (SafetyKind.INTERACTION, SafetyKind.OVERDOSE, SafetyKind.CONTRAINDICATION)
ELSE = ("other substances", "other drugs")


def warn_together(question: Question) -> Answer:
    """Return the note on both, or that there is none: 2 queries."""
    first = question.subject.twins
    if question.other is not None:
        second = tuple(each for each in question.other.twins if each != first[0])
        name, stem = second[0].inside, second[0].name.lower()
    else:
        assert question.partner is not None, "a question that mixes names two things"
        second = ()
        name, stem = question.partner
        name = gettext(name)
    notes = notes_on((*first, *second))
    of_both = [each for each in notes if _tells_of_both(each, first, second, stem)]
    of_both.sort(key=lambda note: note.kind != SafetyKind.INTERACTION)
    record = first[0]
    # What is no record here has only a name.
    with_: dict[str, str | None] = (
        dict(second[0].as_json())
        if second
        else {"kind": None, "slug": None, "name": name}
    )
    if not of_both:
        return _nothing((*first, *second), name, with_, notes)
    note = of_both[0]
    owner = next(
        each for each in (*first, *second) if each.key == note.subject.record_key
    )
    lead = gettext("%(first)s together with %(second)s:")
    found = of_note(owner, note, lead=lead % {"first": record.name, "second": name})
    return replace(found, subject=record.as_json(), with_=with_)


def _tells_of_both(
    note: SafetyNote, first: Sequence[Named], second: Sequence[Named], stem: str
) -> bool:
    """Tell whether a note on one of the two links to the other, or speaks of mixing it."""
    linked = {substance.record_key for substance in note.interacts_with.all()}
    is_on_first = note.subject.record_key in {each.key for each in first}
    if linked & {each.key for each in (second if is_on_first else first)}:
        return True
    stems = [stem] if is_on_first else [each.name.lower() for each in first]
    return note.kind in MIXING and holds(note.finding, stems)


def _nothing(
    records: Sequence[Named],
    name: str,
    with_: dict[str, str | None],
    notes: Sequence[SafetyNote],
) -> Answer:
    """Return that nothing is recorded, with what is known of mixing either at all."""
    record = owner = records[0]
    general: SafetyNote | None = None
    for each in records:
        general = next((note for note in notes if _is_general(note, each)), None)
        if general:
            owner = each
            break
    anchor = f"safety-{SafetyKind.INTERACTION.value}" if general else "safety"
    return Answer(
        type="safety",
        subject=record.as_json(),
        with_=with_,
        level=Level.NOT_ASSESSED.value,
        parts=joined(
            gettext(
                "Nothing is recorded here about %(first)s together with %(second)s. That"
                " is no sign of safety."
            )
            % {"first": record.inside, "second": name},
            gettext("On mixing %(name)s with other things:") % {"name": owner.inside}
            if general
            else "",
            Quoted(general.finding) if general else "",
        ),
        source=source_of(general.source) if general else None,
        url=f"{page_of(owner)}#{anchor}",
    )


def _is_general(note: SafetyNote, record: Named) -> bool:
    return (
        note.kind == SafetyKind.INTERACTION
        and note.subject.record_key == record.key
        and holds(note.finding, ELSE)
    )
