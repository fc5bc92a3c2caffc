"""What readers tell us of a page."""

from __future__ import annotations

from django.db import models


class ReportState(models.TextChoices):
    OPEN = "open", "Open"
    ANSWERED = "answered", "Answered"
    CLOSED = "closed", "Closed"


class ReaderReport(models.Model):
    """Something that a reader found wrong. Nothing about them is kept but what they wrote."""

    LONGEST = 4_000

    about = models.CharField(max_length=300, help_text="/substances/kratom/: the page.")
    text = models.TextField(max_length=LONGEST)
    reply_to = models.EmailField(
        "address for an answer",
        blank=True,
        help_text="Written by the reader, for one answer; emptied once the report is closed.",
    )
    state = models.CharField(
        max_length=8, choices=ReportState.choices, default=ReportState.OPEN
    )
    outcome = models.TextField(
        blank=True,
        help_text="What was found, and what was changed; not shown to readers.",
    )
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.about}: {self.text[:60]}"

    def save(self, *args: object, **kwargs: object) -> None:
        if self.state == ReportState.CLOSED:
            self.reply_to = ""
        super().save(*args, **kwargs)  # type: ignore[arg-type]
