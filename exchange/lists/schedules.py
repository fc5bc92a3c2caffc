"""Lists of scheduled drugs: the United States and Canada."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from exchange.lists.known import Reference
from exchange.lists.running import BadRow, NotMapped, PublicList, Run
from kb import sheets as reading
from kb.choices import (
    Confidence,
    Layer,
    Permission,
    SourceKind,
    Status,
    SubstanceCategory,
    Verification,
)
from kb.models import RegulatoryStatus
from kb.sheets import Row

UNKNOWN = "no record of ours has this name"
SEVERAL = "several records of ours have this name"
AT_ODDS = "our record names another schedule: look at both"
_NUMERAL = re.compile(r"\b[IVX]+\b")
_SEPARATOR = re.compile(r"[,;]\s+|;")


class Schedules(PublicList):
    """What both have in common: a subject, a schedule, a status to propose."""

    region: str
    confidence: Confidence
    makes = ("substances",)

    def subject(self, run: Run, names: list[str]) -> Reference:
        """Return the one subject that the first fitting name means. Raises NotMapped.

        Where a substance and its alkaloid share a name, that is meant of which we
        record the law there already, or else what people take.
        """
        for name in names:
            found = run.known.named(name, "substance", "alkaloid")
            if len(found) > 1:
                recorded = [each for each in found if self._statuses(each).exists()]
                taken = [each for each in found if each.kind == found[0].kind]
                found = recorded if len(recorded) == 1 else taken
            if len(found) == 1:
                return found[0]
            if found:
                raise NotMapped(SEVERAL)
        if "substances" not in run.new:
            raise NotMapped(UNKNOWN)
        made = run.drafts.substance(names[0], SubstanceCategory.COMPOUND)
        for name in names[1:]:
            if len(name) <= 160:
                run.add_name(made, name, "common", run.source())
        return made

    def propose(self, run: Run, subject: Reference, schedule: str, **said: Any) -> None:
        """Propose a status, unless it is recorded. Raises NotMapped where ours differs."""
        numeral = schedule.split()[-1]
        current = self._statuses(subject).filter(
            status=Status.CONTROLLED, until__isnull=True, is_pending=False
        )
        recorded = [
            set(_NUMERAL.findall(text))
            for text in current.values_list("schedule", flat=True)
        ]
        if any(numeral in numerals for numerals in recorded):
            run.report.counts["known already"] += 1
            return
        if recorded:
            raise NotMapped(AT_ODDS)
        run.add_status(
            {
                "key": f"{subject.slug}.{self.region}.{self.name}.{numeral.lower()}",
                "subject": f"{subject.kind}:{subject.slug}",
                "region": self.region,
                "status": Status.CONTROLLED.value,
                "layer": Layer.DRUG_LAW.value,
                "schedule": schedule,
                "possession": Permission.NOT_STATED.value,
                "sale": Permission.NOT_STATED.value,
                "source": run.source(),
                "confidence": self.confidence.value,
                **said,
            }
        )

    def _statuses(self, subject: Reference) -> Any:
        owner = {f"{subject.kind}__slug": subject.slug}
        return RegulatoryStatus.objects.filter(region__code=self.region, **owner)


class UnitedStatesSchedules(Schedules):
    name = "us-schedules"
    title = "the DEA's alphabetical list of controlled substances (2020)"
    about = "c_cs_alpha.csv or .xlsx: substance, number, schedule, narcotic, names"
    region = "US"
    confidence = Confidence.MEDIUM  # corrected by hand by those who copied it

    def rows(self, path: Path) -> Iterator[Row]:
        names = ("c_cs_alpha.csv", "c_cs_alpha.xlsx")
        yield from reading.rows(
            reading.find_file(path, names), ("substance", "schedule", "names")
        )

    def source(self) -> dict[str, Any]:
        return {
            "slug": "dea-controlled-substances-2020",
            "name": "Controlled Substances – Alphabetical Order",
            "kind": SourceKind.REGULATOR,
            "authors": ["U.S. Drug Enforcement Administration"],
            "published": "2020",
            "verification": Verification.PARTIAL,
            "note": "Read by program from a copy of the list as it was in 2020.",
        }

    def take(self, row: Row, run: Run) -> None:
        name, numeral = row.cells["substance"], row.cells["schedule"].upper()
        if not name:
            raise BadRow("substance: is empty")
        if numeral not in ("I", "II", "III", "IV", "V"):
            raise BadRow(f"schedule: {row.cells['schedule']!r} is none of I to V")
        others = _SEPARATOR.split(row.cells["names"])
        plain = re.sub(r"\s*\(.*\)$", "", name)
        names = list(
            dict.fromkeys(filter(None, (name, plain, *map(str.strip, others))))
        )
        subject = self.subject(run, names)
        is_ours = any(
            subject in run.known.named(each, subject.kind) for each in (name, plain)
        )
        written = "" if is_ours else f" as “{name}”"
        self.propose(
            run,
            subject,
            f"Schedule {numeral}",
            form="" if is_ours or len(name) > 120 else name,
            instrument="Controlled Substances Act, schedules of controlled substances",
            summary=f"In Schedule {numeral} in the DEA's list of controlled substances"
            f"{written}, as the list was in 2020.",
        )


class CanadaSchedules(Schedules):
    name = "canada-schedules"
    title = "the schedules of Canada's Controlled Drugs and Substances Act"
    about = "schedules.csv: schedule, part, item_path, depth, text, in_force_from"
    region = "CA"
    confidence = Confidence.HIGH
    _is_excluding = False

    def rows(self, path: Path) -> Iterator[Row]:
        self._is_excluding = False
        needed = ("schedule", "item_path", "depth", "text", "in_force_from")
        yield from reading.rows(reading.find_file(path, ("schedules.csv",)), needed)

    def source(self) -> dict[str, Any]:
        return {
            "slug": "canada-cdsa-schedules",
            "name": "Controlled Drugs and Substances Act (S.C. 1996, c. 19), schedules",
            "kind": SourceKind.LEGISLATION,
            "authors": ["Department of Justice Canada"],
            "published": "1996",
            "verification": Verification.PARTIAL,
            "note": "Read by program from the consolidated text. The date of an item is"
            " that of its wording, not of the day it was first controlled.",
        }

    def take(self, row: Row, run: Run) -> None:
        text, schedule = row.cells["text"], row.cells["schedule"].title()
        numeral = schedule.split()[-1].upper() if schedule else ""
        if not re.fullmatch(r"[IVX]+", numeral):
            raise BadRow(f"schedule: {row.cells['schedule']!r} is no schedule")
        item = row.cells["item_path"]
        is_joint = item.endswith("/")
        if row.cells["depth"] in ("0", "1") and not is_joint:
            self._is_excluding = False
        if is_joint:
            self._is_excluding = text.casefold().startswith("but not including")
            raise NotMapped("joins items, names nothing")
        if self._is_excluding:
            raise NotMapped("an exception: the law leaves it out")
        if numeral in ("VI", "VII", "VIII", "IX"):
            raise NotMapped("a precursor or a device, or repealed: no status of a drug")
        if "repealed" in text.casefold() or "Precursors" in row.cells.get("part", ""):
            raise NotMapped("a precursor or a device, or repealed: no status of a drug")
        name = re.split(r"\s*[(\[|]|, (?:its|their)\b|:| and its ", text)[0].strip(" ,")
        bracket = re.search(r"\(([^()]+)\)", text)
        names = [name, *([bracket[1]] if bracket else [])]
        names = [each for each in names if each] or [text]
        if not text:
            raise BadRow("text: is empty")
        subject = self.subject(run, names)
        place = item.replace("/", "")
        since = row.cells["in_force_from"]
        self.propose(
            run,
            subject,
            f"Schedule {numeral}",
            instrument="Controlled Drugs and Substances Act (S.C. 1996, c. 19),"
            f" Schedule {numeral}, item {place}",
            summary=f"Named in item {place} of Schedule {numeral} to the Controlled"
            " Drugs and Substances Act"
            + (f", in the wording in force since {since}." if since else "."),
        )
