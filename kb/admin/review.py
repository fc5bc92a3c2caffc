"""The queue of changes that wait for a second person, and who works here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from simple_history.admin import SimpleHistoryAdmin

from kb import kinds, parts, review
from kb.admin.at_hand import page_owner
from kb.choices import ReviewState
from kb.differences import Difference, marked
from kb.models import Change, Curator
from kb.pages import words


class WaitingFilter(admin.SimpleListFilter):
    title = "what needs whom"
    parameter_name = "needs"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("me", "my review"), ("mending", "mending by me")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Change]
    ) -> QuerySet[Change]:
        if self.value() == "me":
            waiting = queryset.filter(state=ReviewState.OPEN)
            return waiting.exclude(author=request.user.pk)
        if self.value() == "mending":
            mine: QuerySet[Change] = queryset.to_mend(request.user)  # type: ignore[attr-defined]
            return mine
        return queryset


@admin.register(Change)
class ChangeDesk(admin.ModelAdmin):
    """A change is read, talked about and decided here; it is made on its record's desk."""

    list_display = ["title", "kind", "state", "author", "created_at", "decided_by"]
    list_filter = [WaitingFilter, "state", "kind"]
    list_select_related = ["author", "decided_by"]
    list_per_page = 50
    search_fields = ["title", "identity", "reason"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Change]:
        """Leave the forms themselves to the page of one change."""
        return super().get_queryset(request).defer("base", "proposed", "sent")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("kb.view_change")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if object_id is None:
            raise PermissionDenied("A change is made on the desk of its record.")
        change = self.get_object(request, object_id)
        if change is None:
            raise Http404("There is no such change.")
        if request.method == "POST" and self._answer(request, change):
            return HttpResponseRedirect(request.path)
        is_mine = change.author_id == request.user.pk
        may_approve = request.user.has_perm("kb.approve_change")
        may_decide = change.is_open and not is_mine and may_approve
        decides = may_decide and review.has_current_statement(request.user)
        offered = {each.place for each in parts.parts_of(change)} if decides else set()
        ticked = {*request.POST.getlist("take")} if "parts" in request.POST else offered
        shown = [
            {
                **_shown(each),
                "takes": each.place if each.place in offered else "",
                "is_ticked": each.place in ticked,
            }
            for each in review.seen_differences(change)
        ]
        comments = change.comments.select_related("author__curator")
        context = {
            **self.admin_site.each_context(request),
            "title": str(change),
            "opts": self.opts,
            "change_asked": change,
            "author": review.public_name(change.author),
            "differences": [each for each in shown if each["before"] or each["after"]],
            "empty_fields": [
                each["place"]
                for each in shown
                if not each["before"] and not each["after"]
            ],
            "comments": comments,
            "is_mine": is_mine,
            "may_decide": may_decide,
            "decides": decides,
            "has_parts": bool(offered),
            "text": request.POST.get("text", ""),
            "before": change.follows,
            "after": change.followed_by.order_by("pk"),
            "may_propose_again": not change.desk
            and parts.can_be_proposed_again(change, request.user),
            "next_change": _next_change(request.user, change) if may_approve else None,
            **_addresses(change),
            "may_mend": is_mine
            and bool(change.desk)
            and change.state != ReviewState.APPROVED,
        }
        return TemplateResponse(request, "admin/change_review.html", context)

    def _answer(self, request: HttpRequest, change: Change) -> bool:
        """Do what a button of the page asks, or say what stands in the way."""
        text = request.POST.get("text", "")
        if "parts" in request.POST and request.POST.get("act") == "approve":
            return self._approve_parts(request, change, text)
        acts: dict[str, tuple[Callable[[], Any], str]] = {
            "approve": (
                lambda: review.approve(change, by=request.user),
                "Approved: readers see it now.",
            ),
            "reject": (
                lambda: review.reject(change, by=request.user, reason=text),
                "Sent back to its author, with your reason.",
            ),
            "withdraw": (
                lambda: review.withdraw(change, by=request.user),
                "Withdrawn.",
            ),
            "again": (
                lambda: parts.propose_again(change, by=request.user, reason=text),
                "It waits for review once more, with your answer.",
            ),
            "comment": (
                lambda: review.comment(change, by=request.user, text=text),
                "Your comment stands below.",
            ),
        }
        asked = request.POST.get("act", "")
        if asked not in acts:
            messages.error(request, "Choose what to do: approve, reject or comment.")
            return False
        act, done = acts[asked]
        try:
            act()
        except review.NotAllowed as refusal:
            messages.error(request, str(refusal))
            return False
        messages.success(request, done)
        return True

    def _approve_parts(self, request: HttpRequest, change: Change, text: str) -> bool:
        places = request.POST.getlist("take")
        try:
            rest = parts.approve(change, by=request.user, places=places, reason=text)
        except review.NotAllowed as refusal:
            messages.error(request, str(refusal))
            return False
        said = "Approved: readers see it now."
        if rest is not None:
            said = (
                "Approved in part: readers see what you ticked. The rest went back to its"
                " author, with your reason."
            )
        messages.success(request, said)
        return True


