"""Changes of the law as feeds and calendar; RFC 4287, RFC 5545, JSON Feed 1.1."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import feeds, law
from kb.dates import PartialDate
from kb.feeds import What
from kb.regulation import Rule
from tests import make

ATOM = "{http://www.w3.org/2005/Atom}"


def rule(key: str = "a", **values) -> Rule:
    defaults = {
        "subject": "substance:kratom",
        "region": "US-OH",
        "region_name": "Ohio",
        "region_kind": "subdivision",
        "status": "banned",
        "summary": "It may not be sold.",
    }
    dated = {
        name: PartialDate(value) if name in ("since", "until", "expires_on") else value
        for name, value in (defaults | values).items()
    }
    return Rule(key=key, **dated)


def dates(*rules: Rule) -> list[tuple[str, str]]:
    return [(each.what.value, str(each.on)) for each in feeds.changes(rules)]


# What is a change


def test_a_rule_begins_and_ends():
    found = dates(rule(since="2016-05", until="2020-12-31"))

    assert found == [("ends", "2020-12-31"), ("begins", "2016-05")]


def test_the_end_is_left_out_where_another_rule_takes_over():
    found = dates(
        rule("old", since="2016", until="2020-12-31"), rule("new", since="2021-01-01")
    )

    assert found == [("begins", "2021-01-01"), ("begins", "2016")]


@pytest.mark.parametrize(
    "other", [{"region": "US"}, {"subject": "alkaloid:x"}, {"is_pending": True}]
)
def test_a_rule_elsewhere_takes_over_nothing(other):
    found = dates(
        rule("old", until="2020-12-31"), rule("new", since="2021-01-01", **other)
    )

    assert ("ends", "2020-12-31") in found


def test_an_expiry_counts_while_no_end_is_known():
    assert dates(rule(expires_on="2027-01")) == [("expires", "2027-01")]
    assert dates(rule(expires_on="2027-01", until="2026-12")) == [("ends", "2026-12")]


def test_a_proposal_with_a_day_is_told_as_one_and_never_as_law():
    bill = rule(since="2027-07-01", is_pending=True)

    assert dates(bill) == [("proposed", "2027-07-01")]
    assert dates(rule(is_pending=True)) == []
    title = feeds.entry(feeds.changes([bill])[0], subject="Kratom", url="").title
    assert title == "Ohio, Kratom: proposed for 1 July 2027: banned supply"


def test_the_last_day_of_all_ends_nothing_too_early():
    assert dates(rule(until="9999-12-31")) == [("ends", "9999-12-31")]
    assert b"DTEND;VALUE=DATE:99991231" in feeds.calendar(feed(rule(until="9999")))


# How it is written


def feed(*rules: Rule, **values) -> feeds.Feed:
    moment = datetime(2026, 11, 22, 10, tzinfo=UTC)
    entries = [
        feeds.entry(
            each, subject="Kratom", url="https://x.test/r/", recorded=(moment,) * 2
        )
        for each in feeds.changes(rules)
    ]
    defaults = {
        "title": "Kratom: changes",
        "about": "What changes, and when.",
        "page_url": "https://x.test/k/",
        "feed_url": "https://x.test/k/law.ics",
    }
    return feeds.Feed(entries=entries, **(defaults | values))


def events(body: bytes) -> list[dict[str, str]]:
    """Read a calendar as RFC 5545 says: unfold, then split at the first colon."""
    lines = body.decode().replace("\r\n ", "").split("\r\n")
    found: list[dict[str, str]] = []
    for line in lines:
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and ":" in line:
            name, _, value = line.partition(":")
            found[-1][name] = value
    return found


@pytest.mark.parametrize(
    ("since", "start", "end"),
    [
        ("2026-04-01", "20260401", "20260402"),
        ("2026-02", "20260201", "20260301"),
        ("2026", "20260101", "20270101"),
    ],
)
def test_an_event_lasts_all_the_days_that_its_date_can_mean(since, start, end):
    (event,) = events(feeds.calendar(feed(rule(since=since))))

    assert event["DTSTART;VALUE=DATE"] == start
    assert event["DTEND;VALUE=DATE"] == end


def test_a_calendar_has_what_the_standard_asks_for():
    body = feeds.calendar(feed(rule("k.US-OH", since="2026-04-01")))
    (event,) = events(body)

    assert body.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:")
    assert body.endswith(b"END:VEVENT\r\nEND:VCALENDAR\r\n")
    assert event["UID"] == "k.US-OH.begins@x.test"
    assert event["DTSTAMP"] == "20261122T100000Z"
    assert event["STATUS"] == "CONFIRMED"


def test_what_may_not_come_is_tentative():
    bill = rule(since="2027-07-01", is_pending=True)
    temporary = rule("b", expires_on="2027-07-01")

    for event in events(feeds.calendar(feed(bill, temporary))):
        assert event["STATUS"] == "TENTATIVE"


def test_a_value_is_escaped():
    assert feeds.escaped("a\\b; c, d\r\ne\nf\x07") == "a\\\\b\\; c\\, d\\ne\\nf"


texts = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\n"), min_size=1, max_size=400
)


@given(texts)
def test_no_line_is_longer_than_75_octets_and_nothing_is_lost(text):
    folded = feeds.folded(text)

    assert all(len(line.encode()) <= 75 for line in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == text


@given(st.text(max_size=200))
def test_an_escaped_value_stays_on_one_line(text):
    assert not re.search(r"[\r\n]|(?<!\\)(?:\\\\)*[,;]", feeds.escaped(text)) or (
        not re.search(r"[\r\n]", feeds.escaped(text))
    )


def test_an_atom_feed_can_be_read_whatever_the_text():
    odd = rule(since="2026", summary='<b>"Möglich" & \x0b \U0001f33f</b>')

    tree = ElementTree.fromstring(feeds.atom(feed(odd)))

    (entry,) = tree.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == "tag:x.test,2026:law/a.begins"
    assert '<b>"Möglich" & ' in entry.findtext(f"{ATOM}summary", "")
    assert tree.findtext(f"{ATOM}updated").startswith("2026-11-22T10:00:00")
    assert tree.find(f"{ATOM}author/{ATOM}name").text == "Pharmakon"


def test_an_empty_feed_does_not_change_by_the_hour():
    tree = ElementTree.fromstring(feeds.atom(feed()))

    assert tree.findtext(f"{ATOM}updated") == "2026-01-01T00:00:00+00:00"


# Addresses


@pytest.fixture
def thailand():
    return make.region("TH", name="Thailand")


@pytest.fixture
def some_law(thailand):
    us = make.region("US", name="United States")
    ohio = make.region("US-OH", name="Ohio", parent=us)
    city = make.region("US-OH/parma", name="Parma", parent=ohio, kind="local")
    kratom = make.substance(slug="kratom", name="Kratom")
    base = make.alkaloid(slug="base", name="Base")
    ahead = (law.today() + timedelta(days=40)).isoformat()
    make.status(subject=kratom, region=thailand, since="1943", until="2021-08-23")
    make.status(subject=base, region=ohio, since=ahead, reaches=[kratom])
    make.status(subject=kratom, region=city, since="2019-03")
    make.status(subject=make.substance(state="draft"), region=us, since="2020")


WAYS = [
    ("/law/changes", 4),
    ("/substances/kratom/law", 4),
    ("/alkaloids/base/law", 1),
    ("/regions/TH/law", 2),
    ("/regions/US-OH/law", 1),
    ("/regions/US-OH/parma/law", 2),  # its own, and those above
    ("/regions/US/law", 0),
]


@pytest.mark.django_db
@pytest.mark.usefixtures("some_law")
@pytest.mark.parametrize(("stem", "count"), WAYS)
def test_each_feed_in_each_form_has_the_same_changes(client, stem, count):
    atom = client.get(f"{stem}.atom")
    as_json = client.get(f"{stem}.json")
    calendar = client.get(f"{stem}.ics")

    assert [
        each["Content-Type"].partition(";")[0] for each in (atom, as_json, calendar)
    ] == [
        "application/atom+xml",
        "application/feed+json",
        "text/calendar",
    ]
    body = as_json.json()
    assert body["version"] == "https://jsonfeed.org/version/1.1"
    assert body["feed_url"].endswith(f"{stem}.json")
    assert len(ElementTree.fromstring(atom.content).findall(f"{ATOM}entry")) == count
    assert len(body["items"]) == len(events(calendar.content)) == count
    assert len({item["id"] for item in body["items"]}) == count


@pytest.mark.django_db
@pytest.mark.usefixtures("some_law")
def test_what_is_to_come_stands_first(client):
    items = client.get("/law/changes.json").json()["items"]

    assert items[0]["_law"]["region"] == "US-OH"
    assert items[0]["_law"]["on"] > law.today().isoformat()


@pytest.mark.django_db
@pytest.mark.usefixtures("some_law")
def test_the_calendar_page_and_each_page_lead_to_their_feeds(client):
    page = client.get("/law/changes/").content.decode()
    region = client.get("/regions/TH/").content.decode()

    assert page.index("To come") < page.index("Ohio") < page.index("Thailand")
    assert 'type="application/atom+xml" title="Atom" href="/law/changes.atom"' in page
    assert 'type="text/calendar" title="Calendar" href="/regions/TH/law.ics"' in region


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/substances/none/law.atom", "/regions/QQ/law.ics", "/law/changes.rss"]
)
def test_a_feed_of_nothing_is_not_there(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.django_db
@pytest.mark.usefixtures("some_law")
def test_a_feed_costs_few_queries(client, django_assert_max_num_queries):
    # The version of the data; the subject; its rules; the subjects by name (substances,
    # alkaloids); when each was recorded.
    with django_assert_max_num_queries(6):
        client.get("/substances/kratom/law.atom")


def test_every_way_a_rule_changes_has_a_word():
    from kb.pages.law_quality import WHAT

    assert set(WHAT) == set(What)


def test_a_change_on_this_very_day_is_still_ahead():
    (change,) = feeds.changes([rule(since="2026-11-22")])

    assert change.is_ahead(date(2026, 11, 22))
    assert not change.is_ahead(date(2026, 11, 23))


def test_a_year_alone_has_come_with_its_first_day_and_ends_with_its_last():
    ends, begins = feeds.changes([rule(since="2026", until="2026")])
    if begins.what == What.ENDS:
        ends, begins = begins, ends

    assert ends.is_ahead(date(2026, 12, 31))
    assert not begins.is_ahead(date(2026, 1, 2))
