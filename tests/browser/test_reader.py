"""What a reader does first, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_the_home_page_opens_without_a_complaint(
    site: str, screen: str, problems: list[str], request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(screen)

    response = page.goto(site + "/")

    assert response is not None
    assert response.status == 200
    assert page.locator("main").count() == 1
    assert problems == []


def test_on_a_phone_a_question_of_law_leads_to_answer_and_source_in_two_taps(
    site: str, phone: Page, problems: list[str]
) -> None:
    phone.goto(site + "/")
    phone.locator("#q").fill("kratom legal ohio")

    phone.get_by_role("button", name="Search").tap()  # the first tap: the answer
    phone.wait_for_url("**/search/**")
    answer = phone.locator(".answer")
    source = answer.locator(".answer__foot a").first
    for part in (answer.locator(".answer__sentence"), source):
        box = part.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 740, "it is there without scrolling"
    assert "Ohio" in answer.inner_text()
    assert "Verified" in answer.inner_text()

    source.tap()  # the second: its source
    phone.wait_for_url("**/sources/**")
    assert phone.locator("main a[rel~=external]").count() > 0
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    assert problems == []


def test_what_programs_read_breaks_no_rule_of_the_policy(
    site: str, desktop: Page, problems: list[str]
) -> None:
    desktop.goto(site + "/substances/kratom/")

    block = desktop.locator('script[type="application/ld+json"]')
    assert block.count() == 1
    assert "schema.org" in (block.text_content() or "")
    desktop.get_by_role("link", name="Cite this page").click()
    assert desktop.locator("h1").inner_text() == "Cite this page"
    assert "Pharmakon" in desktop.locator("main").inner_text()
    assert problems == []
