"""A curator pastes a DOI, sees what was found, and saves it as a draft."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.desk import log_in
from tests.kb.publications import CROSSREF, serve


def test_a_doi_becomes_a_draft(
    site: str, desktop: Page, django_db_blocker: Any, settings: Any, problems: list[str]
) -> None:
    log_in(desktop, site, django_db_blocker, "nora")

    with serve(settings) as services:
        services.pages["/works/10.9999%2Ftea"] = CROSSREF
        desktop.goto(site + "/admin/kb/source/add/")
        box = desktop.get_by_label("Paste a DOI")
        box.fill("https://doi.org/10.9999/TEA")
        box.press("Enter")
        expect(desktop.get_by_role("status")).to_contain_text(
            "Found by DOI 10.9999/tea"
        )

    expect(desktop.locator("#id_doi")).to_have_value("10.9999/tea")
    expect(desktop.locator("#id_authors")).to_have_value("Kruegel AC\nGassaway MM")
    desktop.get_by_role("button", name="Save", exact=True).first.click()
    expect(desktop.locator(".messagelist")).to_contain_text("added successfully")
    assert problems == []


def test_a_file_is_looked_at_before_drafts_are_made(
    site: str, phone: Page, django_db_blocker: Any, problems: list[str]
) -> None:
    log_in(phone, site, django_db_blocker, "olga")
    ris = (
        b"TY  - JOUR\nTI  - Quokka tea\nAU  - Quokka, Q.\nPY  - 2019\nER  - \n"
        b"TY  - JOUR\nTI  - Mine\nDO  - 10.1021/jacs.6b00360\nER  - \n"
    )

    phone.goto(site + "/admin/kb/source/upload/")
    phone.locator("#id_file").set_input_files(
        {"name": "refs.ris", "mimeType": "text/plain", "buffer": ris}
    )
    phone.get_by_role("button", name="Show what is in it").click()
    expect(phone.get_by_role("status")).to_contain_text("1 new, 1 already here")
    wide = phone.evaluate("document.documentElement.scrollWidth > 360")
    assert not wide, "the page scrolls sideways"
    phone.get_by_role("button", name="Make drafts of what is ticked").click()

    expect(phone.locator(".messagelist")).to_contain_text("1 draft was made")
    assert problems == []
