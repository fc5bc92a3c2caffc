"""What single sources found, and what all of them together say."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.text import slugify
from simple_history.models import HistoricalRecords

from kb.choices import (
    Axis,
    Direction,
    Level,
    Preparation,
    State,
    StudyDesign,
    Verification,
)
from kb.dates import PartialDateField
from kb.grading.items import Item
from kb.models.base import AboutSubject, Fact, one_of, one_subject
from kb.models.sources import Source
from kb.models.symptoms import Symptom


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def for_matrix(self) -> AssessmentQuerySet:
        """Load assessments with all that a matrix shows: 2 queries."""
        return self.select_related("symptom", "substance", "alkaloid").prefetch_related(
            models.Prefetch("items", EvidenceItem.objects.of_published_sources())
        )

    def overridden(self) -> AssessmentQuerySet:
        """Keep those whose level a curator set, with a reason."""
        return self.filter(override_level__isnull=False)

    def of_published(self) -> AssessmentQuerySet:
        """Keep those whose subject and symptom readers may see."""
        return self.filter(
            Q(substance__state="published") | Q(alkaloid__state="published"),
            symptom__state="published",
        )


class Assessment(AboutSubject):
    """The body of evidence about a subject and a symptom, against one comparator.

    `level` is what readers see; `suggested_level` and `arithmetic` are the rule's, kept
    beside it by kb.evidence.recompute and never typed by hand.
    """

    symptom = models.ForeignKey(Symptom, on_delete=models.PROTECT)
    axis = models.CharField(max_length=7, choices=Axis)
    comparator = models.CharField(
        max_length=120,
        blank=True,
        help_text="Empty: placebo, nothing, or no comparison.",
    )
    direction = models.CharField(max_length=15, choices=Direction)
    conclusion = models.TextField(
        help_text="One plain sentence that a reader understands."
    )
    suggested_level = models.CharField(
        max_length=12, choices=Level, default=Level.NOT_ASSESSED, editable=False
    )
    level = models.CharField(
        max_length=12, choices=Level, default=Level.NOT_ASSESSED, editable=False
    )
    arithmetic = models.JSONField(default=dict, editable=False)
    override_level = models.CharField(
        max_length=12,
        choices=Level,
        null=True,
        blank=True,
        help_text="Another level than the rule gives; needs a reason, a name and a day.",
    )
    override_reason = models.TextField(blank=True)
    override_by = models.CharField(max_length=120, blank=True)
    override_on = PartialDateField(null=True, blank=True)
    needs_review = models.BooleanField(
        default=False, editable=False, help_text="Something it leans on has changed."
    )
    history = HistoricalRecords(excluded_fields=["arithmetic"])

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["axis", "symptom__name", "comparator", "pk"]
        indexes = [
            # All that the desk's list is sorted by: no row is read for its place.
            models.Index(
                fields=["axis", "symptom", "comparator"], name="assessment_in_order"
            ),
            models.Index(
                fields=["needs_review"],
                condition=Q(needs_review=True),
                name="assessment_to_look_at",
            ),
            models.Index(
                fields=["override_level"],
                condition=Q(override_level__isnull=False),
                name="assessment_overridden",
            ),
        ]
        constraints = [
            one_subject(),
            one_of("axis", Axis),
            one_of("direction", Direction),
            one_of("level", Level),
            one_of("suggested_level", Level),
            models.CheckConstraint(
                condition=Q(
                    override_level__isnull=True, override_reason="", override_by=""
                )
                | (
                    Q(override_level__isnull=False, override_on__isnull=False)
                    & ~Q(override_reason="")
                    & ~Q(override_by="")
                ),
                name="assessment_override_has_reason",
                violation_error_message=(
                    "An override needs a level, a reason, a name and a day; or none of them."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(conclusion=""), name="assessment_concludes"
            ),
            *(
                models.UniqueConstraint(
                    fields=[subject, "symptom", "axis", "comparator"],
                    condition=Q(**{f"{subject}__isnull": False}),
                    name=f"assessment_once_per_{subject}",
                    violation_error_message="There is such an assessment already.",
                )
                for subject in ("substance", "alkaloid")
            ),
        ]

    def __str__(self) -> str:
        against = f", against {self.comparator}" if self.comparator else ""
        return f"{self.subject_name} · {self.symptom}{against}"

    @property
    def subject_preparation(self) -> str:
        """Return the form its subject is: an alkaloid is always the compound itself."""
        if self.substance is None:
            return Preparation.ISOLATE
        return self.substance.preparation

    @property
    def is_overridden(self) -> bool:
        return (
            self.override_level is not None
            and self.override_level != self.suggested_level
        )

    @property
    def findings_counted(self) -> int:
        """Return how many findings the level rests on."""
        return len(self.arithmetic.get("counted", ()))

    @property
    def record_of(self) -> str:
        """Return its subject's key without reading the subject: "substance:7"."""
        return (
            f"substance:{self.substance_id}"
            if self.substance_id
            else f"alkaloid:{self.alkaloid_id}"
        )

    @property
    def anchor(self) -> str:
        """Return its name within a page."""
        parts = [self.symptom.slug, self.axis, slugify(self.comparator)]
        return "-".join(part for part in parts if part)

    def get_absolute_url(self) -> str:
        """Return the page that shows why it has its level."""
        kind, slug = self.subject.KIND, self.subject.slug
        return f"/{kind}s/{slug}/why/{self.anchor}/"

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        from kb import evidence

        evidence.recompute(self)


