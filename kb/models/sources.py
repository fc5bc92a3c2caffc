"""Sources: what everything else rests on."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.db.models import Q

from kb.addresses import address
from kb.choices import Retraction, SourceKind, State, StudyDesign, Verification
from kb.dates import PartialDateField
from kb.models.base import Record, RecordQuerySet, one_of


class SourceQuerySet(RecordQuerySet):
    def retracted(self) -> SourceQuerySet:
        return self.filter(retraction=Retraction.RETRACTED)


class Source(Record):
    KIND = "source"

    kind = models.CharField(max_length=20, choices=SourceKind)
    title_is_paraphrase = models.BooleanField(
        default=False,
        help_text="The real title was not seen; the name says what it is about.",
    )
    authors = models.JSONField(
        default=list,
        blank=True,
        help_text='A list of names: ["Kruegel AC", "Gassaway MM"].',
    )
    authors_complete = models.BooleanField(
        default=True, help_text="Untick when there are more authors, or nobody checked."
    )
    published = PartialDateField(
        null=True, blank=True, help_text="2016, 2016-05 or 2016-05-10."
    )
    container = models.CharField(
        max_length=300,
        blank=True,
        help_text="Journal, volume and pages; or the publisher.",
    )
    doi = models.CharField(
        "DOI",
        max_length=120,
        null=True,
        blank=True,
        unique=True,
        help_text="10.1021/jacs.6b00360",
    )
    pmid = models.CharField(
        "PMID",
        max_length=9,
        null=True,
        blank=True,
        unique=True,
        help_text="Digits only.",
    )
    url = models.URLField(
        "address",
        max_length=500,
        null=True,
        blank=True,
        help_text="The publisher's own page, never a mirror.",
    )
    design = models.CharField(max_length=30, choices=StudyDesign, null=True, blank=True)
    design_text = models.CharField(
        max_length=300, blank=True, help_text="The design in the source's own terms."
    )
    n = models.PositiveIntegerField(
        "size", null=True, blank=True, help_text="People (or samples) studied."
    )
    retraction = models.CharField(
        max_length=10, choices=Retraction, default=Retraction.NONE, db_index=True
    )
    retracted_on = PartialDateField(null=True, blank=True)
    verification = models.CharField(
        max_length=10, choices=Verification, default=Verification.UNVERIFIED
    )
    note = models.TextField(blank=True, help_text="What a reader should know about it.")

    objects = SourceQuerySet.as_manager()

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["name"], name="source_by_name")]
        constraints = [
            one_of("state", State),
            one_of("kind", SourceKind),
            one_of("retraction", Retraction),
            models.CheckConstraint(
                condition=~Q(doi="") & ~Q(pmid="") & ~Q(url=""),
                name="source_ids_null_not_empty",
            ),
        ]

    def get_absolute_url(self) -> str:
        return address("kb:source", self.slug)

    @property
    def is_retracted(self) -> bool:
        return self.retraction == Retraction.RETRACTED

    @property
    def link(self) -> str:
        """Return the best public address: DOI before PubMed before its own; "" if none."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        if self.pmid:
            return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/"
        return self.url or ""

    @property
    def byline(self) -> str:
        """Return its authors as a citation has them: three names, then "et al."."""
        names = [str(name) for name in self.authors]
        if len(names) > 3 or (names and not self.authors_complete):
            return ", ".join(names[:3]) + ", et al."
        return ", ".join(names)

    @property
    def first_author(self) -> str:
        """Return "Nelsen JL", or "Nelsen JL et al." where there are more."""
        names = [str(name) for name in self.authors]
        is_more = len(names) > 1 or not self.authors_complete
        return f"{names[0]} et al." if names and is_more else "".join(names[:1])

    def clean(self) -> None:
        super().clean()
        self.doi = (self.doi or "").strip().lower().removeprefix(
            "https://doi.org/"
        ) or None
        self.pmid = (self.pmid or "").strip() or None
        self.url = self.url or None

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a retraction or withdrawal re-grades at once what leaned on the source."""
        from kb import evidence

        before = Source.objects.filter(pk=self.pk).values_list("retraction", "state")
        was = before.first() if self.pk else None
        super().save(*args, **kwargs)
        if was is None:
            return
        retraction, state = was
        if retraction != self.retraction:
            evidence.recompute_for_source(self)
        if (state == State.PUBLISHED) != self.is_published:
            evidence.recompute_for_publication(self)
