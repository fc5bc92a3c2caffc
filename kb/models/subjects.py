"""What people take: substances, alkaloids, and what belongs to one of them alone."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.text import slugify
from simple_history.models import HistoricalRecords

from kb import structures
from kb.addresses import address
from kb.choices import (
    ExternalScheme,
    Preparation,
    State,
    SubstanceCategory,
    SynonymKind,
    Verification,
)
from kb.models.base import (
    AboutSubject,
    Fact,
    PlainlyTold,
    Record,
    RecordQuerySet,
    one_of,
    one_subject,
)
from kb.models.sources import Source


class SubstanceQuerySet(RecordQuerySet):
    def for_cards(self) -> SubstanceQuerySet:
        """Load what a list of cards shows: 2 queries."""
        return self.prefetch_related("assessment_set__symptom")


class Substance(PlainlyTold):
    KIND = "substance"

    category = models.CharField(max_length=12, choices=SubstanceCategory)
    scientific_name = models.CharField(
        max_length=120, blank=True, help_text="Mitragyna speciosa"
    )
    preparation = models.CharField(
        max_length=12,
        choices=Preparation,
        default=Preparation.NOT_STATED,
        help_text="The form this record is about; evidence on another form does not count.",
    )
    drug_class = models.CharField(max_length=160, blank=True)
    mechanism = models.TextField(
        blank=True, help_text="How it is thought to act, in words."
    )
    approved_for = models.TextField(
        blank=True, help_text="What regulators allow it for, and where."
    )
    route = models.CharField(max_length=160, blank=True, help_text="oral; in person")
    verification = models.CharField(
        max_length=10,
        choices=Verification,
        default=Verification.UNVERIFIED,
        help_text="Of the background above: “seen” only once somebody has found it in a"
        " reference. Otherwise readers are told.",
    )

    objects = SubstanceQuerySet.as_manager()

    class Meta(Record.Meta):
        constraints = [one_of("state", State), one_of("category", SubstanceCategory)]
        indexes = [
            models.Index(fields=["name"], name="substance_by_name"),
            *PlainlyTold.plain_indexes("substance"),
        ]

    def get_absolute_url(self) -> str:
        return address("kb:substance", self.slug)


class Alkaloid(PlainlyTold):
    KIND = "alkaloid"

    smiles = models.CharField(
        "SMILES",
        max_length=500,
        help_text="Checked and drawn at save; InChIKey, formula and mass are computed.",
    )
    inchikey = models.CharField("InChIKey", max_length=27, unique=True, editable=False)
    formula = models.CharField(max_length=60, editable=False)
    molar_mass = models.FloatField("molar mass (g/mol)", editable=False)
    drawing = models.TextField(editable=False, help_text="SVG made from the SMILES.")
    chemical_class = models.CharField(max_length=120, blank=True)
    origin = models.CharField(
        max_length=200,
        blank=True,
        help_text="Where it comes from when no plant makes it.",
    )
    verification = models.CharField(
        max_length=10, choices=Verification, default=Verification.UNVERIFIED
    )
    sources = models.ManyToManyField(Source, blank=True, related_name="alkaloids")

    objects = RecordQuerySet.as_manager()

    class Meta(Record.Meta):
        indexes = [
            models.Index(fields=["name"], name="alkaloid_by_name"),
            *PlainlyTold.plain_indexes("alkaloid"),
        ]
        constraints = [
            one_of("state", State),
            models.CheckConstraint(
                condition=Q(molar_mass__gt=0), name="alkaloid_mass_positive"
            ),
        ]

    def get_absolute_url(self) -> str:
        return address("kb:alkaloid", self.slug)

    def clean(self) -> None:
        super().clean()
        try:
            key = structures.read_structure(self.smiles).inchikey
        except structures.BadStructure as error:
            raise ValidationError({"smiles": str(error)}) from error
        twin = Alkaloid.objects.filter(inchikey=key).exclude(pk=self.pk).first()
        if twin is not None:
            raise ValidationError(
                {"smiles": f"{twin.name} has this structure already."}
            )

    def save(self, *args: Any, **kwargs: Any) -> None:
        structure = structures.read_structure(self.smiles)
        self.inchikey = structure.inchikey
        self.formula = structure.formula
        self.molar_mass = structure.molar_mass
        self.drawing = structure.svg
        super().save(*args, **kwargs)


class Synonym(models.Model):
    """Another name of exactly one record."""

    substance = models.ForeignKey(
        Substance,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="synonyms",
    )
    alkaloid = models.ForeignKey(
        Alkaloid,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="synonyms",
    )
    symptom = models.ForeignKey(
        "kb.Symptom",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="synonyms",
    )
    region = models.ForeignKey(
        "kb.Region",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="synonyms",
    )
    name = models.CharField(max_length=160)
    kind = models.CharField(
        max_length=12, choices=SynonymKind, default=SynonymKind.COMMON
    )
    language = models.CharField(
        max_length=12, default="en", help_text="BCP 47: en, th, ms, la, mul."
    )
    source = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["kind", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    substance__isnull=False,
                    alkaloid__isnull=True,
                    symptom__isnull=True,
                    region__isnull=True,
                )
                | Q(
                    substance__isnull=True,
                    alkaloid__isnull=False,
                    symptom__isnull=True,
                    region__isnull=True,
                )
                | Q(
                    substance__isnull=True,
                    alkaloid__isnull=True,
                    symptom__isnull=False,
                    region__isnull=True,
                )
                | Q(
                    substance__isnull=True,
                    alkaloid__isnull=True,
                    symptom__isnull=True,
                    region__isnull=False,
                ),
                name="synonym_of_one_record",
                violation_error_message="A name belongs to exactly one record.",
            ),
            one_of("kind", SynonymKind),
            *(
                models.UniqueConstraint(
                    fields=[owner, "name", "kind"],
                    condition=Q(**{f"{owner}__isnull": False}),
                    name=f"synonym_once_per_{owner}",
                )
                for owner in ("substance", "alkaloid", "symptom", "region")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ExternalId(models.Model):
    """What another register calls the same thing."""

    PATHS = {
        ExternalScheme.CHEMBL: "https://www.ebi.ac.uk/chembl/explore/compound/{}",
        ExternalScheme.DRUGBANK: "https://go.drugbank.com/drugs/{}",
        ExternalScheme.HPO: "https://hpo.jax.org/browse/term/{}",
        ExternalScheme.MESH: "https://meshb.nlm.nih.gov/record/ui?ui={}",
        ExternalScheme.PUBCHEM: "https://pubchem.ncbi.nlm.nih.gov/compound/{}",
        ExternalScheme.WIKIDATA: "https://www.wikidata.org/wiki/{}",
    }

    substance = models.ForeignKey(
        Substance,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="external_ids",
    )
    alkaloid = models.ForeignKey(
        Alkaloid,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="external_ids",
    )
    symptom = models.ForeignKey(
        "kb.Symptom",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="external_ids",
    )
    scheme = models.CharField(max_length=10, choices=ExternalScheme)
    value = models.CharField(max_length=40)
    verification = models.CharField(
        max_length=10, choices=Verification, default=Verification.UNVERIFIED
    )

    class Meta:
        ordering = ["scheme", "value", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    substance__isnull=False, alkaloid__isnull=True, symptom__isnull=True
                )
                | Q(
                    substance__isnull=True, alkaloid__isnull=False, symptom__isnull=True
                )
                | Q(
                    substance__isnull=True, alkaloid__isnull=True, symptom__isnull=False
                ),
                name="external_id_of_one_record",
                violation_error_message="An identifier belongs to exactly one record.",
            ),
            one_of("scheme", ExternalScheme),
        ]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.value}"

    @property
    def link(self) -> str:
        """Return the register's own page for it, or ""."""
        path = self.PATHS.get(ExternalScheme(self.scheme), "")
        return path.format(self.value)


