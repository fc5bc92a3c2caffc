"""What everything else rests on."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kb.choices import Retraction, SourceKind, StudyDesign, Verification
from kb.dates import PartialDate
from kb.schemas.base import Reviewed, Sentence, Text, shaped

Doi = Annotated[
    str,
    shaped(
        r"^10\.\d{4,9}/[^\sA-Z]+$",
        "a DOI in small letters, without an address before it, as 10.1000/182",
    ),
]
Pmid = Annotated[str, shaped(r"^[1-9]\d{0,8}$", "a PMID: up to nine digits")]
WebAddress = Annotated[
    str,
    shaped(
        r"^https?://[^\s/]+\.[^\s/]+.*$", "a web address, as https://example.org/page"
    ),
]


class SourceRecord(Reviewed):
    """`name` is its title. `doi` is lower case, without https://doi.org/."""

    kind: Literal["source"] = "source"
    source_kind: SourceKind
    title_is_paraphrase: bool = Field(
        False,
        description="true: the real title was not seen; `name` says what it is about",
    )
    authors: list[Sentence] = Field([], description='"Kruegel AC", or an organisation')
    authors_complete: bool = Field(
        True, description="false: more authors, or unchecked"
    )
    published: PartialDate | None = None
    container: Text = Field("", description="journal, volume and pages, or publisher")
    doi: Doi | None = None
    pmid: Pmid | None = None
    url: WebAddress | None = None
    design: StudyDesign | None = None
    design_text: Text = Field("", description="the design in the source's own terms")
    n: int | None = Field(None, ge=0, description="people (or samples) in the study")
    retraction: Retraction = Retraction.NONE
    retracted_on: PartialDate | None = None
    verification: Verification
    note: Text = ""
