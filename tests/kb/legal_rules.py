"""Rules of law as plain values, for tests of what holds."""

from __future__ import annotations

from datetime import date
from typing import Any

from kb.dates import PartialDate
from kb.regulation import (
    EffectiveStatus,
    Rule,
    effective_status,
)

TODAY = date(2026, 11, 22)
KRATOM, MITRAGYNINE = "substance:kratom", "alkaloid:mitragynine"
NAMES = {
    "US": ("United States", "country"),
    "US-AL": ("Alabama", "subdivision"),
    "US-OH": ("Ohio", "subdivision"),
    "US-NE": ("Nebraska", "subdivision"),
    "US-NE/lincoln": ("Lincoln", "local"),
    "SE": ("Sweden", "country"),
}
DATES = ("since", "until", "expires_on", "verified_on", "source_published")


def rule(status: str, region: str = "US-OH", **fields: Any) -> Rule:
    """A rule on kratom that was checked three weeks before TODAY."""
    name, kind = NAMES[region]
    defaults = {
        "key": f"{region} {status}",
        "subject": KRATOM,
        "verified_on": "2026-11-01",
        "source_published": "2026-10",
    }
    values = defaults | fields
    for field in DATES:
        if values.get(field):
            values[field] = PartialDate(values[field])
    return Rule(
        region=region, region_name=name, region_kind=kind, status=status, **values
    )


def found(
    *rules: Rule, chain: tuple[str, ...] = ("US-OH", "US"), on: date = TODAY
) -> EffectiveStatus:
    return effective_status(rules, subject=KRATOM, chain=chain, on=on, today=TODAY)
