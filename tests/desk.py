"""Works at the desk as a browser would: takes a form, changes some of it, sends it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse


def page(name: str, model: type[models.Model] | models.Model, *args: Any) -> str:
    """Return the address of a page of the desk: `page("changelist", Source)`."""
    options = model._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_{name}", args=args)


def change(row: models.Model) -> str:
    return page("change", row, row.pk)


def filled(response: HttpResponse) -> dict[str, Any]:
    """Return what a browser would send back from a form that nobody touched."""
    context: Any = response.context  # type: ignore[attr-defined]
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.initial_forms]
    data: dict[str, Any] = {}
    for form in forms:
        for field in form:
            value = field.value()
            if field.name == "tags":
                value = ", ".join(tag.name for tag in value or [])
            if value is not None and value is not False:
                data[field.html_name] = value
    return data


def send(desk: Client, address: str, *, follow: bool = False, **changes: Any) -> Any:
    data = {**filled(desk.get(address)), **changes}
    given = {key: value for key, value in data.items() if value is not None}
    return desk.post(address, given, follow=follow)


def errors_of(response: HttpResponse) -> str:
    """Return every error on the page; fail if the form was taken."""
    assert response.status_code == 200, response
    context: Any = response.context  # type: ignore[attr-defined]
    found = [str(context["adminform"].form.errors)]
    for inline in context["inline_admin_formsets"]:
        found.append(str(inline.formset.errors))
        found.append(str(inline.formset.non_form_errors()))
    return " ".join(found).replace("&#x27;", "'")
