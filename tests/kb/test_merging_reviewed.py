"""Who may merge, and what has to be decided first."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.auth.models import Group, User

from kb import kinds, merging, review
from kb.assigning import assign
from kb.models import (
    Assignment,
    Curator,
    CuratorNote,
    Substance,
)
from tests import make

pytestmark = pytest.mark.django_db


def publisher(name):
    made = User.objects.create_user(name, password="a long enough one", is_staff=True)
    made.groups.add(Group.objects.get(name="Publisher"))
    Curator.objects.create(
        user=made,
        public_name=name.title(),
        interests="None.",
        interests_stated_on=datetime.date.today(),
    )
    return made


def test_readers_see_a_merge_once_a_second_person_approved_it(client, two):
    keep, gone = two
    author, other = publisher("anna"), publisher("ben")

    change = merging.propose(keep, gone, take=[], by=author, reason="One tree.")

    assert client.get("/substances/biak/").status_code == 200
    with pytest.raises(review.NotAllowed, match="own change"):
        review.approve(change, by=author)
    review.approve(change, by=other)
    assert client.get("/substances/biak/").status_code == 301
    assert keep.history.first().history_change_reason == f"change {change.pk}"
    page = client.get("/substances/kratom/history/").content.decode()
    assert "One tree." in page
    assert "substance:biak" in page


@pytest.mark.parametrize("edited", ["keep", "gone"])
def test_a_merge_whose_records_were_edited_since_is_not_done(two, edited):
    keep, gone = two
    change = merging.propose(
        keep, gone, take=[], by=publisher("anna"), reason="One tree."
    )
    changed = {"keep": keep, "gone": gone}[edited]
    changed.summary = "It is another tree."
    changed.save()

    with pytest.raises(review.NotAllowed, match="edited since"):
        review.approve(change, by=publisher("ben"))

    assert Substance.objects.count() == 2


def test_an_administrator_alone_merges_at_once_and_the_history_says_why(two):
    keep, gone = two
    admin = User.objects.create_superuser("mitra")

    assert merging.propose(keep, gone, take=[], by=admin, reason="One tree.") is None

    line = keep.history.first()
    assert line.history_change_reason == "Merged substance:biak into this. One tree."


def test_a_contributor_merges_nothing(two):
    with pytest.raises(review.NotAllowed, match="publisher"):
        merging.propose(*two, take=[], by=make.user(), reason="One tree.")


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_merge_needs_a_reason(two, reason):
    with pytest.raises(review.NotAllowed, match="why"):
        merging.propose(*two, take=[], by=publisher("anna"), reason=reason)


def test_what_waits_for_review_is_decided_first(two):
    keep, gone = two
    kind, identity = review.identity_of(gone)
    form = {**(review.form_of(kind, identity) or {}), "summary": "New."}
    review.propose(
        kind, identity, form, title="Biak", by=publisher("anna"), reason="Old."
    )

    with pytest.raises(review.NotAllowed, match="Decide first"):
        merging.check(keep, gone)


def waiting_change(kind, row, values, by="carl"):
    """A change of a record that somebody else proposed."""
    kind = kinds.get_kind(kind)
    identity = kind.identity(kind.write(row))
    proposed = review.form_of(kind, identity) | values
    author = publisher(by)
    return review.propose(
        kind, identity, proposed, title=f"On {row}", by=author, reason="It is so."
    )


def of_the_other(gone, what):
    """Propose a change that could not be applied once the other record is gone."""
    if what == "law":
        return waiting_change("status", make.status(substance=gone), {"note": "New."})
    if what == "evidence":
        row = make.assessment(subject=gone, items=1)
        return waiting_change("assessment", row, {"conclusion": "It helped some."})
    if what == "claim":
        row = make.claim(substance=gone)
        return waiting_change("claim", row, {"why": "Nobody looked."})
    if what == "a new link":
        row = make.status(substance=make.substance(slug="akuamma"))
        values = {"subject": gone.record_key, "note": "It is about this one."}
        return waiting_change("status", row, values)
    row = make.article(body="A tree.")
    return waiting_change("article", row, {"body": f"A tree: [[{gone.slug}]]."})


EVERYTHING = ["law", "evidence", "claim", "a new link", "a text"]


@pytest.mark.parametrize("what", EVERYTHING)
def test_a_change_that_a_merge_would_lose_is_named_and_decided_first(two, what):
    keep, gone = two
    change = of_the_other(gone, what)

    with pytest.raises(review.NotAllowed, match=f"Change {change.pk}:"):
        merging.propose(keep, gone, take=[], by=publisher("anna"), reason="One tree.")

    review.reject(change, by=publisher("ben"), reason="It is not so.")
    merging.check(keep, gone)


@pytest.mark.parametrize("what", EVERYTHING)
def test_a_change_that_came_after_a_merge_was_proposed_is_not_lost_either(two, what):
    keep, gone = two
    merge = merging.propose(
        keep, gone, take=[], by=publisher("anna"), reason="One tree."
    )
    change = of_the_other(gone, what)

    with pytest.raises(review.NotAllowed, match=f"Change {change.pk}:"):
        review.approve(merge, by=publisher("ben"))

    assert Substance.objects.filter(pk=gone.pk).exists()
    change.refresh_from_db()
    assert change.is_open


def test_what_waits_for_others_stands_in_no_ones_way(two):
    keep, gone = two
    other = make.substance(slug="akuamma", tags=["biak"])
    waiting_change("substance", other, {"summary": "A tree, not biak."})

    merging.check(keep, gone)


def test_notes_on_facts_come_along_even_where_both_had_the_fact(two):
    keep, gone = two
    symptom = make.symptom(slug="insomnia")
    mine = make.assessment(subject=keep, symptom=symptom)
    make.assessment(subject=gone, symptom=symptom, axis=mine.axis)
    for about in (
        "substance:biak.summary",
        f"assessment:biak.insomnia.{mine.axis}",
        "substance:biak-tea",
    ):
        CuratorNote.objects.create(about=about, note="Seen in a book.")

    merging.merge(keep, gone)

    assert set(CuratorNote.objects.values_list("about", flat=True)) == {
        "substance:kratom.summary",
        f"assessment:kratom.insomnia.{mine.axis}",
        "substance:biak-tea",
    }


@pytest.mark.parametrize("kept_has_one", [False, True])
def test_somebody_goes_on_looking_after_it(two, kept_has_one):
    keep, gone = two
    anna, ben = publisher("anna"), publisher("ben")
    assign([gone.record_key], anna, by=ben)
    if kept_has_one:
        assign([keep.record_key], ben, by=ben)

    report = merging.merge(keep, gone)

    (left,) = Assignment.objects.all()
    assert left.about == keep.record_key
    assert left.person == (ben if kept_has_one else anna)
    assert any("anna" in line for line in report.lines()) == kept_has_one


def test_what_readers_see_is_not_merged_into_a_draft(two):
    draft = make.substance(state="draft")

    with pytest.raises(review.NotAllowed, match="keep that one"):
        merging.check(draft, two[0])


def test_only_two_different_records_of_one_kind_are_merged(two):
    for other in (two[0], make.alkaloid(), make.source()):
        with pytest.raises(review.NotAllowed):
            merging.check(two[0], other)


def test_what_says_something_of_both_together_stands_in_the_way(two):
    from kb.models import Interaction

    keep, gone = two
    Interaction.objects.create(
        substance=keep, other=gone, effect="More of both.", source=make.source()
    )

    with pytest.raises(review.NotAllowed, match="both records together"):
        merging.merge(keep, gone)

    assert Substance.objects.count() == 2