class Occurrence(Fact):
    """How much of an alkaloid a substance holds."""

    substance = models.ForeignKey(
        Substance, on_delete=models.CASCADE, related_name="occurrences"
    )
    alkaloid = models.ForeignKey(
        Alkaloid,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="occurrences",
        help_text="Empty: the figure is for all alkaloids together.",
    )
    part = models.CharField(max_length=160, blank=True, help_text="dried leaf")
    low = models.FloatField(
        null=True, blank=True, help_text="In the unit; empty if unknown."
    )
    high = models.FloatField(null=True, blank=True)
    unit = models.CharField(
        max_length=30, blank=True, help_text="mg/g. Empty: only recorded as present."
    )
    note = models.CharField(max_length=300, blank=True)
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="occurrences"
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["substance_id", "alkaloid__name", "part", "key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(low__isnull=True)
                | Q(high__isnull=True)
                | Q(low__lte=F("high")),
                name="occurrence_low_not_above_high",
                violation_error_message="The low end must not be above the high end.",
            ),
            models.CheckConstraint(
                condition=(Q(low__isnull=True) | Q(low__gte=0))
                & (Q(high__isnull=True) | Q(high__gte=0)),
                name="occurrence_not_negative",
                violation_error_message="An amount cannot be below nought.",
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True, high__isnull=True) | ~Q(unit=""),
                name="occurrence_amount_has_unit",
                violation_error_message="An amount needs a unit.",
            ),
        ]

    def key_parts(self) -> tuple[str, ...]:
        what = self.alkaloid.slug if self.alkaloid else "total"
        return self.substance.slug, what, self.source.slug


