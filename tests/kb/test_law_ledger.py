"""The second clock: what was recorded here on an earlier day."""

from __future__ import annotations

import datetime

import pytest

from kb import law, law_ledger
from kb.accounts import append_only
from kb.models import RegulatoryStatus
from tests import make

pytestmark = pytest.mark.django_db
OLD, MIDDLE, NEW = (datetime.date(2026, month, 1) for month in (1, 3, 5))


@pytest.fixture
def kratom():
    return make.substance(slug="kratom", name="Kratom")


@pytest.fixture
def ohio():
    return make.region("US-OH", name="Ohio")


def date_versions(row, *days):
    """Set the days on which the versions of a row were recorded, the oldest first."""
    versions = RegulatoryStatus.history.filter(id=row.pk).order_by("history_id")
    for version, day in zip(versions, days, strict=True):
        noon = datetime.datetime(day.year, day.month, day.day, 12, tzinfo=datetime.UTC)
        with append_only.lifted():
            RegulatoryStatus.history.filter(pk=version.pk).update(history_date=noon)


def test_a_correction_is_told_apart_from_what_was_said_before(kratom, ohio):
    row = make.status(subject=kratom, region=ohio, status="uncontrolled")
    row.status = "banned"
    row.save()
    date_versions(row, OLD, NEW)

    def said(as_of):
        return [rule.status for rule in law_ledger.rules_as_of(kratom, as_of)]

    assert said(OLD - datetime.timedelta(days=1)) == []
    assert said(OLD) == said(MIDDLE) == ["uncontrolled"]
    assert said(NEW) == ["banned"]
    assert [rule.status for rule in law.rules_bearing_on(kratom)] == ["banned"]


def test_a_deleted_row_is_still_what_was_said_then(kratom, ohio):
    row = make.status(subject=kratom, region=ohio, status="banned")
    key, pk = row.key, row.pk
    row.delete()
    row.pk = pk
    date_versions(row, OLD, NEW)

    assert [rule.key for rule in law_ledger.rules_as_of(kratom, MIDDLE)] == [key]
    assert law_ledger.rules_as_of(kratom, NEW) == []
    assert law.effective_in(kratom, ohio, as_of=MIDDLE).status == "banned"
    assert law.effective_in(kratom, ohio).status == "not-checked"


def test_what_an_alkaloids_law_reached_then_counts(kratom, ohio):
    base = make.alkaloid()
    row = make.status(subject=base, region=ohio)  # version 1
    row.reaches.set([kratom])  # version 2
    row.reaches.clear()  # version 3
    date_versions(row, OLD, MIDDLE, NEW)

    def via(as_of):
        return law.effective_in(kratom, ohio, as_of=as_of).via

    assert (via(OLD), via(MIDDLE), via(NEW)) == (None, base.slug, None)
    found = {each.subject for each in law.in_region(ohio, as_of=MIDDLE)}
    assert found == {kratom, base}


def test_both_clocks_at_once(kratom, ohio):
    """In May somebody found that the ban had begun a year before."""
    row = make.status(subject=kratom, region=ohio, status="banned", since="2026-02-01")
    row.since = "2025-02-01"
    row.save()
    date_versions(row, OLD, NEW)
    day = datetime.date(2025, 6, 1)

    assert law.effective_in(kratom, ohio, on=day, as_of=MIDDLE).status == "not-checked"
    assert law.effective_in(kratom, ohio, on=day, as_of=NEW).status == "banned"
    assert law.effective_in(kratom, ohio, as_of=MIDDLE).on == MIDDLE


def test_a_check_is_as_old_as_it_was_then(kratom, ohio):
    row = make.status(
        subject=kratom, region=ohio, status="banned", verified_on="2025-12-20"
    )
    date_versions(row, OLD)

    assert not law.effective_in(kratom, ohio, as_of=OLD).is_stale
    assert law.effective_in(kratom, ohio, as_of=datetime.date(2026, 7, 1)).is_stale


def test_versions_say_from_when_to_when_each_was_recorded(kratom, ohio):
    row = make.status(subject=kratom, region=ohio, status="uncontrolled")
    row.save()  # says the same
    row.status = "banned"
    row.save()
    key, pk = row.key, row.pk
    row.delete()
    row.pk = pk
    gone = datetime.date(2026, 7, 1)
    date_versions(row, OLD, MIDDLE, NEW, gone)

    versions = law_ledger.versions(key)

    assert [
        (each.rule.status, each.recorded_from.date(), each.recorded_until.date())
        for each in versions
    ] == [("uncontrolled", OLD, NEW), ("banned", NEW, gone)]


def test_a_new_check_is_no_change_of_the_law(kratom, ohio):
    row = make.status(subject=kratom, region=ohio)
    row.verified_on = "2026-04-04"
    row.save()
    date_versions(row, OLD, NEW)

    first, last = law_ledger.recorded([row.key])[row.key]

    assert first == last
    assert first.date() == OLD


def test_nothing_of_a_subject_that_readers_may_not_see(ohio):
    draft = make.substance(state="draft")
    make.status(subject=draft, region=ohio)
    today = law.today()

    assert law_ledger.rules_as_of(draft, today) == []
    assert law_ledger.rules_in(["US-OH"], today) == []


