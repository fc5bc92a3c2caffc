"""Regions and what their law says, over time."""

from __future__ import annotations

from typing import cast

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.text import slugify
from simple_history.models import HistoricalRecords

from kb import regulation
from kb.addresses import address
from kb.choices import (
    NAME_THE_INSTRUMENT,
    WITHOUT_INSTRUMENT,
    Confidence,
    HelpKind,
    Layer,
    LocalRules,
    Permission,
    RegionKind,
    State,
    Status,
    Verification,
)
from kb.dates import PartialDate, PartialDateField
from kb.gazetteer.spoken import spoken_name
from kb.models.base import AboutSubject, Fact, one_of, one_subject, span_in_order
from kb.models.sources import Source
from kb.models.subjects import Alkaloid, Substance

CODE = RegexValidator(
    r"^[A-Z]{2}(-[A-Z0-9]{1,3})?(/[a-z0-9]+(-[a-z0-9]+)*)?$",
    "An ISO 3166 code as TH or US-AL; a place below it as US-CA/san-diego.",
)


class Region(models.Model):
    KIND = "region"

    code = models.CharField(max_length=60, unique=True, validators=[CODE])
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=RegionKind)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    retired_codes = models.JSONField(
        default=list, blank=True, help_text='Codes that once meant this place: ["BU"].'
    )
    updated_at = models.DateTimeField(auto_now=True)
    history = HistoricalRecords(excluded_fields=["updated_at"])

    class Meta:
        ordering = ["name", "code"]
        constraints = [
            one_of("kind", RegionKind),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")),
                name="region_not_its_own_parent",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def spoken_name(self) -> str:
        """Its name in the language of the page; `name` is the recorded one."""
        return spoken_name(self.code, self.name)

    @property
    def slug(self) -> str:
        return self.code

    @property
    def record_key(self) -> str:
        return f"region:{self.code}"

    @property
    def is_published(self) -> bool:
        return True

    @property
    def is_recorded(self) -> bool:
        """Tell whether it is in the database; kb.places answers for others too."""
        return self.pk is not None

    def get_absolute_url(self) -> str:
        return address("kb:region", self.code)

    def clean(self) -> None:
        super().clean()
        seen, above = {self.pk}, self.parent
        while above is not None:
            if above.pk in seen:
                raise ValidationError(
                    {"parent": "This would put the region below itself."}
                )
            seen.add(above.pk)
            above = above.parent


class RegulatoryStatusQuerySet(models.QuerySet["RegulatoryStatus"]):
    def for_page(self) -> RegulatoryStatusQuerySet:
        """Load statuses with region, source and subject: 1 query."""
        return self.select_related("region__parent", "source", "substance", "alkaloid")

    def of_published(self) -> RegulatoryStatusQuerySet:
        """Keep those whose own subject readers may see."""
        return self.filter(
            Q(substance__state=State.PUBLISHED) | Q(alkaloid__state=State.PUBLISHED)
        )

    def of_published_without_joins(self) -> RegulatoryStatusQuerySet:
        """Keep the same; quicker where all of them are counted, by an index of their own."""
        kept = self
        for field, subject in (("substance", Substance), ("alkaloid", Alkaloid)):
            hidden = subject.objects.exclude(state=State.PUBLISHED)
            kept = kept.exclude(**{f"{field}__in": hidden.values("pk")})
        return kept

    def bearing_on(self, subject: Substance | Alkaloid) -> RegulatoryStatusQuerySet:
        """Keep rows about a subject, and those of an alkaloid whose law reaches it."""
        if isinstance(subject, Substance):
            reaching = RegulatoryStatus.reaches.through.objects.filter(
                substance=subject
            )
            return self.filter(
                Q(substance=subject) | Q(pk__in=reaching.values("regulatorystatus"))
            )
        return self.filter(alkaloid=subject)


class RegulatoryStatus(Fact, AboutSubject):
    """What the law says of a subject in a region over a span of time."""

    verification = None  # type: ignore[assignment]

    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="statuses"
    )
    status = models.CharField(max_length=24, choices=Status)
    layer = models.CharField(max_length=16, choices=Layer)
    is_pending = models.BooleanField(
        default=False,
        help_text="A bill or proposal: shown as change coming, never as law.",
    )
    schedule = models.CharField(
        max_length=80, blank=True, help_text="Schedule I, Class A"
    )
    min_age = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(99)], help_text="Years."
    )
    possession = models.CharField(
        max_length=12, choices=Permission, default=Permission.UNCLEAR
    )
    sale = models.CharField(
        max_length=12, choices=Permission, default=Permission.UNCLEAR
    )
    importing = models.CharField(
        "import", max_length=12, choices=Permission, default=Permission.NOT_STATED
    )
    prescribing = models.CharField(
        max_length=12, choices=Permission, default=Permission.NOT_STATED
    )
    cultivation = models.CharField(
        max_length=12, choices=Permission, default=Permission.NOT_STATED
    )
    form = models.CharField(
        max_length=120, blank=True, help_text="The form it is limited to, if any."
    )
    threshold = models.FloatField(
        null=True, blank=True, help_text="Applies above this."
    )
    threshold_unit = models.CharField(
        max_length=40, blank=True, help_text="% by weight"
    )
    since = PartialDateField(
        null=True,
        blank=True,
        help_text="First day in force: 2016, 2016-05 or 2016-05-10.",
    )
    until = PartialDateField(null=True, blank=True, help_text="Last day in force.")
    expires_on = PartialDateField(
        null=True,
        blank=True,
        help_text="After this day it is unclear unless checked again.",
    )
    instrument = models.CharField(
        max_length=300,
        blank=True,
        help_text="The act or rule. Where the source names none, say so.",
    )
    summary = models.TextField()
    reaches = models.ManyToManyField(
        "kb.Substance",
        blank=True,
        related_name="reached_by",
        help_text="Substances that this law on an alkaloid covers too.",
    )
    local_rules = models.CharField(
        max_length=12, choices=LocalRules, default=LocalRules.NOT_STATED
    )
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="statuses"
    )
    confidence = models.CharField(max_length=6, choices=Confidence)
    verified_on = PartialDateField(
        null=True,
        blank=True,
        help_text="The day somebody opened the source and found it.",
    )

    history = HistoricalRecords(m2m_fields=["reaches"])

    objects = RegulatoryStatusQuerySet.as_manager()

    class Meta:
        ordering = ["region__code", "since", "key"]
        verbose_name = "regulatory status"
        verbose_name_plural = "regulatory statuses"
        indexes = [
            models.Index(
                # All that says how long a check lasts; see kb.law.count_due.
                fields=[
                    *("region", "verified_on", "status", "layer", "is_pending"),
                    *("expires_on", "since", "until"),
                    *("source", "substance", "alkaloid"),
                ],
                name="status_ageing",
            )
        ]
        constraints = [
            one_subject(),
            one_of("status", Status),
            one_of("layer", Layer),
            one_of("possession", Permission),
            one_of("sale", Permission),
            one_of("importing", Permission),
            one_of("prescribing", Permission),
            one_of("cultivation", Permission),
            one_of("confidence", Confidence),
            span_in_order("since", "until"),
            models.CheckConstraint(
                condition=Q(threshold__isnull=True, threshold_unit="")
                | (Q(threshold__isnull=False) & ~Q(threshold_unit="")),
                name="regulatorystatus_threshold_has_unit",
                violation_error_message="A threshold needs its unit, a unit its threshold.",
            ),
            models.CheckConstraint(
                condition=~Q(instrument="") | Q(status__in=WITHOUT_INSTRUMENT),
                name="regulatorystatus_names_instrument",
                violation_error_message=NAME_THE_INSTRUMENT,
            ),
            models.CheckConstraint(
                condition=~Q(summary=""), name="regulatorystatus_has_summary"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_name} in {self.region}: {self.get_status_display()}"

    def key_parts(self) -> tuple[str, ...]:
        since = self.since or "undated"
        return self.subject.slug, self.region.code, since, self.status

    def as_rule(self) -> regulation.Rule:
        """Return the plain values that the rules of kb.regulation read."""
        return regulation.Rule(
            key=self.key,
            subject=self.subject.record_key,
            region=self.region.code,
            region_name=self.region.name,
            region_kind=self.region.kind,
            source_slug=self.source.slug if self.source.is_published else "",
            source_title=self.source.name,
            source_published=cast(PartialDate | None, self.source.published),
            **{
                field: getattr(self, field)
                for field in (
                    "status layer is_pending schedule min_age possession sale importing"
                    " prescribing cultivation form threshold threshold_unit since until"
                    " expires_on instrument summary local_rules confidence verified_on"
                ).split()
            },
        )


class HelpResource(Fact):
    """A helpline, a poison centre, an emergency number."""

    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="help")
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=14, choices=HelpKind)
    phone = models.CharField(
        max_length=60,
        blank=True,
        help_text="Not shown to readers while it is unverified.",
    )
    url = models.URLField("address", max_length=300, null=True, blank=True)
    hours = models.CharField(max_length=80, blank=True)
    verified_on = PartialDateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True, help_text="For curators.")

    history = HistoricalRecords()

    class Meta:
        ordering = ["region__code", "kind", "name", "key"]
        constraints = [one_of("kind", HelpKind)]

    def __str__(self) -> str:
        return f"{self.name} ({self.region.code})"

    def key_parts(self) -> tuple[str, ...]:

        return self.region.code, slugify(self.name)

    @property
    def is_confirmed(self) -> bool:
        """Was the number seen on a page of the service itself, or an official one?"""
        return self.verification == Verification.VERIFIED

    @property
    def is_shown(self) -> bool:
        """May readers see the number? One from memory they may not."""
        return self.verification != Verification.UNVERIFIED
