"""What the API answers, as typed shapes: OpenAPI describes them from here."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from kb.choices import (
    Axis,
    Confidence,
    Direction,
    ExternalScheme,
    HelpKind,
    Layer,
    Level,
    Permission,
    RegionKind,
    Retraction,
    SafetyKind,
    Severity,
    Status,
    StudyDesign,
    SubstanceCategory,
    SymptomKind,
    Verdict,
    Verification,
)
from kb.dates import PartialDate
from kb.regulation import NOT_CHECKED
from kb.schemas.articles import ArticleRecord
from kb.schemas.claims import ClaimRecord
from kb.schemas.evidence import OverrideRecord
from kb.schemas.sources import SourceRecord

STATUSES = (*Status.values, NOT_CHECKED)
StatusWord = Annotated[
    str,
    Field(
        description="not-checked: no rule is recorded here or above",
        json_schema_extra={"enum": list(STATUSES)},
    ),
]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", use_enum_values=True)


class Named(Shape):
    slug: str
    name: str


class SubjectShape(Named):
    kind: Literal["substance", "alkaloid"]


class SourceShape(Shape):
    slug: str
    title: str


class RegionShape(Shape):
    code: str = Field(description="ISO 3166: TH, US-AL; a place below: US-CA/san-diego")
    name: str


# Evidence


class ItemShape(Shape):
    key: str
    source: SourceShape
    design: StudyDesign
    n: int | None = Field(description="people")
    population: str
    direction: Direction
    finding: str
    limits: str
    verification: Verification
    retraction: Retraction = Field(description="whether its source was retracted")
    counted: bool = Field(description="whether the suggested level rests on it")


class AssessmentShape(Shape):
    """What all items say together."""

    axis: Axis
    comparator: str | None = Field(
        description="null: placebo, nothing, or no comparison"
    )
    direction: Direction
    level: Level = Field(
        description="none: looked for, no study in people found;"
        " not-assessed: nobody has looked yet"
    )
    suggested_level: Level = Field(description="what the rule gives; see /method/")
    conclusion: str
    override: OverrideRecord | None = Field(description="why `level` is another")
    arithmetic: dict[str, Any] = Field(description="each step to the suggested level")
    items: list[ItemShape]


class SubjectAssessment(AssessmentShape):
    symptom: Named


class SymptomAssessment(AssessmentShape):
    subject: SubjectShape


class SubjectEvidence(Shape):
    level: Level = Field(description="of the best-supported benefit in people")
    about: str | None
    direction: Direction | None
    assessments: list[SubjectAssessment]


class SymptomEvidence(Shape):
    assessments: list[SymptomAssessment]


class SafetyShape(Shape):
    key: str
    kind: SafetyKind
    finding: str
    figure: str
    population: str
    severity: Severity
    symptom: Named | None
    interacts_with: list[Named]
    sources: list[str]
    verification: Verification


class ClaimShape(Shape):
    id: str
    claim: str
    verdict: Verdict
    level: Level = Field(description="how sure the verdict is")
    url: str


# Law


class Standing(Shape):
    """What the law says somewhere on a day."""

    status: StatusWord
    status_label: str
    schedule: str | None
    min_age: int | None = Field(description="years")
    possession: Permission
    sale: Permission
    importing: Permission = Field(description="strictest that a rule in force states")
    prescribing: Permission
    cultivation: Permission
    form: str | None = Field(description="the form that the rule is limited to")
    threshold: float | None = Field(
        description="the rule applies above this, in its unit"
    )
    threshold_unit: str | None
    since: PartialDate | None
    until: PartialDate | None
    inherited_from: str | None = Field(description="code of the region above")
    via: str | None = Field(description="slug of the alkaloid whose law reaches it")
    stale: bool
    staleness: str
    verified_on: PartialDate | None
    confidence: Confidence | None
    source: SourceShape | None
    instrument: str | None
    summary: str | None


class RegulationShape(Standing):
    region: RegionShape
    change_coming: bool


class RegionStatusShape(Standing):
    subject: SubjectShape
    change_coming: bool


class RuleShape(Shape):
    """One recorded rule."""

    key: str
    region: RegionShape
    status: Status
    status_label: str
    layer: Layer
    is_pending: bool = Field(description="a proposal, not law")
    schedule: str | None
    min_age: int | None
    possession: Permission
    sale: Permission
    importing: Permission
    prescribing: Permission
    cultivation: Permission
    form: str | None = Field(description="the form it is limited to")
    threshold: float | None = Field(description="it applies above this, in its unit")
    threshold_unit: str | None
    since: PartialDate | None
    until: PartialDate | None
    expires_on: PartialDate | None
    via: str | None
    instrument: str | None
    summary: str
    source: SourceShape | None
    confidence: Confidence
    verified_on: PartialDate | None


class RegulationReply(Standing):
    subject: SubjectShape
    region: RegionShape
    on: datetime.date
    as_of: datetime.date | None = Field(
        description="the day of the record that was asked about; null: today's"
    )
    layers: list[RuleShape] = Field(
        description="all in force that day, strictest first"
    )
    change_coming: list[RuleShape]
    because: list[str] = Field(description="how the status came about, in sentences")


class VersionShape(Shape):
    """What a rule said here, from one moment to another."""

    recorded_from: datetime.datetime
    recorded_until: datetime.datetime | None = Field(description="null: still")
    reaches: list[str] = Field(description="slugs of the substances it covered too")
    rule: RuleShape


class LedgerReply(Shape):
    key: str
    subject: str = Field(description="substance:kratom")
    versions: list[VersionShape] = Field(description="the oldest first")


class ShareShape(Shape):
    """How many rules, in force or to come, were checked within their limits."""

    total: int
    fresh: int
    stale: int
    very_stale: int = Field(description="past twice the limit, or expired unchecked")


class CountryShareShape(ShareShape):
    region: RegionShape


class FreshnessReply(ShareShape):
    on: datetime.date
    countries: list[CountryShareShape]


class FigureShape(Shape):
    name: str
    title: str
    part: int
    total: int
    percent: float | None = Field(description="null where there is nothing to count")


class QualityDayShape(Shape):
    on: datetime.date
    figures: dict[str, tuple[int, int]] = Field(description="name: part and total")


class QualityReply(Shape):
    on: datetime.date
    figures: list[FigureShape]
    days: list[QualityDayShape] = Field(description="figures kept, newest first")


# Whole records


class ExternalIdShape(Shape):
    scheme: ExternalScheme
    value: str
    url: str | None
    verification: Verification


class AmountShape(Shape):
    """How much there is of it; `low` and `high` are in `unit`, null: not given."""

    part: str
    low: float | None
    high: float | None
    unit: str
    note: str
    source: SourceShape
    verification: Verification


class ContentShape(AmountShape, Named):
    """An alkaloid in a substance, or a substance with an alkaloid in it."""


class ActivityShape(Shape):
    target: str
    action: str
    parameter: str
    value: str = Field(description="as published: 37 ± 4, >45")
    unit: str
    note: str
    source: SourceShape
    verification: Verification


class PharmacokineticShape(Shape):
    parameter: str
    value: str = Field(description="as published: 45.3 (31.9-50.2)")
    unit: str
    population: str
    note: str
    source: SourceShape
    verification: Verification


class VarietyShape(Shape):
    name: str
    kind: str
    seller_claim: str
    finding: str
    note: str
    source: SourceShape


class SubjectReply(Shape):
    slug: str
    name: str
    synonyms: list[str]
    summary: str
    plain_summary: str = Field(description="in everyday words; empty: not written")
    tags: list[str]
    evidence: SubjectEvidence
    regulation: list[RegulationShape] = Field(
        description="one for each region with a rule of its own"
    )
    safety: list[SafetyShape]
    claims: list[ClaimShape]
    pharmacokinetics: list[PharmacokineticShape]
    external_ids: list[ExternalIdShape]
    verification: Verification
    sources: list[str]
    url: str
    reviewed_on: PartialDate | None
    updated_at: datetime.datetime


class SubstanceReply(SubjectReply):
    kind: Literal["substance"] = "substance"
    scientific_name: str | None
    category: SubstanceCategory
    drug_class: str | None
    mechanism: str | None
    approved_for: str | None
    route: str | None
    alkaloids: list[ContentShape]
    alkaloids_total: list[AmountShape] = Field(description="all alkaloids together")
    varieties: list[VarietyShape]


class AlkaloidReply(SubjectReply):
    kind: Literal["alkaloid"] = "alkaloid"
    smiles: str
    inchikey: str
    formula: str
    molar_mass: float = Field(description="g/mol")
    chemical_class: str | None
    origin: str | None
    activities: list[ActivityShape]
    occurs_in: list[ContentShape]


class SymptomReply(Shape):
    kind: Literal["symptom"] = "symptom"
    slug: str
    name: str
    synonyms: list[str]
    summary: str
    plain_summary: str = Field(description="in everyday words; empty: not written")
    tags: list[str]
    symptom_kind: SymptomKind
    group: str | None
    contexts: list[str]
    scales: list[str]
    is_emergency: bool = Field(description="get help at once when this happens")
    severity: Severity
    part_of: list[Named]
    parts: list[Named]
    evidence: SymptomEvidence
    claims: list[ClaimShape]
    external_ids: list[ExternalIdShape]
    note: str
    verification: Verification
    sources: list[str]
    url: str
    reviewed_on: PartialDate | None
    updated_at: datetime.datetime


class UseShape(Shape):
    kind: Literal["substance", "alkaloid", "claim", "article"]
    slug: str


class SourceReply(SourceRecord):
    link: str | None = Field(description="DOI before PubMed before its own address")
    used_by: list[UseShape]
    address: str | None = Field(description="the source's own address")
    url: str = Field(description="its page here")
    updated_at: datetime.datetime


class HelpShape(Shape):
    region: RegionShape
    kind: HelpKind
    name: str
    phone: str | None = Field(description="null: none, or nobody verified it")
    url: str | None
    hours: str | None
    verification: Verification
    verified_on: PartialDate | None


class RegionReply(Shape):
    kind: Literal["region"] = "region"
    code: str
    slug: str
    name: str
    region_kind: RegionKind
    parent: RegionShape | None
    places: list[RegionShape] = Field(description="the regions right below")
    synonyms: list[str]
    statuses: list[RegionStatusShape] = Field(description="today, strictest first")
    help: list[HelpShape] = Field(description="here and in the regions above")
    url: str
    updated_at: datetime.datetime


class ArticleReply(ArticleRecord):
    byline: str
    url: str
    updated_at: datetime.datetime


class ClaimReply(ClaimRecord):
    slug: str
    name: str
    url: str
    updated_at: datetime.datetime


# Lists and searches


class ShortShape(Shape):
    kind: str
    slug: str
    code: str | None = Field(None, description="of a region")
    name: str
    summary: str
    url: str
    evidence_level: Level | None = Field(None, description="null: has none of its own")
    verdict: Verdict | None = Field(None, description="of a claim")


class ListReply(Shape):
    count: int
    next: str | None
    previous: str | None
    results: list[ShortShape]


class FacetShape(Shape):
    value: str
    label: str
    count: int


class HitShape(Shape):
    kind: str
    slug: str
    title: str
    url: str
    snippet: str
    evidence_level: Level | None
    evidence_about: str | None
    matched: str | None = Field(description="which other name fits")
    score: float


class SearchReply(Shape):
    query: str
    total: int
    took_ms: float
    suggestion: str | None = Field(description="a better spelling")
    corrected: bool = Field(description="true: the results are those of `suggestion`")
    answer: dict[str, Any] | None
    facets: dict[str, list[FacetShape]]
    results: list[HitShape]
    related: list[HitShape] = Field(
        description="without the words, but like the few results; not in `total`"
    )


class SuggestionShape(Shape):
    kind: str
    slug: str
    title: str
    matched: str
    url: str


class SuggestReply(Shape):
    query: str
    suggestions: list[SuggestionShape]
