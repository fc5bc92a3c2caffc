"""Desks that keep a change for review instead of saving what readers would see at once.

The form is saved as usual, the record is read in its typed form, and all of it is
rolled back: what was typed is checked as ever, and nothing is left but the change.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

from kb import kinds, review
from kb.choices import ReviewState
from kb.models import Change, Record

WHY = "_why"  # the field of the form that asks for the reason
SEND = "_send"  # its button that saves a draft and asks for it to be shown


class ProposingMixin:
    """For a ModelAdmin of a record or of a part of one."""

    change_form_template: Any = "admin/desk_form.html"
    decided_in_review = ("state", "reviewed_by", "reviewed_on")

    def changeform_view(
        self,
        request: Any,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        request.proposal = None
        how = (object_id, form_url, extra_context)
        if request.user.is_superuser:
            return super().changeform_view(request, *how)  # type: ignore[misc]
        mended = _find_mended(request)
        if request.method != "POST":
            if mended is None:
                return super().changeform_view(request, *how)  # type: ignore[misc]
            request.FILES  # noqa: B018 (the first look at it empties POST)
            request.POST = _as_posted(mended.sent)
            return self._again(request, how, _say(mended))
        before = self._before(request, object_id)
        with transaction.atomic():
            response = super().changeform_view(request, *how)  # type: ignore[misc]
            if request.proposal is not None:
                transaction.set_rollback(True)
        if request.proposal is None:
            return response
        try:
            change = self._propose(request, before)
        except review.NotAllowed as refusal:
            return self._again(request, how, str(refusal))
        if mended is not None:
            change.follows = mended
            change.save(update_fields=["follows"])
            if mended.is_open:
                review.withdraw(mended, by=request.user)
        messages.success(
            request, "It waits for review: readers see it once somebody else approves."
        )
        return HttpResponseRedirect(reverse("admin:kb_change_change", args=[change.pk]))

    def _before(self, request: Any, object_id: str | None) -> str:
        """Return the identity of the record as it was, and note whether it was seen."""
        row = self.get_object(request, object_id) if object_id else None  # type: ignore[attr-defined]
        request.was_seen = False
        if row is None:
            return ""
        root = review.root_of(row)
        request.was_seen = review.is_seen(root)
        return review.identity_of(root)[1]

    def _propose(self, request: Any, before: str) -> Change:
        kind, identity, proposed, title = request.proposal
        is_same_record = not before or before == identity
        if not is_same_record:
            raise review.NotAllowed(
                "What a record is about cannot be changed, since others point to it."
                " Propose a new one."
            )
        return review.propose(
            kind,
            identity,
            proposed,
            title=title,
            by=request.user,
            reason=request.POST.get(WHY, ""),
            desk=request.path,
            sent={
                name: request.POST.getlist(name)
                for name in request.POST
                if name != "csrfmiddlewaretoken"
            },
        )

    def _again(self, request: Any, how: tuple[Any, ...], message: str) -> HttpResponse:
        """Show the form as it was sent, with a message, and save nothing."""
        request.method = "POST"
        request.returned = message
        request._dont_enforce_csrf_checks = True  # it cannot become valid
        return super().changeform_view(request, *how)  # type: ignore[misc]

    def get_form(
        self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)  # type: ignore[misc]
        returned = getattr(request, "returned", "")
        if not returned:
            return form

        class Returned(form):  # type: ignore[misc, valid-type]
            def clean(self) -> Any:
                found = super().clean()
                self.add_error(None, returned)
                return found

        return Returned

    def response_add(self, request: Any, obj: Any, *args: Any) -> HttpResponse:
        kept = self._kept(request, obj)
        if kept is not None:
            return kept
        response = super().response_add(request, obj, *args)  # type: ignore[misc]
        return self._sent(request, obj) or response

    def response_change(self, request: Any, obj: Any) -> HttpResponse:
        kept = self._kept(request, obj)
        if kept is not None:
            return kept
        response = super().response_change(request, obj)  # type: ignore[misc]
        return self._sent(request, obj) or response

    def _kept(self, request: Any, obj: Any) -> HttpResponse | None:
        """Note the proposed form where readers would see the change; else None."""
        if request.user.is_superuser:
            return None
        root = review.root_of(obj)
        # A rule that is moved to a draft would be taken from readers as surely.
        was_seen = getattr(request, "was_seen", False)  # unset on old versions
        if not was_seen and review.may_save_directly(request.user, root):
            return None
        kind, identity = review.identity_of(root)
        request.proposal = (kind, identity, review.form_of(kind, identity), str(root))
        return HttpResponseRedirect(request.path)

    def _sent(self, request: Any, obj: Any) -> HttpResponse | None:
        """Send a draft that was just saved to review, where that button was pressed."""
        if SEND not in request.POST or not isinstance(obj, Record):
            return None
        try:
            change = review.send_to_review(
                type(obj)._default_manager.get(pk=obj.pk),
                by=request.user,
                reason=request.POST.get(WHY, "") or "Ready to show.",
            )
        except review.NotAllowed as refusal:
            messages.error(request, str(refusal))
            return None
        messages.success(
            request, "It waits for review: readers see it once somebody else approves."
        )
        return HttpResponseRedirect(reverse("admin:kb_change_change", args=[change.pk]))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fields = [*super().get_readonly_fields(request, obj)]  # type: ignore[misc]
        if request.user.is_superuser:
            return fields
        own = {field.name for field in self.model._meta.get_fields()}  # type: ignore[attr-defined]
        return fields + [
            name
            for name in self.decided_in_review
            if name in own and name not in fields
        ]

    def get_inline_instances(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Leave out rows that belong to another record: their desk is elsewhere."""
        found = super().get_inline_instances(request, obj)  # type: ignore[misc]
        if request.user.is_superuser:
            return list(found)
        return [each for each in found if not getattr(each, "is_elsewhere", False)]

    def render_change_form(
        self, request: Any, context: Mapping[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = kwargs.get("obj")
        is_bound_by_review = not request.user.is_superuser
        is_record = issubclass(self.model, Record)  # type: ignore[attr-defined]
        is_waiting = (
            is_bound_by_review
            and row is not None
            and not review.may_save_directly(request.user, review.root_of(row))
        )
        why = request.POST.get(WHY, "")
        waiting = list(_open_changes(row)) if row is not None else []
        context = {
            **context,
            # A draft needs no reason; of a new fact nobody knows yet whose it is.
            "asks_why": is_waiting
            or (is_bound_by_review and not is_record and row is None),
            "waits_for_review": is_waiting,
            "open_changes": waiting,
            "may_send": is_bound_by_review
            and is_record
            and not waiting
            and not is_waiting,
            "why": why,
            "lacks_why": getattr(request, "returned", "") == review.NEEDS_REASON
            and not why.strip(),
        }
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]

    def revert_disabled(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let nobody go round review by restoring an old version."""
        return not request.user.is_superuser


def _open_changes(row: Any) -> QuerySet[Change]:
    """Return what was proposed to the record of a row and is not decided: 1 query."""
    root = review.root_of(row)
    kind = kinds.find_kind(root)
    if kind is None:
        return Change.objects.none()
    return (
        Change.objects.open()
        .about(kind.name, kind.identity_of_row(root))
        .select_related("author")
        .defer("base", "proposed", "sent")
    )


def _find_mended(request: HttpRequest) -> Change | None:
    """Return the own change that ?mend= names and that readers do not see yet."""
    number = request.GET.get("mend", "")
    if not number.isdecimal():
        return None
    waiting = (ReviewState.OPEN, ReviewState.REJECTED, ReviewState.WITHDRAWN)
    return Change.objects.filter(
        pk=number, author=request.user.pk, state__in=waiting
    ).first()


def _as_posted(sent: Mapping[str, list[str]]) -> QueryDict:
    found = QueryDict(mutable=True)
    for name, values in sent.items():
        found.setlist(name, values)
    return found


def _say(mended: Change) -> str:
    if mended.state == ReviewState.REJECTED:
        return f"Sent back by a reviewer: {mended.decision}"
    return "This is your change as you sent it. Saving sends it again."
