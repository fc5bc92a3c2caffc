"""Accounts and the trail of what they did: for administrators."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from kb.models import AuditEntry

# Secrets, keys of sessions and unused addresses are nobody's reading matter.
for model in (Authenticator, UserSession, EmailAddress, User, Group):
    if admin.site.is_registered(model):
        admin.site.unregister(model)

BEYOND_ROLES = ("is_superuser", "user_permissions")
WHAT_ROLES_MAY = (
    "A contributor writes drafts and proposes changes; a reviewer also decides on what"
    " others propose; a publisher also publishes and withdraws; an administrator also"
    " looks after accounts. One is enough: each holds those before it."
)


@admin.register(User)
class AccountDesk(UserAdmin):
    """People are closed out, not deleted: what they did keeps their name."""

    list_display = ["username", "roles", "is_active", "is_superuser", "last_login"]
    list_per_page = 50
    show_full_result_count = False
    filter_horizontal = ["user_permissions"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="roles")
    def roles(self, obj: User) -> str:
        return ", ".join(str(group) for group in obj.groups.all()) or "none"

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name != "groups":
            return super().formfield_for_manytomany(db_field, request, **kwargs)
        # Four to tick: two lists with arrows between them would be a lot of machine.
        kwargs["widget"] = forms.CheckboxSelectMultiple()
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        assert field is not None
        field.widget.can_add_related = False
        field.label, field.help_text = "Roles", WHAT_ROLES_MAY
        return field

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only one whom no rule binds changes another such: a password is a key."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Roles are given as groups; to lift all rules takes one for whom none hold."""
        fields = [
            *super().get_readonly_fields(request, obj),
            "last_login",
            "date_joined",
        ]
        if request.user.is_superuser:
            return fields
        return [*fields, *BEYOND_ROLES]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave out what only one for whom no rule holds could set."""
        fieldsets = super().get_fieldsets(request, obj)
        if request.user.is_superuser:
            return fieldsets
        return [
            (
                title,
                {
                    **options,
                    "fields": [f for f in options["fields"] if f not in BEYOND_ROLES],
                },
            )
            for title, options in fieldsets
        ]


@admin.register(Group)
class RoleDesk(GroupAdmin):
    """The roles that `kb.roles` makes. Who may look after accounts does not change what
    a role may: they could give themselves every right."""

    list_display = ["name", "people"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        return super().get_queryset(request).annotate(count=Count("user"))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if request.user.is_superuser:
            return super().get_fields(request, obj)
        return ["name", "who", "may"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["who", "may"]

    @admin.display(description="who has it")
    def who(self, obj: Group) -> str:
        return ", ".join(obj.user_set.values_list("username", flat=True)) or "nobody"

    @admin.display(description="may")
    def may(self, obj: Group) -> SafeString:
        """Say what a role may do: a line for each set of rights, with what it is about."""
        rights: dict[str, list[str]] = {}
        lines: dict[str, list[str]] = {}
        for each in obj.permissions.select_related("content_type"):
            verb, _, rest = each.codename.partition("_")
            model = each.content_type.model_class()
            if model is not None and rest == each.content_type.model:
                names = str(model._meta.verbose_name_plural)
                rights.setdefault(names, []).append(verb)
            else:
                lines[each.name.removeprefix("Can ")] = []
        for names, verbs in rights.items():
            lines.setdefault(", ".join(sorted(verbs)), []).append(names)
        shown = (
            (f"{what}: " if of else what, ", ".join(sorted(of)))
            for what, of in sorted(
                lines.items(), key=lambda line: (-len(line[1]), line)
            )
        )
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}{}</li>", shown))

    @admin.display(description="people", ordering="count")
    def people(self, obj: Any) -> int:
        return int(obj.count)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)


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
