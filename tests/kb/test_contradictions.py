"""Rows of law that do not agree. Plain values; the pages are at the end."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest

from kb import contradictions
from kb.contradictions import Kind
from kb.dates import PartialDate
from kb.regulation import Rule
from tests import make

TODAY = date(2026, 11, 22)
CHAINS = {
    "US": ["US"],
    "US-NE": ["US-NE", "US"],
    "US-NE/lincoln": ["US-NE/lincoln", "US-NE", "US"],
}
DATES = {"since", "until", "expires_on", "verified_on", "source_published"}


def rule(key: str = "a", region: str = "US-NE", **values) -> Rule:
    defaults = {
        "subject": "substance:kratom",
        "region_name": region,
        "region_kind": "local" if "/" in region else "subdivision",
        "status": "banned",
        "layer": "drug-law",
        "verified_on": "2026-11-01",
        "source_published": "2026-10",
    }
    values = defaults | values
    assert values.keys() <= {field.name for field in fields(Rule)}
    dated = {
        name: PartialDate(value) if name in DATES and value else value
        for name, value in values.items()
    }
    return Rule(key=key, region=region, **dated)


def kinds(*rules: Rule) -> list[Kind]:
    return [each.kind for each in contradictions.find(rules, CHAINS, today=TODAY)]


OLD = {"key": "old", "since": "2016", "source_published": "2016"}


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ({"until": "2019"}, {"since": "2018-05"}, [Kind.OVERLAP]),
        ({"until": "2019"}, {}, [Kind.NO_END]),  # the undated one is taken as older
        ({}, {"since": "2016"}, [Kind.OVERLAP]),
        ({}, {"since": "2018-05"}, [Kind.NO_END]),
        ({"until": "2018-04-30"}, {"since": "2018-05-01"}, []),
        ({"until": "2018"}, {"since": "2018"}, []),  # the day is not known
        ({}, {"since": "2018-05", "layer": "food-law"}, []),
        ({}, {"since": "2018-05", "form": "extract"}, []),
        ({}, {"since": "2018-05", "region": "US"}, []),
        ({}, {"since": "2018-05", "subject": "alkaloid:mitragynine"}, []),
        ({}, {"since": "2018-05", "is_pending": True, "until": "2019"}, []),
    ],
)
def test_two_rules_of_one_law_at_one_time(one, other, found):
    assert kinds(rule(**OLD | one), rule("new", **other)) == found


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"status": "uncontrolled", "min_age": 18}, [Kind.AGE_WITHOUT_RULE]),
        ({"status": "age-limit", "min_age": 18}, []),
        ({"status": "uncontrolled", "sale": "illegal"}, [Kind.OFFENCE_WITHOUT_RULE]),
        ({"status": "uncontrolled", "sale": "restricted"}, []),
        ({"is_pending": True, "since": "2026-07"}, [Kind.BILL_PASSED]),
        ({"is_pending": True, "since": "2026-11"}, []),  # may still be to come
        ({"is_pending": True, "since": "2026-07", "until": "2026-09"}, []),
        ({"since": "2016", "instrument": "Act of 2025"}, [Kind.BEFORE_ACT]),
        ({"since": "2025-07-01", "instrument": "Act of 2025"}, []),
        ({"since": "2025-07", "instrument": "Act of 1971, amended 2026"}, []),
        ({"since": "2026-11-10", "verified_on": "2026-11-01"}, [Kind.UNSEEN_START]),
        ({"since": "2026-11-10", "verified_on": "2026-11"}, []),
        ({"since": "2027-01-01", "verified_on": "2026-11-01"}, []),  # still ahead
        ({"since": "2017", "source_published": "2015"}, [Kind.OLD_SOURCE]),
        ({"since": "2026-04-01", "source_published": "2025-06"}, []),  # announced
        ({"since": "2017", "source_published": None}, []),
        (
            {"source_published": "2026-11-10", "verified_on": "2026-11-01"},
            [Kind.CHECKED_TOO_EARLY],
        ),
        ({"since": "2026-06", "expires_on": "2025"}, [Kind.EXPIRES_FIRST]),
    ],
)
def test_one_rule_alone(values, found):
    assert kinds(rule(**values)) == found


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ({"local_rules": "barred"}, [Kind.BARRED_LOCAL]),
        ({"local_rules": "allowed"}, []),
        ({"local_rules": "barred", "until": "2025"}, []),
        ({"local_rules": "barred", "subject": "alkaloid:mitragynine"}, []),
    ],
)
def test_a_local_ban_where_local_rules_are_barred(state, found):
    above = rule("state", layer="sales-rule", status="regulated-sale", **state)

    assert kinds(above, rule("city", "US-NE/lincoln")) == found


def test_about_one_rule_only_what_concerns_it():
    mine, twin = rule("mine", since="2016"), rule("twin", since="2016")
    other = rule("other", "US", status="uncontrolled", min_age=18)

    found = contradictions.about(mine, [mine, twin, other], CHAINS, today=TODAY)

    assert [each.kind for each in found] == [Kind.OVERLAP]


def test_every_kind_has_its_words():
    assert set(contradictions.LABELS) == set(Kind)


# Pages


@pytest.mark.django_db
def test_the_public_list_names_place_subject_and_what_is_wrong(client):
    ohio, kratom = make.region("US-OH", name="Ohio"), make.substance(name="Kratom")
    make.status(subject=kratom, region=ohio, status="uncontrolled", min_age=18)
    make.status(
        subject=make.substance(state="draft"), status="uncontrolled", min_age=18
    )

    text = client.get("/law/contradictions/").content.decode()

    assert "An age limit where no rule is said to be found" in text
    assert "and that buyers must be 18." in text
    assert ohio.get_absolute_url() in text
    assert text.count("buyers must be") == 1


@pytest.mark.django_db
def test_without_any_the_list_promises_nothing(client):
    text = client.get("/law/contradictions/").content.decode()

    assert "That does not mean that all of it is right." in text


@pytest.mark.django_db
def test_the_desk_warns_and_still_saves(admin_client):
    kratom, ohio = make.substance(), make.region("US-OH", name="Ohio")
    row = make.status(subject=kratom, region=ohio, status="uncontrolled", min_age=18)
    address = f"/admin/kb/regulatorystatus/{row.pk}/change/"

    text = admin_client.get(address).content.decode()

    assert "and that buyers must be 18." in text


@pytest.mark.django_db
def test_who_saves_what_does_not_agree_is_told(admin_client):
    kratom, ohio = make.substance(), make.region("US-OH", name="Ohio")
    row = make.status(subject=kratom, region=ohio, since="2019-05-10")
    make.status(subject=kratom, region=ohio, since="2021-01-01")
    address = f"/admin/kb/regulatorystatus/{row.pk}/change/"
    form = admin_client.get(address).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    values = {name: "" if value is None else value for name, value in values.items()}

    page = admin_client.post(address, values, follow=True)

    messages = [str(each) for each in page.context["messages"]]
    assert any("was changed successfully" in each for each in messages), messages
    assert any(each.startswith("Look again: Both hold at once") for each in messages)
