"""What all records and facts share: slug, state, tags, history, and one subject."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left, Length
from simple_history.models import HistoricalRecords
from taggit.managers import TaggableManager
from taggit.models import GenericTaggedItemBase, Tag

from kb.choices import State, Verification
from kb.dates import PartialDateField

if TYPE_CHECKING:
    from kb.models.subjects import Alkaloid, Substance


class TaggedRecord(GenericTaggedItemBase):
    """One tag on one record, with the history of its coming and going."""

    tag = models.ForeignKey(
        Tag, on_delete=models.CASCADE, related_name="tagged_records"
    )
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tag", "content_type", "object_id"], name="tagged_once"
            )
        ]


class RecordQuerySet(models.QuerySet[Any]):
    def published(self) -> Self:
        return self.filter(state=State.PUBLISHED)


class Record(models.Model):
    """A public record: it has a page, a slug that never changes, a state and a history."""

    KIND = ""

    if TYPE_CHECKING:  # each kind sets a manager of its own, over a RecordQuerySet
        objects: Any

    slug = models.SlugField(
        max_length=80,
        unique=True,
        help_text="Part of its address, for example kratom. It never changes.",
    )
    name = models.CharField(max_length=400, help_text="As a reader would say it.")
    summary = models.TextField(
        blank=True,
        help_text="One to three plain sentences. No advice, nothing that sells.",
    )
    state = models.CharField(
        max_length=10,
        choices=State,
        default=State.DRAFT,
        db_index=True,
        help_text="Readers see only what is published.",
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    reviewed_on = PartialDateField(
        null=True, blank=True, help_text="The day a second person last read all of it."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    tags = TaggableManager(through=TaggedRecord, blank=True)
    history = HistoricalRecords(inherit=True, excluded_fields=["updated_at"])

    class Meta:
        abstract = True
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of its page; each kind knows."""
        raise NotImplementedError

    @property
    def record_key(self) -> str:
        """Return what names it everywhere outside the database: "substance:kratom"."""
        return f"{self.KIND}:{self.slug}"

    @property
    def is_published(self) -> bool:
        return self.state == State.PUBLISHED


def summary_digest(summary: str) -> str:
    """Return the mark of a summary that its plain version was written for."""
    words = " ".join(summary.split())
    return hashlib.sha256(words.encode()).hexdigest()[:12]


class PlainlyTold(Record):
    """A record whose summary has a plain version beside it; see kb/plain.py."""

    plain_summary = models.TextField(
        blank=True,
        help_text="The same for everyone: short sentences, everyday words. A sentence may "
        "end with the record's own sources: [@kruegel-2016; @coe-2019].",
    )
    plain_summary_for = models.CharField(
        max_length=12,
        blank=True,
        editable=False,
        help_text="Digest of the summary that the plain version was written for.",
    )

    class Meta(Record.Meta):
        abstract = True

    @staticmethod
    def plain_indexes(kind: str) -> list[models.Index]:
        """Find what has a plain version, and count what has none, without the rows."""
        has_none = Q(plain_summary="")
        return [
            models.Index(fields=["name"], condition=~has_none, name=f"{kind}_told"),
            # Of the text itself: SQLite looks at it again where it came as a parameter.
            models.Index(
                fields=["plain_summary"], condition=has_none, name=f"{kind}_untold"
            ),
        ]


class Fact(models.Model):
    """A statement with a key that outlives the row, and how well it was checked.

    Each kind of fact keeps a `history` of its own.
    """

    key = models.CharField(
        max_length=160,
        unique=True,
        blank=True,
        help_text="Names the fact in exports. Made by itself; it never changes.",
    )
    verification = models.CharField(
        max_length=10,
        choices=Verification,
        default=Verification.UNVERIFIED,
        help_text="“Seen in its source” only once you have opened the source and found it there."
        " Otherwise readers are told, and it counts for no level.",
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.key

    def key_parts(self) -> tuple[str, ...]:
        """Return what its key is made of; each kind of fact knows."""
        raise NotImplementedError

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.key:
            self.key = self._free_key()
        super().save(*args, **kwargs)

    def _free_key(self) -> str:
        stem = ".".join(self.key_parts())[:150]
        taken = set(
            type(self)
            ._default_manager.filter(key__startswith=stem)
            .values_list("key", flat=True)
        )
        if stem not in taken:
            return stem
        number = 2
        while f"{stem}-{number}" in taken:
            number += 1
        return f"{stem}-{number}"


class AboutSubject(models.Model):
    """About exactly one subject: a substance or an alkaloid, never both, never neither."""

    substance = models.ForeignKey(
        "kb.Substance", null=True, blank=True, on_delete=models.CASCADE
    )
    alkaloid = models.ForeignKey(
        "kb.Alkaloid", null=True, blank=True, on_delete=models.CASCADE
    )

    class Meta:
        abstract = True

    @property
    def subject(self) -> Substance | Alkaloid:
        """Return its one subject. Raises LookupError in a form that has none yet."""
        found = self.substance or self.alkaloid
        if found is None:
            raise LookupError("neither a substance nor an alkaloid is set")
        return found

    @property
    def subject_name(self) -> str:
        return str(self.substance or self.alkaloid or "no subject")


def one_subject() -> models.CheckConstraint:
    """Return the database rule behind `AboutSubject`."""
    return models.CheckConstraint(
        condition=Q(substance__isnull=False, alkaloid__isnull=True)
        | Q(substance__isnull=True, alkaloid__isnull=False),
        name="%(class)s_has_one_subject",
        violation_error_message="Choose exactly one subject: a substance or an alkaloid.",
    )


def one_of(field: str, choices: type[models.TextChoices]) -> models.CheckConstraint:
    """Return a database rule that keeps a field within its vocabulary."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": choices.values}),
        name=f"%(class)s_{field}_known",
        violation_error_message=f"{field}: one of {', '.join(choices.values)}.",
    )


def span_in_order(start: str, end: str) -> models.CheckConstraint:
    """Return a database rule: `end` does not lie before `start`, as far as both are known.

    Dates may know only a year, so the texts are compared up to the shorter one's length.
    """
    return models.CheckConstraint(
        condition=Q(**{f"{start}__isnull": True})
        | Q(**{f"{end}__isnull": True})
        | Q(**{f"{end}__gte": Left(start, Length(end))}),
        name=f"%(class)s_{end}_not_before_{start}",
        violation_error_message=f"{end} must not lie before {start}.",
    )
