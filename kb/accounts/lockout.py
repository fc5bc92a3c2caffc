"""Waiting after failures, longer each time: for an account, for its codes, for a network.

An attempt is counted before it is judged, so that many at once gain nothing, and taken
back if it was right. Names that nobody has are counted like those that somebody has.
The counts are rows: all processes and machines share them.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from kb.accounts.addresses import network_of
from kb.models import FailedLogins

FORGOTTEN_AFTER = datetime.timedelta(days=1)
FIRST_WAIT = datetime.timedelta(minutes=1)
LONGEST_WAIT = datetime.timedelta(hours=1)


@dataclass(frozen=True)
class Counter:
    """What is counted, and from which failure on one has to wait."""

    what: str
    name: str
    allowed: int

    @property
    def mark(self) -> str:
        key = f"{self.what}:{self.name}"
        return salted_hmac("kb.accounts.lockout", key, algorithm="sha256").hexdigest()


class LockedOut(Exception):
    """Too many failures; `until` says when it may be tried again."""

    def __init__(self, until: datetime.datetime) -> None:
        self.until = until
        super().__init__(words(until, timezone.now()))


def account(username: str) -> Counter:
    return Counter("account", username.strip().casefold(), allowed=5)


def codes_of(user_pk: int) -> Counter:
    return Counter("codes", str(user_pk), allowed=5)


def network(request: HttpRequest | None) -> list[Counter]:
    """Return the counter of where a request comes from; none where that is not known.

    Many people may share an address, so it may fail more often than an account.
    """
    # One IPv4 address; of IPv6 what one household gets.
    place = network_of(request, ipv4=32, ipv6=64)
    return [Counter("network", place, allowed=20)] if place else []


def wait_after(failures: int, allowed: int) -> datetime.timedelta:
    """Return how long to wait: nothing at first, then a minute, doubled up to an hour."""
    if failures < allowed:
        return datetime.timedelta(0)
    doubled = min(failures - allowed, 10)
    return min(FIRST_WAIT * 2**doubled, LONGEST_WAIT)


@transaction.atomic
def count_attempt(counters: Iterable[Counter]) -> None:
    """Count an attempt as failed until it is found right. Raises LockedOut uncounted."""
    now = timezone.now()
    rows = []
    for counter in counters:
        row, _made = FailedLogins.objects.select_for_update().get_or_create(
            mark=counter.mark, defaults={"last_at": now}
        )
        if row.locked_until and row.locked_until > now:
            raise LockedOut(row.locked_until)
        if row.last_at < now - FORGOTTEN_AFTER:
            row.failures = 0
        rows.append((counter, row))
    for counter, row in rows:
        row.failures += 1
        row.last_at = now
        wait = wait_after(row.failures, counter.allowed)
        row.locked_until = now + wait if wait else None
        row.save()
    FailedLogins.objects.filter(last_at__lt=now - FORGOTTEN_AFTER).delete()


@transaction.atomic
def take_back(counters: Iterable[Counter]) -> None:
    """Uncount an attempt that was right; failures before it still count."""
    marks = [counter.mark for counter in counters]
    for row in FailedLogins.objects.select_for_update().filter(mark__in=marks):
        row.failures = max(row.failures - 1, 0)
        row.locked_until = None
        row.save()


def forget(counters: Iterable[Counter]) -> None:
    """Begin to count from nought: its owner is in, or an administrator says so."""
    FailedLogins.objects.filter(mark__in=[each.mark for each in counters]).delete()


def locked_until(counters: Iterable[Counter]) -> datetime.datetime | None:
    """Return until when one of them is locked, the longest; None if none is."""
    found = FailedLogins.objects.filter(
        mark__in=[each.mark for each in counters], locked_until__gt=timezone.now()
    )
    return max((row.locked_until for row in found if row.locked_until), default=None)


def words(until: datetime.datetime, now: datetime.datetime) -> str:
    minutes = max(1, -int((now - until).total_seconds() // 60))
    span = "1 minute" if minutes == 1 else f"{minutes} minutes"
    clock = timezone.localtime(until)
    return (
        f"Too many attempts failed. Try again in {span}, after {clock:%H:%M:%S %Z}."
        " Until then the right password is refused too."
    )
