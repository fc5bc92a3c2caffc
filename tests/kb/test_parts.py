"""A reviewer takes a part of a change, field by field and row by row of a list."""

from __future__ import annotations

import pytest

from kb import parts, review
from kb.choices import ReviewState
from kb.models import AuditEntry, Change
from tests import make
from tests.desk import send
from tests.kb.test_review import person, proposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return person("Contributor")


@pytest.fixture
def reviewer():
    return person("Reviewer")


def name(text, kind="local"):
    return {"name": text, "kind": kind, "language": "en", "source": None}


def take(change, by, *places, reason="No source says it."):
    return parts.approve(change, by=by, places=places, reason=reason)


def places_of(change):
    return [each.place for each in review.seen_differences(change)]


def test_of_several_fields_one_is_taken_and_the_rest_goes_back(author, reviewer):
    kratom = make.substance(summary="A leaf.", route="")
    change = proposal(kratom, author, summary="The leaf of a tree.", route="By heart.")

    rest = take(change, reviewer, "summary")

    kratom.refresh_from_db()
    assert (kratom.summary, kratom.route) == ("The leaf of a tree.", "")
    change.refresh_from_db()
    assert (change.state, change.decided_by) == (ReviewState.APPROVED, reviewer)
    assert places_of(change) == ["summary"], "its history tells what readers were shown"
    assert (rest.state, rest.author, rest.decision) == (
        ReviewState.REJECTED,
        author,
        "No source says it.",
    )
    assert places_of(rest) == ["route"]
    assert rest.follows == change


def test_names_and_tags_are_taken_row_by_row(author, reviewer):
    kratom = make.substance(
        synonyms=[("ketum", "local"), ("biak", "local")], tags=["a"]
    )
    change = proposal(
        kratom,
        author,
        synonyms=[name("biak"), name("thom"), name("kakuam")],
        tags=["a", "legal-high", "opioid"],
    )

    rest = take(change, reviewer, "synonyms › thom local", "tags › opioid")

    assert {each.name for each in kratom.synonyms.all()} == {"ketum", "biak", "thom"}
    assert {*kratom.tags.slugs()} == {"a", "opioid"}
    assert places_of(rest) == [
        "synonyms › kakuam local",
        "synonyms › ketum local",
        "tags › legal-high",
    ]


def test_a_related_row_is_taken_field_by_field_and_others_are_not_lost(
    author, reviewer
):
    row = make.occurrence(low=1.0, high=2.0)
    other = make.occurrence(substance=row.substance)
    kind, identity = review.identity_of(row.substance)
    form = review.form_of(kind, identity)
    assert form is not None
    contains = [
        {**each, "high": 9.0, "note": "Dried."} if each["key"] == row.key else each
        for each in form["contains"]
    ]
    change = proposal(row.substance, author, contains=contains)

    take(change, reviewer, f"contains › {row.key} › note")

    row.refresh_from_db()
    assert (row.high, row.note) == (2.0, "Dried.")
    assert row.substance.occurrences.count() == 2
    other.refresh_from_db()


def test_all_of_it_leaves_nothing_behind(author, reviewer):
    kratom = make.substance()
    change = proposal(kratom, author, summary="New.", route="oral")

    assert take(change, reviewer, "summary", "route", reason="") is None
    assert Change.objects.get().state == ReviewState.APPROVED


@pytest.mark.parametrize(
    ("places", "reason", "said"),
    [
        ([], "None of it.", "Tick what you take"),
        (["no such place"], "None of it.", "Tick what you take"),
        (["summary"], " ", "Say why the rest is not taken"),
    ],
)
def test_a_part_needs_a_tick_and_a_reason(author, reviewer, places, reason, said):
    kratom = make.substance(summary="Old.")
    change = proposal(kratom, author, summary="New.", route="oral")

    with pytest.raises(review.NotAllowed, match=said):
        take(change, reviewer, *places, reason=reason)

    kratom.refresh_from_db()
    assert kratom.summary == "Old."
    assert Change.objects.get().is_open


