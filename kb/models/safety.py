"""Harms, dangers, and what happens when two things are taken together."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.text import slugify
from simple_history.models import HistoricalRecords

from kb.choices import (
    Level,
    Likelihood,
    SafetyKind,
    Severity,
)
from kb.models.base import AboutSubject, Fact, one_of, one_subject
from kb.models.sources import Source
from kb.models.symptoms import Symptom


class SafetyNote(Fact, AboutSubject):
    """A harm, an interaction or a danger, with its figure and its source."""

    substance = models.ForeignKey(
        "kb.Substance",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="safety_notes",
    )
    alkaloid = models.ForeignKey(
        "kb.Alkaloid",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="safety_notes",
    )
    kind = models.CharField(max_length=16, choices=SafetyKind)
    finding = models.TextField()
    figure = models.CharField(max_length=300, blank=True)
    population = models.CharField(max_length=200, blank=True)
    severity = models.CharField(
        max_length=16, choices=Severity, default=Severity.NOT_RATED
    )
    likelihood = models.CharField(
        max_length=10, choices=Likelihood, default=Likelihood.UNKNOWN
    )
    level = models.CharField(
        max_length=12,
        choices=Level,
        default=Level.NOT_ASSESSED,
        help_text="How sure anyone can be that it is so.",
    )
    symptom = models.ForeignKey(
        Symptom, null=True, blank=True, on_delete=models.SET_NULL
    )
    interacts_with = models.ManyToManyField(
        "kb.Substance", blank=True, related_name="+"
    )
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="safety_notes"
    )
    further_sources = models.ManyToManyField(Source, blank=True, related_name="+")

    history = HistoricalRecords()

    class Meta:
        ordering = ["kind", "key"]
        constraints = [
            one_subject(),
            one_of("kind", SafetyKind),
            one_of("severity", Severity),
            models.CheckConstraint(condition=~Q(finding=""), name="safetynote_finds"),
        ]

    def key_parts(self) -> tuple[str, ...]:
        return self.subject.slug, self.kind, self.source.slug


class Interaction(Fact):
    """What can happen when two things are taken together."""

    substance = models.ForeignKey(
        "kb.Substance", on_delete=models.CASCADE, related_name="interactions_from"
    )
    other = models.ForeignKey(
        "kb.Substance",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="interactions_to",
        help_text="The other one, where it has a record.",
    )
    other_name = models.CharField(
        max_length=120, blank=True, help_text="Else its name: alcohol, midazolam."
    )
    effect = models.TextField(
        help_text="What can happen, in one or two plain sentences."
    )
    mechanism = models.TextField(blank=True)
    severity = models.CharField(
        max_length=16, choices=Severity, default=Severity.NOT_RATED
    )
    likelihood = models.CharField(
        max_length=10, choices=Likelihood, default=Likelihood.UNKNOWN
    )
    level = models.CharField(max_length=12, choices=Level, default=Level.NOT_ASSESSED)
    figure = models.CharField(max_length=300, blank=True)
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="interactions"
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["substance_id", "key"]
        constraints = [
            one_of("severity", Severity),
            one_of("likelihood", Likelihood),
            one_of("level", Level),
            models.CheckConstraint(
                condition=Q(other__isnull=False, other_name="")
                | (Q(other__isnull=True) & ~Q(other_name="")),
                name="interaction_has_one_other",
                violation_error_message="Choose the other substance, or name it; not both.",
            ),
            models.CheckConstraint(
                condition=~Q(effect=""), name="interaction_has_effect"
            ),
        ]

    def key_parts(self) -> tuple[str, ...]:
        other = self.other.slug if self.other else slugify(self.other_name)
        return self.substance.slug, other, self.source.slug
