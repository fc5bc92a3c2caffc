"""A reader whose connection is gone, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.http import HttpResponse
from playwright.sync_api import Browser, Page

from tests.browser.conftest import open_page

KEPT = (
    "caches.open('pages-1').then(kept => kept.keys())"
    ".then(names => names.map(({url}) => new URL(url).pathname))"
)
SECONDS = 60


@pytest.fixture
def phone(chromium: Browser, problems: list[str]) -> Iterator[Page]:
    yield from open_page(
        chromium, problems, width=360, height=740, is_mobile=True, keeps_pages=True
    )


def kept_paths(page: Page) -> list[str]:
    paths: list[str] = page.evaluate(KEPT)
    return paths


def visit(page: Page, address: str, *, until_kept: str) -> None:
    """Open a page and wait until the worker has kept what it keeps with it."""
    page.goto(address)
    for _ in range(SECONDS * 10):
        has_worker = page.evaluate("Boolean(navigator.serviceWorker.controller)")
        if has_worker and until_kept in kept_paths(page):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{until_kept} was not kept within {SECONDS} s")


def test_an_entry_that_was_opened_opens_without_a_connection_and_says_its_day(
    site: str, phone: Page
) -> None:
    visit(
        phone,
        f"{site}/substances/kratom/?in=US-OH",
        until_kept="/substances/kratom/card/",
    )
    phone.context.set_offline(True)

    phone.goto(f"{site}/substances/kratom/?in=US-OH")

    assert phone.locator("h1").inner_text() == "Kratom"
    note = phone.locator(".kept-note").inner_text()
    assert "No connection" in note
    assert phone.evaluate("new Date().getFullYear().toString()") in note
    assert "may have changed" in note
    width = phone.evaluate("document.documentElement.scrollWidth")
    assert width <= 360
    # Its style came along: the page is not bare text.
    assert phone.evaluate("getComputedStyle(document.body).fontFamily") != "Times"


def test_the_safety_card_comes_along_with_its_entry(site: str, phone: Page) -> None:
    visit(phone, f"{site}/substances/kratom/", until_kept="/substances/kratom/card/")
    phone.context.set_offline(True)

    phone.goto(f"{site}/substances/kratom/card/")

    assert phone.locator("h1").inner_text() == "Kratom"
    assert phone.get_by_text("Danger signs on record").count() == 1
    assert "No connection" in phone.locator("[role=status]").first.inner_text()


def test_help_numbers_are_there_though_nobody_opened_them(
    site: str, phone: Page
) -> None:
    visit(phone, f"{site}/", until_kept="/help/")
    phone.context.set_offline(True)

    phone.goto(f"{site}/help/")

    assert phone.locator("h1").inner_text() == "Where help is"
    assert "No connection" in phone.locator(".kept-note").inner_text()


def test_a_page_that_was_never_opened_leads_to_what_is_kept(
    site: str, phone: Page
) -> None:
    visit(phone, f"{site}/substances/kratom/", until_kept="/substances/kratom/card/")
    phone.context.set_offline(True)

    phone.goto(f"{site}/substances/kava/")

    assert phone.locator("h1").inner_text() == "Without a connection"
    phone.locator("#kept-pages a", has_text="Kratom").first.wait_for()


def test_a_page_in_another_language_is_kept_and_told_of_in_it(
    site: str, phone: Page
) -> None:
    visit(phone, f"{site}/de/substances/kratom/", until_kept="/de/help/")
    visit(phone, f"{site}/de/offline/", until_kept="/de/substances/kratom/card/")
    phone.locator("#kept-pages a").first.wait_for()
    assert "Auf diesem Gerät aufbewahrt" in phone.locator("#kept-note").inner_text()
    phone.context.set_offline(True)

    phone.goto(f"{site}/de/substances/kratom/card/")
    note = phone.locator("[role=status]").first
    assert "Keine Verbindung" in note.inner_text()
    assert note.locator("a").get_attribute("href") == "/de/offline/"

    phone.goto(f"{site}/de/substances/kava/")
    assert phone.locator("h1").inner_text() == "Ohne Verbindung"


def test_with_a_connection_the_page_is_the_new_one(site: str, phone: Page) -> None:
    visit(phone, f"{site}/substances/kratom/", until_kept="/substances/kratom/card/")

    phone.goto(f"{site}/substances/kratom/")

    assert phone.locator(".kept-note").count() == 0


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_where_the_site_is_broken_the_kept_copy_is_shown_and_says_so(
    site: str, phone: Page, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    visit(phone, f"{site}/substances/kratom/", until_kept="/substances/kratom/card/")
    monkeypatch.setattr(
        BaseHandler, "get_response", lambda *_: HttpResponse("Bad", status=status)
    )

    phone.goto(f"{site}/substances/kratom/")

    assert phone.locator("h1").inner_text() == "Kratom"
    assert "The site does not answer" in phone.locator(".kept-note").inner_text()
    assert phone.goto(f"{site}/substances/kava/").status == status


def test_searches_and_the_desk_are_never_kept(site: str, phone: Page) -> None:
    visit(phone, f"{site}/", until_kept="/help/")
    phone.goto(f"{site}/search/?q=kratom+withdrawal")
    phone.goto(f"{site}/check/")
    phone.goto(f"{site}/admin/login/")
    phone.goto(f"{site}/offline/")

    assert sorted(kept_paths(phone)) == ["/help/", "/offline/"]


def test_a_reader_removes_what_is_kept(
    site: str, phone: Page, problems: list[str]
) -> None:
    visit(phone, f"{site}/substances/kratom/", until_kept="/substances/kratom/card/")
    phone.goto(f"{site}/offline/")
    phone.locator("#kept-pages a").first.wait_for()

    phone.get_by_role("button", name="Remove them from this device").click()

    phone.get_by_text("No entry is kept on this device any more").wait_for()
    assert sorted(kept_paths(phone)) == ["/help/", "/offline/"]
    assert problems == []


def test_a_page_that_breaks_off_half_way_leaves_the_kept_one(
    site: str, phone: Page
) -> None:
    worker = settings.BASE_DIR / "static/js/service-worker.js"
    phone.goto(f"{site}/offline/")

    kept = phone.evaluate(
        f"""async () => {{
          const addEventListener = () => {{}};
          {worker.read_text()}
          const page = new URL("/substances/kratom/", location.href);
          await put(page, new Response("whole"));
          const broken = {{ headers: new Headers(), blob: () => Promise.reject(new Error()) }};
          await put(page, broken).catch(() => {{}});
          const found = await (await caches.open(PAGES)).match(page.href);
          return found ? found.text() : "lost";
        }}"""
    )

    assert kept == "whole"
