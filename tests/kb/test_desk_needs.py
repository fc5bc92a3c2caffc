"""The front page of the desk says what needs whom, and each count leads to its list."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kb import retraction
from kb.models import Change
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    made = make.user(is_staff=True)
    made.groups.add(Group.objects.get(name="Reviewer"))
    return made


@pytest.fixture
def front(client, person):
    """Return {"Needs you": {title: (count, url)}, …} as the front page has it."""
    client.force_login(person)

    def front():
        html = client.get("/admin/").content.decode()
        groups = re.findall(
            r'<div class="module needs__group"><h2>(.*?)</h2>(.*?)</div>', html, re.S
        )
        return {
            title: {
                name: (int(count), url.replace("&amp;", "&"))
                for url, name, count in re.findall(
                    r'<a href="([^"]*)">(.*?)</a></th><td[^>]*>(\d+)', rows
                )
            }
            for title, rows in groups
        }

    return front


def a_change(author, **values):
    return Change.objects.create(
        kind="source",
        identity="x",
        title="A study",
        proposed={},
        reason="It was wrong.",
        author=author,
        **values,
    )


def test_where_nothing_waits_it_says_so(front, client):
    assert front() == {"Needs you": {}, "Needs somebody": {}}
    assert client.get("/admin/").content.decode().count("Nothing at the moment.") == 2


def test_a_change_waits_for_another_and_not_for_its_author(front, person):
    a_change(person)
    assert front()["Needs you"] == {}

    a_change(make.user())
    assert [count for count, _ in front()["Needs you"].values()] == [1]


def test_a_change_that_was_sent_back_waits_for_its_author(front, person):
    a_change(person, state="rejected", decision="No.", decided_by=make.user())

    assert list(front()["Needs you"]) == ["Changes of yours that were sent back"]


def test_my_drafts_are_mine(front, person):
    mine = make.substance(state="draft")
    mine._history_user = person
    mine.save()
    make.substance(state="draft")

    [(count, url)] = front()["Needs you"].values()
    assert (count, url) == (1, "/admin/kb/substance/?whose=mine")


def test_a_retraction_shows_up_with_all_that_leaned_on_it(front):
    source = make.source()
    make.evidence_item(source=source)
    make.claim(sources=[source])
    retraction.mark(source)

    # The made substance and symptom have no plain summary either.
    assert {title.split(" ")[0] for title in front()["Needs somebody"]} == {
        "Levels",
        "Claims",
        "Retracted",
        "Substances",
        "Symptoms",
    }


def test_each_count_is_that_of_the_list_it_leads_to(front, client, person):
    source = make.source()
    make.evidence_item(source=source, verification="unverified")
    make.safety_note(verification="unverified")
    make.occurrence(verification="unverified")
    make.claim(sources=[source])
    make.article(sources=[source])
    make.status(verified_on="2020-01-01")
    draft = make.symptom(state="draft")
    draft._history_user = person
    draft.save()
    a_change(make.user())
    retraction.mark(source)

    found = front()
    rows = {**found["Needs you"], **found["Needs somebody"]}
    assert len(rows) >= 9
    for title, (count, url) in rows.items():
        response = client.get(url)
        assert response.status_code == 200, title
        assert response.context_data["cl"].result_count == count, title


def test_who_may_not_see_a_list_is_not_told_of_it(front, person):
    person.groups.clear()
    a_change(make.user())

    assert front() == {"Needs you": {}, "Needs somebody": {}}


def test_it_asks_as_often_whatever_waits(front):
    front()
    with CaptureQueriesContext(connection) as few:
        front()
    for _ in range(5):
        make.safety_note(verification="unverified")
        a_change(make.user())
    front()  # what a change outdates is counted anew, once
    with CaptureQueriesContext(connection) as many:
        front()

    assert len(many) <= len(few) + 2
    assert len(many) < 45
