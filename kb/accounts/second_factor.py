"""Who must have a second factor, who has one, and whether this login used it."""

from __future__ import annotations

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from kb.accounts import audit, lockout
from kb.choices import AuditEvent

REAL = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_required_of(user: Any) -> bool:
    """Tell whether somebody may not work without: everybody at the desk, or nobody."""
    return bool(settings.REQUIRE_SECOND_FACTOR and user.is_staff)


def has_one(user: Any) -> bool:
    """Tell whether somebody has an app or a passkey: 1 query."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=REAL).exists()


def was_used(request: HttpRequest) -> bool:
    """Tell whether the login of this session went by a second factor."""
    records = get_authentication_records(request, request.user)
    return any(each.get("method") == "mfa" for each in records)


@transaction.atomic
def reset(user: Any) -> int:
    """Take all second factors from somebody who lost theirs; return how many.

    They log in with their password alone and are led to a new one. Waiting times end.
    """
    found = Authenticator.objects.filter(user_id=user.pk)
    count = len(found)
    found.delete()
    lockout.forget([lockout.account(user.get_username()), lockout.codes_of(user.pk)])
    audit.record(
        AuditEvent.FACTOR_RESET,
        about=f"account {user.get_username()}",
        detail=f"{count} taken away by manage.py second_factor",
    )
    return count
