"""Notes of what the index has still to learn."""

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
