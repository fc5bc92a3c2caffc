"""Finds the rows that records name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from taggit.models import Tag

from kb.models import (
    Alkaloid,
    Claim,
    EvidenceItem,
    Region,
    Source,
    Substance,
    Symptom,
)


class Lookup:
    """Finds records by slug, each kind read once. Raises KeyError for what is not there."""

    MODELS: Mapping[str, tuple[type[models.Model], str]] = {
        "substance": (Substance, "slug"),
        "alkaloid": (Alkaloid, "slug"),
        "symptom": (Symptom, "slug"),
        "source": (Source, "slug"),
        "region": (Region, "code"),
        "claim": (Claim, "slug"),
        "item": (EvidenceItem, "key"),
    }

    def __init__(self) -> None:
        self._found: dict[str, dict[str, Any]] = {}

    def of_kind(self, kind: str) -> dict[str, Any]:
        if kind not in self._found:
            model, field = self.MODELS[kind]
            rows = model._default_manager.all()
            self._found[kind] = {getattr(row, field): row for row in rows}
        return self._found[kind]

    def get(self, kind: str, slug: str) -> Any:
        return self.of_kind(kind)[slug]

    def find(self, kind: str, slug: str | None) -> Any:
        return self.of_kind(kind)[slug] if slug else None

    def tag(self, slug: str) -> Tag:
        """Return the tag of a slug, made when it is new: "opioid receptor"."""
        tags = self._found.setdefault(
            "tag", {tag.slug: tag for tag in Tag.objects.all()}
        )
        if slug not in tags:
            tags[slug] = Tag.objects.create(slug=slug, name=slug.replace("-", " "))
        return tags[slug]

    def remember(self, kind: str, slug: str, row: models.Model) -> None:
        self.of_kind(kind)[slug] = row

    def subject(self, reference: str | None) -> dict[str, Any]:
        """Return {"substance": …, "alkaloid": …} for "substance:kratom"."""
        found: dict[str, Any] = {"substance": None, "alkaloid": None}
        if reference:
            kind, _, slug = reference.partition(":")
            found[kind] = self.get(kind, slug)
        return found