def _shown(difference: Difference) -> dict[str, Any]:
    before, after = words.plain(difference.before), words.plain(difference.after)
    left, right = marked(before, after)
    place = difference.place.replace("_", " ")
    return {"place": place[:1].upper() + place[1:], "before": left, "after": right}


def _next_change(user: Any, change: Change) -> int | None:
    """Return the number of the oldest other change that waits for somebody, or None."""
    waiting = Change.objects.open().exclude(author=user).exclude(pk=change.pk)
    return waiting.order_by("created_at", "pk").values_list("pk", flat=True).first()


def _addresses(change: Change) -> dict[str, str]:
    """Return where the record of a change is edited and read, as far as it is there."""
    row = kinds.get_kind(change.kind).find(change.identity)
    if row is None:
        return {}
    names = row._meta
    name = f"admin:{names.app_label}_{names.model_name}_change"
    desk = reverse(name, args=[row.pk])
    owner = page_owner(row)
    page = owner.get_absolute_url() if owner and review.is_seen(row) else ""
    return {"desk_address": desk, "page_address": page}


@admin.register(Curator)
class CuratorDesk(SimpleHistoryAdmin):
    """Everybody keeps their own line; an administrator sees all."""

    list_display = ["user", "public_name", "interests_stated_on"]
    autocomplete_fields = ["user"]
    list_select_related = ["user"]
    list_per_page = 50
    readonly_fields = ["interests_stated_on"]
    fields = ["user", "public_name", "interests", "interests_stated_on"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Curator]:
        rows = super().get_queryset(request)
        return rows if request.user.is_superuser else rows.filter(user=request.user.pk)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_own(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_own(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        if request.user.is_superuser:
            return True
        return (
            self.has_module_permission(request)
            and not Curator.objects.filter(user=request.user.pk).exists()
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def _is_own(self, request: HttpRequest, obj: Curator | None) -> bool:
        if not self.has_module_permission(request):
            return False
        is_all = bool(request.user.is_superuser)
        return obj is None or is_all or obj.user_id == request.user.pk

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fields = list(super().get_fields(request, obj))
        if not request.user.is_superuser:
            fields.remove("user")
        return fields

    def revert_disabled(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def save_model(
        self, request: HttpRequest, obj: Curator, form: Any, change: bool
    ) -> None:
        """Date the statement on each save by the person themself: it is said anew."""
        if not request.user.is_superuser:
            obj.user_id = request.user.pk  # type: ignore[assignment]
        if obj.user_id == request.user.pk:
            obj.interests_stated_on = timezone.localdate() if obj.interests else None
        super().save_model(request, obj, form, change)
