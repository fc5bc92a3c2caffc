"""Nobody changes alone what readers see: not by moving it, a table, or what hangs on it."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile

from kb import review
from kb.models import Change, Curator
from tests import make
from tests.desk import send

pytestmark = pytest.mark.django_db
RULES = "/admin/kb/regulatorystatus/"


def person(name, role):
    made = make.user(is_staff=True, username=name)
    made.groups.add(Group.objects.get(name=role))
    Curator.objects.create(
        user=made, interests="None.", interests_stated_on=datetime.date.today()
    )
    return made


@pytest.fixture
def contributor(client):
    made = person("carl", "Contributor")
    client.force_login(made)
    return client


@pytest.mark.parametrize("way", ["from readers", "to readers"])
def test_moving_a_rule_between_a_draft_and_what_readers_see_waits(contributor, way):
    seen = make.substance(slug="kratom")
    draft = make.substance(slug="akuamma", state="draft")
    was, goes = (seen, draft) if way == "from readers" else (draft, seen)
    rule = make.status(substance=was)

    send(
        contributor,
        f"{RULES}{rule.pk}/change/",
        substance=str(goes.pk),
        _why="It is about the other.",
    )

    rule.refresh_from_db()
    assert rule.substance == was
    assert Change.objects.open().get().proposed["subject"] == goes.record_key


@pytest.mark.parametrize("way", ["from readers", "to readers"])
def test_moving_a_rule_with_a_table_waits_too(contributor, way):
    seen = make.substance(slug="kratom")
    draft = make.substance(slug="akuamma", state="draft")
    was, goes = (seen, draft) if way == "from readers" else (draft, seen)
    rule = make.status(substance=was)
    table = f"key,subject\n{rule.key},{goes.record_key}\n"
    file = SimpleUploadedFile("table.csv", table.encode())
    look = contributor.post(
        f"{RULES}table/", {"file": file, "reason": "It is about the other."}
    )

    contributor.post(f"{RULES}table/", {"rows": look.context["signed"]})

    rule.refresh_from_db()
    assert rule.substance == was
    assert Change.objects.open().get().proposed["subject"] == goes.record_key


@pytest.mark.parametrize("hidden", ["state", "reviewed_on", "reviewed_by"])
def test_a_field_that_the_form_does_not_show_is_not_taken(contributor, hidden):
    source = make.source(state="draft")
    values = {"state": "published", "reviewed_on": "2026-11-24", "reviewed_by": "1"}

    send(
        contributor,
        f"/admin/kb/source/{source.pk}/change/",
        **{hidden: values[hidden], "_why": "Ready."},
    )

    source.refresh_from_db()
    assert source.state == "draft"
    assert not source.reviewed_on
    assert not source.reviewed_by


@pytest.mark.parametrize("fact", ["status", "safety_note", "item"])
def test_who_wrote_a_fact_does_not_publish_what_it_stands_on(fact):
    writer, other = person("pia", "Publisher"), person("olga", "Publisher")
    draft = make.substance(state="draft")
    with review.working(writer, "I read it."):
        if fact == "item":
            make.assessment(subject=draft, items=1)
        else:
            getattr(make, fact)(substance=draft)

    with pytest.raises(review.NotAllowed, match="worked on it"):
        review.publish(draft, by=writer)
    review.publish(draft, by=other)

    draft.refresh_from_db()
    assert draft.is_published


def test_a_fact_that_the_reviewer_added_is_seen_by_a_second_person():
    author, reviewer = person("carl", "Contributor"), person("rita", "Reviewer")
    draft = make.substance(state="draft")
    change = review.send_to_review(draft, by=author, reason="Ready.")
    with review.working(reviewer, "I read it."):
        make.status(substance=draft)

    with pytest.raises(review.NotAllowed, match="somebody else decides"):
        review.approve(change, by=reviewer)
    review.approve(change, by=person("ruth", "Reviewer"))


def test_what_the_program_counts_is_no_ones_to_type():
    group = Group.objects.get(name="Contributor")

    assert not group.permissions.filter(codename__endswith="recentcount").exists()
