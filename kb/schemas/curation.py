"""What curators keep for themselves: never part of a public export."""

from __future__ import annotations

from kb.schemas.base import Sentence, Strict


class CuratorNoteRecord(Strict):
    about: Sentence
    note: Sentence
