"""Days and figures as the language of the page writes them; `words` writes English."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.dates import MONTHS
from django.utils.formats import number_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kb.dates import PartialDate
from kb.languages import current, is_english
from kb.pages import words


def day(date: PartialDate | datetime.date | str | None) -> str:
    """Return "10 May 2016", "10 de mayo de 2016" or "10. Mai 2016"; "" for no date."""
    if not date or is_english():
        return words.day(date)
    text = date.isoformat() if isinstance(date, datetime.date) else str(date)
    year, *rest = text[:10].split("-")
    if not rest:
        return year
    named = {"year": year, "month": str(MONTHS[int(rest[0])])}
    if len(rest) == 1:
        return _("%(month)s %(year)s") % named
    return _("%(day)s %(month)s %(year)s") % {**named, "day": int(rest[1])}


def since(date: PartialDate | datetime.date | str) -> str:
    """Return "since 10 May 2016", "seit dem 10. Mai 2016" or "seit 2016": only a whole
    day takes an article."""
    said = day(date)
    if len(str(date)) < len("2016-05-10"):
        return _("since %(month_or_year)s") % {"month_or_year": said}
    return _("since %(day)s") % {"day": said}


def percent(share: float | None) -> str:
    """Return 63.5 as "63.5 %" or "63,5 %"; "" for None."""
    return "" if share is None else f"{number_format(f'{share:g}')} %"


def count(number: int | None) -> str:
    """Return 749634 as "749,634" or "749.634"; "" for None."""
    if number is None or is_english():
        return words.count(number)
    return number_format(number, force_grouping=True)


def inside(label: object) -> str:
    """Return a label as it stands within a sentence; German nouns keep their capital."""
    text = _(str(label))
    return text if current() == "de" else text.lower()


def quoted(text: Any) -> SafeString:
    """Return what a record says; on a page in another language it is marked English."""
    said = conditional_escape(text)
    if is_english() or not said:
        return mark_safe(said)
    return format_html('<span lang="en" dir="ltr">{}</span>', said)


def named(text: str, language: str) -> SafeString:
    """Return a name, marked with its language where the page speaks another."""
    if language == current():
        return mark_safe(conditional_escape(text))
    if language == "mul":
        return unspoken(text)
    return format_html('<span lang="{}" dir="auto">{}</span>', language, text)


def unspoken(text: Any) -> SafeString:
    """Return a name of no language (an author, a service), marked so on such a page."""
    name = conditional_escape(text)
    if is_english() or not name:
        return mark_safe(name)
    return format_html('<span translate="no">{}</span>', name)
