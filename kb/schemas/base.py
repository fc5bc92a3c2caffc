"""What all typed records share: strict reading, a stable key, plain JSON out."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from kb.choices import State, SynonymKind
from kb.dates import PartialDate

# {pattern: what it takes, for whoever mends a file}; filled by `shaped`.
SHAPES: dict[str, str] = {}


def shaped(pattern: str, takes: str, max_length: int | None = None) -> Any:
    """Constrain a text to a pattern, and say in words what that takes."""
    SHAPES[pattern] = takes
    return StringConstraints(pattern=pattern, max_length=max_length)


Slug = Annotated[
    str,
    shaped(
        r"^[a-z0-9]+(-[a-z0-9]+)*$",
        "a slug: small letters, digits and single hyphens, as opioid-withdrawal",
        max_length=80,
    ),
]
Key = Annotated[
    str,
    shaped(
        r"^[A-Za-z0-9./_-]+$",
        "a key: letters, digits, dots and hyphens, as kratom.anxiety.doe-2020",
        max_length=160,
    ),
]
Text = Annotated[str, StringConstraints(strip_whitespace=True)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
SubjectRef = Annotated[
    str,
    shaped(
        r"^(substance|alkaloid):[a-z0-9]+(-[a-z0-9]+)*$",
        "a subject: its kind and its slug, as substance:kratom",
    ),
]


class Strict(BaseModel):
    """Refuses keys it does not know, so that a slip of the pen is not lost in silence."""

    model_config = ConfigDict(
        extra="forbid", use_enum_values=True, validate_default=True
    )

    @field_validator("*")
    @classmethod
    def without_nul(cls, value: Any) -> Any:
        """Refuse what PostgreSQL does not store, before anything is written."""
        texts = value if isinstance(value, list) else [value]
        if any(isinstance(text, str) and "\0" in text for text in texts):
            raise ValueError("holds a NUL character, which no text has")
        return value


class Citing(Strict):
    """The part of every record that cites sources."""

    retracted_sources: list[Slug] = Field(
        [],
        description="those of its sources that were retracted; computed at export, and"
        " passed over on import",
    )


class SynonymRecord(Strict):
    name: Sentence
    kind: SynonymKind = SynonymKind.COMMON
    language: str = Field("en", description="BCP 47 tag: en, th, ms, la, mul")
    source: Slug | None = Field(None, description="the source that uses this name")


class PlainlyToldRecord(Strict):
    """The plain version of a summary, and which summary it was written for."""

    plain_summary: Text = Field(
        "",
        description="the summary for everyone: short sentences, everyday words; a sentence"
        " may end with sources of the record, `[@kruegel-2016; @coe-2019]`",
    )
    plain_summary_for: str = Field(
        "",
        pattern=r"^([0-9a-f]{12})?$",
        description="the first 12 digits of the SHA-256 of the summary that it was"
        " written for; where that is not the summary now, the summary has changed since",
    )


class Reviewed(Strict):
    """The part of every public record that tells its state."""

    slug: Slug
    name: Sentence
    synonyms: list[SynonymRecord] = []
    summary: Text = Field("", description="one to three plain sentences")
    tags: list[Slug] = []
    state: State = State.PUBLISHED
    reviewed_on: PartialDate | None = Field(
        None,
        description="the day a second person last read the record; null: nobody yet",
    )

    @field_validator("synonyms")
    @classmethod
    def each_once(cls, synonyms: list[SynonymRecord]) -> list[SynonymRecord]:
        seen = set()
        for each in synonyms:
            if (each.name, each.kind) in seen:
                raise ValueError(f"{each.name!r} stands twice as the same kind of name")
            seen.add((each.name, each.kind))
        return synonyms
