"""How often one reader may ask."""

from __future__ import annotations

import threading

from django.conf import settings
from django.http import HttpRequest
from ninja.conf import settings as ninja_settings
from ninja.throttling import AnonRateThrottle, BaseThrottle

from kb.accounts.addresses import network_of
from kb.limits import Limit


class RateLimit(AnonRateThrottle):
    """A limit of its own for each scope: RateLimit("search", "120/m").

    Only the address that the nearest proxy vouches for counts: a header that any client
    can write must not lift the limit.
    """

    def __init__(self, scope: str, rate: str) -> None:
        self.scope = scope
        self._one_at_a_time = threading.Lock()  # the throttle keeps state in itself
        super().__init__(rate)

    def allow_request(self, request: HttpRequest) -> bool:
        with self._one_at_a_time:
            return super().allow_request(request)

    def get_ident(self, request: HttpRequest) -> str | None:
        proxies = ninja_settings.NUM_PROXIES
        if proxies is None:
            # Behind https there is one: settings trust its X-Forwarded-Proto too.
            proxies = 1 if settings.IS_HTTPS else 0
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR")
        if not proxies or not forwarded:
            return str(request.META.get("REMOTE_ADDR", ""))
        addresses = forwarded.split(",")
        return str(addresses[-min(proxies, len(addresses))]).strip()


class SharedLimit(BaseThrottle):
    """A limit that all processes share, for what costs more than a line in the database."""

    def __init__(self, limit: Limit) -> None:
        self._limit = limit
        self._answer = threading.local()  # one throttle serves every thread

    def allow_request(self, request: HttpRequest) -> bool:
        self._answer.wait_s = self._limit.wait_s(network_of(request))
        return not self._answer.wait_s

    def wait(self) -> float | None:
        return self._answer.wait_s or None
