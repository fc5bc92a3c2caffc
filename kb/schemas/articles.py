"""Edited pages."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from kb.dates import PartialDate
from kb.schemas.base import Citing, Reviewed, Sentence, Slug, Strict, SubjectRef, Text


class AuthorRecord(Strict):
    """A real person; one that several articles name is given the same in each of them."""

    name: Sentence
    credentials: Text = ""
    credentials_url: Text = Field("", description="where anyone can check them")
    interests: Sentence = Field(description="declared interests, or who declared none")


class ArticleRecord(Reviewed, Citing):
    """`name` is its title, `summary` its lead, `body` Markdown; a sentence cites `[@slug]`."""

    kind: Literal["article"] = "article"
    body: Sentence
    takeaways: list[Sentence] = []
    author: Text = Field("", description="empty: the editorial team")
    profile: AuthorRecord | None = Field(None, description="null: none is shown")
    published_on: PartialDate | None = None
    subjects: list[SubjectRef] = []
    symptoms: list[Slug] = []
    claims: list[str] = []
    sources: list[Slug] = []
