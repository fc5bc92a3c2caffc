"""Whether cited addresses open: asked politely, never led inwards, gone only after a week."""

from __future__ import annotations

import datetime
import json

import pytest
from django.core.management import call_command
from django.urls import reverse

from articles import condition
from kb import fetching, links, quality, tasks, version
from kb.choices import LinkState
from kb.models import Job, LinkCheck, Source
from tests import make
from tests.serving import serving

pytestmark = pytest.mark.django_db

START = datetime.datetime(2026, 11, 1, 3, tzinfo=datetime.UTC)


@pytest.fixture
def server(settings):
    with serving() as server:
        settings.FETCH_PRIVATE_HOSTS = [server.host]
        settings.ARCHIVE_URL = f"{server.url}/archive"
        server.pages["/archive"] = (200, {}, b'{"archived_snapshots": {}}')
        yield server


def reply(status, body=b"", **headers):
    return (status, headers, body)


def run(days=0, **how):
    now = START + datetime.timedelta(days=days)
    return links.check_due(now=now, sleep=lambda seconds: None, **how)


def check_of(address):
    return LinkCheck.objects.get(address=address)


def dead(address, **values):
    """Make an address that failed for a week."""
    return LinkCheck.objects.create(
        address=address,
        state="dead",
        checked_at=START,
        failing_since=START - datetime.timedelta(days=8),
        failures=4,
        **values,
    )


# One look


def test_a_page_that_is_there_opens(server):
    server.pages["/paper"] = reply(200, b"A paper.")

    found = links.look(f"{server.url}/paper")

    assert (found.found, found.status) == (LinkState.WORKS, 200)


def test_a_page_that_moved_opens_at_its_new_address(server):
    server.pages["/old"] = reply(301, Location="/new")
    server.pages["/new"] = reply(200)

    found = links.look(f"{server.url}/old")

    assert (found.found, found.final_address) == (
        LinkState.WORKS,
        f"{server.url}/new",
    )


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_not_there_fails(server, status):
    server.pages["/paper"] = reply(status)

    assert links.look(f"{server.url}/paper").found == LinkState.FAILING


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_a_server_that_refuses_machines_was_not_checked(server, status):
    server.pages["/paper"] = reply(status)

    assert links.look(f"{server.url}/paper").found == LinkState.UNCLEAR


@pytest.mark.parametrize("refusal", [405, 404, 501])
def test_a_server_that_knows_no_head_is_asked_again_with_get(server, refusal):
    def page(handler):
        return reply(refusal if handler.command == "HEAD" else 200)

    server.pages["/paper"] = page

    assert links.look(f"{server.url}/paper").found == LinkState.WORKS


def test_a_large_page_that_says_not_found_is_not_there(server):
    server.pages["/paper"] = reply(404, b"x" * 1_100_000)

    assert links.look(f"{server.url}/paper").found == LinkState.FAILING


def test_a_large_file_opens(server):
    def paper(handler):
        return reply(405 if handler.command == "HEAD" else 200, b"x" * 1_100_000)

    server.pages["/paper"] = paper

    assert links.look(f"{server.url}/paper").found == LinkState.WORKS


def test_a_redirect_that_leads_nowhere_is_not_said_to_open(server):
    server.pages["/paper"] = reply(302)

    assert links.look(f"{server.url}/paper").found == LinkState.UNCLEAR


def test_a_redirect_into_the_private_network_is_not_followed(server):
    server.pages["/paper"] = reply(302, Location="http://10.0.0.1/admin")

    found = links.look(f"{server.url}/paper")

    assert (found.found, found.says) == (LinkState.UNCLEAR, "private-address")


def test_a_private_address_is_never_asked(server, settings):
    settings.FETCH_PRIVATE_HOSTS = []

    assert links.look(f"{server.url}/paper").says == "private-address"
    assert server.asked == []


