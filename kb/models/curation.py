"""What curators keep for themselves: provenance, and slugs that moved."""

from __future__ import annotations

from django.db import models


class CuratorNote(models.Model):
    """Where a fact was seen, or what is doubtful about it. Never shown to readers."""

    about = models.CharField(
        max_length=200,
        db_index=True,
        help_text="source:kruegel-2016, status:kratom.US-AL…",
    )
    note = models.TextField()

    class Meta:
        ordering = ["about", "pk"]

    def __str__(self) -> str:
        return self.about


class OldSlug(models.Model):
    """A slug that a record once had; its address redirects for good."""

    kind = models.CharField(max_length=12)
    slug = models.SlugField(max_length=80)
    now = models.SlugField(max_length=80)

    class Meta:
        ordering = ["kind", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "slug"], name="old_slug_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.slug} → {self.now}"


class QualityDay(models.Model):
    """The figures of kb.quality on a day: {"rules-fresh": [209, 329], …}."""

    day = models.DateField(unique=True)
    figures = models.JSONField()

    class Meta:
        ordering = ["-day"]

    def __str__(self) -> str:
        return self.day.isoformat()


class DataVersion(models.Model):
    """A single row that counts the changes of all records; see kb.version."""

    number = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return str(self.number)
