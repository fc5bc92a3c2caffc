"""Two records of one kind become one: what pointed to the other points to the kept one.

All of it happens in one transaction. The old slug redirects for good, the other's name
becomes a synonym, and every line of history says why. Where readers see either record it
is a `Change` that a second person approves (kb.review); the preview of it does the merge
and takes it back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Count, Q

from kb import evidence, kinds, mentions, review, uses, version
from kb.accounts import audit
from kb.choices import AuditEvent
from kb.models import (
    Alkaloid,
    Assessment,
    Assignment,
    Change,
    Claim,
    CuratorNote,
    EvidenceItem,
    GradeChange,
    OldSlug,
    Source,
    Substance,
    Symptom,
    Synonym,
)
from kb.models.base import Fact

SHOWN = 5  # changes that are named where they stand in the way
MERGEABLE: tuple[type[models.Model], ...] = (
    Substance,
    Alkaloid,
    Symptom,
    Source,
    Claim,
)
# Names the row, is made by the program, or belongs to review.
NOT_TAKEN = frozenset(
    "id slug state created_at updated_at reviewed_by reviewed_on needs_review inchikey"
    " formula molar_mass drawing".split()
)
# Called with the record that goes and the slug of the one that is kept.
Rename = Callable[[Any, str], None]
_in_texts: list[Rename] = []


def register(rename: Rename) -> None:
    """Let a room that knows kb follow a merge in its texts."""
    _in_texts.append(rename)


@dataclass
class Report:
    """What a merge did: `moved` counts rows by kind, `doubles` names rows that both had."""

    moved: dict[str, int] = field(default_factory=dict)
    doubles: list[str] = field(default_factory=list)

    def count(self, model: type[models.Model]) -> None:
        name = str(model._meta.verbose_name_plural)
        self.moved[name] = self.moved.get(name, 0) + 1

    def lines(self) -> list[str]:
        moved = [f"{count} {name}" for name, count in sorted(self.moved.items())]
        return moved + [f"both had: {double}" for double in self.doubles]


def fields_of(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Return the fields of which one record's value can be taken."""
    return [
        each
        for each in model._meta.concrete_fields
        if each.name not in NOT_TAKEN and each.editable
    ]


# Who may, and when


def check(keep: Any, gone: Any) -> None:
    """Raise NotAllowed where two records cannot become one."""
    if type(keep) is not type(gone) or type(keep) not in MERGEABLE:
        raise review.NotAllowed("Only two records of one kind can be merged.")
    if keep.pk == gone.pk:
        raise review.NotAllowed("Choose two different records.")
    if gone.is_published and not keep.is_published:
        raise review.NotAllowed(f"Readers see {gone}: keep that one.")
    check_nothing_waits(keep, gone)


def check_nothing_waits(keep: Any, gone: Any, *, but: Change | None = None) -> None:
    """Raise NotAllowed with the changes that a merge would make impossible to approve.

    Those of the other record, of whatever belongs to it, and of all that names it: they
    could not be applied once it is gone. Those of the kept record, but not of its facts.
    """
    waiting = {each.pk: each for each in mentions.waiting_about(gone, but=but)}
    of_kept = Q(kind=keep.KIND, identity=keep.slug) | Q(
        identity__startswith=f"{keep.record_key}/"
    )
    for change in Change.objects.open().filter(of_kept):
        if but is None or change.pk != but.pk:
            waiting[change.pk] = change
    if waiting:
        named = [str(change) for _, change in sorted(waiting.items())]
        more = f" and {len(named) - SHOWN} more" if len(named) > SHOWN else ""
        raise review.NotAllowed(
            f"Decide first on what waits for review: {'; '.join(named[:SHOWN])}{more}."
            f" It speaks of {keep} or {gone}, and could not be approved after a merge."
        )