@pytest.mark.parametrize("reason", ["timeout", "tls", "refused", "other"])
def test_trouble_on_the_way_is_no_verdict(monkeypatch, reason):
    def fail(*_, **__):
        raise fetching.FetchError(reason, "It failed.")

    monkeypatch.setattr(fetching, "fetch", fail)

    assert links.look("https://a.test/").found == LinkState.UNCLEAR


def test_a_name_that_no_longer_exists_fails(monkeypatch):
    def fail(*_, **__):
        raise fetching.FetchError("dns", "No host is called so.")

    monkeypatch.setattr(fetching, "fetch", fail)

    assert links.look("https://gone.test/").found == LinkState.FAILING


# The verdict


def verdicts(*looks):
    """Return the state after each look; a look is (day, found)."""
    check, states = LinkCheck(address="https://a.test/"), []
    for day, found in looks:
        at = START + datetime.timedelta(days=day)
        links.judge(check, links.Outcome(LinkState(found)), at)
        states.append(str(check.state))
    return states


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ([(0, "works")], "works"),
        ([(0, "failing")], "failing"),
        ([(0, "failing"), (1, "failing"), (2, "failing")], "failing"),
        ([(0, "failing"), (8, "failing")], "failing"),
        ([(0, "failing"), (4, "failing"), (7, "failing")], "dead"),
        ([(0, "failing"), (0.1, "failing"), (8, "failing")], "failing"),
        ([(0, "failing"), (4, "works"), (8, "failing")], "failing"),
        ([(0, "unclear"), (4, "unclear"), (9, "unclear")], "unclear"),
        ([(0, "works"), (7, "unclear")], "unclear"),
        # A look that could not tell says nothing against what failed.
        ([(0, "failing"), (4, "failing"), (7, "failing"), (8, "unclear")], "dead"),
        ([(0, "failing"), (4, "failing"), (7, "failing"), (8, "failing")], "dead"),
        ([(0, "failing"), (4, "failing"), (7, "failing"), (8, "works")], "works"),
    ],
)
def test_gone_is_said_after_three_days_of_failing_within_a_week_or_more(
    looks, expected
):
    assert verdicts(*looks)[-1] == expected


def test_the_last_ten_looks_are_kept():
    check = LinkCheck(address="https://a.test/")
    for day in range(12):
        at = START + datetime.timedelta(days=day)
        links.judge(check, links.Outcome(LinkState.WORKS, 200), at)

    assert [line["on"] for line in check.last_checks][:2] == [
        "2026-11-12",
        "2026-11-11",
    ]
    assert len(check.last_checks) == 10


# A run


def test_a_source_and_a_helpline_are_checked_and_the_archive_is_asked_for_what_is_gone(
    server,
):
    server.pages["/helpline"] = reply(200)
    copy = {"available": True, "url": "http://web.archive.org/web/2020/paper"}
    server.pages["/archive"] = reply(
        200, json.dumps({"archived_snapshots": {"closest": copy}}).encode()
    )
    make.source(url=f"{server.url}/paper")
    make.help_resource(url=f"{server.url}/helpline")

    report = run()

    assert report.checked == 2
    assert check_of(f"{server.url}/helpline").state == LinkState.WORKS
    failing = check_of(f"{server.url}/paper")
    assert (failing.state, failing.http_status) == (LinkState.FAILING, 404)
    assert failing.archived_address == "https://web.archive.org/web/2020/paper"


def test_an_address_is_asked_again_after_a_week_and_a_failing_one_the_next_day(server):
    server.pages["/there"] = reply(200)
    for path in ("there", "gone"):
        make.source(url=f"{server.url}/{path}")

    asked = [run(days).checked for days in (0, 0.5, 1, 7.5)]

    assert asked == [2, 0, 1, 2]


def test_a_week_of_daily_runs_ends_in_gone(server):
    make.source(url=f"{server.url}/paper")

    reports = [run(days) for days in range(9)]

    assert [len(each.dead) for each in reports] == [0, 0, 0, 0, 0, 0, 0, 1, 0]


