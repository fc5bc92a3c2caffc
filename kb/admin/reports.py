"""What readers say is wrong: open, answered, closed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from kb import kinds
from kb.admin.needs import Need, register
from kb.models import ReaderReport
from kb.models.reports import ReportState


class ReportForm(forms.ModelForm):
    def clean(self) -> dict[str, Any] | None:
        found = super().clean()
        sent = self.cleaned_data
        if sent.get("state") != ReportState.OPEN and not sent.get("outcome"):
            self.add_error("outcome", "Say what was found before it is put away.")
        return found


@admin.register(ReaderReport)
class ReaderReportDesk(admin.ModelAdmin):
    form = ReportForm
    list_display = ["short_text", "page", "state", "sent_at"]
    list_filter = ["state"]
    list_per_page = 50
    search_fields = ["about", "text", "outcome"]
    readonly_fields = ["page", "record", "text", "answer_to", "sent_at"]
    fieldsets = [
        ("What a reader says", {"fields": ["page", "record", "sent_at", "text"]}),
        (
            "What came of it",
            {
                "fields": ["outcome", "answer_to", "state"],
                "description": "Look at the page and its source. Mend the record where "
                "the reader is right, write what was found, answer who left an address, "
                "then put the report away.",
            },
        ),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description="report")
    def short_text(self, obj: ReaderReport) -> str:
        return Truncator(obj.text).chars(120)

    @admin.display(description="page", ordering="about")
    def page(self, obj: Any) -> SafeString:
        return format_html('<a href="{}">{}</a>', obj.about, obj.about)

    @admin.display(description="record at the desk")
    def record(self, obj: ReaderReport) -> SafeString | str:
        row = record_of_page(obj.about)
        if row is None:
            return "The page is not that of one record."
        names = row._meta
        name = f"admin:{names.app_label}_{names.model_name}_change"
        return format_html('<a href="{}">{}</a>', reverse(name, args=[row.pk]), row)

    @admin.display(description="address for an answer")
    def answer_to(self, obj: ReaderReport) -> SafeString | str:
        if not obj.reply_to:
            return "None was left, or it was closed."
        return format_html(
            '<a href="mailto:{0}">{0}</a> (for one answer; emptied once it is closed)',
            obj.reply_to,
        )


def record_of_page(address: str) -> Any:
    """Return the record whose page has an address, as "/substances/kratom/"; or None."""
    plural, _, rest = address.partition("?")[0].strip("/").partition("/")
    kind = next((each for each in kinds.KINDS if each.plural == plural), None)
    identity = rest.partition("/")[0]
    return kind.find(identity) if kind is not None and identity else None


register(
    Need(
        "Reports of readers that nobody has answered",
        ReaderReport,
        lambda user: ReaderReport.objects.filter(state=ReportState.OPEN).count(),
        {"state__exact": ReportState.OPEN},
    )
)
