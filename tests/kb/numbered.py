"""One row of each kind by its number, so that a test can name what it made.

    numbered.status(2)      # about plant-2, in the region XA-2, by the source doe-2

They hold little: what a test of the desk is about, it fills in.
"""

from __future__ import annotations

from typing import Any

from kb.models import (
    Activity,
    Alkaloid,
    Assessment,
    Claim,
    EvidenceItem,
    EvidenceSearch,
    GradeChange,
    HelpResource,
    Interaction,
    Occurrence,
    Pharmacokinetic,
    Region,
    RegulatoryStatus,
    SafetyNote,
    Source,
    Substance,
    Symptom,
    TaggedRecord,
    Variety,
)
from tests import make


def substance(n: int = 0, **fields: Any) -> Substance:
    return make.substance(slug=f"plant-{n}", name=f"Plant {n}", **fields)


def alkaloid(n: int = 0) -> Alkaloid:
    return make.alkaloid(slug=f"base-{n}", name=f"Base {n}", smiles="C" * (n + 1) + "N")


def symptom(n: int = 0) -> Symptom:
    return make.symptom(slug=f"ache-{n}", name=f"Ache {n}")


def source(n: int = 0, **fields: Any) -> Source:
    return make.source(slug=f"doe-{n}", name=f"Study {n}", **fields)


def region(n: int = 0, **fields: Any) -> Region:
    code = f"X{chr(65 + n // 26)}-{n}"
    return make.region(code=code, name=f"Place {n}", kind="subdivision", **fields)


def assessment(n: int = 0) -> Assessment:
    return make.assessment(substance=substance(n), symptom=symptom(n))


def item(n: int = 0) -> EvidenceItem:
    return make.evidence_item(assessment=assessment(n), source=source(n), n=2000)


def status(n: int = 0, **fields: Any) -> RegulatoryStatus:
    about = {"substance": substance(n), "region": region(n), "source": source(n)}
    return make.status(**{"since": None, "verified_on": None, **about, **fields})


def safety_note(n: int = 0) -> SafetyNote:
    return make.safety_note(kind="interaction", alkaloid=alkaloid(n), source=source(n))


def evidence_search(n: int = 0) -> EvidenceSearch:
    return make.evidence_search(
        substance=substance(n), symptom=symptom(n), source=source(n)
    )


def grade_change(n: int = 0) -> GradeChange | None:
    """Make an item, whose grading is a change; in make.many() that comes at its end."""
    return item(n).assessment.grade_changes.first()


def interaction(n: int = 0) -> Interaction:
    return Interaction.objects.create(
        substance=substance(n),
        other_name="alcohol",
        effect="Sleepiness.",
        source=source(n),
    )


def occurrence(n: int = 0) -> Occurrence:
    between = {"substance": substance(n), "alkaloid": alkaloid(n), "source": source(n)}
    return make.occurrence(**between, low=None, high=None, unit="")


def activity(n: int = 0) -> Activity:
    return make.activity(alkaloid=alkaloid(n), source=source(n))


def pharmacokinetic(n: int = 0) -> Pharmacokinetic:
    return make.pharmacokinetic(alkaloid=alkaloid(n), source=source(n))


def variety(n: int = 0) -> Variety:
    return make.variety(substance=substance(n), source=source(n))


def claim(n: int = 0, **fields: Any) -> Claim:
    return make.claim(slug=f"C{n}", substance=substance(n), **fields)


def help_resource(n: int = 0) -> HelpResource:
    return make.help_resource(
        region=region(n), name="Line", verification="unverified", verified_on=None
    )


def tagged(n: int = 0) -> TaggedRecord:
    substance(n, tags=[f"tag {n}"])
    return TaggedRecord.objects.get(tag__name=f"tag {n}")