def test_a_run_is_bounded_and_says_what_is_left(server):
    for number in range(5):
        make.source(url=f"{server.url}/{number}")

    report = run(limit=2)

    assert (report.checked, report.left) == (2, 3)


def test_an_address_that_is_none_ends_no_run(server):
    Source.objects.filter(pk=make.source().pk).update(url="https://[broken")
    server.pages["/there"] = reply(200)
    make.source(url=f"{server.url}/there")

    assert run().checked == 2

    assert check_of(f"{server.url}/there").state == LinkState.WORKS
    assert check_of("https://[broken").state == LinkState.UNCLEAR


def test_one_host_is_given_a_pause_between_two_requests(server):
    pauses = []
    for number in range(3):
        make.source(url=f"{server.url}/{number}")

    links.check_due(now=START, sleep=pauses.append)

    assert len(pauses) == 2
    assert all(0 < pause <= links.HOST_PAUSE_S for pause in pauses)


def test_hosts_take_turns():
    asked = ["https://a.test/1", "https://a.test/2", "https://b.test/1"]

    assert list(links._hosts_in_turn(asked)) == [asked[0], asked[2], asked[1]]


def test_what_robots_txt_forbids_is_left_alone_and_said(server):
    server.pages["/robots.txt"] = reply(200, b"User-agent: *\nDisallow: /private/")
    make.source(url=f"{server.url}/private/paper")

    run()

    check = check_of(f"{server.url}/private/paper")
    assert check.state == LinkState.UNCLEAR
    assert "robots.txt" in check.last_checks[0]["says"]
    assert [path for path, _ in server.asked] == ["/robots.txt"]


def test_a_doi_a_pmid_and_an_address_are_all_checked():
    source = make.source(doi="10.1/x", pmid="123", url="https://a.test/")

    assert links.cited() == sorted(links.addresses_of(source))
    assert len(links.cited()) == 3


def test_withdrawn_sources_are_left_alone():
    make.source(url="https://a.test/", state="withdrawn")

    assert links.cited() == []


def test_a_run_is_one_change_for_the_pages_that_are_kept(server):
    for number in range(5):
        make.source(url=f"{server.url}/{number}")
    before = version.current().number

    run()

    assert version.current().number == before + 1


def look_again(address, *, found, days):
    now = START + datetime.timedelta(days=days)
    outcome = links.Outcome(found, 404 if found == LinkState.FAILING else 200)
    links.save_outcomes([(address, outcome, now, "")])


def test_a_kept_page_shows_that_an_address_died(read):
    item = make.evidence_item(source=make.source(url="https://a.test/"))
    for day in (0, 3):
        look_again("https://a.test/", found=LinkState.FAILING, days=day)
    assert "no longer opens" not in read(item.assessment).text

    look_again("https://a.test/", found=LinkState.FAILING, days=8)

    assert "Its address no longer opens." in read(item.assessment).text


def test_one_more_look_that_finds_the_same_renews_no_kept_page():
    make.source(url="https://a.test/")
    look_again("https://a.test/", found=LinkState.WORKS, days=0)
    before = version.current()

    look_again("https://a.test/", found=LinkState.WORKS, days=8)

    assert version.current() == before
    assert LinkCheck.objects.get().checked_at == START + datetime.timedelta(days=8)


def test_it_is_due_each_day_for_the_worker(server):
    server.pages["/paper"] = reply(200)
    make.source(url=f"{server.url}/paper")

    job = tasks.check_links.enqueue()

    assert tasks.check_links in tasks.DAILY
    assert job.says == "Checked 1 addresses, 0 are still due."
    assert Job.objects.get().state == "done"


def test_the_command_says_what_it_did(server, capsys):
    server.pages["/paper"] = reply(200)
    make.source(url=f"{server.url}/paper")

    call_command("check_links", "--limit", "5")
    call_command("check_links", "--due")

    out = capsys.readouterr().out
    assert "Checked 1 addresses" in out
    assert "Checked 0 addresses" in out


# What people see


