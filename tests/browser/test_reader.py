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
