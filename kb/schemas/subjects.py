"""Substances, alkaloids and what belongs to one of them alone."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from kb.choices import ExternalScheme, Preparation, SubstanceCategory, Verification
from kb.schemas.base import (
    Citing,
    Key,
    PlainlyToldRecord,
    Reviewed,
    Sentence,
    Slug,
    Strict,
    Text,
)


class ExternalIdRecord(Strict):
    scheme: ExternalScheme
    value: Sentence
    verification: Verification = Verification.VERIFIED


class OccurrenceRecord(Strict):
    """How much of an alkaloid a substance holds. `low`, `high` are in `unit`."""

    key: Key
    alkaloid: Slug | None = Field(None, description="null: all alkaloids together")
    part: Text = Field(
        "", description="'dried leaf'; empty where the source names none"
    )
    low: float | None = Field(None, ge=0)
    high: float | None = Field(None, ge=0)
    unit: Text = Field("", description="'mg/g'; empty: only recorded as present")
    note: Text = ""
    source: Slug
    verification: Verification = Verification.VERIFIED

    @model_validator(mode="after")
    def ordered(self) -> OccurrenceRecord:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low ({self.low}) must not be above high ({self.high})")
        if (self.low is not None or self.high is not None) and not self.unit:
            raise ValueError("an amount needs a unit")
        return self


class PharmacokineticRecord(Strict):
    """What a body does with it. `value` is as published: "1 (0.75-2.5)"."""

    key: Key
    parameter: Sentence
    value: Sentence
    unit: Text = ""
    population: Text = ""
    note: Text = ""
    source: Slug
    verification: Verification = Verification.VERIFIED


class ActivityRecord(Strict):
    """What it does at one target. `value` is as published: "37 ± 4", "~32", ">45"."""

    key: Key
    target: Sentence
    action: Sentence
    parameter: Text = Field("", description="Ki, IC50, EC50, Emax, KI")
    value: Text = ""
    unit: Text = ""
    note: Text = ""
    source: Slug
    verification: Verification = Verification.VERIFIED

    @model_validator(mode="after")
    def measured(self) -> ActivityRecord:
        if self.value and not (self.parameter and self.unit):
            raise ValueError("a value needs its parameter and its unit")
        return self


class VarietyRecord(Strict):
    """A name under which sellers offer it, and what analysis found."""

    key: Key
    name: Sentence
    kind: Sentence = Field(description="'vein colour', 'region', 'cultivar'")
    seller_claim: Text = ""
    finding: Sentence
    note: Text = ""
    source: Slug
    verification: Verification = Verification.VERIFIED


class SubstanceRecord(Reviewed, PlainlyToldRecord, Citing):
    kind: Literal["substance"] = "substance"
    category: SubstanceCategory
    scientific_name: Text = ""
    preparation: Preparation = Field(
        Preparation.NOT_STATED, description="the form that this record is about"
    )
    drug_class: Text = ""
    mechanism: Text = ""
    approved_for: Text = ""
    route: Text = ""
    verification: Verification = Verification.VERIFIED
    external_ids: list[ExternalIdRecord] = []
    contains: list[OccurrenceRecord] = []
    pharmacokinetics: list[PharmacokineticRecord] = []
    varieties: list[VarietyRecord] = []


class AlkaloidRecord(Reviewed, PlainlyToldRecord, Citing):
    """`inchikey`, `formula` and `molar_mass` are computed from `smiles` at save; where a
    file states them they must agree."""

    kind: Literal["alkaloid"] = "alkaloid"
    smiles: Sentence
    inchikey: Text = ""
    formula: Text = ""
    molar_mass: float | None = Field(None, description="g/mol")
    chemical_class: Text = ""
    origin: Text = Field("", description="where it comes from, when no plant makes it")
    verification: Verification = Verification.VERIFIED
    external_ids: list[ExternalIdRecord] = []
    activities: list[ActivityRecord] = []
    pharmacokinetics: list[PharmacokineticRecord] = []
    sources: list[Slug] = Field(
        [], description="where its structure and names come from"
    )
