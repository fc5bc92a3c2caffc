"""Changes of the law, past and to come, as Atom, JSON Feed 1.1 and iCalendar.

A change is dated by the law's clock: the day on which a rule begins, ends or expires.
When the site first said so, and last said otherwise, is the second clock; feed readers
sort and count by that one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import orjson
from django.utils.feedgenerator import Atom1Feed

from kb.choices import Status
from kb.dates import PartialDate
from kb.pages import words
from kb.regulation import Rule, first_day, last_day

MOST = 100  # entries of a feed; a calendar holds all
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class What(StrEnum):
    BEGINS = "begins"
    ENDS = "ends"
    EXPIRES = "expires"
    PROPOSED = "proposed"  # would begin


@dataclass(frozen=True, slots=True)
class Change:
    """One day on which a rule begins, ends or expires."""

    rule: Rule
    what: What
    on: PartialDate

    @property
    def id(self) -> str:
        """Names it for good, within the site."""
        return f"{self.rule.key}.{self.what}"

    def is_ahead(self, today: date) -> bool:
        """Tell whether it is still to come, or comes today. A rule that began in a year
        of which no more is known counts as in force from its first day."""
        begins = self.what == What.BEGINS
        return (first_day(self.on) if begins else last_day(self.on)) >= today


def changes(rules: Iterable[Rule]) -> list[Change]:
    """Return all dated changes, the latest day first.

    The end of a rule that another one takes over from on the next day is left out: that
    one's beginning says it. Proposals without a day are no change yet.
    """
    rules = list(rules)
    beginnings = {
        (rule.subject, rule.region, first_day(rule.since))
        for rule in rules
        if rule.since and not rule.is_pending
    }
    found = []
    for rule in rules:
        if rule.since:
            what = What.PROPOSED if rule.is_pending else What.BEGINS
            found.append(Change(rule, what, rule.since))
        if rule.is_pending:
            continue
        if rule.until:
            next_day = _day_after(rule.until)
            if (rule.subject, rule.region, next_day) not in beginnings:
                found.append(Change(rule, What.ENDS, rule.until))
        elif rule.expires_on:
            found.append(Change(rule, What.EXPIRES, rule.expires_on))
    return sorted(
        found, key=lambda change: (first_day(change.on), change.id), reverse=True
    )


def _day_after(day: PartialDate) -> date:
    """Return the day after the last that it can mean; the last day of all has none."""
    last = last_day(day)
    return last + timedelta(days=1) if last < date.max else last


@dataclass(frozen=True, slots=True)
class Entry:
    """A change in words."""

    change: Change
    title: str
    text: str
    url: str  # whole
    source: str
    published: datetime  # since when the site has told of it
    updated: datetime  # since when it tells it in this way


@dataclass(frozen=True, slots=True)
class Feed:
    title: str
    about: str
    page_url: str  # whole, as all addresses here
    feed_url: str
    entries: Sequence[Entry]

    @property
    def host(self) -> str:
        return urlsplit(self.feed_url).hostname or "localhost"

    @property
    def updated(self) -> datetime:
        return max((entry.updated for entry in self.entries), default=EPOCH)

    def tag(self, entry: Entry) -> str:
        """Return an id that stays the same wherever the entry is met (RFC 4151)."""
        return f"tag:{self.host},2026:law/{entry.change.id}"


def entry(
    change: Change,
    *,
    subject: str,
    url: str,
    recorded: tuple[datetime, datetime] | None = None,
) -> Entry:
    """Put a change into words; recorded is what kb.law_ledger says of its rule."""
    rule = change.rule
    status = str(Status(rule.status).label).lower()
    schedule = f" ({rule.schedule})" if rule.schedule else ""
    day = words.day(change.on)
    title = f"{rule.region_name}, {subject}: "
    title += {
        What.BEGINS: f"{status}{schedule} from {day}",
        What.ENDS: f"{status}{schedule} until {day}",
        What.EXPIRES: f"{status}{schedule} due to expire on {day}",
        What.PROPOSED: f"proposed for {day}: {status}{schedule}",
    }[change.what]
    parts = [rule.summary]
    if rule.scope_text:
        parts.append(f"Limited to: {rule.scope_text}.")
    if rule.instrument:
        parts.append(f"Instrument: {rule.instrument}.")
    source = rule.source_title
    parts.append(f"Source: {source}.")
    checked = words.day(rule.verified_on) if rule.verified_on else "a day not noted"
    parts.append(
        f"Confidence: {rule.confidence}. Checked on {checked}. Not legal advice."
    )
    published, updated = recorded or (EPOCH, EPOCH)
    return Entry(
        change, _clean(title), _clean(" ".join(parts)), url, source, published, updated
    )


def _clean(text: str) -> str:
    """Leave out control characters: neither XML nor iCalendar may hold them."""
    return _CONTROLS.sub("", text)


# Atom (RFC 4287)


def atom(feed: Feed) -> bytes:
    writer = _Atom(
        title=_clean(feed.title),
        link=feed.page_url,
        description="",
        subtitle=_clean(feed.about),
        language="en",
        author_name="Pharmakon",
        feed_url=feed.feed_url,
        feed_guid=feed.feed_url,
        updated=feed.updated,
    )
    for each in feed.entries[:MOST]:
        writer.add_item(
            title=each.title,
            link=each.url,
            description=each.text,
            unique_id=feed.tag(each),
            pubdate=each.published,
            updateddate=each.updated,
            categories=[each.change.rule.region, each.change.rule.subject],
        )
    written: str = writer.writeString("utf-8")
    return written.encode("utf-8")


class _Atom(Atom1Feed):
    """Django's, dated by its own entries: an empty feed must not change by the hour."""

    def latest_post_date(self) -> datetime:
        updated: datetime = self.feed["updated"]
        return updated