def propose(
    keep: Any, gone: Any, *, take: Collection[str], by: Any, reason: str
) -> Change | None:
    """Merge what readers do not see, or keep the merge for review; return the change.

    Whoever may publish proposes it; somebody else approves. An administrator merges at
    once, as they save at once. Raises NotAllowed.
    """
    if not (by.is_superuser or by.has_perm("kb.publish_record")):
        raise review.NotAllowed("Only a publisher merges records.")
    if not reason.strip():
        raise review.NotAllowed(
            "Say why: a reviewer reads it, and readers find it later."
        )
    check(keep, gone)
    if by.is_superuser or not (keep.is_published or gone.is_published):
        with review.because(f"Merged {gone.record_key} into this. {reason.strip()}"):
            merge(keep, gone, take=take)
        return None
    kind, identity = review.identity_of(keep)
    base = review.form_of(kind, identity)
    after, report = preview(keep, gone, take=take)
    return Change.objects.create(
        kind=kind.name,
        identity=identity,
        title=f"Merge {gone} into {keep}"[:400],
        merges=gone.slug,
        base={**(base or {}), "merged": "", "moved": []},
        proposed={**after, "merged": gone.record_key, "moved": report.lines()},
        sent={"take": sorted(take), "gone": _form(gone)},
        reason=reason.strip(),
        author=by,
    )


def apply(change: Change) -> None:
    """Do an approved merge; called by kb.review. Raises NotAllowed if it no longer fits."""
    kind = kinds.get_kind(change.kind)
    keep, gone = kind.find(change.identity), kind.find(change.merges)
    if keep is None or gone is None:
        raise review.NotAllowed("One of the two records is gone.")
    before = {
        name: value
        for name, value in (change.base or {}).items()
        if name not in ("merged", "moved")
    }
    if _form(keep) != before or _form(gone) != change.sent.get("gone"):
        raise review.NotAllowed(
            "One of the two was edited since. Its author has to look again."
        )
    check_nothing_waits(keep, gone, but=change)
    merge(keep, gone, take=change.sent.get("take", []))


def _form(record: Any) -> dict[str, Any]:
    kind, identity = review.identity_of(record)
    return review.form_of(kind, identity) or {}


def preview(
    keep: Any, gone: Any, *, take: Collection[str]
) -> tuple[dict[str, Any], Report]:
    """Return the kept record's form after the merge, and what would move; saves nothing.

    Raises NotAllowed where the database would refuse it.
    """
    model = type(keep)
    keep, gone = (
        model._default_manager.get(pk=keep.pk),
        model._default_manager.get(pk=gone.pk),
    )
    with transaction.atomic():
        report = merge(keep, gone, take=take)
        found = _form(keep)
        transaction.set_rollback(True)
    return found, report


# The merge itself


@transaction.atomic
def merge(keep: Any, gone: Any, *, take: Iterable[str] = ()) -> Report:
    """Make two records one; `take` names the fields of which the other's value is kept.

    Raises NotAllowed where the database refuses it, and then nothing has happened.
    """
    report = Report()
    key, slug, name = gone.record_key, gone.slug, gone.name
    allowed = {each.name for each in fields_of(type(keep))}
    taken = {each: getattr(gone, each) for each in take if each in allowed}
    old_name = keep.name
    try:
        with version.counting_once(), evidence.recomputing_once():
            for rename in _in_texts:
                rename(gone, keep.slug)
            _move(keep, gone, report)
            keep.tags.add(*gone.tags.names())
            _move_notes(key, keep.record_key)
            _move_assignment(key, keep.record_key, report)
            OldSlug.objects.filter(kind=keep.KIND, now=slug).update(now=keep.slug)
            OldSlug.objects.create(kind=keep.KIND, slug=slug, now=keep.slug)
            # Before its values are written again: a DOI can stand only once.
            gone.tags.clear()
            gone.delete()
            for each, value in taken.items():
                setattr(keep, each, value)
            keep.save()
            for other in {name, old_name} - {keep.name}:
                _add_name(keep, other)
        report.doubles += _counted_twice(keep)
        audit.record(AuditEvent.MERGED, about=f"{key} into {keep.record_key}")
    except (IntegrityError, models.ProtectedError) as error:
        raise review.NotAllowed(f"The database refuses it: {error}") from error
    return report


def _counted_twice(keep: Any) -> list[str]:
    """Return a sentence for each assessment that now holds one source twice."""
    lines = []
    rows = EvidenceItem.objects.filter(duplicate_of=None)
    if isinstance(keep, Source):
        rows = rows.filter(source=keep)
    elif isinstance(keep, Symptom):
        rows = rows.filter(assessment__symptom=keep)
    elif keep.KIND in ("substance", "alkaloid"):
        rows = rows.filter(**{f"assessment__{keep.KIND}": keep})
    else:
        return []
    pairs = rows.values_list("assessment", "source").annotate(times=Count("pk"))
    for assessment, source, _ in pairs.filter(times__gt=1).order_by("assessment"):
        lines.append(
            f"{Assessment.objects.get(pk=assessment)} counts"
            f" {Source.objects.get(pk=source)} more than once: mark one as a duplicate"
        )
    return lines


