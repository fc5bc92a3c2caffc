"""What django-allauth asks of this house: who may in, how secrets are kept."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.signals import authenticator_added
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.encoding import force_bytes

from kb.accounts import audit, lockout
from kb.choices import AuditEvent


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators; attempts are counted by `lockout`."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            lockout.count_attempt(_counters(request, credentials))
        except lockout.LockedOut as refusal:
            raise ValidationError(str(refusal), code="locked_out") from None

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        if user is not None:
            lockout.take_back(_counters(request, credentials))
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        username = str(credentials.get("username", ""))
        audit.failed(AuditEvent.LOGIN_FAILED, username, request)
        until = lockout.locked_until(_counters(request, credentials))
        if until is not None:
            audit.failed(AuditEvent.LOCKED_OUT, username, request)
            raise ValidationError(str(lockout.LockedOut(until)), code="locked_out")


def _counters(
    request: HttpRequest, credentials: dict[str, Any]
) -> list[lockout.Counter]:
    name = str(credentials.get("username", ""))
    return [lockout.account(name), *lockout.network(request)]


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets lie in the database encrypted: a copy of it alone opens no account."""

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()


def _fernet() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        Fernet(
            base64.urlsafe_b64encode(
                hashlib.sha256(b"second-factor:" + force_bytes(key)).digest()
            )
        )
        for key in keys
    )


def watch() -> None:
    """Follow what allauth and Django tell of logins."""
    authenticator_added.connect(_note_enrolment)
    user_logged_in.connect(_end_waiting)


def _note_enrolment(
    sender: Any, request: Any, user: Any, authenticator: Any, **_: Any
) -> None:
    """Who has just shown that a new factor works has used it in this login."""
    if authenticator.type != authenticator.Type.RECOVERY_CODES:
        record_authentication(
            request, user, "mfa", id=authenticator.pk, type=authenticator.type
        )


def _end_waiting(sender: Any, user: Any, **_: Any) -> None:
    """Only a login that went all the way ends an account's count of failures."""
    lockout.forget([lockout.account(user.get_username()), lockout.codes_of(user.pk)])
