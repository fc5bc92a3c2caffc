"""Symptoms, signs, syndromes, and other outcomes that people care about."""

from __future__ import annotations

from django.db import models

from kb.addresses import address
from kb.choices import Severity, State, SymptomKind, Verification
from kb.models.base import PlainlyTold, Record, RecordQuerySet, one_of


class Symptom(PlainlyTold):
    KIND = "symptom"

    kind = models.CharField(max_length=10, choices=SymptomKind)
    group = models.CharField(
        max_length=40, blank=True, help_text="physical, psychological"
    )
    contexts = models.JSONField(
        default=list, blank=True, help_text='Where it comes up: ["withdrawal"].'
    )
    scales = models.JSONField(
        default=list, blank=True, help_text='Scales that ask for it: ["cows", "dsm-5"].'
    )
    part_of = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="parts"
    )
    is_emergency = models.BooleanField(
        default=False, help_text="Readers are told to get help at once."
    )
    severity = models.CharField(
        max_length=16,
        choices=Severity,
        default=Severity.NOT_RATED,
        help_text="How grave it is when it happens; the gravest harm of a substance leads.",
    )
    verification = models.CharField(
        max_length=10, choices=Verification, default=Verification.UNVERIFIED
    )
    note = models.TextField(blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta(Record.Meta):
        indexes = PlainlyTold.plain_indexes("symptom")
        constraints = [
            one_of("state", State),
            one_of("kind", SymptomKind),
            one_of("severity", Severity),
        ]

    def get_absolute_url(self) -> str:
        return address("kb:symptom", self.slug)
