"""Edited pages."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from kb.dates import PartialDate
from kb.schemas.base import Citing, Reviewed, Sentence, Slug, SubjectRef, Text


class ArticleRecord(Reviewed, Citing):
    """`name` is its title, `summary` its lead, `body` Markdown; a sentence cites `[@slug]`."""

    kind: Literal["article"] = "article"
    body: Sentence
    takeaways: list[Sentence] = []
    author: Text = Field("", description="empty: the editorial team")
    published_on: PartialDate | None = None
    subjects: list[SubjectRef] = []
    symptoms: list[Slug] = []
    claims: list[str] = []
    sources: list[Slug] = []
