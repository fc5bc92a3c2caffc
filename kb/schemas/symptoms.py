"""Symptoms, signs, syndromes and the other outcomes that people care about."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from kb.choices import Severity, SymptomKind, Verification
from kb.schemas.base import PlainlyToldRecord, Reviewed, Slug, Text
from kb.schemas.subjects import ExternalIdRecord


class SymptomRecord(Reviewed, PlainlyToldRecord):
    """Lay words are synonyms of kind `lay`."""

    kind: Literal["symptom"] = "symptom"
    symptom_kind: SymptomKind
    group: Text = Field("", description="physical, psychological, autonomic …")
    contexts: list[Slug] = Field(
        [], description="withdrawal, kratom-adverse, emergency …"
    )
    scales: list[Slug] = Field(
        [], description="scales with this item: cows, sows, dsm-5"
    )
    part_of: list[Slug] = Field([], description="syndromes it belongs to")
    is_emergency: bool = Field(False, description="get help at once when this happens")
    severity: Severity = Field(
        Severity.NOT_RATED, description="how grave it is when it happens"
    )
    verification: Verification = Verification.VERIFIED
    external_ids: list[ExternalIdRecord] = []
    note: Text = ""
