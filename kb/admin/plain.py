"""The plain summary on the desk: both reading levels, and which of the two is newer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from kb import plain
from kb.admin import needs
from kb.choices import PlainStanding
from kb.models.base import PlainlyTold, summary_digest
from kb.reading_level import PLAIN_GRADE, ReadingLevel, reading_level

FIELDS = ("summary", "plain_summary", "still_fits", "how_it_reads")


class PlainForm(forms.ModelForm):
    """Keeps which summary the plain one was written for; refuses sources of others."""

    still_fits = forms.BooleanField(
        required=False,
        label="The plain summary still fits",
        help_text="Tick it if the summary changed and the plain one says the same as before.",
    )

    def clean_plain_summary(self) -> str:
        text: str = self.cleaned_data["plain_summary"].strip()
        own = plain.own_sources(self.instance) if self.instance.pk else set()
        errors = plain.cite_errors(text, own)
        if errors:
            raise ValidationError([ValidationError(error) for error in errors])
        return text

    def clean(self) -> dict[str, Any] | None:
        found = super().clean()
        text = self.cleaned_data.get("plain_summary", self.instance.plain_summary)
        summary = self.cleaned_data.get("summary", self.instance.summary)
        if not text:
            self.instance.plain_summary_for = ""
        elif "plain_summary" in self.changed_data or self.cleaned_data["still_fits"]:
            self.instance.plain_summary_for = summary_digest(summary)
        return found


class StandingFilter(admin.SimpleListFilter):
    title = "plain summary"
    parameter_name = "plain"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(each.value, str(each.label)) for each in PlainStanding]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if value not in PlainStanding.values:
            return queryset
        return queryset.filter(pk__in=plain.with_standing(queryset.model, value))


class PlainMixin:
    """Shows how both summaries read, beside them."""

    form: type[forms.ModelForm] = PlainForm

    @admin.display(description="how they read")
    def how_it_reads(self, obj: Any) -> SafeString | str:
        if obj._state.adding:
            return "Counted once it is saved."
        rows = [
            f"Summary: {said(reading_level(obj.summary))}",
            f"Plain summary: {said(reading_level(plain.bare(obj.plain_summary)))}",
            *warnings(obj),
        ]
        return format_html(
            '<ul class="notes">{}</ul>',
            format_html_join("", "<li>{}</li>", ((row,) for row in rows)),
        )


def said(level: ReadingLevel | None) -> str:
    if level is None:
        return "nothing written."
    return (
        f"grade {level.grade:g} (years of school), reading ease {level.ease:g},"
        f" {level.words} words."
    )


def warnings(record: Any) -> list[str]:
    """Return what to look at in a plain summary. None of it keeps anyone from saving."""
    found = []
    level = reading_level(plain.bare(record.plain_summary))
    if level is not None and not level.is_plain:
        found.append(
            f"Look again: a plain summary aims at grade {PLAIN_GRADE:g} or below."
            " Shorter sentences and shorter words help."
        )
    if plain.standing(record) == PlainStanding.BEHIND:
        found.append(
            "Look again: the summary has changed since the plain one was written."
            " Change it, or say that it still fits."
        )
    return found


def behind(model: type[PlainlyTold]) -> needs.Need:
    names = str(model._meta.verbose_name_plural).capitalize()
    return needs.Need(
        f"{names} whose plain summary is older than the summary",
        model,
        lambda user: plain.count_with_standing(model, PlainStanding.BEHIND),
        {"plain": PlainStanding.BEHIND},
        is_kept=True,
    )


def missing(model: type[PlainlyTold]) -> needs.Need:
    names = str(model._meta.verbose_name_plural).capitalize()
    return needs.Need(
        f"{names} without a plain summary",
        model,
        lambda user: plain.count_with_standing(model, PlainStanding.MISSING),
        {"plain": PlainStanding.MISSING},
        is_kept=True,
    )


needs.register(
    *(behind(model) for model in plain.KINDS),
    *(missing(model) for model in plain.KINDS),
)
