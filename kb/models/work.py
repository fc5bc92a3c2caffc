"""What runs in the background, and what it found out about addresses."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from kb.choices import JobState, LinkState
from kb.models.base import one_of


class Job(models.Model):
    """A task to be run by a worker; see kb.work. `key` keeps what is due from being
    queued twice: "kb.tasks.check_links:2026-11-24"."""

    task = models.CharField(max_length=120)
    arguments = models.JSONField(default=dict, blank=True)
    key = models.CharField(max_length=200, null=True, blank=True, unique=True)
    state = models.CharField(
        max_length=10, choices=JobState, default=JobState.WAITING, db_index=True
    )
    run_after = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    enqueued_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    says = models.TextField(blank=True, help_text="What it did, or what went wrong.")

    class Meta:
        ordering = ["-enqueued_at", "-pk"]
        constraints = [one_of("state", JobState)]

    def __str__(self) -> str:
        return f"{self.task}, {self.get_state_display().lower()}"


class LinkCheck(models.Model):
    """A cited address and what its checks found. Of this instance: never exported.

    `last_checks` holds the last checks, newest first:
    [{"on": "2026-11-24", "found": "works", "status": 200, "says": ""}].
    """

    address = models.CharField(max_length=500, unique=True)
    state = models.CharField(
        max_length=12,
        choices=LinkState,
        default=LinkState.NOT_CHECKED,
        db_index=True,
    )
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    final_address = models.CharField(max_length=2000, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True, db_index=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(
        default=0, help_text="Days in a row on which it was not found."
    )
    archived_address = models.CharField(max_length=2000, blank=True)
    last_checks = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["address"]
        constraints = [
            one_of("state", LinkState),
            models.CheckConstraint(
                condition=Q(state=LinkState.NOT_CHECKED) | Q(checked_at__isnull=False),
                name="linkcheck_checked_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def is_dead(self) -> bool:
        return self.state == LinkState.DEAD
