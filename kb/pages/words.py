"""The words that readers see for days, figures, levels and statuses."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from kb.choices import Axis, Direction, Permission
from kb.dates import PartialDate
from kb.languages import is_english
from kb.models import Record, Region

MONTHS = (
    "January February March April May June July August September October November December"
).split()

AXIS_NAME = {Axis.BENEFIT: _("Benefit"), Axis.HARM: _("Harm")}
AXIS_QUESTION = {Axis.BENEFIT: _("Does it help?"), Axis.HARM: _("Can it harm?")}
KIND_LABEL = {
    "substance": _("Substance"),
    "alkaloid": _("Alkaloid"),
    "symptom": _("Symptom"),
    "source": _("Source"),
    "region": _("Region"),
    "claim": _("Claim"),
    "article": _("Article"),
    "tag": _("Tag"),
}
POSSESSION = {
    Permission.LEGAL: _("Holding it is no offence"),
    Permission.RESTRICTED: _("Holding it is restricted"),
    Permission.ILLEGAL: _("Holding it is an offence"),
    Permission.UNCLEAR: _("Whether holding it is an offence is unclear"),
}
SALE = {
    Permission.LEGAL: _("selling it is not restricted"),
    Permission.RESTRICTED: _("selling it is restricted"),
    Permission.ILLEGAL: _("selling it is an offence"),
    Permission.UNCLEAR: _("whether it may be sold is unclear"),
}


def day(date: PartialDate | datetime.date | str | None) -> str:
    """Return "10 May 2016", "May 2016" or "2016"; "" for no date."""
    if not date:
        return ""
    text = date.isoformat() if isinstance(date, datetime.date) else str(date)
    year, *rest = text[:10].split("-")
    if not rest:
        return year
    month = MONTHS[int(rest[0]) - 1]
    return f"{int(rest[1])} {month} {year}" if len(rest) > 1 else f"{month} {year}"


def count(number: int | None) -> str:
    """Return 749634 as "749,634"; "" for None."""
    return "" if number is None else f"{number:,}"


def plain(value: Any) -> str:
    """Return any plain value of a record as text: a line for each of several."""
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "\n".join(map(plain, value))
    if isinstance(value, dict):
        parts = ((name, plain(part)) for name, part in value.items())
        return "; ".join(f"{name}: {part}" for name, part in parts if part)
    return str(value)


def amount(low: float | None, high: float | None, unit: str) -> str:
    """Return "0.5–1.5 % dry weight", "up to 66 %", "12 mg/g", or "recorded, no amount"."""
    if low is None and high is None:
        return gettext("recorded, no amount")
    if low is None:
        return gettext("up to %(high)s %(unit)s") % {"high": f"{high:g}", "unit": unit}
    if high is None:
        return gettext("%(low)s %(unit)s or more") % {"low": f"{low:g}", "unit": unit}
    return f"{low:g} {unit}" if low == high else f"{low:g}–{high:g} {unit}"


def direction(direction: str, symptom_kind: str = "") -> str:
    """Return the word for a direction; an outcome is not "caused" but happens."""
    return str(Direction(direction).label)


def pointed(formula: str) -> list[tuple[str, bool]]:
    """Split a formula into (text, is it a subscript?): "C23H30" → C, 23, H, 30."""
    return [(part, part.isdigit()) for part in re.findall(r"\d+|\D+", formula)]


def first_sentence(text: str) -> tuple[str, str]:
    """Split a text into its first sentence and the rest."""
    parts = re.split(r"(?<=[.!?])\s+(?=[A-Z0-9])", text.strip(), maxsplit=1)
    return parts[0], parts[1] if len(parts) > 1 else ""


def place(name: str) -> str:
    """Return "the United States", but "Ohio": how a place stands in an English sentence.

    Sentences in other languages are put so that a name needs nothing around it.
    """
    if not is_english():
        return name
    takes_article = name.startswith(
        ("United ", "European ", "District ")
    ) or name.partition(",")[0].endswith(
        (
            " Islands",
            " Republic",
            "Netherlands",
            "Philippines",
            "Bahamas",
            "Gambia",
            "Maldives",
        )
    )
    return f"the {name}" if takes_article else name


def possessive(name: str) -> str:
    """Return "Ohio’s", "the United States’"; in other languages the name alone."""
    if not is_english():
        return name
    return f"{name}’" if name.endswith("s") else f"{name}’s"


def link(record: Record | Region) -> dict[str, str]:
    name = record.spoken_name if isinstance(record, Region) else record.name
    return {"title": name, "url": record.get_absolute_url()}
