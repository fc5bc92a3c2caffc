"""The public history: what changed on a record, when, by whom, and why."""

from __future__ import annotations

import pytest
from django.utils import timezone

from kb import review
from kb.models import Curator
from tests import make

pytestmark = pytest.mark.django_db


def history(record):
    return f"{record.get_absolute_url()}history/"


def curator(name):
    made = make.user(is_staff=True, is_superuser=True)
    Curator.objects.create(
        user=made,
        public_name=name,
        interests="None.",
        interests_stated_on=timezone.localdate(),
    )
    return made


def test_an_approved_change_says_what_who_and_why(read):
    kratom = make.substance(summary="A gentle leaf.")
    kind, identity = review.identity_of(kratom)
    form = review.form_of(kind, identity) or {}
    change = review.propose(
        kind,
        identity,
        {**form, "summary": "A leaf."},
        title=kratom.name,
        by=curator("Ana D."),
        reason="“Gentle” sells.",
    )
    review.approve(change, by=curator("Ben R."))

    page = read(history(kratom))

    assert "Changed by Ana D., approved by Ben R. “Gentle” sells." in page.text
    assert "Before: A gentle leaf." in page.text
    assert page.text.count("Summary") == 1


def test_a_change_that_waits_is_not_told(read):
    kratom = make.substance(summary="A leaf.")
    kind, identity = review.identity_of(kratom)
    form = review.form_of(kind, identity) or {}
    review.propose(
        kind,
        identity,
        {**form, "summary": "A secret."},
        title="Kratom",
        by=curator("Ana D."),
        reason="Because.",
    )

    assert "secret" not in read(history(kratom)).text


def test_what_an_administrator_saved_at_once_is_told_too(read):
    kratom = make.substance(summary="A leaf.")
    kratom.summary = "The leaf of a tree."
    kratom._history_user = curator("Ana D.")
    kratom.save()

    text = read(history(kratom)).text

    assert "Changed by Ana D." in text
    assert "The leaf of a tree." in text


def test_who_chose_no_name_is_a_curator(read):
    kratom = make.substance(summary="A leaf.")
    somebody = make.user(username="jane.roe")
    kratom.summary = "Another."
    kratom._history_user = somebody
    kratom.save()

    text = read(history(kratom)).text

    assert "Changed by a curator" in text
    assert "jane.roe" not in text


def test_what_it_was_before_readers_saw_it_is_nobody_s_business(read):
    kratom = make.substance(state="draft", summary="A first try.")
    kratom.summary = "A leaf."
    kratom.state = "published"
    kratom.save()

    text = read(history(kratom)).text

    assert text.count("Shown to readers") == 1
    assert "first try" not in text


@pytest.mark.parametrize(
    "kind", ["substance", "alkaloid", "symptom", "source", "claim"]
)
def test_every_record_has_one_and_leads_to_it(read, kind):
    record = getattr(make, kind)()

    assert history(record) in read(record).links
    read(history(record))


def test_an_article_has_one(read):
    read(f"/articles/{make.article().slug}/history/")


def test_a_draft_has_none(read):
    read(history(make.substance(state="draft")), status=404)


def test_it_asks_as_often_for_many_changes_as_for_few(
    client, django_assert_num_queries
):
    kratom = make.substance(summary="0")
    for number in range(1, 9):
        kratom.summary = str(number)
        kratom.save()

    # version, record, its links (6), names of curators, changes, lines of history
    with django_assert_num_queries(11):
        client.get(history(kratom))
