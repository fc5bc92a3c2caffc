"""The pages of the desk in both themes and sizes, and a report from reader to answer."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.desk import log_in

# Each with another piece of the desk on it.
PAGES = (
    "",
    "kb/source/?q=zzz",
    "kb/source/add/",
    "kb/regulatorystatus/add/",
    "account/second-factor/",
)


def opened(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("h1").first).to_be_visible()


@pytest.mark.parametrize(
    ("scheme", "width", "height"), [("light", 720, 450), ("dark", 360, 740)]
)
def test_the_desk_is_accessible_at_twice_the_size_and_on_a_phone_in_the_dark(
    site: str,
    chromium: Browser,
    django_db_blocker: Any,
    scheme: Any,
    width: int,
    height: int,
) -> None:
    page = chromium.new_page(
        viewport={"width": width, "height": height}, color_scheme=scheme
    )
    try:
        log_in(page, site, django_db_blocker, f"ida-{scheme}")
        for path in PAGES:
            opened(page, f"{site}/admin/{path}")
            wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
            assert not wide, f"{path} scrolls sideways"
            axe = Axe().run(page)
            assert axe.violations_count == 0, f"{path}: {axe.generate_report()}"
    finally:
        page.close()


def test_a_form_begins_where_one_types_and_names_what_is_wrong(
    site: str, phone: Page, django_db_blocker: Any, problems: list[str]
) -> None:
    log_in(phone, site, django_db_blocker, "olive")

    opened(phone, f"{site}/admin/kb/source/add/")
    expect(phone.locator("#id_identifier")).to_be_focused()
    opened(phone, f"{site}/admin/kb/assessment/add/")
    save = phone.get_by_role("button", name="Save", exact=True)
    expect(save).to_be_in_viewport()
    save.click()

    troubles = phone.locator("#desk-troubles")
    expect(troubles).to_be_focused()
    troubles.get_by_role("link", name="Conclusion").click()
    expect(phone.locator("#id_conclusion")).to_be_in_viewport()
    assert problems == []


def test_a_reader_s_report_is_found_on_the_desk_and_answered(
    site: str,
    phone: Page,
    desktop: Page,
    django_db_blocker: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A person takes longer than a test.
    monkeypatch.setattr("kb.reporting.YOUNGEST_S", -1)
    phone.goto(f"{site}/substances/kava/")
    phone.get_by_role("link", name="Something wrong?").first.click()
    phone.get_by_label("What is wrong").fill("The law of Fiji has changed since.")
    phone.get_by_role("button", name="Send the report").click()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()

    log_in(desktop, site, django_db_blocker, "petra")
    need = desktop.get_by_role("row", name=re.compile("Reports of readers"))
    need.get_by_role("link").click()
    desktop.get_by_role("link", name="The law of Fiji").click()
    expect(desktop.get_by_role("link", name="Kava", exact=True)).to_be_visible()
    desktop.get_by_label("State").select_option("Answered")
    desktop.get_by_role("button", name="Save", exact=True).click()
    expect(desktop.get_by_text("Say what was found")).to_be_visible()
    desktop.get_by_label("Outcome").fill("The row for Fiji was looked up again.")
    desktop.get_by_role("button", name="Save", exact=True).click()

    expect(desktop.get_by_text("Nothing matches with these filters.")).to_be_visible()
    opened(desktop, f"{site}/admin/")
    expect(desktop.get_by_text("Reports of readers")).to_have_count(0)