def test_the_page_of_a_source_says_what_was_never_checked(read):
    page = read(make.source(url="https://a.test/"))

    assert "Not checked" in page.text


def test_the_page_of_a_source_says_what_is_gone_and_where_a_copy_is(read):
    dead("https://a.test/", archived_address="https://web.archive.org/web/1/a")

    page = read(make.source(url="https://a.test/"))

    assert "Gone: not found on 4 days since 24 October 2026" in page.text
    assert "https://web.archive.org/web/1/a" in page.links


@pytest.mark.parametrize("state", ["failing", "unclear", "works"])
def test_what_is_not_gone_is_not_called_so_where_it_is_cited(read, state):
    LinkCheck.objects.create(address="https://a.test/", state=state, checked_at=START)
    item = make.evidence_item(source=make.source(url="https://a.test/"))

    assert "no longer opens" not in read(item.assessment).text


def test_a_gone_address_is_flagged_wherever_its_source_is_cited(read):
    dead("https://a.test/")
    source = make.source(url="https://a.test/")
    item = make.evidence_item(source=source)
    note = make.safety_note(source=source)
    article = make.article(body=f"So it is. [@{source.slug}]", sources=[source])

    for record in (item.assessment, note.subject, article):
        assert "Its address no longer opens. No archived copy" in read(record).text


def test_an_article_on_the_desk_names_its_dead_sources():
    dead("https://a.test/")
    source = make.source(name="A lost paper", url="https://a.test/")
    article = make.article(sources=[source])

    assert condition.gone_sources(article) == [
        "A lost paper: its address no longer opens"
    ]
    counted = condition.with_gone_sources(type(article).objects.all()).get()
    assert counted.gone_count == 1


def test_a_dead_address_that_readers_do_not_get_is_not_held_against_a_source():
    dead("https://a.test/")
    make.source(doi="10.1/x", url="https://a.test/")

    assert links.dead_sources() == {}


def test_the_desk_counts_dead_sources_and_lists_them(admin_client):
    dead("https://a.test/")
    make.source(name="A lost paper", url="https://a.test/")
    make.source(name="A paper that stands", url="https://b.test/")

    front = admin_client.get(reverse("admin:index")).content.decode()
    listed = admin_client.get(
        reverse("admin:kb_source_changelist"), {"link": "dead"}
    ).content.decode()

    assert "Sources whose address no longer opens" in front
    assert "A lost paper" in listed
    assert "A paper that stands" not in listed


def test_the_figures_count_what_could_not_be_checked_for_neither_side():
    for letter, state in (("a", "works"), ("b", "unclear"), ("c", "failing")):
        address = f"https://{letter}.test/"
        make.source(url=address)
        LinkCheck.objects.create(address=address, state=state, checked_at=START)
    make.source(url="https://d.test/")

    found = {each.name: (each.part, each.total) for each in quality.figures()}

    assert found["links-checked"] == (3, 4)
    assert found["links-that-open"] == (1, 2)


@pytest.mark.parametrize(
    ("address", "make_one"),
    [
        ("https://doi.org/10.1000/1", lambda: make.source(doi="10.1000/1")),
        ("https://pubmed.ncbi.nlm.nih.gov/12/", lambda: make.source(pmid="12")),
        ("https://a.test/", lambda: make.source(url="https://a.test/")),
        ("https://b.test/", lambda: make.help_resource(url="https://b.test/")),
    ],
)
def test_the_page_of_an_address_leads_to_what_cites_it(admin_client, address, make_one):
    one = make_one()
    other = make.source(doi="10.1000/12", pmid="123", url="https://a.test/b")
    check = LinkCheck.objects.create(address=address)

    page = admin_client.get(f"/admin/kb/linkcheck/{check.pk}/change/").content.decode()

    assert f'<li><a href="/admin/kb/{one._meta.model_name}/{one.pk}/change/">' in page
    assert f'<li><a href="/admin/kb/source/{other.pk}/change/">' not in page