def test_what_does_not_stand_by_itself_is_refused_and_stays_open(author, reviewer):
    row = make.activity(parameter="", value="", unit="")
    form = review.form_of(*review.identity_of(row.alkaloid))
    assert form is not None
    change = proposal(
        row.alkaloid,
        author,
        activities=[
            {
                **form["activities"][0],
                "parameter": "Ki",
                "value": "37",
                "unit": "nM",
            }
        ],
    )

    with pytest.raises(review.NotAllowed, match="does not stand without the rest"):
        take(change, reviewer, f"activities › {row.key} › value")

    change.refresh_from_db()
    assert change.is_open
    assert len(places_of(change)) == 3, "what was proposed is there as it was"
    assert Change.objects.count() == 1


def test_nobody_takes_a_part_of_their_own_change(author, reviewer):
    kratom = make.substance(summary="Old.")
    own = proposal(kratom, reviewer, summary="New.", route="oral")

    with pytest.raises(review.NotAllowed, match="their own"):
        take(own, reviewer, "summary")
    with pytest.raises(review.NotAllowed, match="Only a reviewer"):
        take(own, author, "summary")
    kratom.refresh_from_db()
    assert kratom.summary == "Old."


def test_a_change_is_taken_in_part_once(author, reviewer):
    change = proposal(make.substance(), author, summary="New.", route="oral")
    take(change, reviewer, "summary")

    with pytest.raises(review.NotAllowed, match="approved already"):
        take(change, reviewer, "summary")


def test_a_new_record_is_all_or_nothing(author):
    draft = make.substance(state="draft")

    assert parts.parts_of(review.send_to_review(draft, by=author, reason="Done.")) == []


def test_a_plain_version_takes_along_which_summary_it_was_written_for(author, reviewer):
    kratom = make.substance(summary="A leaf.")
    change = proposal(
        kratom,
        author,
        plain_summary="It is a leaf.",
        plain_summary_for="0123456789ab",
        route="oral",
    )
    assert [each.place for each in parts.parts_of(change)] == ["plain_summary", "route"]

    rest = take(change, reviewer, "plain_summary")

    kratom.refresh_from_db()
    assert kratom.plain_summary_for == "0123456789ab"
    assert places_of(rest) == ["route"]


def test_both_decisions_stand_in_the_audit_trail(author, reviewer):
    change = proposal(make.substance(), author, summary="New.", route="oral")

    rest = take(change, reviewer, "summary")

    lines = {
        (each.event, each.about.partition(":")[0])
        for each in AuditEntry.objects.filter(user=reviewer)
    }
    assert lines == {
        ("approved", f"change {change.pk}"),
        ("rejected", f"change {rest.pk}"),
    }


# What becomes of the rest


def test_the_rest_is_proposed_again_with_an_answer(author, reviewer):
    kratom = make.substance(summary="Old.", route="")
    change = proposal(kratom, author, summary="New.", route="oral")
    rest = take(change, reviewer, "summary")

    again = parts.propose_again(rest, by=author, reason="Table 2 says it.")

    assert places_of(again) == ["route"]
    assert again.is_open
    assert not Change.objects.all().to_mend(author).exists()
    review.approve(again, by=reviewer)
    kratom.refresh_from_db()
    assert kratom.route == "oral"


def test_the_rest_is_proposed_again_by_its_author_alone_and_once(author, reviewer):
    change = proposal(make.substance(), author, summary="New.", route="oral")
    rest = take(change, reviewer, "summary")

    with pytest.raises(review.NotAllowed, match="Only its author"):
        parts.propose_again(rest, by=reviewer, reason="It is right.")
    parts.propose_again(rest, by=author, reason="It is right.")
    with pytest.raises(review.NotAllowed, match="once"):
        parts.propose_again(rest, by=author, reason="It is right.")


