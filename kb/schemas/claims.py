"""Statements that circulate, and how they stand."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kb.choices import Harm, Level, State, Verdict
from kb.dates import PartialDate
from kb.schemas.base import Citing, Sentence, Slug, SubjectRef, Text, shaped

ClaimId = Annotated[str, shaped(r"^C\d{2,4}$", "the id of a claim, as C10")]


class ClaimRecord(Citing):
    kind: Literal["claim"] = "claim"
    id: ClaimId
    claim: Sentence = Field(description="the statement in our words")
    phrasings: list[Sentence] = Field([], description="how it is typically put")
    topic: Slug
    subject: SubjectRef | None = None
    symptom: Slug | None = None
    verdict: Verdict
    level: Level = Field(
        description="how sure the verdict is; not-assessed: does not apply"
    )
    why: Sentence
    harm_if_believed: Harm
    sources: list[Slug] = []
    tags: list[Slug] = []
    state: State = State.PUBLISHED
    reviewed_on: PartialDate | None = None
    note: Text = ""
