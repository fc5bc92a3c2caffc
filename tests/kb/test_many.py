"""Actions on many rows: assigning and tagging, each with a line of history."""

from __future__ import annotations

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Group
from django.utils import timezone

from articles.models import Article
from kb import review
from kb.models import (
    Activity,
    Alkaloid,
    Assessment,
    Assignment,
    Change,
    Claim,
    EvidenceItem,
    EvidenceSearch,
    HelpResource,
    Interaction,
    Occurrence,
    Pharmacokinetic,
    RegulatoryStatus,
    SafetyNote,
    Source,
    Substance,
    Symptom,
    TaggedRecord,
    Variety,
)
from tests import make
from tests.desk import page
from tests.kb.test_admin import MAKERS

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


def desks_with(action):
    return [
        model
        for model, desk in site._registry.items()
        if action in [getattr(each, "__name__", each) for each in desk.actions or ()]
    ]


def test_each_kind_has_the_actions_that_make_sense_for_it():
    records = {Substance, Alkaloid, Symptom, Source}
    facts = {
        *(EvidenceItem, EvidenceSearch, SafetyNote, Interaction, Occurrence),
        *(Activity, Pharmacokinetic, Variety, RegulatoryStatus, HelpResource),
    }

    assert {*desks_with("mark_verified")} == records | facts
    assert {*desks_with("assign")} == records | facts | {Claim, Article, Assessment}
    assert {*desks_with("publish")} == records | {Claim, Article}
    assert {*desks_with("tag")} == records | {Claim, Article}


@pytest.mark.parametrize("model", desks_with("assign"), ids=lambda each: each.__name__)
def test_who_is_given_a_row_finds_it_on_their_front_page_and_in_its_list(
    admin_client, client, model
):
    row = MAKERS[model](1)
    MAKERS[model](2)
    mira = make.user(is_staff=True)
    mira.groups.add(Group.objects.get(name="Contributor"))
    listed = page("changelist", model)

    act(admin_client, [row], "assign", listed, person=mira.pk)

    client.force_login(mira)
    front = client.get("/admin/").content.decode()
    assert f'href="{listed}?assigned=me"' in front
    found = client.get(f"{listed}?assigned=me").context["cl"].queryset
    assert list(found) == [row]


@pytest.mark.parametrize(
    "model", desks_with("mark_verified"), ids=lambda each: each.__name__
)
def test_rows_are_marked_as_verified_with_their_history(admin_client, model):
    rows = [MAKERS[model](number) for number in (1, 2)]
    day = "verified_on" if model in (RegulatoryStatus, HelpResource) else ""
    if model is not RegulatoryStatus:
        model.objects.update(verification="unverified")
    before = rows[0].history.count()

    chosen = {"action": "mark_verified", "_selected_action": [row.pk for row in rows]}
    admin_client.post(page("changelist", model), chosen)

    for row in rows:
        row.refresh_from_db()
        assert row.verification in ("verified", None)
        if day:
            assert str(row.verified_on) == timezone.localdate().isoformat()
    assert rows[0].history.count() == before + 1


def test_items_of_one_assessment_are_verified_in_one_change_and_counted(client, login):
    held = make.assessment()
    items = [
        make.evidence_item(assessment=held, verification="unverified") for _ in "ab"
    ]
    reviewer = login("Reviewer")
    login("Contributor")
    chosen = {"action": "mark_verified", "_selected_action": [row.pk for row in items]}

    said = client.post("/admin/kb/evidenceitem/", chosen, follow=True).content.decode()

    assert "2 of them wait for review by somebody else." in said
    review.approve(Change.objects.get(), by=reviewer)
    held.refresh_from_db()
    assert {each.verification for each in held.items.all()} == {"verified"}
    assert held.level != "not-assessed"


def test_two_people_s_checks_in_one_assessment_both_stand(client, login):
    held = make.assessment()
    items = [
        make.evidence_item(assessment=held, verification="unverified") for _ in "ab"
    ]
    reviewer = login("Reviewer")
    for role, item in zip(("Contributor", "Publisher"), items, strict=True):
        login(role)
        chosen = {"action": "mark_verified", "_selected_action": [item.pk]}
        client.post("/admin/kb/evidenceitem/", chosen)

    for change in Change.objects.open():
        review.approve(change, by=reviewer)

    assert {each.verification for each in held.items.all()} == {"verified"}
