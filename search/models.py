"""Notes of what the index has still to learn, and of what it was asked in vain."""

from __future__ import annotations

from django.db import models


class PendingKey(models.Model):
    """A record that changed; struck out once the index knows.

    Written in the transaction of the change itself: a rollback leaves no note, a crash
    leaves one, and `search_index update` works off what is left.
    """

    key = models.CharField(max_length=120, unique=True)
    noted_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.key


class MissedQuery(models.Model):
    """A query that found nothing, or only for another spelling; nothing of who asked.

    Days, not moments, and a count: no row can be laid beside a visit.
    """

    text = models.CharField(
        max_length=80, unique=True, help_text="Folded, as compared."
    )
    count = models.PositiveIntegerField(default=1)
    first_on = models.DateField()
    last_on = models.DateField()

    class Meta:
        ordering = ["-count", "-last_on", "text"]
        verbose_name_plural = "missed queries"

    def __str__(self) -> str:
        return self.text
