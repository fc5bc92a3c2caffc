"""Who worked here: a trail that nobody edits, and who fails to get in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from kb.choices import AuditEvent
from kb.models.base import one_of


class NeverChanged(Exception):
    """The audit trail is added to, never changed; the database refuses it too."""


class AuditEntry(models.Model):
    """What somebody did, as it was then: `username` stands even where `user` is renamed.

    `address` is that of a network (198.51.100.0/24, 2001:db8:1::/48): enough to tell a
    strange place from the usual one, too little to follow a person. A hash would not
    hide it: all addresses can be tried.
    """

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    event = models.CharField(max_length=20, choices=AuditEvent, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="who",
    )
    username = models.CharField(max_length=150, blank=True)
    about = models.CharField(
        max_length=400, blank=True, help_text="What it was done to."
    )
    detail = models.TextField(blank=True)
    address = models.CharField(
        max_length=50, blank=True, help_text="The network it came from, shortened."
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "audit entries"
        constraints = [one_of("event", AuditEvent)]

    def __str__(self) -> str:
        return f"{self.get_event_display()}: {self.username or 'nobody known'}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise NeverChanged("An audit entry stays as it was written.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise NeverChanged("An audit entry is not deleted.")


class FailedLogins(models.Model):
    """How often logging in failed for one account or from one network.

    `mark` is a keyed hash of either: nobody reads here which names were tried.
    """

    mark = models.CharField(max_length=64, unique=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)
    locked_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.failures} failures, last at {self.last_at:%Y-%m-%d %H:%M}"
