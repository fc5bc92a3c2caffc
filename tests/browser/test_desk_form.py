"""Forms of the desk: a warning before typing is lost, and Ctrl+S."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Dialog, Page, expect

from tests.browser.desk import log_in


def open_lofexidine(page: Page, site: str) -> None:
    page.goto(f"{site}/admin/kb/substance/?q=lofexidine")
    page.get_by_role("link", name="Lofexidine", exact=True).click()
    expect(page.locator("#id_summary")).to_be_visible()


def test_leaving_is_asked_about_only_after_an_edit(
    site: str, desktop: Page, django_db_blocker: Any, problems: list[str]
) -> None:
    log_in(desktop, site, django_db_blocker, "uma")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    desktop.on("dialog", stay)
    open_lofexidine(desktop, site)
    # A browser asks only where somebody has done something on the page.
    desktop.locator("#id_scientific_name").click()
    desktop.get_by_role("link", name="Home").click()
    expect(desktop.locator(".needs").first).to_be_visible()
    assert asked == []

    open_lofexidine(desktop, site)
    desktop.locator("#id_summary").press_sequentially("More. ")
    desktop.get_by_role("link", name="Home").click()
    expect(desktop.locator(".needs").first).to_be_visible()

    assert asked == ["beforeunload"]
    assert problems == []


def test_ctrl_s_saves_without_a_question(
    site: str, desktop: Page, django_db_blocker: Any, problems: list[str]
) -> None:
    log_in(desktop, site, django_db_blocker, "vera")
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    desktop.on("dialog", accept)
    open_lofexidine(desktop, site)
    box = desktop.locator("#id_mechanism")
    box.fill("Said by a test.")

    desktop.keyboard.press("Control+s")

    expect(desktop.locator(".messagelist")).to_contain_text("changed successfully")
    open_lofexidine(desktop, site)
    expect(desktop.locator("#id_mechanism")).to_have_value("Said by a test.")
    assert asked == []
    assert problems == []