def test_today_the_ledger_says_what_the_rows_say(kratom, ohio):
    base = make.alkaloid()
    make.status(subject=base, region=ohio, reaches=[kratom])
    make.status(subject=kratom, region=ohio, threshold=2, threshold_unit="mg/g")
    hidden = make.source(state="draft")
    make.status(subject=kratom, source=hidden)

    def by_key(rules):
        return sorted(rules, key=lambda rule: rule.key)

    assert by_key(law_ledger.rules_as_of(kratom, law.today())) == by_key(
        law.rules_bearing_on(kratom)
    )


def test_rules_read_as_plain_values_are_those_of_the_rows(kratom, ohio):
    make.status(subject=kratom, region=ohio, threshold=2, threshold_unit="mg/g")
    make.status(subject=make.alkaloid(), source=make.source(state="draft"))
    rows = RegulatoryStatus.objects.order_by("key")

    assert law.read_rules(rows) == [row.as_rule() for row in rows.for_page()]


# Pages and API


def test_a_page_answers_both_clocks(client, kratom, ohio):
    row = make.status(subject=kratom, region=ohio, status="banned", since="2020-01-01")
    row.status = "controlled"
    row.save()
    date_versions(row, OLD, NEW)

    page = client.get(
        "/substances/kratom/",
        {"in": "US-OH", "on": "2024-05-01", "as_of": "2026-03-01"},
    )
    text = page.content.decode()

    assert (
        "The law as it stood on 1 May 2024, as recorded here on 1 March 2026." in text
    )
    assert 'href="/substances/kratom/?in=US-OH#law">Back to today' in text
    assert "In Ohio on 1 May 2024: banned supply, since 1 January 2020." in text
    today = client.get("/substances/kratom/", {"in": "US-OH"}).content.decode()
    assert "In Ohio: controlled drug" in today
    assert "Back to today" not in today


def test_a_region_answers_both_clocks(client, kratom, ohio):
    row = make.status(subject=kratom, region=ohio, status="banned", since="2020-01-01")
    row.status = "controlled"
    row.save()
    date_versions(row, OLD, NEW)

    before = client.get("/regions/US-OH/", {"as_of": "2026-03-01"}).content.decode()
    never = client.get("/regions/US-OH/", {"on": "2019-03-01"}).content.decode()

    assert "Banned supply" in before
    assert "Controlled drug" not in before
    assert "The law as it stood on 1 March 2019." in never


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"on": "2024"}, "on: takes a day as 2024-05-01"),
        ({"on": "2024-02-30"}, "on: there is no day 2024-02-30"),
        ({"as_of": "yesterday"}, "as_of: takes a day as 2024-05-01"),
        ({"as_of": "2099-01-01"}, "as_of: 2099-01-01 is still to come"),
    ],
)
def test_a_day_that_is_none_is_refused_with_a_sentence(
    client, kratom, ohio, query, sentence
):
    for address in ("/substances/kratom/", "/regions/US-OH/"):
        page = client.get(address, query)

        assert page.status_code == 400
        assert sentence in page.content.decode()


def test_the_api_answers_both_clocks(client, kratom, ohio):
    row = make.status(
        subject=kratom,
        region=ohio,
        status="banned",
        since="2020-01-01",
        importing="illegal",
    )
    row.status = "controlled"
    row.save()
    date_versions(row, OLD, NEW)
    address = "/api/v1/substances/kratom/regulation"

    then = client.get(
        address, {"region": "US-OH", "on": "2024-05-01", "as_of": "2026-03-01"}
    ).json()
    now = client.get(address, {"region": "us-oh", "on": "2024-05-01"}).json()

    assert (then["status"], then["on"], then["as_of"]) == (
        "banned",
        "2024-05-01",
        "2026-03-01",
    )
    assert (now["status"], now["as_of"], now["importing"]) == (
        "controlled",
        None,
        "illegal",
    )
    assert (now["prescribing"], now["cultivation"], now["threshold"]) == (
        "not-stated",
        "not-stated",
        None,
    )


@pytest.mark.parametrize("day", ["2026", "2026-13-01", "2099-01-01"])
def test_the_api_refuses_a_day_that_is_none(client, kratom, ohio, day):
    reply = client.get(
        "/api/v1/substances/kratom/regulation", {"region": "US-OH", "as_of": day}
    )

    assert reply.status_code == 400
    assert reply.json()["errors"][0]["parameter"] == "as_of"


def test_the_api_gives_every_version_of_a_rule(client, kratom, ohio):
    row = make.status(subject=kratom, region=ohio, status="banned")
    row.status = "controlled"
    row.save()
    date_versions(row, OLD, NEW)

    reply = client.get(f"/api/v1/law/ledger/{row.key}").json()

    assert [
        (each["rule"]["status"], each["recorded_from"][:10], each["recorded_until"])
        for each in reply["versions"]
    ] == [
        ("banned", "2026-01-01", "2026-05-01T12:00:00Z"),
        ("controlled", "2026-05-01", None),
    ]
    assert client.get("/api/v1/law/ledger/no-such.key").status_code == 404
