"""A row of law as plain values, and the orders in which rules are weighed."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext

from kb.choices import Confidence, Layer, LocalRules, Permission, Status
from kb.dates import PartialDate
from kb.gazetteer.spoken import spoken_name

NOT_CHECKED = "not-checked"

# Strictest first. `unclear` stands where it wins: above all that is milder than a ban.
STRICTNESS: tuple[Status, ...] = (
    Status.CONTROLLED,
    Status.BANNED,
    Status.UNCLEAR,
    Status.PRESCRIPTION_ONLY,
    Status.NO_AUTHORISED_PRODUCT,
    Status.REGULATED_SALE,
    Status.AGE_LIMIT,
    Status.UNCONTROLLED,
)
# Product law does not bind the person who holds it: it decides where nothing else does.
DECIDING: tuple[Status, ...] = (
    *(status for status in STRICTNESS[:-1] if status != Status.NO_AUTHORISED_PRODUCT),
    Status.NO_AUTHORISED_PRODUCT,
    Status.UNCONTROLLED,
)
CONFIDENCE_ORDER = (Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW)

# What a person may do with it; each has its own value on a rule.
ACTIVITIES = ("possession", "sale", "importing", "prescribing", "cultivation")
PERMISSIONS = (
    Permission.ILLEGAL,
    Permission.UNCLEAR,
    Permission.RESTRICTED,
    Permission.LEGAL,
    Permission.NOT_STATED,
)

STRICT_PLACE = {str(status): place for place, status in enumerate(STRICTNESS)}
DECIDING_PLACE = {str(status): place for place, status in enumerate(DECIDING)}
CONFIDENCE_PLACE = {str(each): place for place, each in enumerate(CONFIDENCE_ORDER)}


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of law, as kb.schemas.regulation means its fields."""

    key: str
    subject: str  # "substance:kratom"
    region: str  # "US-AL"
    region_name: str
    region_kind: str
    status: str
    layer: str = Layer.ANY
    is_pending: bool = False
    schedule: str = ""
    min_age: int | None = None
    possession: str = Permission.UNCLEAR
    sale: str = Permission.UNCLEAR
    importing: str = Permission.NOT_STATED
    prescribing: str = Permission.NOT_STATED
    cultivation: str = Permission.NOT_STATED
    form: str = ""
    threshold: float | None = None
    threshold_unit: str = ""
    since: PartialDate | None = None
    until: PartialDate | None = None
    expires_on: PartialDate | None = None
    instrument: str = ""
    summary: str = ""
    local_rules: str = LocalRules.NOT_STATED
    source_slug: str = ""
    source_title: str = ""
    source_published: PartialDate | None = None
    confidence: str = Confidence.MEDIUM
    verified_on: PartialDate | None = None

    @property
    def spoken_region(self) -> str:
        """The name of its region in the language of the page."""
        return spoken_name(self.region, self.region_name)

    @property
    def threshold_text(self) -> str:
        """Return "above 0.05 % by weight", or "" where no figure is set."""
        if self.threshold is None:
            return ""
        return gettext("above %(amount)s %(unit)s") % {
            "amount": f"{self.threshold:g}",
            "unit": self.threshold_unit,
        }

    @property
    def scope_text(self) -> str:
        """Return what it is limited to: its form, and its figure."""
        return ", ".join(part for part in (self.form, self.threshold_text) if part)


# What a row of law holds itself; the rest comes from its subject, region and source.
ROW_FIELDS = tuple(
    field.name
    for field in fields(Rule)
    if not field.name.startswith(("region", "source", "subject"))
)


@lru_cache(maxsize=16384)
def first_day(day: PartialDate) -> date:
    """Return the first day it can mean; the same few dates are asked for all the time."""
    return day.earliest


@lru_cache(maxsize=16384)
def last_day(day: PartialDate) -> date:
    return day.latest


def in_force(rule: Rule, on: date) -> bool:
    """Tell whether the rule is law that day. A year alone counts from its first day
    to its last; an unknown start or end is taken as always."""
    if rule.is_pending:
        return False
    has_begun = rule.since is None or first_day(rule.since) <= on
    has_ended = rule.until is not None and last_day(rule.until) < on
    return has_begun and not has_ended


def written_code(text: str) -> str:
    """Return a code of a region as it is written: "us-oh" as "US-OH"."""
    country, slash, place = text.strip().strip("/").partition("/")
    return country.upper() + slash + place.lower()