def _move(keep: models.Model, gone: models.Model, report: Report) -> None:
    """Let everything that points to one row point to another of the same kind."""
    for relation in uses.relations_to(type(gone)):
        name, rows = relation.field.name, relation.related_model._default_manager
        for row in rows.filter(**{name: gone.pk}):
            if relation.many_to_many:
                links = getattr(row, name)
                links.remove(gone)
                if row != keep:  # nothing is a part of itself
                    links.add(keep)
                report.count(relation.related_model)
            else:
                _point(row, name, keep, report)
    for own in type(gone)._meta.many_to_many:
        if isinstance(own, models.ManyToManyField):
            found = [each for each in getattr(gone, own.name).all() if each != keep]
            getattr(keep, own.name).add(*found)


def _point(row: Any, name: str, keep: models.Model, report: Report) -> None:
    """Point a row to the kept record; where that has its twin, the twin takes its rows."""
    if isinstance(row, GradeChange):
        # A line of the ledger stands as it was written; only what it is filed under moves.
        GradeChange.objects.filter(pk=row.pk).update(**{name: keep})
        return
    before = _note_key(row)
    setattr(row, name, keep)
    _check_not_with_itself(row, name, keep)
    twin = _twin(row)
    _move_notes(before, _note_key(row if twin is None else twin))
    if twin is None:
        row.save()
        report.count(type(row))
        return
    report.doubles.append(str(twin))
    _move(twin, row, report)
    row.delete()


def _note_key(row: Any) -> str:
    """Return what ends the name of a fact in curators' notes: "kratom.US-AL"."""
    if isinstance(row, Assessment):
        return f"assessment:{row.subject.slug}.{row.symptom.slug}.{row.axis}"
    return f":{row.key}" if isinstance(row, Fact) else ""


def _move_notes(before: str, after: str) -> None:
    """File curators' notes under another name: those of a fact end with ":" and its key,
    those of a field go on with "." and its name."""
    if not before or before == after:
        return
    starts = not before.startswith(":")
    found = CuratorNote.objects.filter(about__contains=before)
    for note in found:
        head, _, rest = note.about.partition(before)
        if (rest and not rest.startswith(".")) or (starts and head):
            continue
        note.about = f"{head}{after}{rest}"
        note.save()


def _move_assignment(before: str, after: str, report: Report) -> None:
    """Let whoever looks after the other record look after the kept one, if nobody does."""
    mine = Assignment.objects.filter(about=before).first()
    if mine is None:
        return
    if Assignment.objects.filter(about=after).exists():
        report.doubles.append(f"an assignment (the other’s was to {mine.person})")
        mine.delete()
        return
    mine.about = after
    mine.save()


def _check_not_with_itself(row: Any, name: str, keep: Any) -> None:
    """Raise NotAllowed where a row joins the two, as an interaction of both does."""
    for each in row._meta.concrete_fields:
        if each.is_relation and each.name != name and getattr(row, each.name) == keep:
            raise review.NotAllowed(
                f"{row} says something of both records together. Delete it first, if"
                " the two are the same."
            )


def _twin(row: Any) -> Any:
    """Return the row that a rule of uniqueness would not let stand beside this one."""
    for rule in row._meta.total_unique_constraints + [
        each
        for each in row._meta.constraints
        if isinstance(each, models.UniqueConstraint) and each.condition is not None
    ]:
        wanted = {name: getattr(row, name) for name in rule.fields}
        if not wanted or None in wanted.values():
            continue
        found = type(row)._default_manager.filter(**wanted).exclude(pk=row.pk).first()
        if found is not None:
            return found
    return None


def _add_name(keep: Any, name: str) -> None:
    """Keep the other's name as a synonym, for the kinds that have synonyms."""
    if not hasattr(keep, "synonyms"):
        return
    known = {each.casefold() for each in keep.synonyms.values_list("name", flat=True)}
    if name.casefold() not in known and len(name) <= 160:
        Synonym.objects.create(**{keep.KIND: keep}, name=name)
