"""“Something wrong?”: what a reader sends reaches the desk, and nothing else is kept."""

from __future__ import annotations

import re
import time

import pytest
from django.core import signing
from django.test import Client

from kb import reporting
from kb.models import ReaderReport
from tests import make

pytestmark = pytest.mark.django_db
TEXT = "The year of the study is wrong: it is from 2016."


@pytest.fixture
def reader():
    """A browser that checks for forged requests, as a real site does."""
    return Client(enforce_csrf_checks=True)


def stamped(about, seconds_ago):
    with pytest.MonkeyPatch.context() as patch:
        now = time.time()
        patch.setattr(signing.time, "time", lambda: now - seconds_ago)
        return reporting.stamp(about)


@pytest.fixture
def send(reader):
    def send(about="/method/", seconds_ago=60, **fields):
        sent = {"about": about, "stamp": stamped(about, seconds_ago), "text": TEXT}
        return reader.post("/report/", sent | fields)

    return send


def test_a_record_leads_to_a_form_about_it(reader):
    kratom = make.substance()
    address = kratom.get_absolute_url()
    link = f"/report/?about={address}"
    assert f'href="{link}"' in reader.get(address).text

    form = reader.get(link).text

    assert f'name="about" value="{address}"' in form
    assert re.search(r'name="stamp" value="[^"]+"', form)


def test_a_report_is_kept_and_no_cookie_is_set(reader, send):
    reply = send(reply_to="ada@example.org")

    report = ReaderReport.objects.get()
    assert (report.about, report.text, report.state) == ("/method/", TEXT, "open")
    assert report.reply_to == "ada@example.org"
    assert reply.status_code == 302
    thanks = reader.get(reply["Location"])
    assert "Thank you" in thanks.text
    assert not reader.cookies


def test_a_page_in_another_language_leads_to_its_form_and_thanks_in_it(reader):
    address = f"/de{make.substance().get_absolute_url()}"
    link = f'href="/de/report/?about={address}"'
    assert link in reader.get(address).text
    sent = {"about": address, "stamp": stamped(address, 60), "text": TEXT}

    refused = reader.post("/de/report/", sent | {"text": "x"})
    thanked = reader.post("/de/report/", sent, follow=True)

    assert "mindestens 10 Zeichen" in refused.text
    assert thanked.redirect_chain[0][0].startswith("/de/report/?")
    assert "<h1>Danke</h1>" in thanked.text
    assert f'href="{address}"' in thanked.text
    assert ReaderReport.objects.get().about == address


def test_nothing_of_the_sender_has_a_place_in_the_model():
    names = {field.name for field in ReaderReport._meta.get_fields()}

    assert names == {"id", "about", "text", "reply_to", "state", "outcome", "sent_at"}


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"seconds_ago": 0}, "quicker than a person writes"),
        ({"seconds_ago": 25 * 3600}, "more than a day"),
        ({"stamp": "made-up"}, "press the button again"),
        ({"stamp": ""}, "press the button again"),
        ({"stamp": stamped("/help/", 60)}, "press the button again"),
        ({"text": "short"}, "at least 10 letters"),
        ({"text": "x" * 4_001}, "at most 4,000 letters"),
        ({"reply_to": "nowhere"}, "not an e-mail address"),
    ],
    ids="young old forged unstamped other-page short long address".split(),
)
def test_what_is_refused_says_why_and_keeps_what_was_written(send, fields, says):
    reply = send(**fields)

    assert reply.status_code == 400
    assert says in reply.text
    assert fields.get("text", TEXT) in reply.text
    assert not ReaderReport.objects.exists()


def test_a_machine_that_fills_in_every_field_is_thanked_and_forgotten(send):
    assert send(website="https://spam.example").status_code == 302
    assert not ReaderReport.objects.exists()


def test_another_site_cannot_send_it_for_a_reader(reader):
    sent = {"about": "/help/", "stamp": stamped("/help/", 60), "text": TEXT}

    reply = reader.post("/report/", sent, headers={"sec-fetch-site": "cross-site"})

    assert reply.status_code == 400
    assert not ReaderReport.objects.exists()


@pytest.mark.parametrize(
    "about", ["//evil.example/", "https://evil.example/", "/no/such/page", "/" * 400]
)
def test_only_a_page_of_this_site_can_be_reported(reader, about):
    assert reader.get("/report/", {"about": about}).status_code == 400


def test_a_neighbourhood_may_send_a_few_and_is_told_when_to_come_back(reader):
    sent = {"about": "/help/", "stamp": stamped("/help/", 60), "text": TEXT}

    def status(address):
        return reader.post("/report/", sent, REMOTE_ADDR=address)

    for number in range(reporting.REPORTS):
        assert status(f"192.0.2.{number}").status_code == 302
    refused = status("192.0.2.99")

    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= reporting.WITHIN_S
    assert TEXT in refused.text
    assert status("198.51.100.1").status_code == 302


def test_readers_behind_one_socket_for_both_protocols_are_told_apart(reader):
    sent = {"about": "/help/", "stamp": stamped("/help/", 60), "text": TEXT}
    for _ in range(reporting.REPORTS):
        reader.post("/report/", sent, REMOTE_ADDR="::ffff:192.0.2.1")

    other = reader.post("/report/", sent, REMOTE_ADDR="::ffff:198.51.100.1")

    assert other.status_code == 302


def test_what_a_reader_wrote_is_never_markup(send, admin_client):
    assert "<b>x</b>" not in send(text="<b>x</b>").text
    send(text="<b>bold</b> is wrong")

    listed = admin_client.get("/admin/kb/readerreport/").text

    assert "<b>bold</b>" not in listed
    assert "&lt;b&gt;bold" in listed


def test_curators_see_what_nobody_has_answered(send, admin_client):
    send()

    front = admin_client.get("/admin/").text
    assert "Reports of readers that nobody has answered" in front
    listed = admin_client.get("/admin/kb/readerreport/?state__exact=open").text
    assert TEXT in listed


def test_a_closed_report_forgets_the_address_for_an_answer(send, admin_client):
    send(reply_to="ada@example.org")
    report = ReaderReport.objects.get()

    admin_client.post(
        f"/admin/kb/readerreport/{report.pk}/change/",
        {"state": "closed", "outcome": "Mended."},
    )

    report.refresh_from_db()
    assert (report.state, report.reply_to) == ("closed", "")


@pytest.mark.parametrize("name", ["about", "privacy", "accessibility", "terms"])
def test_the_site_tells_of_itself(client, name, settings):
    settings.SOURCE_URL = "https://code.example.org/"

    page = client.get(f"/{name}/")

    assert page.status_code == 200
    assert f'href="/{name}/"' in client.get("/method/").text
    if name in ("about", "privacy"):
        assert "https://code.example.org/" in page.text


def test_a_withdrawn_record_is_gone_and_a_draft_was_never_there(client):
    withdrawn, draft = make.substance(state="withdrawn"), make.substance(state="draft")

    gone = client.get(withdrawn.get_absolute_url())

    assert gone.status_code == 410
    assert "was withdrawn" in gone.text
    assert client.get(draft.get_absolute_url()).status_code == 404