class EvidenceItemQuerySet(models.QuerySet["EvidenceItem"]):
    def of_published_sources(self) -> EvidenceItemQuerySet:
        """Keep what readers may see, with its source: nothing is told without one."""
        return self.filter(source__state=State.PUBLISHED).select_related("source")


class EvidenceItem(Fact):
    """What one source found. Saving or deleting one re-grades (kb.regrading.watch)."""

    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, related_name="items"
    )
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="evidence_items"
    )
    design = models.CharField(max_length=30, choices=StudyDesign)
    reviewed_design = models.CharField(
        max_length=30,
        choices=StudyDesign,
        null=True,
        blank=True,
        help_text="For a review: the design of the studies that it pools.",
    )
    design_text = models.CharField(max_length=200, blank=True)
    n = models.PositiveIntegerField("people", null=True, blank=True)
    population = models.CharField(max_length=300, blank=True)
    comparator = models.CharField(
        max_length=160, blank=True, help_text="As the source has it."
    )
    preparation = models.CharField(
        max_length=12,
        choices=Preparation,
        default=Preparation.NOT_STATED,
        help_text="The form that was studied.",
    )
    bridging_reason = models.TextField(
        blank=True,
        help_text="Why a finding on another form counts here all the same; shown to readers.",
    )
    direction = models.CharField(max_length=15, choices=Direction)
    finding = models.TextField(
        help_text="What it found, in our own words, with figures."
    )
    limits = models.TextField(blank=True, help_text="Why it is weaker than it looks.")
    stated_level = models.CharField(
        max_length=12,
        choices=Level,
        null=True,
        blank=True,
        help_text="Only for a review that states its own certainty.",
    )
    curated_level = models.CharField(
        max_length=12, choices=Level, null=True, blank=True
    )
    curated_basis = models.TextField(blank=True)
    risk_of_bias = models.PositiveSmallIntegerField(
        default=0, help_text="Steps down: 0, 1, 2."
    )
    inconsistency = models.PositiveSmallIntegerField(default=0)
    indirectness = models.PositiveSmallIntegerField(default=0)
    imprecision = models.PositiveSmallIntegerField(default=0)
    publication_bias = models.PositiveSmallIntegerField(default=0)
    large_effect = models.PositiveSmallIntegerField(
        default=0, help_text="Steps up: 0, 1, 2."
    )
    dose_gradient = models.PositiveSmallIntegerField(default=0)
    opposing_confounding = models.PositiveSmallIntegerField(default=0)
    fails_design = models.BooleanField(
        default=False, help_text="Called randomised but is not, or the like."
    )
    inside_review = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="holds"
    )
    duplicate_of = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="duplicates",
    )

    objects = EvidenceItemQuerySet.as_manager()

    STEPS = (
        "risk_of_bias",
        "inconsistency",
        "indirectness",
        "imprecision",
        "publication_bias",
        "large_effect",
        "dose_gradient",
        "opposing_confounding",
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["assessment_id", "source__slug", "key"]
        indexes = [
            models.Index(
                fields=["verification"],
                condition=Q(verification=Verification.UNVERIFIED),
                name="evidenceitem_unverified",
            )
        ]
        constraints = [
            one_of("design", StudyDesign),
            one_of("direction", Direction),
            models.CheckConstraint(condition=~Q(finding=""), name="evidenceitem_finds"),
            models.CheckConstraint(
                condition=Q(
                    risk_of_bias__lte=2,
                    inconsistency__lte=2,
                    indirectness__lte=2,
                    imprecision__lte=2,
                    publication_bias__lte=2,
                    large_effect__lte=2,
                    dose_gradient__lte=2,
                    opposing_confounding__lte=2,
                ),
                name="evidenceitem_steps_at_most_two",
                violation_error_message="A step down or up is 0, 1 or 2.",
            ),
        ]

    def key_parts(self) -> tuple[str, ...]:
        return (
            self.assessment.subject.slug,
            self.assessment.symptom.slug,
            self.source.slug,
        )

    def clean(self) -> None:
        super().clean()
        if self.stated_level and self.design not in (
            "systematic-review",
            "meta-analysis",
        ):
            raise ValidationError({"stated_level": "Only a review can state a level."})

    def graded(self) -> Item:
        """Return the plain values that the rule of kb.grading reads."""
        return Item(
            key=self.key,
            source=self.source.slug,
            source_title=self.source.name,
            design=self.design,
            reviewed_design=self.reviewed_design,
            n=self.n,
            direction=self.direction,
            verification=self.verification,
            retracted=self.source.is_retracted,
            stated_level=self.stated_level,
            fails_design=self.fails_design,
            inside_review=self.inside_review.key if self.inside_review else None,
            duplicate_of=self.duplicate_of.key if self.duplicate_of else None,
            preparation=self.preparation,
            subject_preparation=self.assessment.subject_preparation,
            bridging_reason=self.bridging_reason,
            **{step: getattr(self, step) for step in self.STEPS},
        )


class EvidenceSearch(Fact, AboutSubject):
    """Somebody looked for studies on a day: where, with which words, and what came."""

    substance = models.ForeignKey(
        "kb.Substance",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="evidence_searches",
    )
    alkaloid = models.ForeignKey(
        "kb.Alkaloid",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="evidence_searches",
    )
    symptom = models.ForeignKey(
        Symptom, on_delete=models.PROTECT, related_name="evidence_searches"
    )
    axis = models.CharField(max_length=7, choices=Axis, default=Axis.BENEFIT)
    searched_on = PartialDateField()
    looked_for = models.CharField(
        max_length=300,
        help_text="Any controlled trial of kratom for opioid withdrawal.",
    )
    where = models.CharField(max_length=300, help_text="PubMed, ClinicalTrials.gov")
    query = models.CharField(
        max_length=300, blank=True, help_text="The words that were used."
    )
    hits = models.PositiveIntegerField(
        null=True, blank=True, help_text="Empty: not counted."
    )
    found = models.TextField(help_text="What came of it, in one sentence.")
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="evidence_searches"
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["-searched_on", "key"]
        verbose_name_plural = "evidence searches"
        constraints = [one_subject(), one_of("axis", Axis)]

    def key_parts(self) -> tuple[str, ...]:
        return self.subject.slug, self.symptom.slug, str(self.searched_on)


class GradeChange(models.Model):
    """One line of the grade ledger: written by the system, never changed."""

    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, related_name="grade_changes"
    )
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    before = models.CharField(max_length=12, choices=Level)
    after = models.CharField(max_length=12, choices=Level)
    cause = models.CharField(max_length=300)
    source = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.assessment}: {self.before} → {self.after}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new line. Raises TypeError for one that stands: it is never changed."""
        if not self._state.adding:
            raise TypeError("A line of the grade ledger is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("A line of the grade ledger is never deleted.")
