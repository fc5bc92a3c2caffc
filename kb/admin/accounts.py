"""Accounts and the trail of what they did: for administrators."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.http import HttpRequest

from kb.models import AuditEntry

# Secrets, keys of sessions and unused addresses are nobody's reading matter.
for model in (Authenticator, UserSession, EmailAddress, User):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


@admin.register(User)
class AccountDesk(UserAdmin):
    """People are closed out, not deleted: what they did keeps their name."""

    list_display = ["username", "email", "is_staff", "is_superuser", "last_login"]
    list_per_page = 50
    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only one whom no rule binds changes another such: a password is a key."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Roles are given as groups; to lift all rules takes one for whom none hold."""
        fields = super().get_readonly_fields(request, obj)
        if request.user.is_superuser:
            return fields
        return [*fields, "is_superuser", "user_permissions"]


@admin.register(AuditEntry)
class AuditDesk(admin.ModelAdmin):
    """To read, by administrators; the database lets nobody write."""

    list_display = ["at", "event", "username", "about", "address"]
    list_filter = ["event", "at"]
    list_per_page = 50
    search_fields = ["username", "about", "detail"]
    show_full_result_count = False
    fields = ["at", "event", "user", "username", "about", "detail", "address"]
    list_select_related = ["user"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_active and request.user.has_perm("kb.view_auditentry")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
