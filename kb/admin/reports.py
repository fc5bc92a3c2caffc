"""What readers say is wrong: open, answered, closed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from kb.admin.needs import Need, register
from kb.models import ReaderReport
from kb.models.reports import ReportState


@admin.register(ReaderReport)
class ReaderReportDesk(admin.ModelAdmin):
    list_display = ["short_text", "page", "state", "sent_at"]
    list_filter = ["state"]
    list_per_page = 50
    search_fields = ["about", "text", "outcome"]
    readonly_fields = ["page", "text", "reply_to", "sent_at"]
    fields = ["page", "sent_at", "text", "reply_to", "state", "outcome"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description="report")
    def short_text(self, obj: ReaderReport) -> str:
        return Truncator(obj.text).chars(120)

    @admin.display(description="page", ordering="about")
    def page(self, obj: Any) -> SafeString:
        return format_html('<a href="{}">{}</a>', obj.about, obj.about)


register(
    Need(
        "Reports of readers that nobody has answered",
        ReaderReport,
        lambda user: ReaderReport.objects.filter(state=ReportState.OPEN).count(),
        {"state__exact": ReportState.OPEN},
    )
)
