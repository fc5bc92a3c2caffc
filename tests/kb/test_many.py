"""Actions on many rows: assigning and tagging, each with a line of history."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from kb.models import Assignment, Change, TaggedRecord
from tests import make

pytestmark = pytest.mark.django_db

SYMPTOMS = "/admin/kb/symptom/"


def act(client, rows, action, address=SYMPTOMS, **values):
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    asked = client.post(address, chosen)
    assert asked.status_code == 200, "it asks first"
    return client.post(address, {**chosen, "_do": "1", **values}, follow=True)


def test_many_are_assigned_and_their_person_finds_them(admin_client, client):
    rows = [make.symptom(), make.symptom()]
    mira = make.user(is_staff=True, username="mira")
    mira.groups.add(Group.objects.get(name="Contributor"))

    page = act(admin_client, rows, "assign", person=mira.pk).content.decode()

    assert "Assigned to mira: 2 of 2." in page
    assert {each.about for each in Assignment.objects.all()} == {
        row.record_key for row in rows
    }
    client.force_login(mira)
    assert "Symptoms assigned to you" in client.get("/admin/").content.decode()
    make.symptom(name="Somebody else's")
    found = client.get(SYMPTOMS + "?assigned=me").context["cl"].queryset
    assert set(found) == set(rows)


def test_the_history_tells_who_had_it_when(admin_client):
    row = make.symptom()
    first, second = (make.user(is_staff=True) for _ in range(2))

    for person in (first.pk, second.pk, ""):
        act(admin_client, [row], "assign", person=person)

    assert not Assignment.objects.exists()
    told = Assignment.history.order_by("history_id")
    assert [each.history_type for each in told] == ["+", "~", "-"]
    assert [each.person for each in told] == [first, second, second]


def test_a_status_is_assigned_too(admin_client):
    status = make.status()
    mira = make.user(is_staff=True)

    act(admin_client, [status], "assign", "/admin/kb/regulatorystatus/", person=mira.pk)

    address = "/admin/kb/regulatorystatus/?assigned=nobody"
    assert Assignment.objects.get().about == f"status:{status.key}"
    assert not admin_client.get(address).context["cl"].queryset.exists()


def test_a_tag_goes_on_many_and_off_again_with_history(admin_client):
    rows = [make.symptom(), make.symptom(tags=["sleep"])]

    page = act(admin_client, rows, "tag", tag="Sleep").content.decode()

    assert "Tag: 1 saved, 1 unchanged." in page
    assert all(list(row.tags.slugs()) == ["sleep"] for row in rows)
    act(admin_client, rows, "tag", tag="sleep", remove="on")
    assert not TaggedRecord.objects.exists()
    assert TaggedRecord.history.filter(history_type="-").count() == 2


def test_what_readers_see_is_tagged_by_two_people(client):
    seen, draft = make.symptom(), make.symptom(state="draft")
    mira = make.user(is_staff=True)
    mira.groups.add(Group.objects.get(name="Contributor"))
    client.force_login(mira)

    act(client, [seen, draft], "tag", tag="sleep")

    assert list(seen.tags.slugs()) == []
    assert Change.objects.get().proposed["tags"] == ["sleep"]
    assert list(draft.tags.slugs()) == ["sleep"]
