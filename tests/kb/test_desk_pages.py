"""What the desk tells who works there: kinds in order, what is wrong, what waits."""

from __future__ import annotations

import pytest
from django.contrib import admin

from kb.admin import told
from kb.choices import ReviewState, State
from kb.models import Change, ReaderReport
from tests import make
from tests.desk import send

pytestmark = pytest.mark.django_db


def test_every_kind_of_the_desk_is_told_in_a_sentence():
    untold = {
        model.__name__
        for model in admin.site._registry
        if not told.about(model.__name__)
    }

    assert untold == set()


def test_a_kind_that_nobody_sorted_in_is_listed_all_the_same():
    groups = told.grouped(
        [{"models": [{"object_name": "Novelty"}, {"object_name": "Source"}]}]
    )

    assert [group["name"] for group in groups] == ["Records", "Other"]


def test_an_empty_list_says_what_will_come_there(admin_client):
    assert "None yet." in admin_client.get("/admin/kb/readerreport/").text
    listed = admin_client.get("/admin/kb/substance/?q=quokka").text
    assert "Nothing matches “quokka”" in listed


def test_a_draft_is_sent_to_review_from_its_form(client, login):
    draft = make.source(name="A study", state="draft")
    author = login("Contributor")

    response = send(
        client,
        f"/admin/kb/source/{draft.pk}/change/",
        follow=True,
        name="A better title",
        _send="1",
    )

    draft.refresh_from_db()
    change = Change.objects.get()
    assert (draft.name, draft.state) == ("A better title", State.IN_REVIEW)
    assert (change.author, change.state) == (author, ReviewState.OPEN)
    assert response.redirect_chain[-1][0] == f"/admin/kb/change/{change.pk}/change/"
    form = client.get(f"/admin/kb/source/{draft.pk}/change/").text
    assert "Waiting for review already" in form
    assert 'name="_send"' not in form


def test_the_form_of_what_readers_see_says_that_a_change_waits(client, login):
    shown, draft = make.source(), make.source(state="draft")
    login("Contributor")

    form = client.get(f"/admin/kb/source/{shown.pk}/change/").text

    assert "Readers see this." in form
    assert 'name="_why"' in form
    assert 'name="_send"' not in form
    of_draft = client.get(f"/admin/kb/source/{draft.pk}/change/").text
    assert "Readers see this." not in of_draft
    assert 'name="_why"' not in of_draft


def test_a_missing_reason_is_named_where_it_belongs(client, login):
    shown = make.source()
    login("Contributor")

    form = send(client, f"/admin/kb/source/{shown.pk}/change/", name="Else").text

    assert '<a href="#id_why">Why this change?</a> It is empty.' in form


def test_each_error_of_a_form_leads_to_its_field(admin_client):
    form = send(admin_client, "/admin/kb/source/add/", name="").text

    assert '<a href="#id_name">Name</a>: This field is required.' in form


def test_a_change_leads_to_its_record_and_to_the_next(client, login):
    first, second = make.source(name="One"), make.source(name="Two")
    login("Contributor")
    for source in (first, second):
        send(client, f"/admin/kb/source/{source.pk}/change/", name="X", _why="So.")
    one, two = Change.objects.order_by("pk")
    login("Reviewer")

    page = client.get(f"/admin/kb/change/{one.pk}/change/").text

    assert f'href="/admin/kb/source/{first.pk}/change/"' in page
    assert f'href="{first.get_absolute_url()}"' in page
    assert f'href="/admin/kb/change/{two.pk}/change/">Next' in page


def test_a_report_is_put_away_only_with_what_was_found(admin_client):
    kava = make.substance(slug="kava")
    report = ReaderReport.objects.create(about="/substances/kava/", text="Wrong.")
    address = f"/admin/kb/readerreport/{report.pk}/change/"

    assert f'href="/admin/kb/substance/{kava.pk}/change/"' in (
        admin_client.get(address).text
    )
    refused = admin_client.post(address, {"state": "answered", "outcome": ""}).text

    assert "Say what was found" in refused
    report.refresh_from_db()
    assert report.state == "open"


@pytest.mark.parametrize(("role", "may"), [("Contributor", False), ("Reviewer", True)])
def test_who_curates_sees_what_was_searched_for_in_vain(client, login, role, may):
    person = login(role)

    assert client.get("/admin/search/missedquery/").status_code == 200
    assert person.has_perm("search.delete_missedquery") is may
