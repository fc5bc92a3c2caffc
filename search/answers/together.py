"""What is recorded about taking one thing together with another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.db.models import Q
from django.utils.translation import gettext

from kb.choices import Level, SafetyKind, Severity, Verification
from kb.folding import fold
from kb.models import Interaction, SafetyNote, Substance
from search.answers.answer import Answer, Quoted, joined, page_of, source_of
from search.answers.names import Named
from search.answers.question import Question
from search.answers.safety import holds, notes_on, of_note
from search.answers.vocabulary import GROUP_OF_TAG, MEMBERS, PARTNERS

MIXING = (SafetyKind.INTERACTION, SafetyKind.OVERDOSE, SafetyKind.CONTRAINDICATION)
# Where a page tells of interactions.
MET = "interactions"
ELSE = ("other substances", "other drugs")


def warn_together(question: Question) -> Answer:
    """Return what is recorded on both, or that there is nothing: 5 queries."""
    first = question.subject.twins
    if question.other is not None:
        second = tuple(each for each in question.other.twins if each != first[0])
        return _warn(first, second, second[0].inside, [second[0].name.lower()])
    assert question.partner is not None, "a question that mixes names two things"
    return _warn(first, (), question.partner, PARTNERS[question.partner])


def warn_beside(question: Question) -> Answer | None:
    """Return what is recorded on two that stand side by side, as "kratom tramadol";
    nothing if they are one thing, as "kratom tea"."""
    if len(question.subjects) < 2:
        return None
    first, second = (each.twins for each in question.subjects[:2])
    found = _on_both(_interactions((*first, *second)), first, second, ())
    if not found:
        return None
    return _warn(first, second, second[0].inside, (second[0].name.lower(),))


def _warn(
    first: Sequence[Named], second: Sequence[Named], group: str, stems: Sequence[str]
) -> Answer:
    """`second` are records; where there are none, `group` and `stems` name what is mixed."""
    record = first[0]
    name = group if second else gettext(group)
    # What is no record here has only a name.
    with_: dict[str, str | None] = (
        dict(second[0].as_json())
        if second
        else {"kind": None, "slug": None, "name": name}
    )
    lead = gettext("%(first)s together with %(second)s:")
    said = lead % {"first": record.name, "second": name}
    interactions = _interactions((*first, *second))
    if found := _on_both(interactions, first, second, () if second else stems):
        return replace(_of_interaction(found[0], record, said), with_=with_)
    notes = notes_on((*first, *second))
    of_both = [each for each in notes if _tells_of_both(each, first, second, stems)]
    of_both.sort(key=lambda note: note.kind != SafetyKind.INTERACTION)
    if of_both:
        note = of_both[0]
        owner = next(
            each for each in (*first, *second) if each.key == note.subject.record_key
        )
        found_note = of_note(owner, note, lead=said)
        return replace(found_note, subject=record.as_json(), with_=with_)
    near = _near(interactions, first, second, group)
    return _nothing((*first, *second), name, with_, notes, near)


def _interactions(records: Iterable[Named]) -> list[Interaction]:
    """Return what these can do together with others, gravest first: 1 query."""
    slugs = [each.slug for each in records if each.kind == "substance"]
    rows = Interaction.objects.filter(
        Q(substance__slug__in=slugs) | Q(other__slug__in=slugs)
    ).select_related("substance", "other", "source")
    order = list(Severity.values)
    return sorted(rows, key=lambda each: (order.index(each.severity), each.key))


def _on_both(
    interactions: Iterable[Interaction],
    first: Sequence[Named],
    second: Sequence[Named],
    stems: Sequence[str],
) -> list[Interaction]:
    """Return those between the first and the second, a record or a thing so called."""
    ours = {each.slug for each in first if each.kind == "substance"}
    theirs = {each.slug for each in second if each.kind == "substance"}
    return [
        each
        for each in interactions
        if (
            each.other
            and {each.substance.slug, each.other.slug} & ours
            and {each.substance.slug, each.other.slug} & theirs
            and not {each.substance.slug, each.other.slug} <= ours
        )
        or _is_called(each, ours, stems)
        or _is_called(each, ours, [fold(named.name) for named in second])
        or _is_called(each, theirs, [fold(named.name) for named in first])
    ]


def _is_called(each: Interaction, slugs: Iterable[str], stems: Iterable[str]) -> bool:
    said = fold(each.other_name).split()
    return each.substance.slug in slugs and any(
        word.startswith(stem) for word in said for stem in stems
    )


def _near(
    interactions: Sequence[Interaction],
    first: Sequence[Named],
    second: Sequence[Named],
    group: str,
) -> Interaction | None:
    """Return what is recorded of a member of the group, or of the record's group."""
    if not second:
        near = _on_both(interactions, first, (), MEMBERS.get(group, ()))
        return near[0] if near else None
    for ours, theirs in ((first, second), (second, first)):
        slugs = [each.slug for each in theirs if each.kind == "substance"]
        tags = Substance.objects.filter(slug__in=slugs, tags__slug__in=GROUP_OF_TAG)
        for tag in tags.values_list("tags__slug", flat=True):
            if tag in GROUP_OF_TAG:
                stems = PARTNERS[GROUP_OF_TAG[tag]]
                if near := _on_both(interactions, ours, (), stems):
                    return near[0]
    return None


def _of_interaction(found: Interaction, record: Named, lead: str) -> Answer:
    return Answer(
        type="safety",
        subject=record.as_json(),
        level=found.level,
        parts=joined(
            lead,
            Quoted(found.effect),
            gettext("Nobody has checked this in its source yet.")
            if found.verification == Verification.UNVERIFIED
            else "",
        ),
        source=source_of(found.source),
        url=f"{found.substance.get_absolute_url()}#{MET}",
    )


def _tells_of_both(
    note: SafetyNote,
    first: Sequence[Named],
    second: Sequence[Named],
    stems: Sequence[str],
) -> bool:
    """Tell whether a note on one of the two links to the other, or speaks of mixing it."""
    linked = {substance.record_key for substance in note.interacts_with.all()}
    is_on_first = note.subject.record_key in {each.key for each in first}
    if linked & {each.key for each in (second if is_on_first else first)}:
        return True
    said = stems if is_on_first else [each.name.lower() for each in first]
    return note.kind in MIXING and holds(note.finding, said)


def _nothing(
    records: Sequence[Named],
    name: str,
    with_: dict[str, str | None],
    notes: Sequence[SafetyNote],
    near: Interaction | None,
) -> Answer:
    """Return that nothing is recorded, with what is known of one of the group, or else
    of mixing either at all."""
    record = owner = records[0]
    general: SafetyNote | None = None
    for each in records:
        general = next((note for note in notes if _is_general(note, each)), None)
        if general:
            owner = each
            break
    told = near or general
    anchor = MET if near else "safety"
    if general and not near:
        anchor = f"safety-{SafetyKind.INTERACTION.value}"
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
            gettext("Close to it, this is on record:") if near else "",
            Quoted(near.effect) if near else "",
            gettext("On mixing %(name)s with other things:") % {"name": owner.inside}
            if general
            else "",
            Quoted(general.finding) if general else "",
        ),
        source=source_of(told.source) if told else None,
        url=f"{near.substance.get_absolute_url() if near else page_of(owner)}#{anchor}",
    )


def _is_general(note: SafetyNote, record: Named) -> bool:
    return (
        note.kind == SafetyKind.INTERACTION
        and note.subject.record_key == record.key
        and holds(note.finding, ELSE)
    )
