"""Small files to import, record by record, and what an import of them says."""

from __future__ import annotations

import io

from django.core.management import call_command

from kb.models import (
    Alkaloid,
    Assessment,
    CuratorNote,
    EvidenceItem,
    Region,
    RegulatoryStatus,
    SafetyNote,
    Source,
    Substance,
    Symptom,
)


def source(slug="doe-2019", **values):
    record = {
        "kind": "source",
        "slug": slug,
        "name": "A study",
        "source_kind": "journal-article",
        "verification": "verified",
    }
    return {**record, **values}


def substance(slug="kratom", **values):
    record = {"kind": "substance", "slug": slug, "name": "Kratom", "category": "plant"}
    return {**record, **values}


def alkaloid(slug="nicotine", **values):
    record = {
        "kind": "alkaloid",
        "slug": slug,
        "name": "Nicotine",
        "smiles": "CN1CCC[C@H]1C2=CN=CC=C2",
    }
    return {**record, **values}


def symptom(slug="pain", **values):
    record = {
        "kind": "symptom",
        "slug": slug,
        "name": "Pain",
        "symptom_kind": "symptom",
    }
    return {**record, **values}


def region(code="US", **values):
    record = {
        "kind": "region",
        "code": code,
        "name": "A place",
        "region_kind": "country",
        "parent": None,
    }
    return {**record, **values}


def occurrence(key="kratom.nicotine.doe-2019", **values):
    record = {
        "key": key,
        "alkaloid": "nicotine",
        "low": 1,
        "high": 2,
        "unit": "mg/g",
        "source": "doe-2019",
    }
    return {**record, **values}


def item(key="kratom.pain.doe-2019", **values):
    record = {
        "key": key,
        "source": "doe-2019",
        "design": "rct",
        "direction": "improves",
        "finding": "Less pain than on placebo.",
        "n": 500,
    }
    return {**record, **values}


def assessment(**values):
    record = {
        "kind": "assessment",
        "subject": "substance:kratom",
        "symptom": "pain",
        "axis": "benefit",
        "direction": "improves",
        "conclusion": "It may help.",
        "items": [item()],
    }
    return {**record, **values}


def status(key="kratom.US.2016.banned", **values):
    record = {
        "kind": "status",
        "key": key,
        "subject": "substance:kratom",
        "region": "US",
        "status": "banned",
        "layer": "supply-law",
        "since": "2016",
        "instrument": "Act 2016-1",
        "summary": "Its sale is banned.",
        "source": "doe-2019",
        "confidence": "high",
    }
    return {**record, **values}


def note(key="kratom.adverse-effect.doe-2019", **values):
    record = {
        "kind": "safety-note",
        "key": key,
        "subject": "substance:kratom",
        "safety_kind": "adverse-effect",
        "finding": "Liver injury in case reports.",
        "sources": ["doe-2019"],
    }
    return {**record, **values}


def document(**lists):
    """Return a whole small export; a list that is given replaces the one here."""
    whole = {
        "sources": [source()],
        "regions": [region()],
        "symptoms": [symptom()],
        "alkaloids": [alkaloid()],
        "substances": [substance(contains=[occurrence()])],
        "evidence": [assessment()],
        "safety": [note()],
        "regulation": [status()],
    }
    return {"format": 1, **whole, **lists}


class Outcome:
    def __init__(self, status, said, errors):
        self.status, self.said, self.errors = status, said, errors

    @property
    def is_fine(self):
        return self.status == 0


def run(path, **options):
    said, errors = io.StringIO(), io.StringIO()
    status = 0
    try:
        call_command("import", str(path), stdout=said, stderr=errors, **options)
    except SystemExit as exit:
        status = exit.code
    return Outcome(status, said.getvalue(), errors.getvalue())


def counts():
    models = (Source, Region, Symptom, Alkaloid, Substance, Assessment, EvidenceItem)
    others = (SafetyNote, RegulatoryStatus, CuratorNote)
    return {
        model.__name__: model._default_manager.count() for model in (*models, *others)
    }


def histories():
    models = (Source, Region, Symptom, Alkaloid, Substance, Assessment, EvidenceItem)
    others = (SafetyNote, RegulatoryStatus)
    return {model.__name__: model.history.count() for model in (*models, *others)}


NOTHING = dict.fromkeys(
    (
        "Source Region Symptom Alkaloid Substance Assessment EvidenceItem SafetyNote"
        " RegulatoryStatus CuratorNote"
    ).split(),
    0,
)
