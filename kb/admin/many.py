"""Actions on many rows that ask for something first: whom to assign, which tag."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from kb import assigning, review
from kb.models import Assignment


class AssignForm(forms.Form):
    person = forms.ModelChoiceField(
        get_user_model()
        ._default_manager.filter(is_staff=True, is_active=True)
        .order_by("username"),
        required=False,
        empty_label="Nobody",
        label="Assign to",
    )


class TagForm(forms.Form):
    tag = forms.CharField(
        max_length=80, help_text="One tag, for example opioid-receptor."
    )
    remove = forms.BooleanField(required=False, label="Take it off instead")


class AssignedFilter(admin.SimpleListFilter):
    """For a desk with ManyMixin, which tells the rows that an assignment names."""

    title = "assigned to"
    parameter_name = "assigned"

    def __init__(self, request: Any, params: Any, model: Any, desk: Any) -> None:
        super().__init__(request, params, model, desk)
        self.desk = desk

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("me", "Me"), ("anyone", "Anyone"), ("nobody", "Nobody")]

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in ("me", "anyone", "nobody"):
            return queryset
        given = Assignment.objects.of_kind(self.desk.kind_in_notes)
        if self.value() == "me":
            given = given.filter(person=request.user.pk)
        names = [key.partition(":")[2] for key in given.values_list("about", flat=True)]
        found = self.desk.named_in_notes(names)
        return (
            queryset.exclude(found)
            if self.value() == "nobody"
            else queryset.filter(found)
        )


class ManyMixin:
    """For desks: assign to somebody, and with `tags` put a tag on or off."""

    def named_in_notes(self, names: Sequence[str]) -> Q:
        """Return which rows have these names, as note_key writes them after the kind."""
        field = "slug" if hasattr(self.model, "slug") else "key"  # type: ignore[attr-defined]
        return Q(**{f"{field}__in": names})

    @admin.action(description="Assign the selected…", permissions=["change"])
    def assign(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        form = AssignForm(request.POST if "_do" in request.POST else None)
        if not form.is_valid():
            return self._ask(request, queryset, form, "assign", "Assign")
        keys = [self.note_key(row) for row in queryset]  # type: ignore[attr-defined]
        person = form.cleaned_data["person"]
        moved = assigning.assign(keys, person, by=request.user)
        to = person or "nobody"
        messages.success(request, f"Assigned to {to}: {moved} of {len(keys)}.")
        return None

    @admin.action(description="Tag the selected…", permissions=["change"])
    def tag(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        form = TagForm(request.POST if "_do" in request.POST else None)
        if not form.is_valid():
            return self._ask(request, queryset, form, "tag", "Tag")
        done: Counter[str] = Counter()
        for row in queryset:
            try:
                done[
                    assigning.tag(
                        row,
                        form.cleaned_data["tag"],
                        by=request.user,
                        remove=form.cleaned_data["remove"],
                    )
                ] += 1
            except review.NotAllowed as refusal:
                messages.error(request, f"{row}: {refusal}")
        shown = ", ".join(f"{count} {word}" for word, count in sorted(done.items()))
        if shown:
            messages.success(request, f"Tag: {shown}.")
        return None

    def _ask(
        self,
        request: HttpRequest,
        rows: QuerySet[Any],
        form: Any,
        action: str,
        verb: str,
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": f"{verb} {rows.count()} {self.opts.verbose_name_plural}",  # type: ignore[attr-defined]
            "opts": self.opts,  # type: ignore[attr-defined]
            "form": form,
            "rows": rows[:100],
            "chosen": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "everything": request.POST.get("select_across", "0"),
            "action": action,
            "verb": verb,
        }
        return TemplateResponse(request, "admin/act_on_many.html", context)
