"""Statements that circulate, and how they stand."""

from __future__ import annotations

from django.db import models

from kb.addresses import address
from kb.choices import Harm, Level, State, Verdict
from kb.models.base import Record, RecordQuerySet, one_of
from kb.models.sources import Source
from kb.models.subjects import Alkaloid, Substance
from kb.models.symptoms import Symptom


class Claim(Record):
    """Its slug is the id it is known by ("C10"), its name the statement in our words."""

    KIND = "claim"

    phrasings = models.JSONField(
        default=list,
        blank=True,
        help_text="How it is typically put, a list of sentences.",
    )
    topic = models.SlugField(max_length=40)
    substance = models.ForeignKey(
        Substance,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="claims",
    )
    alkaloid = models.ForeignKey(
        Alkaloid,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="claims",
    )
    symptom = models.ForeignKey(
        Symptom, null=True, blank=True, on_delete=models.SET_NULL, related_name="claims"
    )
    verdict = models.CharField(max_length=16, choices=Verdict)
    level = models.CharField(
        max_length=12, choices=Level, help_text="How sure the verdict is."
    )
    why = models.TextField(
        help_text="What the evidence says, in one to three sentences."
    )
    harm_if_believed = models.CharField(max_length=6, choices=Harm)
    sources = models.ManyToManyField(Source, blank=True, related_name="claims")
    needs_review = models.BooleanField(
        default=False, editable=False, help_text="Something it leans on has changed."
    )
    note = models.TextField(blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["slug"]
        indexes = [
            models.Index(
                fields=["needs_review"],
                condition=models.Q(needs_review=True),
                name="claim_to_look_at",
            )
        ]
        constraints = [
            one_of("state", State),
            one_of("verdict", Verdict),
            one_of("level", Level),
            models.CheckConstraint(
                condition=models.Q(substance__isnull=True)
                | models.Q(alkaloid__isnull=True),
                name="claim_at_most_one_subject",
                violation_error_message="A claim is about a substance or an alkaloid, not both.",
            ),
        ]

    def get_absolute_url(self) -> str:
        return address("kb:claim", self.slug)

    @property
    def subject(self) -> Substance | Alkaloid | None:
        return self.substance or self.alkaloid
