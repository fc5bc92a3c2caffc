"""Two people on every change: what is proposed, what was said, who decides."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from kb.choices import ReviewState
from kb.models.base import one_of


class Curator(models.Model):
    """What readers see of somebody who works here, and what might sway them."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="curator"
    )
    public_name = models.CharField(
        max_length=100,
        blank=True,
        help_text="As readers see it in the history. Empty: “a curator”.",
    )
    interests = models.TextField(
        blank=True,
        help_text="What might sway you: work for a seller or maker, money, patents,"
        " use of your own if you wish to say so. “None” is an answer.",
    )
    interests_stated_on = models.DateField(
        null=True,
        blank=True,
        editable=False,
        help_text="Holds for a year; nobody approves without it.",
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["user__username"]
        permissions = [
            ("publish_record", "Can publish and withdraw records"),
        ]

    def __str__(self) -> str:
        return self.public_name or "a curator"


class ChangeQuerySet(models.QuerySet["Change"]):
    def open(self) -> ChangeQuerySet:
        return self.filter(state=ReviewState.OPEN)

    def about(self, kind: str, identity: str) -> ChangeQuerySet:
        return self.filter(kind=kind, identity=identity)

    def to_mend(self, user: Any) -> ChangeQuerySet:
        """Return what was sent back to somebody, who has not gone on from it yet."""
        sent_back = self.filter(state=ReviewState.REJECTED, author=user)
        return sent_back.filter(followed_by=None)


class Change(models.Model):
    """A change that somebody proposes; readers see it once another approves.

    `base` and `proposed` are forms of the record as its schema dumps it; `sent` is what
    the form of the desk held, so that its author can go on where they left off.
    """

    kind = models.CharField(max_length=20)
    identity = models.CharField(max_length=400, db_index=True)
    title = models.CharField(max_length=400)
    base = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    proposed = models.JSONField(encoder=DjangoJSONEncoder)
    merges = models.CharField(
        max_length=80,
        blank=True,
        help_text="The slug of the record that is merged into this one, if it is a merge.",
    )
    desk = models.CharField(max_length=300, blank=True)
    sent = models.JSONField(default=dict)
    reason = models.TextField(help_text="Why; readers see it in the history.")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(
        max_length=10, choices=ReviewState, default=ReviewState.OPEN, db_index=True
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField(blank=True, help_text="Why it was decided so.")
    follows = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="followed_by",
        help_text="What it goes on from: the change that it is the rest of, or that it"
        " mends.",
    )

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        permissions = [("approve_change", "Can approve and reject changes of others")]
        constraints = [
            one_of("state", ReviewState),
            models.CheckConstraint(condition=~Q(reason=""), name="change_says_why"),
            models.CheckConstraint(
                condition=~Q(state=ReviewState.APPROVED)
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("author"))),
                name="change_is_approved_by_another",
                violation_error_message="Nobody approves their own change.",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReviewState.REJECTED) | ~Q(decision=""),
                name="change_is_rejected_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Change {self.pk}: {self.title}"

    @property
    def is_open(self) -> bool:
        return self.state == ReviewState.OPEN

    @property
    def is_new(self) -> bool:
        """Tell whether it asks to show something that readers have not seen."""
        return self.base is None


class ChangeComment(models.Model):
    change = models.ForeignKey(
        Change, on_delete=models.CASCADE, related_name="comments"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def of_kind(self, kind: str) -> AssignmentQuerySet:
        return self.filter(about__startswith=f"{kind}:")


class Assignment(models.Model):
    """Who looks after a record, a fact or a change next. Readers never see it.

    `about` names it as the curators' notes do: "source:kruegel-2016", "change:12". Kept
    beside the record, since it is no change of what the record says.
    """

    about = models.CharField(max_length=200, unique=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="assignments"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    at = models.DateTimeField(auto_now=True)

    objects = AssignmentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-at", "pk"]

    def __str__(self) -> str:
        return f"{self.about}: {self.person}"
