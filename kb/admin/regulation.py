"""Regions, what their law says over time, and where help is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Case, IntegerField, QuerySet, When
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from kb import contradictions, law, places, rechecks, regulation
from kb.admin.base import (
    SUBJECT_HINT,
    AboutSubjectMixin,
    BlockInline,
    Desk,
    FactDesk,
    SubjectForm,
    TableInline,
    today,
)
from kb.admin.lists import SourceFilter, SubjectFilter, linked_filter
from kb.admin.subjects import SynonymInline
from kb.admin.tables import TablesMixin
from kb.choices import Verification
from kb.models import HelpResource, Region, RegulatoryStatus

RegionFilter = linked_filter("region", "region__code")
DUE_SHOWN = 500


class CheckedFilter(admin.SimpleListFilter):
    """Asks the rule of kb.regulation which rows can still be relied on: 1 query more."""

    title = "last check"
    parameter_name = "check"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("due", "Needs checking, the worst first"),
            ("never", "Never verified"),
            ("stale", "May be out of date"),
            ("fresh", "Fresh"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = self.value()
        if wanted == "due":
            return queryset.filter(key__in=due_keys(request))
        if wanted == "never":
            return queryset.filter(verified_on__isnull=True)
        if wanted not in ("stale", "fresh"):
            return queryset
        day = today().earliest
        keys = [
            row.pk
            for row in RegulatoryStatus.objects.for_page()
            if regulation.staleness(row.as_rule(), today=day).is_stale
            == (wanted == "stale")
        ]
        return queryset.filter(pk__in=keys)


def due_keys(request: HttpRequest) -> list[str]:
    """Return the keys of the rows that need checking, worst first: 1 query a request.

    The 500 worst: nobody works off more between two looks at the list.
    """
    if not hasattr(request, "due_keys"):
        due = rechecks.queue(law.all_rules(), today=law.today())
        request.due_keys = [each.rule.key for each in due[:DUE_SHOWN]]  # type: ignore[attr-defined]
    found: list[str] = request.due_keys  # type: ignore[attr-defined]
    return found


class TimeFilter(admin.SimpleListFilter):
    title = "time"
    parameter_name = "time"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("now", "Not ended"),
            ("ended", "Ended"),
            ("pending", "Change coming"),
            ("expires", "Expires by itself"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "now":
                return queryset.filter(until__isnull=True, is_pending=False)
            case "ended":
                return queryset.filter(until__isnull=False)
            case "pending":
                return queryset.filter(is_pending=True)
            case "expires":
                return queryset.filter(expires_on__isnull=False)
        return queryset


COLUMNS = ("about", "status", "layer", "since", "until", "verified_on")


class StatusInline(TableInline):
    """To see what holds there; a status is written on a page of its own."""

    model = RegulatoryStatus
    is_elsewhere = True
    fields = COLUMNS
    readonly_fields = COLUMNS
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[RegulatoryStatus]:
        return (
            super()
            .get_queryset(request)
            .select_related("substance", "alkaloid", "region")
        )

    @admin.display(description="subject")
    def about(self, obj: RegulatoryStatus) -> str:
        return str(obj.subject)


class HelpInline(BlockInline):
    model = HelpResource
    is_elsewhere = True  # a number is a record of its own
    fields = [
        ("name", "kind"),
        ("phone", "hours"),
        "url",
        ("verification", "verified_on"),
        "note",
    ]
    classes = ["collapse"]


@admin.register(Region)
class RegionDesk(TablesMixin, Desk):
    list_display = ["name", "code", "kind", "parent", "updated"]
    list_filter: list[Any] = ["kind", linked_filter("parent", "parent__code")]
    list_select_related = ["parent"]
    search_fields = ["name", "code", "synonyms__name"]
    autocomplete_fields = ["parent"]
    readonly_fields = ["updated_at"]
    inlines = [StatusInline, HelpInline, SynonymInline]
    lines = {"retired_codes": "Codes that once meant this place and no other, as BU."}
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "name",
                    "code",
                    "kind",
                    "parent",
                    "retired_codes",
                    "updated_at",
                ],
                "description": "The code is its address (US-AL, US-CA/san-diego) and never "
                "changes. The law of a region holds in those below it.",
            },
        )
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fields = super().get_readonly_fields(request, obj)
        return fields if obj is None else [*fields, "code"]


class StatusForm(SubjectForm):
    """Takes a place that has no record yet, and records it with its first status."""

    new_place = forms.CharField(
        label="or a place not in the list",
        required=False,
        max_length=120,
        help_text="Any part of a country that ISO 3166-2 names, by its code or its name:"
        " ES-CT, or Catalonia. It is recorded when you save.",
    )

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        if "region" in self.fields:
            self.fields["region"].required = False

    def clean(self) -> dict[str, Any] | None:
        found = super().clean()
        typed = str(self.cleaned_data.get("new_place", "")).strip()
        if bool(typed) == bool(self.cleaned_data.get("region")):
            self.add_error("region", "Choose a place, or write one: exactly one.")
        elif typed:
            place = self._place(typed)
            # Last, so that a form that is refused has recorded nothing.
            if place is not None and not self.errors:
                self.cleaned_data["region"] = places.record(place)
        return found

    def _place(self, typed: str) -> Region | None:
        tree = places.RegionTree()
        found = tree.find(typed)
        named = [found] if found else tree.named(typed)
        if len(named) == 1:
            return named[0]
        several = " or ".join(f"{each.code} ({tree.full_name(each)})" for each in named)
        self.add_error(
            "new_place",
            f"That is the name of {several}: give the code."
            if several
            else "There is no such place in ISO 3166-2.",
        )
        return None


@admin.register(RegulatoryStatus)
class RegulatoryStatusDesk(TablesMixin, AboutSubjectMixin, FactDesk):
    note_kind = "status"
    list_display = [
        "subject",
        "region",
        "says",
        "in_force",
        "sureness",
        "verified_on",
        "due",
    ]
    list_filter: list[Any] = [
        CheckedFilter,
        "confidence",
        TimeFilter,
        "status",
        "layer",
        SubjectFilter,
        RegionFilter,
        SourceFilter,
        linked_filter("reaches", "reaches__slug"),
    ]
    list_select_related = ["substance", "alkaloid", "region", "source"]
    search_fields = [
        "region__name",
        "region__code",
        "substance__name",
        "alkaloid__name",
        "instrument",
        "key",
    ]
    form = StatusForm
    autocomplete_fields = ["substance", "alkaloid", "region", "reaches", "source"]
    fieldsets = [
        (
            "What and where",
            {
                "fields": [
                    "key",
                    ("substance", "alkaloid"),
                    ("region", "new_place"),
                    "reaches",
                ],
                "description": SUBJECT_HINT,
            },
        ),
        (
            "What the law says",
            {
                "fields": [
                    ("status", "layer", "is_pending"),
                    "summary",
                    ("possession", "sale"),
                    ("importing", "prescribing", "cultivation"),
                    ("schedule", "min_age"),
                    "form",
                    ("threshold", "threshold_unit"),
                    "instrument",
                    "local_rules",
                ],
                "description": "One row a rule. When the law changes, end this row with "
                "“until” and write a new one: the history is what readers come for.",
            },
        ),
        (
            "When",
            {
                "fields": [("since", "until", "expires_on")],
                "description": "A year, a month or a day, as far as it is known.",
            },
        ),
        (
            "Where from",
            {"fields": ["source", ("confidence", "verified_on"), "due", "at_odds"]},
        ),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), "due", "at_odds"]

    def get_ordering(self, request: HttpRequest) -> Any:
        if request.GET.get(CheckedFilter.parameter_name) != "due":
            return super().get_ordering(request)
        places = [
            When(key=key, then=place) for place, key in enumerate(due_keys(request))
        ]
        return [Case(*places, default=DUE_SHOWN, output_field=IntegerField())]

    def save_related(
        self, request: HttpRequest, form: Any, formsets: Any, change: bool
    ) -> None:
        """Say what does not agree with what was just saved; it is saved all the same."""
        super().save_related(request, form, formsets, change)
        for sentence in self._contradictions(form.instance):
            self.message_user(request, f"Look again: {sentence}", messages.WARNING)

    def _contradictions(self, row: RegulatoryStatus) -> list[str]:
        """Return what does not agree with a row, in sentences: 2 queries."""
        tree, rule = places.RegionTree(), row.as_rule()
        family = {rule.region, *tree.chain(row.region)}
        family |= {each.code for each in tree.below(row.region)}
        same = RegulatoryStatus.objects.filter(
            substance=row.substance, alkaloid=row.alkaloid, region__code__in=family
        )
        found = contradictions.about(
            rule, law.read_rules(same), tree.chains(), today=law.today()
        )
        return [each.sentence for each in found]

    @admin.display(description="does not agree")
    def at_odds(self, obj: RegulatoryStatus) -> SafeString | str:
        if not obj.key or obj.region_id is None:
            return "–"
        rows = format_html_join(
            "", "<li>{}</li>", ((s,) for s in self._contradictions(obj))
        )
        return format_html("<ul>{}</ul>", rows) if rows else "Nothing was found."

    @admin.display(description="needs checking")
    def due(self, obj: RegulatoryStatus) -> str:
        if not obj.key:
            return "–"
        found = rechecks.due_of(obj.as_rule(), today=law.today())
        return found.urgency.label if found else "No"

    @admin.display(description="status", ordering="status")
    def says(self, obj: RegulatoryStatus) -> str:
        return f"{obj.get_status_display()}{' (coming)' if obj.is_pending else ''}"

    @admin.display(description="in force", ordering="since")
    def in_force(self, obj: RegulatoryStatus) -> str:
        if obj.until:
            return f"{obj.since or '?'} to {obj.until}"
        return f"since {obj.since}" if obj.since else "–"

    @admin.display(description="confidence", ordering="confidence")
    def sureness(self, obj: RegulatoryStatus) -> str:
        return obj.get_confidence_display().partition(":")[0]

    def view_on_site(self, obj: RegulatoryStatus) -> str | None:
        return str(obj.region.get_absolute_url())

    def verified_values(self) -> dict[str, Any]:
        return {"verified_on": today()}


@admin.register(HelpResource)
class HelpResourceDesk(TablesMixin, FactDesk):
    note_kind = "help"
    list_display = ["name", "region", "kind", "phone", "verification", "verified_on"]
    list_filter: list[Any] = [
        "verification",
        ("verified_on", admin.EmptyFieldListFilter),
        "kind",
        RegionFilter,
    ]
    list_select_related = ["region"]
    search_fields = ["name", "region__name", "region__code", "phone"]
    autocomplete_fields = ["region"]
    fieldsets = [
        (None, {"fields": ["key", "region", "name", "kind"]}),
        ("How to reach it", {"fields": ["phone", "url", "hours"]}),
        (
            "Check",
            {
                "fields": [("verification", "verified_on"), "note"],
                "description": "A wrong number costs lives: readers see a number only once "
                "somebody has seen it on the service's own page.",
            },
        ),
    ]

    @admin.action(
        description="Mark as verified today: I saw the number on the service's own page",
        permissions=["change"],
    )
    def mark_verified(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        super().mark_verified(request, queryset)

    def verified_values(self) -> dict[str, Any]:
        return {"verified_on": today(), "verification": Verification.VERIFIED}
