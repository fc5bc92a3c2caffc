"""Articles: edited pages whose sentences carry sources."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from kb.addresses import address
from kb.choices import State
from kb.dates import PartialDateField
from kb.models import Alkaloid, Claim, Record, Source, Substance, Symptom
from kb.models.base import RecordQuerySet, one_of


class Author(models.Model):
    """Somebody who wrote an article: a real person, whose credentials can be checked."""

    name = models.CharField(max_length=160, unique=True)
    credentials = models.CharField(
        max_length=300, blank=True, help_text="As they stand where they can be checked."
    )
    credentials_url = models.URLField(
        blank=True,
        help_text="Where anyone can check them: a register, ORCID, an institution.",
    )
    interests = models.TextField(
        help_text="Declared interests: who pays, what they own or sell. Ask; if there are"
        " none, write who declared that and when."
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(credentials="") | ~Q(credentials_url=""),
                name="author_credentials_can_be_checked",
                violation_error_message="Credentials need an address where anyone can"
                " check them.",
            ),
            models.CheckConstraint(
                condition=~Q(interests=""), name="author_declares_interests"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Article(Record):
    """Its name is its title, its summary the lead."""

    KIND = "article"

    body = models.TextField(
        help_text="Markdown. [[kratom]] links a record; [@kruegel-2016] cites a source."
    )
    takeaways = models.JSONField(
        default=list, blank=True, help_text="Three to five sentences to take away."
    )
    author = models.CharField(
        max_length=160,
        blank=True,
        help_text="A name without a profile. Empty: the profile's, or the editorial team.",
    )
    profile = models.ForeignKey(
        Author,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="articles",
        help_text="Credentials that can be checked, and declared interests.",
    )
    published_on = PartialDateField(null=True, blank=True)
    substances = models.ManyToManyField(Substance, blank=True, related_name="articles")
    alkaloids = models.ManyToManyField(Alkaloid, blank=True, related_name="articles")
    symptoms = models.ManyToManyField(Symptom, blank=True, related_name="articles")
    claims = models.ManyToManyField(Claim, blank=True, related_name="articles")
    sources = models.ManyToManyField(Source, blank=True, related_name="articles")

    needs_review = models.BooleanField(
        default=False, editable=False, help_text="Something it leans on has changed."
    )

    objects = RecordQuerySet.as_manager()

    class Meta(Record.Meta):
        constraints = [one_of("state", State)]

    def get_absolute_url(self) -> str:
        return address("articles:article", self.slug)

    @property
    def byline(self) -> str:
        if self.profile is not None:
            return self.profile.name
        return self.author or "Editorial team"
