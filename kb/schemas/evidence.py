"""Evidence items, the assessments they add up to, and safety notes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from kb.choices import (
    Axis,
    Direction,
    Level,
    Likelihood,
    Preparation,
    SafetyKind,
    Severity,
    StudyDesign,
    Verification,
)
from kb.dates import PartialDate
from kb.schemas.base import Citing, Key, Sentence, Slug, Strict, SubjectRef, Text

Steps = Annotated[int, Field(ge=0, le=2)]


class EvidenceItemRecord(Strict):
    """What one source found about a subject and an outcome.

    The five downgrades count steps (1 serious, 2 very serious), the three upgrades too
    (2 only where an effect is very large); docs/method.md says when.
    """

    key: Key
    source: Slug
    design: StudyDesign
    reviewed_design: StudyDesign | None = Field(
        None, description="for a review: the design of the studies it pools"
    )
    design_text: Text = Field("", description="the design in words")
    n: int | None = Field(None, ge=0, description="people")
    population: Text = ""
    comparator: Text = Field("", description="as the source has it; empty: none")
    preparation: Preparation = Field(
        Preparation.NOT_STATED, description="the form that was studied"
    )
    bridging_reason: Text = Field(
        "", description="why a finding on another form counts here all the same"
    )
    direction: Direction
    finding: Sentence
    limits: Text = Field("", description="why it is weaker than it looks")
    verification: Verification = Verification.VERIFIED
    stated_level: Level | None = Field(
        None, description="the level that the review itself states, or null"
    )
    curated_level: Level | None = Field(
        None, description="the level that a curator gave this item alone, or null"
    )
    curated_basis: Text = Field("", description="the curator's reason for it")
    risk_of_bias: Steps = 0
    inconsistency: Steps = 0
    indirectness: Steps = 0
    imprecision: Steps = 0
    publication_bias: Steps = 0
    large_effect: Steps = 0
    dose_gradient: Steps = 0
    opposing_confounding: Steps = 0
    fails_design: bool = Field(
        False, description="called randomised, but is not, or the like"
    )
    inside_review: Key | None = Field(
        None, description="key of the review item that holds it"
    )
    duplicate_of: Key | None = Field(None, description="key of the item it repeats")

    @field_validator("inside_review", "duplicate_of")
    @classmethod
    def another_item(cls, key: str | None, info: ValidationInfo) -> str | None:
        if key is not None and key == info.data.get("key"):
            raise ValueError("an item cannot be part of itself")
        return key


class OverrideRecord(Strict):
    level: Level
    reason: Sentence
    by: Sentence = Field(description="who decided")
    on: PartialDate


class AssessmentRecord(Citing):
    """What all items say together. `suggested_level` and `level` are computed: an import
    reads them and reports a difference, it never believes them."""

    kind: Literal["assessment"] = "assessment"
    subject: SubjectRef
    symptom: Slug
    axis: Axis
    comparator: Text = Field(
        "", description="what it was compared with; empty: placebo, nothing or no group"
    )
    direction: Direction
    conclusion: Sentence = Field(description="one plain sentence")
    items: list[EvidenceItemRecord]
    override: OverrideRecord | None = None
    suggested_level: Level | None = None
    level: Level | None = None


class SafetyNoteRecord(Citing):
    kind: Literal["safety-note"] = "safety-note"
    key: Key
    subject: SubjectRef
    safety_kind: SafetyKind
    finding: Sentence
    figure: Text = ""
    population: Text = ""
    severity: Severity = Severity.NOT_RATED
    likelihood: Likelihood = Likelihood.UNKNOWN
    level: Level = Field(Level.NOT_ASSESSED, description="how sure anyone can be")
    symptom: Slug | None = None
    interacts_with: list[Slug] = Field([], description="substances it meets")
    sources: list[Slug] = Field(min_length=1)
    verification: Verification = Verification.VERIFIED

    @model_validator(mode="after")
    def meets(self) -> SafetyNoteRecord:
        if self.interacts_with and self.safety_kind not in (
            "interaction",
            "adverse-effect",
        ):
            raise ValueError("interacts_with is for interactions")
        return self


class EvidenceSearchRecord(Citing):
    """Somebody looked for studies; with no study in people this makes the level `none`."""

    kind: Literal["evidence-search"] = "evidence-search"
    key: Key
    subject: SubjectRef
    symptom: Slug
    axis: Axis = Axis.BENEFIT
    searched_on: PartialDate
    looked_for: Sentence
    where: Sentence
    query: Text = ""
    hits: int | None = Field(None, ge=0)
    found: Sentence
    source: Slug
    verification: Verification = Verification.VERIFIED


class InteractionRecord(Citing):
    """What can happen when two things are taken together."""

    kind: Literal["interaction"] = "interaction"
    key: Key
    substance: Slug
    other: Slug | None = Field(None, description="the other one, where it has a record")
    other_name: Text = Field("", description="else its name")
    effect: Sentence
    mechanism: Text = ""
    severity: Severity = Severity.NOT_RATED
    likelihood: Likelihood = Likelihood.UNKNOWN
    level: Level = Level.NOT_ASSESSED
    figure: Text = ""
    source: Slug
    verification: Verification = Verification.VERIFIED

    @model_validator(mode="after")
    def one_other(self) -> InteractionRecord:
        if (self.other is None) == (not self.other_name):
            raise ValueError("give `other` (a slug) or `other_name`, one of the two")
        return self
