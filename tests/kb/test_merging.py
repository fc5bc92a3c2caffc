"""Two records become one: nothing that pointed to the other is lost, and its address leads on."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from kb import kinds, merging, review, uses
from kb.assigning import assign
from kb.models import (
    Assessment,
    Assignment,
    Curator,
    CuratorNote,
    EvidenceItem,
    OldSlug,
    Source,
    Substance,
    Symptom,
)
from search import upkeep
from search.engine import get_engine
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


@pytest.fixture
def two():
    """Kratom, entered twice."""
    return (
        make.substance(slug="kratom", name="Kratom"),
        make.substance(slug="biak", name="Biak", synonyms=["Ketum"]),
    )


# What moves


def test_what_was_said_of_the_other_is_said_of_the_kept_one(two):
    keep, gone = two
    note, rule = make.safety_note(substance=gone), make.status(substance=gone)
    reaching = make.status(alkaloid=make.alkaloid(), reaches=[gone])
    claim, amount = make.claim(substance=gone), make.occurrence(substance=gone)
    assessment = make.assessment(subject=gone, items=2)
    article = make.article(substances=[gone])

    merging.merge(keep, gone)

    for row in (note, rule, claim, amount, assessment):
        row.refresh_from_db()
        assert row.substance == keep
    assert list(reaching.reaches.all()) == [keep]
    assert list(article.substances.all()) == [keep]
    assert not Substance.objects.filter(slug="biak").exists()


def test_its_address_leads_on_for_good_and_so_do_those_it_had_before(client, two):
    keep, gone = two
    OldSlug.objects.create(kind="substance", slug="kakuam", now="biak")

    merging.merge(keep, gone)

    for old in ("biak", "kakuam"):
        response = client.get(f"/substances/{old}/")
        assert response.status_code == 301
        assert response["Location"] == keep.get_absolute_url()


def test_its_names_are_names_of_the_kept_one(two):
    keep, gone = two

    merging.merge(keep, gone)

    assert set(keep.synonyms.values_list("name", flat=True)) == {"Biak", "Ketum"}


def test_a_name_that_both_had_is_there_once(two):
    keep, gone = two
    keep.synonyms.create(name="Ketum")

    report = merging.merge(keep, gone)

    assert keep.synonyms.filter(name="Ketum").count() == 1
    assert "both had: Ketum" in report.lines()


def test_tags_and_notes_of_curators_come_along(two):
    keep, gone = two
    gone.tags.add("opioid-receptor")
    note = CuratorNote.objects.create(about="substance:biak", note="Seen in a list.")

    merging.merge(keep, gone)

    note.refresh_from_db()
    assert note.about == "substance:kratom"
    assert list(keep.tags.names()) == ["opioid-receptor"]


def test_fields_are_the_kept_ones_but_for_those_that_are_taken(two):
    keep, gone = two
    gone.scientific_name, gone.mechanism = "Mitragyna speciosa", "Unknown."
    gone.save()

    merging.merge(keep, gone, take=["scientific_name", "slug", "state"])

    keep.refresh_from_db()
    assert keep.scientific_name == "Mitragyna speciosa"
    assert (keep.mechanism, keep.slug) == ("", "kratom")


def test_an_identifier_that_stands_only_once_can_be_taken():
    keep, gone = make.source(), make.source(doi="10.1/x")

    merging.merge(keep, gone, take=["doi"])

    assert Source.objects.get().doi == "10.1/x"


def test_two_assessments_of_one_question_become_one_with_all_items(two):
    keep, gone = two
    symptom = make.symptom()
    first = make.assessment(subject=keep, symptom=symptom, items=1)
    make.assessment(subject=gone, symptom=symptom, items=2)

    report = merging.merge(keep, gone)

    assert Assessment.objects.get() == first
    assert EvidenceItem.objects.filter(assessment=first).count() == 3
    assert any("both had" in line for line in report.lines())


def test_what_leaned_on_the_other_is_graded_anew(two):
    keep, gone = two
    symptom = make.symptom()
    first = make.assessment(subject=keep, symptom=symptom)
    make.evidence_item(
        assessment=make.assessment(subject=gone, symptom=symptom), design="rct", n=300
    )
    before = Assessment.objects.get(pk=first.pk).suggested_level

    merging.merge(keep, gone)

    assert Assessment.objects.get(pk=first.pk).suggested_level != before


def test_one_study_that_would_count_twice_is_named():
    keep, gone = make.source(name="A study"), make.source()
    assessment = make.assessment()
    for source in (keep, gone):
        make.evidence_item(assessment=assessment, source=source)

    report = merging.merge(keep, gone)

    assert "counts A study more than once" in " ".join(report.lines())


def test_a_source_is_cited_as_before_in_facts_claims_and_texts():
    keep, gone = make.source(slug="doe-2020"), make.source(slug="doe-2020-b")
    note = make.safety_note(source=gone, further_sources=[gone])
    claim = make.claim(sources=[gone])
    article = make.article(body="So it is. [@doe-2020-b; @doe-2020-bc]", sources=[gone])

    merging.merge(keep, gone)

    for row in (note, article):
        row.refresh_from_db()
    assert note.source == keep
    assert list(claim.sources.all()) == [keep]
    assert article.body == "So it is. [@doe-2020; @doe-2020-bc]"


def test_a_plain_summary_cites_the_kept_source_and_says_so_before_the_merge():
    keep, gone = make.source(slug="doe-2020"), make.source(slug="doe-2020-b")
    told = make.substance(
        plain_summary="It helps [@doe-2020-b]. Twice [@doe-2020; @doe-2020-b]."
    )
    assert told in [row for rows in uses.uses_of(gone) for row in rows]

    merging.merge(keep, gone)

    told.refresh_from_db()
    assert told.plain_summary == "It helps [@doe-2020]. Twice [@doe-2020]."


def test_links_in_articles_follow(two):
    keep, gone = two
    article = make.article(body="[[biak]], [[substance:biak|the tree]], [[biak-tea]]")

    merging.merge(keep, gone)

    article.refresh_from_db()
    assert article.body == "[[kratom]], [[substance:kratom|the tree]], [[biak-tea]]"


BARE = "[[biak]], [[substance:biak|the tree]]"


@pytest.mark.parametrize(
    ("other", "state", "after"),
    [
        ("symptom", "published", "[[kratom]], [[substance:kratom|the tree]]"),
        ("alkaloid", "draft", "[[kratom]], [[substance:kratom|the tree]]"),
    ],
)
def test_a_link_without_a_kind_follows_the_record_that_readers_are_led_to(
    two, other, state, after
):
    keep, gone = two
    getattr(make, other)(slug="biak", state=state)
    article = make.article(body=BARE)

    merging.merge(keep, gone)

    article.refresh_from_db()
    assert article.body == after


@pytest.mark.parametrize("state", ["published", "draft"])
def test_a_link_that_leads_to_another_kind_is_left_alone(state):
    tree = make.substance(slug="biak")
    keep = make.symptom(slug="craving", state=state)
    gone = make.symptom(slug="biak", state=state)
    article = make.article(body="[[biak]], [[symptom:biak]]")
    assert article in [row for rows in uses.uses_of(tree) for row in rows]

    merging.merge(keep, gone)

    article.refresh_from_db()
    assert article.body == "[[biak]], [[symptom:craving]]"


def test_a_draft_does_not_take_the_links_of_what_readers_see():
    make.symptom(slug="biak")
    keep = make.substance(slug="kratom", state="draft")
    gone = make.substance(slug="biak", state="draft")
    article = make.article(body="[[biak]]")

    merging.merge(keep, gone)

    article.refresh_from_db()
    assert article.body == "[[biak]]"


def test_a_link_says_its_kind_where_the_new_slug_alone_would_lead_elsewhere():
    make.substance(slug="craving")
    keep, gone = make.symptom(slug="craving"), make.symptom(slug="longing")
    article = make.article(body="[[longing]] and [[longing|it]], [[symptom:longing]]")

    merging.merge(keep, gone)

    article.refresh_from_db()
    assert article.body == (
        "[[symptom:craving]] and [[symptom:craving|it]], [[symptom:craving]]"
    )


def test_a_link_to_a_source_follows():
    keep, gone = make.source(slug="kruegel-2016"), make.source(slug="kruegel-2016-b")
    article = make.article(body="[[source:kruegel-2016-b]] [@kruegel-2016-b]")

    merging.merge(keep, gone)

    article.refresh_from_db()
    assert article.body == "[[source:kruegel-2016]] [@kruegel-2016]"


def test_a_symptom_is_no_part_of_itself():
    keep, gone, part = make.symptom(), make.symptom(), make.symptom()
    gone.part_of.add(keep)
    part.part_of.add(gone)

    merging.merge(keep, gone)

    assert list(keep.part_of.all()) == []
    assert list(part.part_of.all()) == [keep]
    assert Symptom.objects.count() == 2


def test_alkaloids_and_claims_can_be_merged_too():
    keep, gone = make.alkaloid(), make.alkaloid()
    amount = make.occurrence(alkaloid=gone)
    first, second = make.claim(), make.claim()
    article = make.article(claims=[second])

    merging.merge(keep, gone)
    merging.merge(first, second)

    amount.refresh_from_db()
    assert amount.alkaloid == keep
    assert list(article.claims.all()) == [first]


def test_the_search_follows(index, two, django_capture_on_commit_callbacks):
    keep, gone = two
    with django_capture_on_commit_callbacks(execute=True):
        merging.merge(keep, gone)

    keys = {key for key, _ in get_engine().versions()}
    assert "substance:biak" not in keys
    assert not upkeep.compare()


# Who may


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


# On the desk


def test_the_page_shows_both_and_what_would_move_and_changes_nothing(admin_client, two):
    keep, gone = two
    make.safety_note(substance=gone)
    address = reverse("admin:kb_substance_merge", args=[keep.pk])

    page = admin_client.get(address, {"other": "biak"}).content.decode()

    assert "Goes: Biak" in page
    assert "1 safety notes" in page
    assert Substance.objects.count() == 2


def test_the_form_merges_and_takes_what_was_ticked(admin_client, two):
    keep, _ = two
    address = reverse("admin:kb_substance_merge", args=[keep.pk])
    sent = {"other": "biak", "sent": "1", "take": ["name"], "reason": "One tree."}

    admin_client.post(address, sent)

    assert Substance.objects.get().name == "Biak"
    assert set(keep.synonyms.values_list("name", flat=True)) == {"Kratom", "Ketum"}


def test_words_of_a_name_find_the_record_and_no_page_holds_all_of_them(
    admin_client, two
):
    keep, _ = two
    for number in range(30):
        make.substance(slug=f"akuamma-{number}", name=f"Akuamma {number}")
    address = reverse("admin:kb_substance_merge", args=[keep.pk])

    assert "akuamma-1" not in admin_client.get(address).text
    many = admin_client.get(address, {"other": "Akuamma"}).text
    one = admin_client.get(address, {"other": "Biak"}).text

    assert many.count('href="?other=akuamma-') == 20
    assert "write more of the name" in many
    assert 'href="?other=biak"' in one
    assert "What differs" not in one
    assert "What differs" in admin_client.get(address, {"other": "biak"}).text


def test_a_slug_that_is_none_is_told_in_a_sentence(admin_client, two):
    address = reverse("admin:kb_substance_merge", args=[two[0].pk])

    page = admin_client.get(address, {"other": "beak"}).content.decode()

    assert "There is no record with the slug “beak”." in page


def test_a_reviewer_is_not_offered_it(client, two):
    made = User.objects.create_user("rita", password="a long enough one", is_staff=True)
    made.groups.add(Group.objects.get(name="Reviewer"))
    client.force_login(made)

    page = client.get(reverse("admin:kb_substance_change", args=[two[0].pk]))
    merge = client.get(reverse("admin:kb_substance_merge", args=[two[0].pk]))

    assert "Merge with another" not in page.content.decode()
    assert merge.status_code == 403
