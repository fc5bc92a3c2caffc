"""What every part of the desk shares: history, notes, states, words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from simple_history.admin import SimpleHistoryAdmin

from kb import review
from kb.admin.at_hand import AtHandMixin
from kb.admin.help_texts import help_for
from kb.admin.lists import FoundFirst, RowsByKey, count_of
from kb.admin.many import AssignedFilter, ManyMixin
from kb.admin.merging import MergingMixin
from kb.admin.needs import WhoseFilter
from kb.admin.proposing import ProposingMixin
from kb.choices import State, Verification
from kb.dates import PartialDate
from kb.models import CuratorNote

Fieldsets = list[tuple[str | None, dict[str, Any]]]

NEVER_REVIEWED = ("reviewed_on", admin.EmptyFieldListFilter)
REVIEW = (
    "Review",
    {
        "fields": ["state", ("reviewed_by", "reviewed_on")],
        "description": "Readers see only what is published. Who last read all of it, "
        "and did not write it, puts their name and the day here.",
    },
)
SUBJECT_HINT = "Choose a substance or an alkaloid: exactly one of the two."


def today() -> PartialDate:
    return PartialDate.of(timezone.localdate())


def without(names: Collection[str], fieldsets: Fieldsets) -> Fieldsets:
    """Return fieldsets without some fields: on a new form, what only a save can fill."""
    kept: Fieldsets = []
    for title, options in fieldsets:
        fields: list[Any] = []
        for line in options["fields"]:
            left = [
                name
                for name in ([line] if isinstance(line, str) else line)
                if name not in names
            ]
            if left:
                fields.append(left[0] if isinstance(line, str) else tuple(left))
        if fields:
            kept.append((title, {**options, "fields": fields}))
    return kept


# Form fields


class LinesField(forms.Field):
    """A list of texts, written one a line instead of as JSON."""

    widget = AdminTextareaWidget

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        lines = value if isinstance(value, list) else str(value or "").splitlines()
        return [line.strip() for line in lines if line.strip()]


class SubjectForm(forms.ModelForm):
    """Asks for exactly one subject, before the row itself is left without one."""

    def clean(self) -> dict[str, Any] | None:
        found = super().clean()
        chosen = [self.cleaned_data.get(kind) for kind in ("substance", "alkaloid")]
        if chosen.count(None) != 1:
            self.add_error(
                "alkaloid", "Choose exactly one subject: a substance or an alkaloid."
            )
            self.cleaned_data.pop("substance", None)
        return found


# Desks


class HelpMixin:
    """Says what a field asks for where its model does not."""

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None and not field.help_text:
            field.help_text = help_for(self.model, db_field.name)  # type: ignore[attr-defined]
        return field


class Desk(FoundFirst, AtHandMixin, ProposingMixin, HelpMixin, SimpleHistoryAdmin):
    """One kind of record or fact, with its history and where it was seen.

    `lines` names the fields that hold a list of texts, each with its help.
    `note_kind` is how the curators' notes name a fact: "status" in "status:kratom.US-AL".
    """

    save_on_top = True
    list_per_page = 50
    paginator = RowsByKey
    show_full_result_count = False  # a count of all rows a page, which nobody asked for
    list_select_related: Sequence[str] = ()
    lines: Mapping[str, str] = {}
    note_kind = ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Join what names a row, for lists and for the choices of other pages alike."""
        rows = super().get_queryset(request)
        return (
            rows.select_related(*self.list_select_related)
            if (self.list_select_related)
            else rows
        )

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name in self.lines:
            return LinesField(
                required=not db_field.blank,
                label=capfirst(db_field.verbose_name),
                help_text=self.lines[db_field.name],
            )
        field = super().formfield_for_dbfield(
            db_field, request, **with_https(db_field), **kwargs
        )
        if isinstance(db_field, models.ForeignKey):
            # What others lean on is not deleted in passing, nor is a person changed.
            field.widget.can_delete_related = False
            if db_field.name == "reviewed_by":
                field.widget.can_add_related = field.widget.can_change_related = False
        return with_few_rows(field)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), "where_seen"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = [
            (
                title,
                {
                    **options,
                    "fields": [f for f in options["fields"] if f != "where_seen"],
                },
            )
            for title, options in super().get_fieldsets(request, obj)
        ]
        if obj is not None:
            fieldsets.append(("Where this was seen", {"fields": ["where_seen"]}))
            return fieldsets
        shown = {*self.get_readonly_fields(request, obj)} - {"state"}
        return without(shown, fieldsets)

    @property
    def kind_in_notes(self) -> str:
        return self.note_kind or str(self.model.KIND)

    def note_key(self, obj: Any) -> str:
        """Return what the curators' notes call it: "source:kruegel-2016"."""
        if self.note_kind:
            return f"{self.note_kind}:{obj.key}"
        return str(obj.record_key)

    @admin.display(description="notes")
    def where_seen(self, obj: Any) -> SafeString:
        key = self.note_key(obj)
        notes = CuratorNote.objects.filter(
            Q(about=key) | Q(about__startswith=f"{key}.")
        )
        rows = format_html_join(
            "",
            "<li>{}</li>",
            ((mark_safe(urlize(note.note, autoescape=True)),) for note in notes),
        )
        return format_html(
            '{}<p>Only curators see this. <a href="{}?about={}">Add a note</a></p>',
            format_html('<ul class="notes">{}</ul>', rows) if rows else "No note yet. ",
            reverse("admin:kb_curatornote_add"),
            key,
        )

    def view_on_site(self, obj: Any) -> str | None:
        """Return its page, or that of its subject; None while readers have no page."""
        if not hasattr(obj, "get_absolute_url"):
            obj = getattr(obj, "subject", None) or getattr(obj, "region", None)
        if obj is None or not obj.is_published:
            return None
        return str(obj.get_absolute_url())

    @admin.display(description="updated", ordering="updated_at")
    def updated(self, obj: Any) -> str:
        return str(obj.updated_at.date().isoformat())

    def render_history_view(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Drop the one inline style of the library's page: our security policy bars it."""
        response = super().render_history_view(*args, **kwargs)
        response.content = response.content.replace(b' style="border-top: 0"', b"")
        return response

    def changeform_view(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Say what the database refused: two people may save the same thing at once."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError as error:
            self.message_user(
                request,
                f"Not saved: the database refused it ({error}).",
                messages.ERROR,
            )
            return HttpResponseRedirect(request.get_full_path())


def with_https(db_field: models.Field[Any, Any]) -> dict[str, str]:
    """Take an address written without its scheme as https."""
    return {"assume_scheme": "https"} if isinstance(db_field, models.URLField) else {}


def with_few_rows(field: Any) -> Any:
    """Make text areas four lines high; they grow by hand."""
    if field is not None and isinstance(field.widget, AdminTextareaWidget):
        field.widget.attrs.setdefault("cols", "80")
        field.widget.attrs["rows"] = "4"
    return field


class RecordDesk(MergingMixin, ManyMixin, Desk):
    """A public record: its slug stands once it is saved, its state is set by actions too."""

    list_display = ["name", "state", "reviewed_on", "updated"]
    list_filter: list[Any] = ["state", NEVER_REVIEWED]
    search_fields = ["name", "slug"]
    readonly_fields = ["created_at", "updated_at"]
    autocomplete_fields = ["reviewed_by"]
    actions = ["send_to_review", "publish", "withdraw", "assign", "tag"]
    slug_from: Sequence[str] = ["name"]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [*super().get_list_filter(request), WhoseFilter, AssignedFilter]

    # As an attribute it would break the page of an old version, where no slug is asked.
    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Any = None
    ) -> dict[str, Sequence[str]]:
        return {"slug": self.slug_from} if obj is None and self.slug_from else {}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fields = super().get_readonly_fields(request, obj)
        return fields if obj is None else [*fields, "slug"]

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("kb.publish_record")

    @admin.action(description="Send the selected to review", permissions=["change"])
    def send_to_review(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        rows = queryset.exclude(state=State.PUBLISHED)
        self._each(
            request, rows, review.send_to_review, "Sent", reason="Ready to show."
        )

    @admin.action(description="Publish the selected", permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        rows = queryset.exclude(state=State.PUBLISHED)
        self._each(request, rows, review.publish, State.PUBLISHED.label)

    @admin.action(description="Withdraw the selected", permissions=["publish"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        rows = queryset.exclude(state=State.WITHDRAWN)
        self._each(request, rows, review.withdraw_record, State.WITHDRAWN.label)

    def _each(
        self,
        request: HttpRequest,
        rows: QuerySet[Any],
        act: Callable[..., Any],
        done: str,
        **how: str,
    ) -> None:
        """Do something with each row; say how many it was done with, and what stood in
        the way of the others."""
        count = 0
        for row in rows:
            try:
                act(row, by=request.user, **how)
            except review.NotAllowed as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
                continue
            self.log_change(request, row, [{"changed": {"fields": ["state"]}}])
            count += 1
        self.message_user(request, f"{done}: {count_of(count, self.model)}.")


def save_each(
    desk: Desk, request: HttpRequest, rows: QuerySet[Any], values: Mapping[str, Any]
) -> int:
    """Set values on rows and save each, so that history and index follow; return how many.

    `queryset.update()` would record nothing. What readers see, and somebody else has to
    approve, becomes a change for review, one a record, and the page says so.
    """
    said = f"Set {', '.join(name.replace('_', ' ') for name in values)}."
    waiting: dict[Any, list[Any]] = {}
    with transaction.atomic():
        found = list(rows)
        for row in found:
            for field, value in values.items():
                setattr(row, field, value)
            root = review.root_of(row)
            if review.may_save_directly(request.user, root):
                row.save()
                desk.log_change(request, row, [{"changed": {"fields": list(values)}}])
            else:
                waiting.setdefault(root, []).append(row)
        kept = sum(
            len(several)
            for root, several in waiting.items()
            if review.propose_values(root, several, by=request.user, reason=said)
        )
    if kept:
        desk.message_user(
            request, f"{kept} of them wait for review by somebody else.", messages.INFO
        )
    return len(found)


class VerifyingMixin:
    """For a desk whose rows say how far somebody saw them: an action for many at once."""

    @admin.action(
        description="Mark as verified today: I opened the source and found it there",
        permissions=["change"],
    )
    def mark_verified(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        count = save_each(self, request, queryset, self.verified_values())  # type: ignore[arg-type]
        self.message_user(  # type: ignore[attr-defined]
            request,
            f"Verified today: {count_of(count, self.model)}.",  # type: ignore[attr-defined]
        )

    def verified_values(self) -> Mapping[str, Any]:
        """Return what the action sets; the day stands in the history where no field has it."""
        return {"verification": Verification.VERIFIED}


class FactDesk(VerifyingMixin, ManyMixin, Desk):
    """A fact: its key is made at the first save and stands."""

    actions = ["mark_verified", "assign"]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [*super().get_list_filter(request), AssignedFilter]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), "key"]


class AboutSubjectMixin:
    """Asks for the subject, and shows it in a column."""

    form: type[forms.ModelForm] = SubjectForm

    @admin.display(
        description="subject",
        ordering=Coalesce(F("substance__name"), F("alkaloid__name")),
    )
    def subject(self, obj: Any) -> str:
        return str(obj.subject or "–")


# Inlines


class PartInline:
    """What belongs to one record. Its fields keep "add", for a source met on the way."""

    extra = 0
    show_change_link = True

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_dbfield(  # type: ignore[misc]
            db_field, request, **with_https(db_field), **kwargs
        )
        if field is not None and hasattr(field.widget, "can_change_related"):
            field.widget.can_change_related = False
            field.widget.can_delete_related = False
            field.widget.can_view_related = False
        return with_few_rows(field)


class TableInline(PartInline, admin.TabularInline):
    """For short fields, few of them: a table does not wrap."""


class BlockInline(PartInline, admin.StackedInline):
    """For facts with sentences in them."""
