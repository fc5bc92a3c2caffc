"""Two people on every change that readers see."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils import timezone

from kb import review
from kb.choices import ReviewState, State
from kb.models import Change, Curator, RegulatoryStatus, Source
from tests import make

pytestmark = pytest.mark.django_db


def person(role, *, stated=True, **values):
    """Make somebody of a role; `stated`: who has said what might sway them."""
    made = make.user(is_staff=True, **values)
    made.groups.add(Group.objects.get(name=role))
    if stated:
        Curator.objects.create(
            user=made,
            public_name=f"{role} Doe",
            interests="None.",
            interests_stated_on=timezone.localdate(),
        )
    return made


@pytest.fixture
def author():
    return person("Contributor")


@pytest.fixture
def reviewer():
    return person("Reviewer")


def proposal(record, by, reason="It was wrong.", **values):
    """Propose other values for a record, as its desk does."""
    kind, identity = review.identity_of(record)
    now = review.form_of(kind, identity)
    assert now is not None
    proposed = {**now, **values}
    return review.propose(
        kind, identity, proposed, title=str(record), by=by, reason=reason
    )


# Proposing and approving


def test_readers_see_a_change_once_another_has_approved_it(author, reviewer):
    kratom = make.substance(summary="A leaf.")

    change = proposal(kratom, author, summary="The leaf of a tree.")
    kratom.refresh_from_db()
    assert kratom.summary == "A leaf."

    review.approve(change, by=reviewer)
    kratom.refresh_from_db()
    assert kratom.summary == "The leaf of a tree."
    assert kratom.reviewed_by == reviewer
    assert str(kratom.reviewed_on) == timezone.localdate().isoformat()


@pytest.mark.parametrize("role", ["Reviewer", "Publisher", "Administrator"])
def test_nobody_approves_their_own_change(role):
    somebody = person(role)
    change = proposal(make.substance(), somebody, summary="Mine.")

    with pytest.raises(review.NotAllowed, match="their own"):
        review.approve(change, by=somebody)


def test_nobody_approves_their_own_change_whatever_their_rights():
    chief = make.user(is_superuser=True)
    Curator.objects.create(
        user=chief, interests="None.", interests_stated_on=timezone.localdate()
    )
    change = proposal(make.substance(), chief, summary="Mine.")

    with pytest.raises(review.NotAllowed, match="their own"):
        review.approve(change, by=chief)
    with pytest.raises(IntegrityError), transaction.atomic():
        Change.objects.filter(pk=change.pk).update(state="approved", decided_by=chief)


def test_a_contributor_approves_nothing(author):
    change = proposal(make.substance(), person("Contributor"), summary="Theirs.")

    with pytest.raises(review.NotAllowed, match="Only a reviewer"):
        review.approve(change, by=author)


@pytest.mark.parametrize(
    ("days", "holds"), [(None, False), (0, True), (364, True), (365, False)]
)
def test_who_approves_has_stated_their_interests_within_a_year(author, days, holds):
    reviewer = person("Reviewer", stated=False)
    if days is not None:
        stated_on = timezone.localdate() - datetime.timedelta(days=days)
        Curator.objects.create(
            user=reviewer, interests="None.", interests_stated_on=stated_on
        )
    change = proposal(make.substance(), author, summary="Other.")

    if holds:
        review.approve(change, by=reviewer)
    else:
        with pytest.raises(review.NotAllowed, match="state your interests"):
            review.approve(change, by=reviewer)


def test_a_change_needs_a_reason_and_an_effect(author):
    kratom = make.substance(summary="A leaf.")

    with pytest.raises(review.NotAllowed, match="Say why"):
        proposal(kratom, author, reason=" ", summary="Other.")
    with pytest.raises(review.NotAllowed, match="Nothing is different"):
        proposal(kratom, author, summary="A leaf.")
    assert not Change.objects.exists()


def test_a_new_fact_on_a_published_record_waits_too(author, reviewer):
    status = make.status(status="banned", summary="Its sale is banned.")
    kind, identity = review.identity_of(status)
    form = review.form_of(kind, identity)
    status.delete()
    change = review.propose(
        kind, identity, form, title="A ban", by=author, reason="It is law now."
    )
    assert not RegulatoryStatus.objects.exists()

    review.approve(change, by=reviewer)

    assert RegulatoryStatus.objects.get().status == "banned"


def test_parts_of_a_record_are_added_changed_and_taken_away(author, reviewer):
    kratom = make.substance()
    first, second = make.occurrence(substance=kratom), make.occurrence(substance=kratom)
    kind, identity = review.identity_of(kratom)
    contains = (review.form_of(kind, identity) or {})["contains"]
    changed = [{**part, "low": 0.25} for part in contains if part["key"] == first.key]
    change = proposal(kratom, author, contains=changed)

    review.approve(change, by=reviewer)

    assert [(each.key, each.low) for each in kratom.occurrences.all()] == [
        (first.key, 0.25)
    ]
    assert second.key not in {each.key for each in kratom.occurrences.all()}


# Two at once


def test_whether_a_variety_was_seen_is_proposed_with_it(author, reviewer):
    row = make.variety(verification="unverified")
    row.verification = "verified"

    assert review.propose_values(
        row.substance, [row], by=author, reason="I read it there."
    )

    review.approve(Change.objects.get(), by=reviewer)
    row.refresh_from_db()
    assert row.verification == "verified"


def test_changes_of_two_people_to_different_fields_both_stand(author, reviewer):
    kratom = make.substance(summary="A leaf.", name="Kratom")
    first = proposal(kratom, author, summary="The leaf of a tree.")
    second = proposal(kratom, person("Contributor"), name="Kratom leaf")

    review.approve(first, by=reviewer)
    review.approve(second, by=reviewer)

    kratom.refresh_from_db()
    assert (kratom.name, kratom.summary) == ("Kratom leaf", "The leaf of a tree.")


def test_changes_of_two_people_to_one_field_are_told_and_nothing_is_lost(
    author, reviewer
):
    kratom = make.substance(summary="A leaf.")
    first = proposal(kratom, author, summary="One.")
    second = proposal(kratom, person("Contributor"), summary="Another.")
    review.approve(first, by=reviewer)

    with pytest.raises(review.NotAllowed, match="changed the same since: summary"):
        review.approve(second, by=reviewer)

    kratom.refresh_from_db()
    second.refresh_from_db()
    assert kratom.summary == "One."
    assert second.is_open


def test_a_change_is_decided_once(author, reviewer):
    change = proposal(make.substance(), author, summary="Other.")
    review.approve(change, by=reviewer)

    with pytest.raises(review.NotAllowed, match="approved already"):
        review.reject(change, by=reviewer, reason="No.")


def test_what_no_longer_fits_is_told_and_stays_open(author, reviewer):
    source = make.source(slug="doe-2020")
    claim = make.claim()
    change = proposal(claim, author, sources=["doe-2020"])
    Source.objects.filter(pk=source.pk).delete()

    with pytest.raises(review.NotAllowed, match="no longer fits"):
        review.approve(change, by=reviewer)

    change.refresh_from_db()
    assert change.is_open


# Turning down, taking back


def test_a_rejected_change_says_why_and_changes_nothing(author, reviewer):
    kratom = make.substance(summary="A leaf.")
    change = proposal(kratom, author, summary="A gentle leaf.")

    with pytest.raises(review.NotAllowed, match="Say why"):
        review.reject(change, by=reviewer, reason="")
    review.reject(change, by=reviewer, reason="“Gentle” sells.")

    kratom.refresh_from_db()
    change.refresh_from_db()
    assert kratom.summary == "A leaf."
    assert change.state == ReviewState.REJECTED
    assert change.decision == "“Gentle” sells."


def test_only_its_author_withdraws_a_change(author, reviewer):
    change = proposal(make.substance(), author, summary="Other.")

    with pytest.raises(review.NotAllowed, match="Only its author"):
        review.withdraw(change, by=reviewer)
    review.withdraw(change, by=author)

    change.refresh_from_db()
    assert change.state == ReviewState.WITHDRAWN


# Drafts


def test_a_draft_goes_through_review_to_readers(author, reviewer):
    draft = make.substance(state="draft")

    change = review.send_to_review(draft, by=author, reason="It is ready.")
    draft.refresh_from_db()
    assert draft.state == State.IN_REVIEW
    review.approve(change, by=reviewer)

    draft.refresh_from_db()
    assert draft.state == State.PUBLISHED
    assert draft.reviewed_by == reviewer


def test_a_draft_that_is_sent_back_is_a_draft_again(author, reviewer):
    draft = make.substance(state="draft")
    change = review.send_to_review(draft, by=author, reason="It is ready.")

    review.reject(change, by=reviewer, reason="It has no source.")

    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_what_was_edited_after_it_was_sent_is_not_approved_unread(author, reviewer):
    draft = make.substance(state="draft", summary="A leaf.")
    change = review.send_to_review(draft, by=author, reason="It is ready.")
    draft.summary = "A cure."
    draft.save()

    with pytest.raises(review.NotAllowed, match="edited since"):
        review.approve(change, by=reviewer)


def test_who_worked_on_a_draft_does_not_publish_it():
    writer, other = person("Publisher"), person("Publisher")
    draft = make.substance(state="draft")
    draft._history_user = writer
    draft.save()

    with pytest.raises(review.NotAllowed, match="you have worked on it"):
        review.publish(draft, by=writer)
    review.publish(draft, by=other)

    draft.refresh_from_db()
    assert draft.state == State.PUBLISHED


# Who may


@pytest.mark.parametrize("state", ["draft", "in-review", "withdrawn"])
def test_what_readers_do_not_see_is_edited_freely(author, state):
    hidden = make.substance(state=state)

    assert review.may_save_directly(author, hidden)
    assert review.may_save_directly(author, make.status(subject=hidden))


def test_what_readers_see_is_not(author, reviewer):
    seen = make.substance()

    for somebody in (author, reviewer, person("Publisher")):
        for row in (seen, make.status(subject=seen), make.region()):
            assert not review.may_save_directly(somebody, row)


def test_an_administrator_who_runs_it_alone_saves_at_once():
    assert review.may_save_directly(make.user(is_superuser=True), make.substance())


def test_the_history_says_which_change_it_was_and_whose(author, reviewer):
    kratom = make.substance(summary="A leaf.")
    change = proposal(kratom, author, summary="Other.")

    review.approve(change, by=reviewer)

    line = kratom.history.first()
    assert line.history_user == author
    assert line.history_change_reason == f"change {change.pk}"


def test_readers_see_the_name_that_a_curator_chose(author):
    assert review.public_name(author) == "Contributor Doe"
    assert review.public_name(make.user()) == "a curator"
    assert review.public_name(None) == "a curator"
