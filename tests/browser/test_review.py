"""Two people on a change: propose, send back, mend, approve, and the reader sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group, User
from playwright.sync_api import Browser, Page, expect

PASSWORD = "a long enough password"


@pytest.fixture
def as_person(
    site: str, chromium: Browser, django_db_blocker: Any
) -> Iterator[Callable[[str], Page]]:
    """Give a page on which somebody of a role is logged in."""
    pages: dict[str, Page] = {}

    def open_desk(role: str) -> Page:
        if role not in pages:
            with django_db_blocker.unblock():
                person = User.objects.create_user(
                    role.lower(), password=PASSWORD, is_staff=True
                )
                person.groups.add(Group.objects.get(name=role))
            page = chromium.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"{site}/admin/")
            page.get_by_label("Username").fill(role.lower())
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Log in").click()
            expect(page.get_by_text("Log out")).to_be_visible()
            pages[role] = page
        return pages[role]

    yield open_desk
    for page in pages.values():
        page.close()


def propose(page: Page, lead: str, why: str) -> None:
    page.get_by_label("Summary:", exact=True).fill(lead)
    page.get_by_label("Why this change?").fill(why)
    page.get_by_role("button", name="Save", exact=True).last.click()


def test_a_change_is_sent_back_mended_approved_and_seen(
    site: str, desktop: Page, as_person: Callable[[str], Page]
) -> None:
    desk = as_person("Contributor")
    desk.goto(f"{site}/admin/kb/substance/?q=lofexidine")
    desk.get_by_role("link", name="Lofexidine", exact=True).click()
    propose(desk, "A gentle medicine against withdrawal.", "It was long.")
    expect(desk.get_by_text("It waits for review")).to_be_visible()
    expect(desk.locator(".review__differences")).to_contain_text("gentle medicine")
    desktop.goto(f"{site}/substances/lofexidine/")
    expect(desktop.locator("main")).not_to_contain_text("gentle")

    review = as_person("Reviewer")
    review.goto(f"{site}/admin/kb/change/?needs=me")
    review.get_by_role("link", name="Lofexidine").click()
    review.get_by_role("link", name="state your interests").click()
    review.get_by_label("Public name").fill("R. Doe")
    review.get_by_label("Interests").first.fill("None.")
    review.get_by_role("button", name="Save", exact=True).last.click()
    review.goto(f"{site}/admin/kb/change/?needs=me")
    review.get_by_role("link", name="Lofexidine").click()
    review.get_by_label("Comment, or the reason").fill("“Gentle” sells.")
    review.get_by_role("button", name="Send back").click()
    expect(review.get_by_text("Sent back to its author")).to_be_visible()

    desk.goto(f"{site}/admin/kb/change/?needs=mending")
    desk.get_by_role("link", name="Lofexidine").click()
    expect(desk.get_by_text("“Gentle” sells.")).to_be_visible()
    desk.get_by_role("link", name="Go on editing it").click()
    expect(desk.get_by_label("Summary:", exact=True)).to_have_value(
        "A gentle medicine against withdrawal."
    )
    propose(desk, "A medicine that eases opioid withdrawal.", "Said plainly now.")
    expect(desk.get_by_text("It waits for review")).to_be_visible()

    review.goto(f"{site}/admin/kb/change/?needs=me")
    review.get_by_role("link", name="Lofexidine").click()
    axe = Axe().run(review)
    assert axe.violations_count == 0, axe.generate_report()
    review.get_by_role("button", name="Approve").click()
    expect(review.get_by_text("Approved: readers see it now.")).to_be_visible()

    desktop.reload()
    desktop.get_by_text("In the terms of the field", exact=True).click()
    expect(
        desktop.get_by_text("A medicine that eases opioid withdrawal.")
    ).to_be_visible()


def test_a_reviewer_takes_one_field_and_the_other_goes_back(
    site: str, desktop: Page, as_person: Callable[[str], Page]
) -> None:
    desk = as_person("Publisher")
    desk.goto(f"{site}/admin/kb/substance/?q=clonidine")
    desk.get_by_role("link", name="Clonidine", exact=True).click()
    desk.get_by_label("Route:").fill("by mouth, or as a patch on the skin")
    propose(desk, "The very best of medicines.", "From the label.")
    expect(desk.get_by_text("It waits for review")).to_be_visible()

    review = as_person("Administrator")
    review.goto(f"{site}/admin/kb/curator/add/")
    review.get_by_label("Interests").first.fill("None.")
    review.get_by_role("button", name="Save", exact=True).last.click()
    review.goto(f"{site}/admin/kb/change/?needs=me")
    review.get_by_role("link", name="Clonidine").click()
    review.get_by_role("checkbox", name="Summary").uncheck()
    approve = review.get_by_role("button", name="Approve what is ticked")
    approve.click()
    expect(review.get_by_text("Say why the rest is not taken")).to_be_visible()
    expect(review.get_by_role("checkbox", name="Summary")).not_to_be_checked()
    expect(review.get_by_role("checkbox", name="Route")).to_be_checked()
    axe = Axe().run(review)
    assert axe.violations_count == 0, axe.generate_report()
    review.get_by_label("Comment, or the reason").fill("It praises.")
    approve.click()
    expect(review.get_by_text("Approved in part")).to_be_visible()

    desktop.goto(f"{site}/substances/clonidine/history/")
    expect(desktop.locator("main")).to_contain_text("a patch on the skin")
    expect(desktop.locator("main")).not_to_contain_text("very best")
    desk.goto(f"{site}/admin/kb/change/?needs=mending")
    desk.get_by_role("link", name="Clonidine").click()
    expect(desk.get_by_text("It praises.")).to_be_visible()
    desk.get_by_role("link", name="Go on editing it").click()
    expect(desk.get_by_label("Summary:", exact=True)).to_have_value(
        "The very best of medicines."
    )
    expect(desk.get_by_label("Route:")).to_have_value(
        "by mouth, or as a patch on the skin"
    )
