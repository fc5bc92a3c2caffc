"""A link of the contents list leads to its part, whatever waited out of sight."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import open_page

PAGES = [
    ("/substances/kratom/", ["law", "contents", "sources"]),
    ("/substances/kratom/law/", ["places", "timeline"]),
    ("/alkaloids/mitragynine/", ["targets"]),
    ("/regions/US-AL/", ["timeline"]),
]
# A heading stands near the top of the window; its margin above stays in sight.
NEAR_THE_TOP = range(80)


def top_of(page: Page, anchor: str) -> int:
    box = page.locator(f"#{anchor}").bounding_box()
    assert box is not None
    return round(box["y"])


@pytest.fixture
def phone(chromium: Browser, problems: list[str]) -> Iterator[Page]:
    """A phone on which what is out of sight waits, as it does for readers."""
    yield from open_page(
        chromium, problems, width=360, height=740, is_mobile=True, waits=True
    )


@pytest.mark.parametrize("screen", ["desktop", "phone"])
@pytest.mark.parametrize(
    ("address", "anchors"), PAGES, ids=lambda value: str(value)[:24]
)
def test_a_link_of_the_contents_list_leads_to_its_part(
    site: str,
    screen: str,
    address: str,
    anchors: list[str],
    request: pytest.FixtureRequest,
) -> None:
    page: Page = request.getfixturevalue(screen)
    for anchor in anchors:
        page.goto(site + address)
        contents = page.locator("nav.toc:visible")
        if screen == "phone":
            contents.locator("summary").click()
        contents.locator(f'a[href="#{anchor}"]').click()

        page.wait_for_function("document.querySelector(':target') !== null")
        page.wait_for_timeout(200)  # what comes near is laid out a frame later
        assert top_of(page, anchor) in NEAR_THE_TOP, f"{address}#{anchor}"


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_an_address_with_an_anchor_opens_there(
    site: str, screen: str, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(screen)

    page.goto(f"{site}/substances/kratom/#source-40")
    page.wait_for_timeout(300)

    assert top_of(page, "source-40") in NEAR_THE_TOP
