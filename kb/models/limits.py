"""How often something was asked for lately, shared by all processes and machines."""

from __future__ import annotations

from django.db import models


class RecentCount(models.Model):
    """How often one neighbourhood did one thing since `since`.

    `mark` is a keyed hash of the thing, the day and the shortened address: nothing in the
    row says who it was, and tomorrow's mark is another one.
    """

    mark = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.count} since {self.since:%Y-%m-%d %H:%M}"
