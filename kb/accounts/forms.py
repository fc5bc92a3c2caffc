"""Typing a code, with failures counted where all processes see them."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django.core.exceptions import ValidationError

from kb.accounts import audit, lockout
from kb.choices import AuditEvent


class CountedCodes:
    """Of an account so many wrong codes are borne, whoever knows its password."""

    user: Any

    def clean_code(self) -> str:
        counters = [lockout.codes_of(self.user.pk), *lockout.network(context.request)]
        try:
            lockout.count_attempt(counters)
        except lockout.LockedOut as refusal:
            raise ValidationError(str(refusal), code="locked_out") from None
        try:
            code = str(super().clean_code())  # type: ignore[misc]
        except ValidationError:
            self._failed(counters)
            raise
        lockout.take_back(counters)
        return code

    def _failed(self, counters: list[lockout.Counter]) -> None:
        name = self.user.get_username()
        audit.failed(AuditEvent.LOGIN_FAILED, name, context.request)
        until = lockout.locked_until(counters)
        if until is not None:
            audit.failed(AuditEvent.LOCKED_OUT, name, context.request)
            raise ValidationError(str(lockout.LockedOut(until)), code="locked_out")


class CodeForm(CountedCodes, AuthenticateForm):
    """At login."""


class CodeAgainForm(CountedCodes, ReauthenticateForm):
    """Before something grave, within a login."""
