"""What the pages of the desk show beside what the admin gives them."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

from kb import review
from kb.accounts import second_factor
from kb.admin import needs, told
from kb.models import Curator

STARTS = (
    ("Add a source", "kb.add_source", "admin:kb_source_add"),
    ("Upload references", "kb.add_source", "admin:kb_source_upload"),
    ("Record a finding", "kb.add_evidenceitem", "admin:kb_evidenceitem_add"),
    (
        "Record a rule of law",
        "kb.add_regulatorystatus",
        "admin:kb_regulatorystatus_add",
    ),
    ("Decide on changes", "kb.approve_change", "admin:kb_change_changelist"),
)

register = template.Library()
register.simple_tag(needs.for_person, name="needs_of")
register.simple_tag(told.about, name="told_of")
register.simple_tag(told.when_empty, name="empty_of")
register.simple_tag(told.grouped, name="desk_groups")


@register.simple_tag
def lacks_second_factor(user: Any) -> bool:
    return not second_factor.has_one(user)


@register.simple_tag
def statement_to_make(user: Any) -> str:
    """Return the form on which somebody who decides has to state their interests, or ""
    where they have within a year."""
    if not user.has_perm("kb.approve_change") or review.has_current_statement(user):
        return ""
    own = Curator.objects.filter(user=user).first()
    if own is None:
        return reverse("admin:kb_curator_add")
    return reverse("admin:kb_curator_change", args=[own.pk])


@register.simple_tag
def quick_starts(user: Any) -> list[tuple[str, str]]:
    """Return what somebody most often comes for, as (title, address)."""
    return [
        (title, reverse(name)) for title, right, name in STARTS if user.has_perm(right)
    ]


@register.simple_tag
def form_troubles(adminform: Any, formsets: Any) -> list[dict[str, str]]:
    """Return each error of a form with where it is: [{"where", "what", "id"}].

    id is that of the field; "" where the error is about a row as a whole.
    """
    found = []
    for name, errors in adminform.form.errors.items():
        if name != "__all__":
            found += _troubles(adminform.form[name], errors)
    for inline in formsets:
        rows = str(inline.opts.verbose_name)
        for number, form in enumerate(inline.formset.forms, start=1):
            for name, errors in form.errors.items():
                where = f"{rows} {number}"
                if name == "__all__":
                    found += [
                        {"where": where, "what": each, "id": ""} for each in errors
                    ]
                else:
                    found += _troubles(form[name], errors, f"{where}, ")
    return found


def _troubles(field: Any, errors: Any, where: str = "") -> list[dict[str, str]]:
    label = f"{where}{field.label}"
    return [{"where": label, "what": each, "id": field.auto_id} for each in errors]
