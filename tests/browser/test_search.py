"""Searching in a real browser: type, arrow, correct, filter, read the answer."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

SCREENS = ["desktop", "phone"]


def field(page: Page) -> Locator:
    return page.locator("main .search__field")


def type_into(page: Page, text: str) -> Locator:
    """Type as a person does, and return the list that opens."""
    field(page).click()
    field(page).press_sequentially(text, delay=20)
    suggestions = page.locator("#q-suggestions")
    expect(suggestions).to_be_visible()
    return suggestions


@pytest.mark.parametrize("screen", SCREENS)
def test_a_name_is_completed_and_chosen_with_the_keyboard(
    site: str, screen: str, problems: list[str], request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(screen)
    page.goto(site + "/")

    suggestions = type_into(page, "ketu")
    expect(field(page)).to_have_attribute("aria-expanded", "true")
    expect(suggestions.get_by_role("group").first).to_have_attribute(
        "aria-label", "Substances"
    )
    best = suggestions.get_by_role("option").first
    expect(best).to_contain_text("Kratom")
    expect(best).to_contain_text("ketum")

    field(page).press("ArrowDown")
    expect(best).to_have_attribute("aria-selected", "true")
    marked = field(page).get_attribute("aria-activedescendant")
    assert marked is not None
    assert best.get_attribute("id") == marked
    assert page.evaluate("window.scrollY") == 0

    field(page).press("Enter")
    expect(page).to_have_url(f"{site}/substances/kratom/")
    assert problems == []


def test_a_suggestion_is_a_link_to_click(site: str, desktop: Page) -> None:
    desktop.goto(site + "/")

    type_into(desktop, "insomn").get_by_role("option").first.click()

    expect(desktop).to_have_url(f"{site}/symptoms/insomnia/")


def test_escape_and_tab_close_the_list_and_go_nowhere(site: str, desktop: Page) -> None:
    desktop.goto(site + "/")

    suggestions = type_into(desktop, "krat")
    field(desktop).press("ArrowDown")
    field(desktop).press("Escape")
    expect(suggestions).to_be_hidden()
    expect(field(desktop)).to_have_value("krat")

    field(desktop).press("o")
    expect(suggestions).to_be_visible()
    field(desktop).press("ArrowDown")
    field(desktop).press("Tab")
    expect(suggestions).to_be_hidden()
    expect(desktop).to_have_url(f"{site}/")


def test_enter_sends_what_was_typed_where_nothing_is_marked(
    site: str, desktop: Page
) -> None:
    desktop.goto(site + "/")

    type_into(desktop, "kratom")
    field(desktop).press("Enter")

    expect(desktop).to_have_url(f"{site}/search/?q=kratom")


def test_how_many_suggestions_there_are_is_told(site: str, desktop: Page) -> None:
    desktop.goto(site + "/")

    suggestions = type_into(desktop, "mitragyn")

    count = suggestions.get_by_role("option").count()
    told = desktop.locator("#q-suggestions-feedback")
    expect(told).to_have_text(f"{count} results.")
    expect(told).to_have_attribute("aria-live", "polite")


def test_an_answer_that_comes_late_does_not_open_the_list(
    site: str, desktop: Page
) -> None:
    desktop.goto(site + "/")
    held = []
    desktop.route("**/search/suggest*", lambda route: held.append(route))
    field(desktop).press_sequentially("krat", delay=20)
    desktop.wait_for_timeout(500)

    desktop.locator("main .search__button").focus()
    with desktop.expect_response("**/search/suggest*"):
        held[-1].continue_()

    desktop.wait_for_timeout(200)
    expect(desktop.locator("#q-suggestions")).to_be_hidden()


def test_without_suggestions_the_field_still_searches(site: str, desktop: Page) -> None:
    desktop.route("**/search/suggest*", lambda route: route.abort())
    desktop.goto(site + "/")

    field(desktop).press_sequentially("kratom", delay=20)
    desktop.wait_for_timeout(500)
    field(desktop).press("Enter")

    expect(desktop.locator(".card__title").first).to_have_text("Kratom")


def test_without_a_script_the_search_works(site: str, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + "/")
    expect(page.locator("#q-suggestions")).to_be_hidden()
    page.get_by_label("What do you want to know?").fill("ketum")
    page.locator("main").get_by_role("button", name="Search").click()

    expect(page.locator(".card__title").first).to_have_text("Kratom")
    expect(page.locator(".card").first).to_contain_text("Matched “ketum”, a")
    page.get_by_label("Source").check()
    page.get_by_role("button", name="Apply filters").click()
    expect(page).to_have_url(re.compile("kind=source"))
    context.close()


@pytest.mark.parametrize("screen", SCREENS)
def test_a_typo_is_told_and_corrected(
    site: str, screen: str, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(screen)

    page.goto(site + "/search/?q=kratim")
    expect(page.locator(".found").first).to_contain_text(
        "Nothing was found for “kratim”"
    )
    expect(page.locator(".card__title").first).to_have_text("Kratom")

    page.goto(site + "/search/?q=kratom+withdrawel")
    expect(page.locator(".found").first).to_contain_text("No record has “withdrawel”")
    page.get_by_role("link", name="kratom withdrawal", exact=True).click()
    expect(page).to_have_url(f"{site}/search/?q=kratom+withdrawal")


def test_another_thing_is_offered_but_never_put_in_its_place(
    site: str, desktop: Page
) -> None:
    desktop.goto(site + "/search/?q=kavain")

    expect(desktop.locator("main")).to_contain_text("No record was found for “kavain”")
    expect(desktop.locator("main")).to_contain_text("Names like it")
    expect(desktop.get_by_role("link", name="Kava", exact=True)).to_be_visible()


def test_filters_narrow_and_show_the_law_of_the_place(site: str, desktop: Page) -> None:
    desktop.goto(site + "/search/?q=kratom")
    filters = desktop.locator(".facets")
    filters.get_by_label("Where", exact=True).select_option("US-AL")
    filters.get_by_label("Controlled drug").check()
    filters.get_by_label("Substance").check()
    filters.get_by_role("button", name="Apply filters").click()

    expect(desktop).to_have_url(
        re.compile("kind=substance.*region=US-AL.*status=controlled")
    )
    expect(desktop.get_by_role("status")).to_contain_text("law in Alabama")
    card = desktop.locator(".card").first
    expect(card.locator(".card__title")).to_have_text("Kratom")
    expect(card.locator(".card__law")).to_contain_text("Alabama")
    expect(card.locator(".card__law")).to_contain_text("Controlled drug")
    count = filters.locator("label", has_text="Substance").locator(".facets__count")
    shown = desktop.locator(".card").count()
    expect(count).to_have_text(str(shown))


def test_filters_are_a_drawer_on_a_phone(site: str, phone: Page) -> None:
    phone.goto(site + "/search/?q=kratom")
    expect(phone.get_by_label("Where", exact=True)).to_be_hidden()

    phone.locator(".facets__summary").click()
    phone.get_by_label("Where", exact=True).select_option("US-AL")
    phone.get_by_role("button", name="Apply filters").click()

    expect(phone.get_by_role("status")).to_contain_text("law in Alabama")


@pytest.mark.parametrize("screen", SCREENS)
def test_the_answer_stands_above_the_results(
    site: str, screen: str, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(screen)

    page.goto(site + "/search/?q=is+kratom+legal+in+alabama")

    answer = page.locator(".answer")
    expect(answer).to_contain_text("since 10 May 2016")
    expect(answer).to_contain_text("Source:")
    above, below = answer.bounding_box(), page.locator(".split").bounding_box()
    assert above is not None
    assert below is not None
    assert above["y"] < below["y"]
    answer.get_by_role("link", name="The whole of it").click()
    expect(page).to_have_url(re.compile(r"/substances/kratom/\?in=US-AL#law$"))


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_open_suggestions_can_be_used_by_everyone(
    site: str, screen: str, theme: str, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(screen)
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.goto(site + "/search/?q=kratom&region=US-AL")
    field(page).fill("")
    type_into(page, "can't s")
    field(page).press("ArrowDown")

    violations = Axe().run(page).response["violations"]

    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in violations] == []
    assert not page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )


def test_what_was_not_found_can_be_read_by_everyone(site: str, phone: Page) -> None:
    phone.goto(site + "/search/?q=quetzalcoatlus")

    violations = Axe().run(phone).response["violations"]

    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in violations] == []
    expect(phone.locator("main")).to_contain_text(
        "No record was found for “quetzalcoatlus”"
    )
