"""Writing the audit trail: what is kept, and when. Nothing here reads or changes it.

    audit.record(AuditEvent.MERGED, about="source:a into source:b")

Who and from where are taken from the request that is being answered, if there is one.
"""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa import signals as factors
from django.contrib.auth import get_user_model, signals
from django.contrib.auth.models import Group, User
from django.db.models.signals import m2m_changed, post_save, pre_save
from django.http import HttpRequest

from kb.accounts.addresses import network_of
from kb.choices import AuditEvent, ReviewState
from kb.models import AuditEntry, Change

RIGHTS = ("is_active", "is_staff", "is_superuser", "username", "email")


def record(
    event: AuditEvent,
    *,
    user: Any = None,
    about: str = "",
    detail: str = "",
    request: HttpRequest | None = None,
) -> AuditEntry:
    """Add a line to the trail; a rolled back transaction takes it along."""
    request = request or _current_request()
    if user is None and request is not None:
        user = getattr(request, "user", None)
    known = user if user is not None and user.is_authenticated else None
    return AuditEntry.objects.create(
        event=event,
        user=known,
        username=known.get_username() if known else "",
        about=about[:400],
        detail=detail,
        address=network_of(request),
    )


def failed(event: AuditEvent, username: str, request: HttpRequest | None) -> None:
    """Keep a failure. A name that nobody has is not kept: it may be a password."""
    found = get_user_model()._default_manager.filter(username=username).first()
    AuditEntry.objects.create(
        event=event,
        user=found,
        username=username if found else "",
        detail="" if found else "There is no such account.",
        address=network_of(request),
    )


def watch() -> None:
    """Keep what happens from now on."""
    signals.user_logged_in.connect(_logged_in)
    signals.user_logged_out.connect(_logged_out)
    factors.authenticator_added.connect(_factor_added)
    factors.authenticator_removed.connect(_factor_removed)
    factors.authenticator_reset.connect(_codes_renewed)
    pre_save.connect(_before_account, sender=User)
    post_save.connect(_account_saved, sender=User)
    m2m_changed.connect(_rights_changed, sender=User.groups.through)
    m2m_changed.connect(_rights_changed, sender=User.user_permissions.through)
    m2m_changed.connect(_rights_changed, sender=Group.permissions.through)
    post_save.connect(_change_decided, sender=Change)


def _current_request() -> HttpRequest | None:
    try:
        return context.request
    except (AttributeError, LookupError, RuntimeError):
        return None


def _logged_in(sender: Any, request: Any, user: Any, **_: Any) -> None:
    record(AuditEvent.LOGGED_IN, user=user, request=request)


def _logged_out(sender: Any, request: Any, user: Any, **_: Any) -> None:
    if user is not None:
        record(AuditEvent.LOGGED_OUT, user=user, request=request)


def _factor_added(
    sender: Any, request: Any, user: Any, authenticator: Any, **_: Any
) -> None:
    record(
        AuditEvent.FACTOR_ADDED,
        user=user,
        detail=str(authenticator.get_type_display()),
        request=request,
    )


def _factor_removed(
    sender: Any, request: Any, user: Any, authenticator: Any, **_: Any
) -> None:
    record(
        AuditEvent.FACTOR_REMOVED,
        user=user,
        detail=str(authenticator.get_type_display()),
        request=request,
    )


def _codes_renewed(sender: Any, request: Any, user: Any, **_: Any) -> None:
    record(AuditEvent.CODES_RENEWED, user=user, request=request)


def _before_account(
    sender: Any, instance: Any, raw: bool = False, update_fields: Any = None, **_: Any
) -> None:
    """Hold the account as it is stored beside what is about to be."""
    if raw or instance.pk is None or _is_mere_login(update_fields):
        return
    instance._before = sender.objects.filter(pk=instance.pk).first()


def _account_saved(
    sender: Any,
    instance: Any,
    created: bool,
    raw: bool = False,
    update_fields: Any = None,
    **_: Any,
) -> None:
    if raw or _is_mere_login(update_fields):
        return
    about = f"account {instance.get_username()}"
    if created:
        detail = ", ".join(name for name in RIGHTS[:3] if getattr(instance, name))
        record(AuditEvent.ACCOUNT_CHANGED, about=about, detail=f"made: {detail}")
        return
    before = instance.__dict__.pop("_before", None)
    if before is None:
        return
    changed = [
        f"{name}: {getattr(before, name)} → {getattr(instance, name)}"
        for name in RIGHTS
        if getattr(before, name) != getattr(instance, name)
    ]
    if changed:
        record(AuditEvent.ACCOUNT_CHANGED, about=about, detail="; ".join(changed))
    # A login that stores the same password in a newer form keeps no raw one here.
    if before.password != instance.password and instance._password is not None:
        record(AuditEvent.PASSWORD_CHANGED, about=about)


def _is_mere_login(update_fields: Any) -> bool:
    return update_fields is not None and set(update_fields) == {"last_login"}


def _rights_changed(
    sender: Any,
    instance: Any,
    action: str,
    model: Any,
    pk_set: Any,
    reverse: bool = False,
    **_: Any,
) -> None:
    if action not in ("post_add", "post_remove", "pre_clear"):
        return
    if isinstance(instance, Group) and _current_request() is None:
        return  # each `migrate` makes sure of the roles
    verb = {"post_add": "given", "post_remove": "taken", "pre_clear": "all taken"}
    names = ", ".join(
        sorted(str(each) for each in model.objects.filter(pk__in=pk_set or ()))
    )
    if action != "pre_clear" and not names:
        return
    kind = "group" if isinstance(instance, Group) else "account"
    what = str(model._meta.verbose_name_plural)
    record(
        AuditEvent.ACCOUNT_CHANGED,
        about=f"{kind} {instance}",
        detail=f"{what} {verb[action]}: {names}".rstrip(": "),
    )


DECISIONS = {
    ReviewState.APPROVED: AuditEvent.APPROVED,
    ReviewState.REJECTED: AuditEvent.REJECTED,
}


def _change_decided(sender: Any, instance: Change, created: bool, **_: Any) -> None:
    """A change is saved once more after it was proposed: when it is decided."""
    event = DECISIONS.get(ReviewState(instance.state))
    if event is not None and not created:
        record(
            event,
            user=instance.decided_by,
            about=f"change {instance.pk}: {instance.kind} {instance.identity}",
            detail=instance.decision,
        )
