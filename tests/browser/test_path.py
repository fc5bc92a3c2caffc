"""The path of a worried reader, from the question to the whole, on a phone and a desk."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

SCREENS = ["desktop", "phone"]


@pytest.mark.parametrize("screen", SCREENS)
def test_a_reader_gets_from_a_question_to_the_whole(
    site: str, screen: str, problems: list[str], request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(screen)

    page.goto(site + "/")
    page.locator("main").get_by_label("What do you want to know?").fill(
        "kratom withdrawal"
    )
    page.locator("main").get_by_role("button", name="Search").click()

    answer = page.locator(".answer")
    expect(answer).to_contain_text("No controlled study in people was found")
    expect(answer).to_contain_text("Very low certainty")
    expect(answer).to_contain_text("Buprenorphine")
    expect(page.locator(".card mark").first).to_be_visible()
    page.locator(".card").get_by_role("link", name="Kratom", exact=True).click()

    expect(page).to_have_url(f"{site}/substances/kratom/")
    expect(page.locator("h1")).to_have_text("Kratom")
    row = page.locator(".matrix tr", has_text="Opioid withdrawal").first
    expect(row).to_contain_text("Very low")
    controlled = page.locator(".law-tally tr", has_text="Controlled drug")
    # By key: what is drawn only near the window may move the link under a click.
    controlled.get_by_role("link", name="Where").press("Enter")
    expect(page.locator("#status-controlled")).to_contain_text("Alabama 2016")
    page.go_back()
    expect(page.locator(".structure").first).to_be_attached()
    expect(page.locator("#source-1")).to_be_attached()
    expect(page.locator("#safety")).to_be_visible()

    page.locator("#contents ~ *, section:has(#contents)").get_by_role(
        "link", name="Mitragynine", exact=True
    ).first.click()
    expect(page.locator("h1")).to_have_text("Mitragynine")
    expect(page.locator(".structure svg").first).to_be_visible()

    page.goto(site + "/symptoms/opioid-withdrawal/")
    page.locator("main").get_by_role("link", name="Insomnia", exact=True).click()
    expect(page.locator("h1")).to_have_text("Insomnia")

    page.goto(site + "/substances/kratom/")
    page.get_by_role("link", name="All places by name").click()
    alabama = page.locator(".statuses tr", has_text="Alabama")
    expect(alabama).to_contain_text("Controlled drug")
    expect(alabama).to_contain_text("10 May 2016")
    alabama.get_by_role("link").first.click()
    expect(page.locator("h1")).to_have_text("Alabama")
    page.locator(".statuses").get_by_role(
        "link", name="District attorney"
    ).first.click()
    expect(page.locator("h1")).to_contain_text("District attorney")
    assert problems == []


def test_the_law_where_i_am_stands_on_top(site: str, phone: Page) -> None:
    phone.goto(site + "/substances/kratom/")
    place = phone.get_by_label("Where are you?")
    place.press_sequentially("ohi", delay=50)
    expect(phone.get_by_role("option", name="Ohio, United States")).to_be_visible()
    place.press("ArrowDown")
    place.press("Enter")
    expect(place).to_have_value("Ohio, United States")
    phone.get_by_role("button", name="Show").click()

    expect(phone.locator(".glance")).to_contain_text("In Ohio")
    phone.locator("main").get_by_role(
        "link", name="Mitragynine", exact=True
    ).first.click()
    expect(phone).to_have_url(f"{site}/alkaloids/mitragynine/?in=US-OH")
    expect(phone.locator(".glance")).to_contain_text("In Ohio")


def test_the_map_draws_shapes_that_stand_in_another_file(
    site: str, desktop: Page, problems: list[str]
) -> None:
    with desktop.expect_response("**/maps/world-*.svg") as outlines:
        desktop.goto(site + "/substances/kratom/law/")

    assert outlines.value.ok
    thailand = desktop.locator('#map-world a[href="/regions/TH/"] use')
    assert thailand.evaluate("shape => shape.getBBox().width") > 5
    assert problems == []


def test_the_picture_of_a_map_comes_as_it_is_neared(
    site: str, desktop: Page, problems: list[str]
) -> None:
    desktop.goto(site + "/substances/kratom/")
    picture = desktop.locator("#map-world img")
    assert picture.evaluate("image => image.naturalWidth") == 0

    picture.scroll_into_view_if_needed()

    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0
    picture.click()
    expect(desktop).to_have_url(f"{site}/substances/kratom/law/#map-world")
    assert problems == []


def test_a_link_to_a_level_leads_to_its_row_and_on_to_its_reasons(
    site: str, desktop: Page
) -> None:
    desktop.goto(site + "/substances/kratom/#why-opioid-withdrawal-benefit")
    row = desktop.locator("#why-opioid-withdrawal-benefit")
    expect(row).to_be_in_viewport()

    row.get_by_role("link", name="Why this level").click()

    expect(desktop.locator("main")).to_contain_text("never counts", ignore_case=True)
    expect(desktop.locator(".finding").first).to_be_visible()


def test_a_reader_leaves_a_source_out_and_watches_the_level(
    site: str, desktop: Page, problems: list[str]
) -> None:
    desktop.goto(site + "/substances/lofexidine/#why-opioid-withdrawal-benefit")
    desktop.locator("#why-opioid-withdrawal-benefit").get_by_role(
        "link", name="Why this level"
    ).click()
    tried = desktop.locator("#tried")
    expect(tried).to_be_empty()

    boxes = desktop.locator("form.tryout [name=without]")
    for number in range(boxes.count()):
        boxes.nth(number).check()

    expect(tried).to_contain_text("Not assessed")
    expect(desktop).to_have_url(re.compile(r"without=.+without=.+#try$"))
    desktop.reload()
    expect(boxes.first).to_be_checked()
    expect(tried).to_contain_text("Not assessed")

    boxes.first.uncheck()
    expect(tried).to_contain_text("Low")
    assert problems == []


def test_the_whole_can_be_taken_as_json(site: str, desktop: Page) -> None:
    desktop.goto(site + "/export/")
    expect(desktop.locator('main a[href="/export/kb.json"]').first).to_be_visible()

    reply = desktop.request.get(site + "/export/kb.json", timeout=120_000)

    whole = json.loads(reply.body())
    assert {"substances", "alkaloids", "symptoms", "sources"} <= whole.keys()
    assert any(record["slug"] == "kratom" for record in whole["substances"])
