"""The box on an alkaloid's form that takes a SMILES, an InChI or a PubChem CID.

Looking sends the form as it is and shows it again, with what was found beside what was
typed; nothing is saved by it. While there is something in the box a save looks too, so
that Enter in it never saves what nobody has seen.
"""

from __future__ import annotations

from typing import Any

from django.forms.utils import ErrorDict
from django.http import HttpResponse

from kb import chemistry
from kb.choices import ExternalScheme

PASTED = "_pasted"


class LookingMixin:
    """For the desk of alkaloids: before `ProposingMixin`, whose forms it returns."""

    change_form_template: Any = "admin/alkaloid_form.html"

    def changeform_view(
        self,
        request: Any,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        pasted = request.POST.get(PASTED, "").strip()
        if not pasted and "_look" in request.POST:
            pasted = request.POST.get("smiles", "").strip()
        if request.method == "POST" and (pasted or "_look" in request.POST):
            row = self.get_object(request, object_id) if object_id else None  # type: ignore[attr-defined]
            look = chemistry.look(pasted, besides=row)
            request.look = look
            request.returned = "Looked at, not saved."
            request.POST = _with_result(request.POST, look, keep_name=bool(row))
        return super().changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]

    def render_change_form(
        self, request: Any, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        look = getattr(request, "look", None)
        if look is not None:
            # It was sent to look, not to save: what is still empty is no error yet.
            context["errors"] = None
            context["adminform"].form._errors = ErrorDict()
            for inline in context["inline_admin_formsets"]:
                inline.formset._errors = [ErrorDict() for _ in inline.formset.forms]
                for form in inline.formset.forms:
                    form._errors = ErrorDict()
        context = {**context, "look": look, "pasted": look.pasted if look else ""}
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]


def _with_result(sent: Any, look: chemistry.Look, *, keep_name: bool) -> Any:
    """Return what was sent with the canonical SMILES in its place, and PubChem's name
    and number where those are still empty."""
    found = sent.copy()
    if look.structure is None:
        return found
    found["smiles"] = look.structure.smiles
    if look.title and not keep_name and not found.get("name", "").strip():
        found["name"] = look.title
    if look.cid:
        _add_cid(found, look.cid)
    return found


def _add_cid(found: Any, cid: str) -> None:
    """Put a PubChem number into the form's list of identifiers, unless it is there."""
    prefix = "external_ids"
    total = found.get(f"{prefix}-TOTAL_FORMS", "")
    if not total.isdecimal():
        return
    for number in range(int(total)):
        if (
            found.get(f"{prefix}-{number}-scheme") == ExternalScheme.PUBCHEM
            and found.get(f"{prefix}-{number}-value") == cid
        ):
            return
    found[f"{prefix}-{total}-scheme"] = ExternalScheme.PUBCHEM.value
    found[f"{prefix}-{total}-value"] = cid
    found[f"{prefix}-{total}-verification"] = "verified"
    found[f"{prefix}-TOTAL_FORMS"] = str(int(total) + 1)
