"""A curator corrects a fact in the admin, and readers find the correction."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.desk import log_in


def test_a_corrected_fact_is_found_within_a_second(
    site: str, desktop: Page, django_db_blocker: Any
) -> None:
    log_in(desktop, site, django_db_blocker, "mira")

    desktop.goto(site + "/admin/kb/substance/?q=kanna")
    desktop.locator("#result_list").get_by_role("link", name="Kanna").first.click()
    summary = desktop.locator("#id_summary")
    summary.fill(summary.input_value() + " A word for the test: quokkaberry.")
    desktop.get_by_role("button", name="Save", exact=True).first.click()
    saved = time.monotonic()
    expect(desktop.locator(".messagelist")).to_contain_text("changed successfully")

    desktop.goto(site + "/search/?q=quokkaberry")
    expect(desktop.locator(".card").first).to_contain_text("Kanna")
    assert time.monotonic() - saved < 5, "found, but not at once"

    desktop.goto(site + "/substances/kanna/")
    expect(desktop.locator("main")).to_contain_text("quokkaberry")