class Activity(Fact):
    """What an alkaloid does at one target, measured in a laboratory."""

    alkaloid = models.ForeignKey(
        Alkaloid, on_delete=models.CASCADE, related_name="activities"
    )
    target = models.CharField(max_length=120, help_text="mu-opioid receptor (human)")
    action = models.CharField(max_length=80, help_text="partial agonist")
    parameter = models.CharField(
        max_length=12, blank=True, help_text="Ki, IC50, EC50, Emax"
    )
    value = models.CharField(
        max_length=40, blank=True, help_text="As published: 37 ± 4, >45"
    )
    unit = models.CharField(max_length=20, blank=True, help_text="nM, µM, %")
    note = models.CharField(max_length=300, blank=True)
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="activities"
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["alkaloid_id", "target", "key"]
        verbose_name_plural = "activities"
        constraints = [
            models.CheckConstraint(
                condition=Q(value="") | (~Q(parameter="") & ~Q(unit="")),
                name="activity_value_has_unit",
                violation_error_message="A value needs its parameter and its unit.",
            )
        ]

    def key_parts(self) -> tuple[str, ...]:
        return self.alkaloid.slug, slugify(self.target), self.source.slug


class Pharmacokinetic(Fact, AboutSubject):
    """What a body does with it."""

    substance = models.ForeignKey(
        Substance,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="pharmacokinetics",
    )
    alkaloid = models.ForeignKey(
        Alkaloid,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="pharmacokinetics",
    )
    parameter = models.CharField(max_length=120, help_text="half-life")
    value = models.CharField(max_length=160, help_text="As published: 45.3 (31.9-50.2)")
    unit = models.CharField(max_length=40, blank=True, help_text="h")
    population = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=300, blank=True)
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="pharmacokinetics"
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["parameter", "key"]
        constraints = [one_subject()]

    def key_parts(self) -> tuple[str, ...]:
        return self.subject.slug, slugify(self.parameter), self.source.slug


class Variety(Fact):
    """A name under which sellers offer a substance, and what analysis found."""

    substance = models.ForeignKey(
        Substance, on_delete=models.CASCADE, related_name="varieties"
    )
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=40, help_text="vein colour, region, cultivar")
    seller_claim = models.CharField(max_length=300, blank=True)
    finding = models.TextField()
    note = models.CharField(max_length=300, blank=True)
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="varieties"
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["name", "key"]
        verbose_name_plural = "varieties"

    def key_parts(self) -> tuple[str, ...]:
        return self.substance.slug, slugify(self.name), self.source.slug
