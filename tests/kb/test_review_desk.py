"""The desk keeps a change for review, and lets its author mend it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from kb.choices import ReviewState, State
from kb.models import Change, Curator, Source
from tests import make
from tests.desk import filled, send

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/kb/source/{}/change/"


def edit(client, source, why="It was wrong.", query="", **values):
    address = ADDRESS.format(source.pk) + query
    return send(client, address, follow=True, _why=why, **values)


def test_a_contributor_s_change_waits_and_the_page_stays_as_it_is(client, login):
    source = make.source(name="A study", container="A journal")
    author = login("Contributor")

    response = edit(client, source, container="Another journal")

    text = response.content.decode()
    source.refresh_from_db()
    assert source.container == "A journal"
    change = Change.objects.get()
    assert (change.author, change.state) == (author, ReviewState.OPEN)
    assert "readers see it once somebody else approves" in text
    assert "<del>A</del> journal" in text
    assert "<ins>Another</ins> journal" in text


def test_without_a_reason_nothing_is_sent_and_nothing_typed_is_lost(client, login):
    source = make.source(container="A journal")
    login("Contributor")

    response = edit(client, source, why="", container="Another journal")

    text = response.content.decode()
    assert "Say why: a reviewer reads it" in text
    assert 'value="Another journal"' in text
    assert not Change.objects.exists()


def test_what_is_not_valid_is_told_as_ever(client, login):
    source = make.source()
    login("Contributor")

    response = edit(client, source, name="")

    assert "This field is required." in response.content.decode()
    assert not Change.objects.exists()


def test_a_rejected_change_is_mended_where_its_author_left_off(client, login):
    source = make.source(container="A journal")
    login("Contributor")
    edit(client, source, container="A fine journal")
    change = Change.objects.get()
    reviewer = login("Reviewer")
    client.post(
        f"/admin/kb/change/{change.pk}/change/",
        {"act": "reject", "text": "“Fine” is an opinion."},
    )
    client.force_login(change.author)

    form = client.get(ADDRESS.format(source.pk) + f"?mend={change.pk}")
    text = form.content.decode()
    assert "“Fine” is an opinion." in text
    assert 'value="A fine journal"' in text
    source.refresh_from_db()
    assert source.container == "A journal"

    edit(client, source, query=f"?mend={change.pk}", container="The journal")
    mended = Change.objects.open().get()
    client.force_login(reviewer)
    client.post(f"/admin/kb/change/{mended.pk}/change/", {"act": "approve"})
    source.refresh_from_db()
    assert source.container == "The journal"


def test_parts_of_a_record_are_there_again_when_it_is_mended(client, login):
    kratom = make.substance(synonyms=["ketum"])
    login("Contributor")
    address = f"/admin/kb/substance/{kratom.pk}/change/"
    send(client, address, _why="It is long.", **{"synonyms-0-name": "ketum leaf"})
    change = Change.objects.get()

    text = client.get(f"{address}?mend={change.pk}").content.decode()

    assert 'value="ketum leaf"' in text
    assert 'name="synonyms-TOTAL_FORMS" value="1"' in text


def test_nobody_mends_the_change_of_another(client, login):
    source = make.source(container="A journal")
    login("Contributor")
    edit(client, source, container="A fine journal")
    change = Change.objects.get()
    login("Reviewer")

    text = client.get(ADDRESS.format(source.pk) + f"?mend={change.pk}").content.decode()

    assert 'value="A journal"' in text


def test_the_author_sees_no_button_to_approve(client, login):
    source = make.source()
    login("Publisher")
    edit(client, source, container="Another journal")
    address = f"/admin/kb/change/{Change.objects.get().pk}/change/"

    assert 'value="approve"' not in client.get(address).content.decode()
    response = client.post(address, {"act": "approve"}, follow=True)
    assert "Nobody approves their own change." in response.content.decode()


def test_a_reviewer_without_a_statement_is_led_to_it(client, login):
    source = make.source()
    login("Contributor")
    edit(client, source, container="Another journal")
    login("Reviewer")
    Curator.objects.update(interests_stated_on=None)

    text = client.get(
        f"/admin/kb/change/{Change.objects.get().pk}/change/"
    ).content.decode()

    assert "state your interests" in text
    assert 'value="approve"' not in text
    front = client.get("/admin/").content.decode()
    assert "Before you decide on changes" in front
    Curator.objects.update(interests_stated_on=timezone.localdate())
    front = client.get("/admin/").content.decode()
    assert "Before you decide on changes" not in front


def test_a_comment_stands_under_the_change(client, login):
    source = make.source()
    login("Contributor")
    edit(client, source, container="Another journal")
    address = f"/admin/kb/change/{Change.objects.get().pk}/change/"

    response = client.post(
        address, {"act": "comment", "text": "<b>See</b> page 3."}, follow=True
    )

    assert "&lt;b&gt;See&lt;/b&gt; page 3." in response.content.decode()


def test_a_draft_is_edited_at_once(client, login):
    source = make.source(state="draft", container="A journal")
    login("Contributor")

    edit(client, source, why="", container="Another journal")

    source.refresh_from_db()
    assert source.container == "Another journal"
    assert not Change.objects.exists()


def test_a_contributor_cannot_set_the_state(client, login):
    source = make.source(state="draft")
    login("Contributor")

    edit(client, source, state="published", container="Another journal")

    source.refresh_from_db()
    assert source.state == State.DRAFT


def test_an_administrator_saves_at_once(admin_client):
    source = make.source(container="A journal")

    edit(admin_client, source, why="", container="Another journal")

    source.refresh_from_db()
    assert source.container == "Another journal"
    assert not Change.objects.exists()


def test_a_new_fact_on_a_published_record_waits(client, login):
    kratom, source, region = make.substance(), make.source(), make.region()
    login("Contributor")
    address = "/admin/kb/regulatorystatus/add/"
    form = filled(client.get(address))

    response = client.post(
        address,
        {
            **form,
            "substance": kratom.pk,
            "region": region.pk,
            "source": source.pk,
            "status": "banned",
            "layer": "drug-law",
            "confidence": "high",
            "instrument": "Act 1",
            "summary": "Its sale is banned.",
            "_why": "It is law now.",
        },
        follow=True,
    )

    assert "It waits for review" in response.content.decode()
    assert not kratom.regulatorystatus_set.exists()
    assert Change.objects.get().kind == "status"


def test_an_action_on_what_readers_see_waits_too(client, login):
    assessment = make.assessment(items=1)
    assessment.needs_review = True
    assessment.save()
    kratom = make.substance(state="draft")
    login("Contributor")

    client.post(
        "/admin/kb/substance/",
        {"action": "publish", "_selected_action": [kratom.pk]},
    )
    client.post(
        "/admin/kb/substance/",
        {"action": "send_to_review", "_selected_action": [kratom.pk]},
    )

    kratom.refresh_from_db()
    assert kratom.state == State.IN_REVIEW
    assert Change.objects.get().identity == kratom.slug


def test_nobody_goes_round_review_by_an_old_version(client, login):
    source = make.source(container="A journal")
    source.container = "Another journal"
    source.save()
    old = source.history.last()
    login("Contributor")

    client.post(
        f"/admin/kb/source/{source.pk}/history/{old.pk}/",
        filled(client.get(ADDRESS.format(source.pk))),
    )

    assert Source.objects.get(pk=source.pk).container == "Another journal"


@pytest.mark.parametrize("role", ["Contributor", "Reviewer", "Publisher"])
def test_nobody_but_an_administrator_deletes(client, login, role):
    source = make.source()
    login(role)

    response = client.post(f"/admin/kb/source/{source.pk}/delete/", {"post": "yes"})

    assert response.status_code == 403
    assert Source.objects.filter(pk=source.pk).exists()


def test_a_curator_states_their_own_interests_only(client, login):
    mine = login("Reviewer").curator
    other = Curator.objects.create(user=make.user(), interests="Shares in a seller.")
    Curator.objects.filter(pk=mine.pk).update(interests_stated_on=None)

    client.post(
        f"/admin/kb/curator/{mine.pk}/change/",
        {"public_name": "R. Doe", "interests": "None."},
    )

    mine.refresh_from_db()
    assert (mine.public_name, mine.interests_stated_on) == (
        "R. Doe",
        timezone.localdate(),
    )
    response = client.get(f"/admin/kb/curator/{other.pk}/change/")
    assert response.status_code in (302, 403, 404)
    assert (
        "Shares in a seller." not in client.get("/admin/kb/curator/").content.decode()
    )


def test_the_queue_shows_what_waits_for_me(client, login):
    source = make.source(name="A study of tea")
    login("Contributor")
    edit(client, source, container="Another journal")

    assert (
        "A study of tea"
        not in client.get("/admin/kb/change/?needs=me")
        .content.decode()
        .split("</thead>")[-1]
        .split("changelist-filter")[0]
    )
    login("Reviewer")
    assert "A study of tea" in client.get("/admin/kb/change/?needs=me").content.decode()


def test_the_queue_asks_as_often_for_many_as_for_few(
    client, login, django_assert_num_queries
):
    author = login("Contributor")
    for number in range(12):
        Change.objects.create(
            kind="source",
            identity=f"s-{number}",
            title=f"Study {number}",
            proposed={},
            reason="It was wrong.",
            author=author,
        )

    # session, user, permissions (2), counts (2), own statement, rows, kinds to filter by
    with django_assert_num_queries(9):
        client.get("/admin/kb/change/")
