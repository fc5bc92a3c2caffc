"""A curator sends a table with errors, mends it, and takes it in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.desk import log_in

HEAD = "slug,name,symptom_kind,summary\n"


def test_a_csv_import_with_errors_is_mended_and_taken(
    site: str,
    desktop: Page,
    problems: list[str],
    django_db_blocker: Any,
    tmp_path: Path,
) -> None:
    log_in(desktop, site, django_db_blocker, "nora")
    table = tmp_path / "symptoms.csv"
    table.write_text(HEAD + "leg-cramp,Leg cramp,symptm,\nhiccup,Hiccup,symptom,\n")

    desktop.goto(site + "/admin/kb/symptom/")
    desktop.get_by_role("link", name="Take in a table").click()
    desktop.get_by_label("Table").set_input_files(table)
    desktop.get_by_label("Why these changes?").fill("From our sheet.")
    desktop.get_by_role("button", name="Look at it first").click()

    expect(desktop.get_by_text("Nothing is written yet.")).to_be_visible()
    wrong = desktop.locator(".table-import__row--error")
    expect(wrong).to_have_count(1)
    expect(wrong).to_contain_text("symptom_kind: 'symptm' is not one of: symptom")
    expect(desktop.get_by_role("button", name="Take it in")).to_have_count(0)
    assert problems == []  # before axe, which sets styles of its own
    axe = Axe().run(desktop)
    assert axe.violations_count == 0, axe.generate_report()

    table.write_text(HEAD + "leg-cramp,Leg cramp,symptom,\nhiccup,Hiccup,symptom,\n")
    desktop.get_by_role("link", name="send it again").click()
    desktop.get_by_label("Table").set_input_files(table)
    desktop.get_by_label("Why these changes?").fill("From our sheet.")
    desktop.get_by_role("button", name="Look at it first").click()
    desktop.get_by_role("button", name="Take it in").click()

    expect(desktop.locator(".messagelist")).to_contain_text("Saved: 2.")
    desktop.goto(site + "/admin/kb/symptom/?q=leg+cramp")
    expect(desktop.locator("#result_list")).to_contain_text("Draft")
