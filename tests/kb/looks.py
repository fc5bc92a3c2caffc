"""Looks at cited addresses, as tests make them."""

from __future__ import annotations

import datetime

from kb import links
from kb.models import LinkCheck

START = datetime.datetime(2026, 11, 1, 3, tzinfo=datetime.UTC)


def reply(status, body=b"", **headers):
    return (status, headers, body)


def run(days=0, **how):
    now = START + datetime.timedelta(days=days)
    return links.check_due(now=now, sleep=lambda seconds: None, **how)


def check_of(address):
    return LinkCheck.objects.get(address=address)


def dead(address, **values):
    """Make an address that failed for a week."""
    return LinkCheck.objects.create(
        address=address,
        state="dead",
        checked_at=START,
        failing_since=START - datetime.timedelta(days=8),
        failures=4,
        **values,
    )
