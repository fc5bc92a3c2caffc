"""What runs in the background, and how cited addresses stand: to be looked at only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from kb import links
from kb.admin import needs
from kb.choices import LinkState
from kb.models import Job, LinkCheck, Source

# Why a look found nothing, as kb.fetching calls it; what is not here is said already.
SAYS = {
    "private-address": "its name leads into a private network",
    "dns": "there is no such name",
    "timeout": "no answer in time",
    "tls": "its certificate is not right",
    "too-large": "larger than is read",
    "too-many-redirects": "it leads in circles",
    "refused": "nobody takes the connection",
}


class LookedAt(admin.ModelAdmin):
    """Rows that the program writes."""

    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Job)
class JobDesk(LookedAt):
    list_display = ["task", "state", "attempts", "enqueued_at", "finished_at"]
    list_filter = ["state", "task"]
    search_fields = ["task", "says"]


@admin.register(LinkCheck)
class LinkCheckDesk(LookedAt):
    list_display = ["address", "state", "http_status", "checked_at", "failing_since"]
    list_filter = ["state"]
    search_fields = ["address", "final_address"]
    fields = [
        "opens",
        "cited_by",
        "state",
        "http_status",
        "final_address",
        "checked_at",
        ("failing_since", "failures"),
        "archived_address",
        "checks_so_far",
    ]
    readonly_fields = ["opens", "cited_by", "checks_so_far"]

    @admin.display(description="address")
    def opens(self, obj: LinkCheck) -> SafeString:
        return format_html('<a href="{0}" rel="noopener external">{0}</a>', obj.address)

    @admin.display(description="cited by")
    def cited_by(self, obj: LinkCheck) -> SafeString | str:
        """Lead to the forms on which another address can be set."""
        rows = format_html_join(
            "",
            '<li><a href="{}">{}</a></li>',
            (
                (
                    reverse(f"admin:kb_{each._meta.model_name}_change", args=[each.pk]),
                    each,
                )
                for each in links.citing(obj.address)
            ),
        )
        return (
            format_html('<ul class="steps">{}</ul>', rows) if rows else "Nothing now."
        )

    @admin.display(description="last checks")
    def checks_so_far(self, obj: LinkCheck) -> SafeString | str:
        rows = format_html_join(
            "",
            "<li>{}: {}{}</li>",
            (
                (
                    line["on"],
                    LinkState(line["found"]).label.lower(),
                    f" ({SAYS.get(line['says'], line['says'])})"
                    if line["says"]
                    else "",
                )
                for line in obj.last_checks
            ),
        )
        return format_html('<ul class="steps">{}</ul>', rows) if rows else "None yet."


needs.register(
    needs.Need(
        "Sources whose address no longer opens",
        Source,
        lambda user: len(links.dead_sources()),
        {"link": "dead"},
        is_kept=True,
    ),
    needs.Need(
        "Addresses of sources and of help that are gone",
        LinkCheck,
        lambda user: LinkCheck.objects.filter(state=LinkState.DEAD).count(),
        {"state__exact": LinkState.DEAD},
    ),
)
