"""Articles: edited pages whose sentences carry sources."""

from __future__ import annotations

from django.db import models

from kb.addresses import address
from kb.choices import State
from kb.dates import PartialDateField
from kb.models import Alkaloid, Claim, Record, Source, Substance, Symptom
from kb.models.base import RecordQuerySet, one_of


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
        max_length=160, blank=True, help_text="Empty: the editorial team."
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
        return self.author or "Editorial team"