def test_what_somebody_changed_since_is_not_proposed_over(author, reviewer):
    kratom = make.substance(summary="Old.")
    rest = take(
        proposal(kratom, author, summary="New.", route="oral"), reviewer, "route"
    )
    review.approve(proposal(kratom, person("Publisher"), summary="Other."), by=reviewer)

    with pytest.raises(review.NotAllowed, match="changed the same since: summary"):
        parts.propose_again(rest, by=author, reason="It is right.")


# On the desk


def address_of(change):
    return f"/admin/kb/change/{change.pk}/change/"


def test_a_reviewer_ticks_what_they_take_and_the_author_sees_why(client, login):
    source = make.source(container="A journal", note="")
    by = login("Contributor")
    send(
        client,
        f"/admin/kb/source/{source.pk}/change/",
        _why="From the title page.",
        container="Another journal",
        note="It is the best.",
    )
    change = Change.objects.get()
    login("Reviewer")
    page = client.get(address_of(change)).content.decode()
    assert page.count('name="take"') == 2

    refused = client.post(
        address_of(change), {"parts": "1", "act": "approve", "take": "container"}
    )
    text = refused.content.decode()
    assert "Say why the rest is not taken" in text
    assert text.count(" checked") == 1, "what was ticked stays as it was"
    done = client.post(
        address_of(change),
        {"parts": "1", "act": "approve", "take": "container", "text": "It praises."},
        follow=True,
    )
    assert "Approved in part" in done.content.decode()

    source.refresh_from_db()
    assert (source.container, source.note) == ("Another journal", "")
    client.force_login(by)
    waiting = client.get("/admin/kb/change/?needs=mending").content.decode()
    rest = Change.objects.to_mend(by).get()
    assert f"/admin/kb/change/{rest.pk}/change/" in waiting
    shown = client.get(address_of(rest)).content.decode()
    assert "This is what was not taken of" in shown
    assert "It praises." in shown
    assert "It praises." in client.get(address_of(change)).content.decode()
    mended = client.get(f"/admin/kb/source/{source.pk}/change/?mend={rest.pk}")
    form = mended.context["adminform"].form
    assert form["note"].value() == "It is the best."


def test_a_rest_whose_rows_are_partly_there_is_proposed_again_from_its_page(
    client, login
):
    kratom = make.substance()
    by = login("Contributor")
    change = proposal(kratom, by, synonyms=[name("ketum"), name("best leaf")])
    reviewer = login("Reviewer")
    rest = take(change, reviewer, "synonyms › ketum local")
    client.force_login(by)
    assert "Propose it again" in client.get(address_of(rest)).content.decode()

    done = client.post(
        address_of(rest), {"act": "again", "text": "Page 3."}, follow=True
    )

    assert "It waits for review once more" in done.content.decode()
    assert Change.objects.open().get().reason == "Page 3."


def test_what_was_mended_leaves_the_list_of_what_is_to_be_mended(client, login):
    source = make.source(container="A journal")
    by = login("Contributor")
    edit = f"/admin/kb/source/{source.pk}/change/"
    send(client, edit, _why="It was wrong.", container="Another journal")
    change = Change.objects.get()
    review.reject(change, by=person("Reviewer"), reason="Which one?")
    assert Change.objects.all().to_mend(by).get() == change

    send(client, f"{edit}?mend={change.pk}", _why="This one.", container="Nature")

    assert not Change.objects.all().to_mend(by).exists()


def test_readers_see_in_the_history_what_was_taken_and_nothing_of_the_rest(
    client, author, reviewer
):
    kratom = make.substance(summary="Old.", route="")
    change = proposal(kratom, author, summary="New.", route="By heart.")
    take(change, reviewer, "summary", reason="It is not for readers.")

    text = client.get(f"{kratom.get_absolute_url()}history/").content.decode()

    assert "<ins>New</ins>" in text
    assert "By heart." not in text
    assert "not for readers" not in text
