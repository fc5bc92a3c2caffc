"""Regions, what their law says, and where to get help there."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from kb.choices import (
    NAME_THE_INSTRUMENT,
    WITHOUT_INSTRUMENT,
    Confidence,
    HelpKind,
    Layer,
    LocalRules,
    Permission,
    RegionKind,
    Status,
    SynonymKind,
    Verification,
)
from kb.dates import PartialDate
from kb.schemas.base import (
    Citing,
    Key,
    Sentence,
    Slug,
    Strict,
    SubjectRef,
    Text,
    shaped,
)
from kb.schemas.sources import WebAddress

RegionCode = Annotated[
    str,
    shaped(
        r"^[A-Z]{2}(-[A-Z0-9]{1,3})?(/[a-z0-9]+(-[a-z0-9]+)*)?$",
        "a place: an ISO 3166 code, as TH or US-AL, or one below, as US-CA/san-diego",
    ),
]


class RegionNameRecord(Strict):
    name: Sentence
    kind: SynonymKind = SynonymKind.COMMON
    language: str = "en"


class RegionRecord(Strict):
    """ISO 3166-1 (`TH`), ISO 3166-2 (`US-AL`) or a place below (`US-CA/san-diego`)."""

    kind: Literal["region"] = "region"
    code: RegionCode
    name: Sentence
    region_kind: RegionKind
    parent: RegionCode | None = None
    retired_codes: list[str] = Field([], description="codes that once meant this place")
    synonyms: list[RegionNameRecord] = []


class RegulatoryStatusRecord(Citing):
    """What the law says of a subject in a region over a span of time."""

    kind: Literal["status"] = "status"
    key: Key
    subject: SubjectRef
    region: RegionCode
    status: Status
    layer: Layer
    is_pending: bool = Field(
        False, description="a bill or proposal: change coming, never the law"
    )
    schedule: Text = ""
    min_age: int | None = Field(None, ge=0, le=99, description="years")
    possession: Permission = Permission.UNCLEAR
    sale: Permission = Permission.UNCLEAR
    importing: Permission = Permission.NOT_STATED
    prescribing: Permission = Permission.NOT_STATED
    cultivation: Permission = Permission.NOT_STATED
    form: Text = Field(
        "", description="the form it is limited to: 'enriched 7-OH products'"
    )
    threshold: float | None = Field(
        None, ge=0, description="applies above this, in its unit"
    )
    threshold_unit: Text = Field("", description="'% by weight', 'mg/g'")
    since: PartialDate | None = Field(
        None, description="first day in force; null: not known"
    )
    until: PartialDate | None = Field(
        None, description="last day in force; null: still"
    )
    expires_on: PartialDate | None = Field(
        None, description="a date after which it is unclear unless somebody checks"
    )
    instrument: Text = Field("", description="the act, order or rule")
    summary: Sentence
    reaches: list[Slug] = Field(
        [], description="substances that this law on an alkaloid covers"
    )
    local_rules: LocalRules = LocalRules.NOT_STATED
    source: Slug
    confidence: Confidence
    verified_on: PartialDate | None = Field(
        None, description="the day somebody opened the source and found this there"
    )

    @model_validator(mode="after")
    def consistent(self) -> RegulatoryStatusRecord:
        if not self.instrument and self.status not in WITHOUT_INSTRUMENT:
            raise ValueError(f"instrument: {NAME_THE_INSTRUMENT}")
        if self.since and self.until and self.until.latest < self.since.earliest:
            raise ValueError(
                f"until ({self.until}) must not be before since ({self.since})"
            )
        if (self.threshold is None) != (not self.threshold_unit):
            raise ValueError("a threshold needs its unit, and a unit its threshold")
        if self.reaches and not self.subject.startswith("alkaloid:"):
            raise ValueError("only the law on an alkaloid reaches substances")
        return self


class HelpResourceRecord(Strict):
    """A number that is `unverified` is not shown to readers, `partial` only with a mark."""

    kind: Literal["help"] = "help"
    key: Key
    region: RegionCode
    name: Sentence
    help_kind: HelpKind
    phone: Text = ""
    url: WebAddress | None = None
    hours: Text = ""
    verification: Verification
    verified_on: PartialDate | None = None
    note: Text = Field("", description="for curators, never on a page")