# JSON Feed 1.1


def json_feed(feed: Feed) -> bytes:
    items = [
        {
            "id": feed.tag(each),
            "url": each.url,
            "title": each.title,
            "content_text": each.text,
            "date_published": each.published.isoformat(),
            "date_modified": each.updated.isoformat(),
            "tags": [each.change.rule.region, each.change.rule.subject],
            "_law": {
                "about": "The day on which the law changes, and the rule it is about.",
                "key": each.change.rule.key,
                "change": each.change.what.value,
                "on": str(each.change.on),
                "status": each.change.rule.status,
                "region": each.change.rule.region,
                "subject": each.change.rule.subject,
            },
        }
        for each in feed.entries[:MOST]
    ]
    body: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.about,
        "home_page_url": feed.page_url,
        "feed_url": feed.feed_url,
        "language": "en",
        "authors": [{"name": "Pharmakon"}],
        "items": items,
    }
    return orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


# iCalendar (RFC 5545)

FOLD_OCTETS = 75


def calendar(feed: Feed) -> bytes:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Pharmakon//Changes of the law//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{escaped(feed.title)}",
        f"X-WR-CALNAME:{escaped(feed.title)}",
        f"X-WR-CALDESC:{escaped(feed.about)}",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
    ]
    for each in feed.entries:
        lines += _event(each, feed.host)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines).encode()


def _event(entry: Entry, host: str) -> list[str]:
    """Return an event of all days that the date can mean: a month for "2016-05"."""
    change = entry.change
    first, end = first_day(change.on), _day_after(change.on)
    is_sure = change.what in (What.BEGINS, What.ENDS)
    return [
        "BEGIN:VEVENT",
        f"UID:{escaped(change.id)}@{host}",
        f"DTSTAMP:{entry.updated.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{_compact(first)}",
        f"DTEND;VALUE=DATE:{_compact(end)}",
        f"SUMMARY:{escaped(entry.title)}",
        f"DESCRIPTION:{escaped(entry.text)}",
        f"URL:{entry.url}",
        f"CATEGORIES:{escaped(change.rule.region)},{escaped(change.rule.subject)}",
        f"STATUS:{'CONFIRMED' if is_sure else 'TENTATIVE'}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _compact(day: date) -> str:
    return day.isoformat().replace("-", "")


def escaped(text: str) -> str:
    """Return a text as a value of iCalendar (RFC 5545, 3.3.11)."""
    text = _clean(text).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def folded(line: str) -> str:
    """Return a line broken so that none is longer than 75 octets (RFC 5545, 3.1).

    A break stands between characters, never within one.
    """
    parts, part, length = [], "", 0
    for sign in line:
        octets = len(sign.encode())
        if length + octets > FOLD_OCTETS:
            parts.append(part)
            part, length = " ", 1
        part += sign
        length += octets
    return "\r\n".join([*parts, part])
