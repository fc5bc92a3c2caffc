"""What holds of every kind of page: it fits its screen, and everyone can use it.

Each page is opened once on each screen, for all that is asked of it there.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

PAGES = [
    "/",
    "/search/?q=kratom+withdrawal",
    "/substances/",
    "/substances/kratom/?in=US-OH",
    "/substances/kratom/?in=ES-CT",
    "/substances/kratom/law/",
    "/substances/cbt/",
    "/alkaloids/",
    "/alkaloids/mitragynine/",
    "/symptoms/",
    "/symptoms/opioid-withdrawal/",
    "/sources/",
    "/sources/stanciu-2022/",
    "/regions/",
    "/regions/US-AL/",
    "/regions/PE/",
    "/regions/ES-CT/?in=US-OH",
    "/claims/",
    "/claims/C10/",
    "/articles/",
    "/articles/kratom-and-opioid-withdrawal/",
    "/compare/?a=kratom&b=buprenorphine",
    "/check/",
    "/method/",
    "/help/",
    "/report/?about=/substances/kratom/",
    "/about/",
    "/privacy/",
    "/accessibility/",
    "/terms/",
    "/claims/?about=kratom",
    "/export/",
    "/changes/",
    "/nothing-here/",
]
# Of a kind that is there already (about the site, with longer names, with other maps):
# looked at for its width alone, since nothing takes as long as axe.
OF_A_KIND = {
    "/substances/kratom/?in=ES-CT",
    "/regions/PE/",
    "/regions/ES-CT/?in=US-OH",
    "/claims/?about=kratom",
    "/privacy/",
    "/accessibility/",
    "/terms/",
}
# Not `innerWidth`: a phone zooms out until a page that is too wide fits into it.
IS_TOO_WIDE = """() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  return scrollWidth > clientWidth;
}"""
# What has its place at one side: read from right to left, each is as far from the right
# edge as it was from the left one.
HAVE_A_SIDE = """.wordmark, .site-header .search, .site-nav--menu, .search__button, .toc__title,
  .page--toc > .toc, .facets, .glance__tile, .record-head > h1, .heading > h2, .timeline__title,
  .timeline__entry, .sources > li, .finding, .matrix th, .table th, .legend li, .is-number,
  .chart__label, .grades__side, .site-footer li, .callout, .card, .breadcrumbs li"""
FROM_THE_START = """(selectors) => {
  const { clientWidth, dir } = document.documentElement;
  const seen = [...document.querySelectorAll(selectors)].filter(
    (each) => each.getClientRects().length,
  );
  return seen.slice(0, 200).map((each) => {
    const { left, right, top } = each.getBoundingClientRect();
    const name = `${each.tagName}.${each.className} ${each.textContent.trim().slice(0, 30)}`;
    return [name, Math.round(dir === "rtl" ? clientWidth - right : left), Math.round(top)];
  });
}"""


class FromTheRight(NamedTuple):
    is_too_wide: bool
    out_of_place: list[str]


def look_from_the_right(page: Page) -> FromTheRight:
    """Look at a page as one that is written from right to left, and put it back."""
    before = page.evaluate(FROM_THE_START, HAVE_A_SIDE)
    page.evaluate("document.documentElement.dir = 'rtl'")
    is_too_wide = page.evaluate(IS_TOO_WIDE)
    after = page.evaluate(FROM_THE_START, HAVE_A_SIDE)
    page.evaluate("document.documentElement.removeAttribute('dir')")
    return FromTheRight(
        is_too_wide,
        [
            f"{name}: {left} before, {right} after"
            for (name, left, top), (_, right, top_after) in zip(
                before, after, strict=True
            )
            # In another line it starts elsewhere: words break as their language does.
            if abs(left - right) > 2 and abs(top - top_after) < 2
        ],
    )


class OnDesk(NamedTuple):
    is_too_wide: bool
    from_the_right: FromTheRight
    violations: dict[str, list[tuple[str, str]]]  # {"light": [(rule, html)], "dark": …}


class OnPhone(NamedTuple):
    is_too_wide: bool
    from_the_right: FromTheRight
    is_too_wide_at_400_percent: bool


@pytest.fixture(scope="module")
def on_desk(site: str, chromium: Browser) -> dict[str, OnDesk]:
    """Return what was seen of each page on a wide screen: {"/help/": OnDesk(…)}."""
    with chromium.new_page(
        viewport={"width": 1440, "height": 900},
        locale="en-GB",
        reduced_motion="reduce",
    ) as page:
        return {
            address: look_on_desk(page, site + address, address not in OF_A_KIND)
            for address in PAGES
        }


def look_on_desk(page: Page, address: str, is_first_of_kind: bool) -> OnDesk:
    page.emulate_media(color_scheme="light")
    page.goto(address)
    is_too_wide = page.evaluate(IS_TOO_WIDE)
    from_the_right = look_from_the_right(page)
    if not is_first_of_kind:
        return OnDesk(is_too_wide, from_the_right, {"light": [], "dark": []})
    light = violations(page)
    page.emulate_media(color_scheme="dark")
    # The dark theme has other colours and nothing else that is other.
    dark = violations(page, runOnly=["color-contrast"])
    return OnDesk(is_too_wide, from_the_right, {"light": light, "dark": dark})


def violations(page: Page, **options: Any) -> list[tuple[str, str]]:
    # Only these are described in full: to describe what is well takes longer.
    found = Axe().run(page, options={"resultTypes": ["violations"], **options})
    return [
        (each["id"], each["nodes"][0]["html"][:120])
        for each in found.response["violations"]
    ]


@pytest.fixture(scope="module")
def on_phone(site: str, chromium: Browser) -> dict[str, OnPhone]:
    """Return what was seen of each page on a small screen: {"/help/": OnPhone(…)}."""
    with chromium.new_page(
        viewport={"width": 360, "height": 740},
        is_mobile=True,
        has_touch=True,
        locale="en-GB",
        reduced_motion="reduce",
    ) as page:
        return {address: look_on_phone(page, site + address) for address in PAGES}


def look_on_phone(page: Page, address: str) -> OnPhone:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(address)
    is_too_wide = page.evaluate(IS_TOO_WIDE)
    from_the_right = look_from_the_right(page)
    page.set_viewport_size({"width": 320, "height": 256})
    return OnPhone(is_too_wide, from_the_right, page.evaluate(IS_TOO_WIDE))


def test_no_page_is_wider_than_a_desktop_screen(on_desk: dict[str, OnDesk]) -> None:
    assert [address for address, seen in on_desk.items() if seen.is_too_wide] == []


def test_no_page_is_wider_than_a_phone(on_phone: dict[str, OnPhone]) -> None:
    assert [address for address, seen in on_phone.items() if seen.is_too_wide] == []


def test_a_wide_screen_at_400_percent_reflows(on_phone: dict[str, OnPhone]) -> None:
    """1280 pixels at 400 % are 320: no scrolling in two directions (WCAG 1.4.10)."""
    too_wide = [
        address for address, seen in on_phone.items() if seen.is_too_wide_at_400_percent
    ]

    assert too_wide == []


def test_no_page_is_wider_than_its_screen_from_right_to_left(
    on_desk: dict[str, OnDesk], on_phone: dict[str, OnPhone]
) -> None:
    seen = [*on_desk.items(), *on_phone.items()]

    assert [address for address, each in seen if each.from_the_right.is_too_wide] == []


@pytest.mark.parametrize("screen", ["on_desk", "on_phone"])
def test_every_page_is_mirrored_from_right_to_left(
    screen: str, request: pytest.FixtureRequest
) -> None:
    seen: dict[str, OnDesk | OnPhone] = request.getfixturevalue(screen)
    found = {
        address: each.from_the_right.out_of_place[:5]
        for address, each in seen.items()
        if each.from_the_right.out_of_place
    }

    assert found == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_kind_of_page_can_be_used_by_everyone(
    on_desk: dict[str, OnDesk], theme: str
) -> None:
    found = {
        address: seen.violations[theme]
        for address, seen in on_desk.items()
        if seen.violations[theme]
    }

    assert found == {}
