"""Tables that curators send and take: which columns, what a row would change, and doing it.

Every row goes through the typed schema of its record, as an import does, and through
review, as the desk does. Nothing is written before somebody has seen what would be.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, get_args, get_origin

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from pydantic import ValidationError as SchemaError
from pydantic.fields import FieldInfo

from kb import kinds, review, trees, version
from kb.choices import State, Verification
from kb.models import (
    Alkaloid,
    EvidenceItem,
    HelpResource,
    Region,
    RegulatoryStatus,
    Source,
    Substance,
    Symptom,
    Synonym,
)
from kb.schemas.base import SHAPES, Strict, SynonymRecord
from kb.schemas.evidence import EvidenceItemRecord
from kb.schemas.lookup import Lookup
from kb.schemas.references import references
from kb.schemas.regulation import (
    HelpResourceRecord,
    RegionRecord,
    RegulatoryStatusRecord,
)
from kb.schemas.sources import SourceRecord
from kb.schemas.symptoms import SymptomRecord
from kb.sheets import Row

NAMELESS = "column "  # what sheets call a cell that stands under no name
MOST_ROWS = 2_000
SEPARATOR = "; "
# Set by review or computed; a table shows them, and passes them over when it comes back.
SHOWN_ONLY = ("state", "reviewed_on", "retracted_sources")
NESTED = ("synonyms", "external_ids")
# What an empty cell, or a column left out of a new row, says. The schema's own default
# is what files of the dataset leave out: here it would claim what nobody has done.
UNSAID = {"verification": Verification.UNVERIFIED.value}


@dataclass(frozen=True)
class Table:
    """One kind of table. `part` is the list of a record that its rows stand in, or ""."""

    model: type[models.Model]
    schema: type[Strict]
    kind: str
    part: str = ""
    owner: tuple[str, ...] = ()  # columns that name the record a part belongs to
    named_by: tuple[str, ...] = ()  # columns that tell a row from others

    @property
    def columns(self) -> list[str]:
        left = {"retracted_sources", *NESTED}
        if not self.part:
            left.add("kind")  # of record: the same in each row
        own = [name for name in self.schema.model_fields if name not in left]
        return [*self.owner, *own]

    @property
    def needed(self) -> tuple[str, ...]:
        return (*self.owner, *self.named_by)


ASSESSED = ("subject", "symptom", "axis", "against")
TABLES: dict[type[models.Model], Table] = {
    each.model: each
    for each in (
        Table(Source, SourceRecord, "source", named_by=("slug",)),
        Table(Symptom, SymptomRecord, "symptom", named_by=("slug",)),
        Table(RegulatoryStatus, RegulatoryStatusRecord, "status", named_by=("key",)),
        Table(Region, RegionRecord, "region", named_by=("code",)),
        Table(HelpResource, HelpResourceRecord, "help", named_by=("key",)),
        Table(
            Synonym,
            SynonymRecord,
            "",
            "synonyms",
            ("record",),
            named_by=("name", "kind"),
        ),
        Table(
            EvidenceItem,
            EvidenceItemRecord,
            "assessment",
            "items",
            ASSESSED,
            named_by=("key",),
        ),
    )
}
OWNERS = {model.KIND: model for model in (Substance, Alkaloid, Symptom)}


@dataclass
class Fate:
    """What becomes of one row: "new", "changed", "unchanged" or "error"."""

    line: int
    title: str
    verdict: str
    errors: list[tuple[str, str]] = field(default_factory=list)  # (column, what)
    columns: list[tuple[str, str, str]] = field(default_factory=list)  # before, after


@dataclass
class Plan:
    fates: list[Fate] = field(default_factory=list)
    # What the table makes or names itself, wherever in it: rows may point to it.
    named: set[tuple[str, str]] = field(default_factory=set)
    forms: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def count(self, verdict: str) -> int:
        return sum(each.verdict == verdict for each in self.fates)

    @property
    def is_right(self) -> bool:
        return not self.count("error")


# A row and its record


def is_list(annotation: Any) -> bool:
    return get_origin(annotation) is list


def read_cell(known: FieldInfo, text: str) -> Any:
    """Return a cell as its schema takes it; what it does not take the schema refuses."""
    annotation = known.annotation
    if is_list(annotation):
        return [part.strip() for part in text.split(";") if part.strip()]
    options = get_args(annotation)
    if not text and type(None) in options:
        return None
    if not text and annotation is not str and not known.is_required():
        return known.get_default(call_default_factory=True)
    if bool in (annotation, *options):
        return {"true": True, "yes": True, "1": True, "false": False}.get(
            text.lower(), False if text.lower() in ("no", "0") else text
        )
    return text


def write_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return SEPARATOR.join(map(str, value)) if isinstance(value, list) else str(value)


def plan(table: Table, rows: Iterable[Row]) -> Plan:
    """Tell what each row would do: some queries a record that is named, none written."""
    made = Plan()
    rows = list(rows)
    if not table.part:
        own = {row.cells.get(table.named_by[0], "") for row in rows}
        made.named = {(table.kind, name) for name in own}
    lookup = Lookup()
    seen: dict[tuple[str, ...], int] = {}
    in_head: set[str] = set()
    for row in rows:
        if not seen:
            unknown = [
                each
                for each in _unknown_columns(table, row)
                if not each[0].startswith(NAMELESS)
            ]
            in_head = {column for column, _ in unknown}
            if unknown:
                made.fates.append(Fate(1, "the names of the columns", "error", unknown))
        fate = Fate(row.line, _title(table, row), "error")
        made.fates.append(fate)
        if len(made.fates) > MOST_ROWS:
            fate.errors.append(("", f"a table has at most {MOST_ROWS:,} rows"))
            break
        name = tuple(row.cells.get(column, "") for column in table.needed)
        if name in seen and any(name):
            fate.errors.append((table.needed[-1], f"stands in line {seen[name]} too"))
            continue
        seen[name] = row.line
        fate.errors += [
            each for each in _unknown_columns(table, row) if each[0] not in in_head
        ]
        _plan_row(table, row, fate, made, lookup)
    if table.model is Region:
        _refuse_circles(made)
    return made


def _refuse_circles(made: Plan) -> None:
    """Refuse the rows of regions that would lie in themselves: 1 query."""
    parents = dict(Region.objects.values_list("code", "parent__code"))
    parents |= {code: form["parent"] for (_, code), form in made.forms.items()}
    for fate in made.fates:
        if way := trees.circle(fate.title, parents):
            fate.errors.append(("parent", f"{' → '.join(way)} is a circle"))
            fate.verdict = "error"


def _unknown_columns(table: Table, row: Row) -> Iterable[tuple[str, str]]:
    """Yield what a row has and the table does not: said once where the head has it."""
    for column in row.cells:
        if column not in (*table.columns, *SHOWN_ONLY):
            yield column, f"is no column of this table{_near(column, table.columns)}"


def _near(given: str, options: Iterable[str]) -> str:
    """Return "; did you mean …?" where something is spelt nearly like it."""
    near = difflib.get_close_matches(given.casefold(), list(options), 1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _title(table: Table, row: Row) -> str:
    shown = [row.cells.get(column, "") for column in table.needed]
    return " · ".join(filter(None, shown)) or "a row without a name"


def _plan_row(table: Table, row: Row, fate: Fate, made: Plan, lookup: Lookup) -> None:
    given = {
        column: UNSAID[column]
        if not text and column in UNSAID
        else read_cell(table.schema.model_fields[column], text)
        for column, text in row.cells.items()
        if column in table.schema.model_fields and column not in SHOWN_ONLY
    }
    unsaid = {
        column: value
        for column, value in UNSAID.items()
        if column in table.schema.model_fields
    }
    kind, identity, form = _record(table, row, fate, made)
    if fate.errors or kind is None:
        return
    before: dict[str, Any] | None
    if table.part:
        assert form is not None
        entries = list(form[table.part])
        at = next(
            (
                number
                for number, each in enumerate(entries)
                if all(
                    str(each[name]) == str(given.get(name, ""))
                    for name in table.named_by
                )
            ),
            None,
        )
        before = None if at is None else entries[at]
        content = {**(before or unsaid), **given}
    else:
        before = form
        content = {**(before or {"state": State.DRAFT.value, **unsaid}), **given}
        if "state" not in table.schema.model_fields:
            content.pop("state", None)
    try:
        record = table.schema.model_validate(content)
    except SchemaError as error:
        fate.errors += list(explain(error))
        return
    after = record.model_dump(mode="json")
    fate.errors += list(_unknown_references(after, lookup, made))
    fate.errors += list(_too_long(table.model, after))
    if fate.errors:
        return
    if not table.part:
        after = kind.comparable(after)
    fate.columns = [
        (column, write_cell((before or {}).get(column)), write_cell(after.get(column)))
        for column in table.columns
        if column in after
        and write_cell((before or {}).get(column)) != write_cell(after.get(column))
    ]
    fate.verdict = (
        "new" if before is None else "changed" if fate.columns else "unchanged"
    )
    if fate.verdict == "unchanged":
        return
    if table.part:
        assert form is not None
        if at is None:
            entries.append(after)
        else:
            entries[at] = after
        form = kind.comparable({**form, table.part: entries})
    else:
        form = after
    made.forms[kind.name, identity] = form


def _record(
    table: Table, row: Row, fate: Fate, made: Plan
) -> tuple[Any, str, dict[str, Any] | None]:
    """Return the kind, the identity and the form of the record that a row is about."""
    cells = row.cells
    if table.model is Synonym:
        name, _, slug = cells.get("record", "").partition(":")
        if name not in OWNERS or not slug:
            fate.errors.append(
                ("record", "takes substance:kratom, alkaloid:… or symptom:…")
            )
            return None, "", None
        kind, identity = kinds.get_kind(name), slug
    elif table.part:
        kind = kinds.get_kind(table.kind)
        identity = "/".join(cells.get(column, "") for column in table.owner)
        if not cells.get("subject", "").startswith(("substance:", "alkaloid:")):
            fate.errors.append(("subject", "takes substance:kratom or alkaloid:…"))
            return None, "", None
    else:
        kind, identity = kinds.get_kind(table.kind), cells.get(table.named_by[0], "")
        if not identity:
            fate.errors.append((table.named_by[0], "is empty: it names the record"))
            return None, "", None
    form = made.forms.get((kind.name, identity)) or review.form_of(kind, identity)
    if table.part and form is None:
        fate.errors.append((table.owner[0], f"there is no {kind.name} {identity!r}"))
    return kind, identity, form


def explain(error: SchemaError) -> Iterable[tuple[str, str]]:
    """Turn a schema's complaints into (column, what it takes)."""
    for problem in error.errors():
        where = str(problem["loc"][0]) if problem["loc"] else ""
        message = problem["msg"].removeprefix("Value error, ")
        given = problem.get("input")
        if problem["type"] == "string_pattern_mismatch":
            message = f"{given!r} is not {SHAPES[problem['ctx']['pattern']]}"
        elif problem["type"] == "enum":
            options = problem["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
            near = _near(str(given), options.split(", "))
            message = f"{given!r} is not one of: {options}{near}"
        elif problem["type"] in ("missing", "string_too_short"):
            message = "is empty"
        elif isinstance(given, str) and given:
            message = f"{message} (got {given!r})"
        yield where, message


def _unknown_references(
    content: dict[str, Any], lookup: Lookup, made: Plan
) -> Iterable[tuple[str, str]]:
    for each in references(content):
        if (
            each.slug in lookup.of_kind(each.kind)
            or (each.kind, each.slug) in made.named
        ):
            continue
        column = each.place.partition("[")[0]
        yield column, f"there is no {each.kind} {each.slug!r}"


def _too_long(model: Any, content: dict[str, Any]) -> Iterable[tuple[str, str]]:
    limits = {each.name: each.max_length for each in model._meta.fields}
    for name, value in content.items():
        limit = limits.get(name)
        if isinstance(value, str) and limit and len(value) > limit:
            yield name, f"{len(value)} characters; at most {limit} are kept"


# Doing it


@transaction.atomic
def apply(made: Plan, *, by: Any, reason: str) -> tuple[int, int]:
    """Save what readers do not see, propose the rest: return (saved, proposed).

    All of it or nothing. Raises review.NotAllowed, or ValidationError in a sentence.
    """
    if not made.is_right:
        raise review.NotAllowed("Mend the rows with errors first: nothing was written.")
    saved, links = 0, []
    waiting = []
    lookup = Lookup()
    with version.counting_once(), review.working(by, reason):
        for (name, identity), form in _in_order(made.forms):
            kind = kinds.get_kind(name)
            row = kind.find(identity)
            if not _may_save(kind, row, form, by):
                waiting.append((kind, identity, form, row))
                continue
            record = kind.schema.model_validate(form)
            try:
                kind.save(record, lookup)
            except (IntegrityError, ValidationError) as error:
                raise ValidationError(f"{identity}: refused: {error}") from error
            links.append((kind, record))
            saved += 1
        for kind, record in links:
            if kind.link:
                kind.link(record, lookup)
    for kind, identity, form, row in waiting:
        title = str(row) if row is not None else identity
        review.propose(kind, identity, form, title=title, by=by, reason=reason)
    return saved, len(waiting)


def _in_order(
    forms: dict[tuple[str, str], dict[str, Any]],
) -> list[tuple[tuple[str, str], dict[str, Any]]]:
    """Put a region after the one it lies in, which may be in the table too."""
    parents = {
        code: form["parent"] for (kind, code), form in forms.items() if kind == "region"
    }
    return sorted(forms.items(), key=lambda each: trees.depth(each[0][1], parents))


def _may_save(kind: Any, row: Any, form: dict[str, Any], by: Any) -> bool:
    if by.is_superuser:
        return True
    if row is not None and not review.may_save_directly(by, review.root_of(row)):
        return False
    if form.get("subject"):  # where the row goes, which may be another than it was
        subject = Lookup().subject(form["subject"])
        owner = subject["substance"] or subject["alkaloid"]
        return not owner.is_published
    return row is not None or form.get("state") == State.DRAFT


# Out


def out_rows(table: Table, rows: models.QuerySet[Any]) -> Iterable[list[str]]:
    """Yield the rows of a table, the names of the columns first."""
    shown = [*table.columns]
    yield shown
    if table.part:
        yield from _part_rows(table, rows)
        return
    kind = kinds.get_kind(table.kind)
    wanted = kind.all_rows().filter(pk__in=rows.values("pk"))
    for row in wanted.iterator(chunk_size=200):
        content = kind.write(row).model_dump(mode="json")
        yield [write_cell(content[column]) for column in shown]


def _part_rows(table: Table, rows: models.QuerySet[Any]) -> Iterable[list[str]]:
    from kb.schemas import write

    if table.model is Synonym:
        for row in rows.filter(region__isnull=True).select_related("source"):
            owner = row.substance or row.alkaloid or row.symptom
            source = row.source.slug if row.source else ""
            yield [owner.record_key, row.name, row.kind, row.language, source]
        return
    related = ("source", "inside_review", "duplicate_of")
    about = tuple(
        f"assessment__{name}" for name in ("substance", "alkaloid", "symptom")
    )
    for row in rows.select_related(*related, *about):
        over = row.assessment
        content = write.evidence_item_record(row).model_dump(mode="json")
        owner = [over.subject.record_key, over.symptom.slug, over.axis, over.comparator]
        own = table.columns[len(table.owner) :]
        yield [*owner, *(write_cell(content[column]) for column in own)]


def escaped(cell: str) -> str:
    """Keep a spreadsheet from taking a text for a formula.

    What looks escaped already gets one more mark, so that the way back finds it whole.
    """
    is_formula = cell.lstrip("'")[:1] in ("=", "+", "-", "@", "\t", "\r", "\n")
    return f"'{cell}" if cell and is_formula else cell


def unescaped(cells: dict[str, str]) -> dict[str, str]:
    """Take the mark of `escaped` off again, so that what went out comes back the same."""
    return {
        name: text[1:] if text[:1] == "'" and escaped(text[1:]) == text else text
        for name, text in cells.items()
    }
