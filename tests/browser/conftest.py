"""A real browser before the real site, with the shipped dataset in it.

`desktop` and `phone` are pages of Chromium; `problems` gathers what any of them
complains about; `site` is the address to open: `desktop.goto(site + "/")`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from django.test import override_settings
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from search.engine import get_engine
from tests.shipping import Shipped

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
# A wait ends with what it waits for; this is only how long a busy machine may take.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    names = (os.environ.get("CHROMIUM", ""), *NAMES)
    return next((path for name in names if name and (path := shutil.which(name))), None)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """A browser for all tests of this folder that follow each other: it starts slowly."""
    program = find_chromium()
    if program is None:
        # Where the checks decide, a skipped check would be a silent one.
        verdict = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        verdict("No Chromium was found: apt-get install chromium, or set CHROMIUM.")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread; Django would take it for ours.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(shipped: Shipped) -> Iterator[str]:
    """The address of a server with the shipped dataset, one for a module.

    Its tests read only: what one of them wrote, the next would find.
    """
    with override_settings(SEARCH_URL=f"whoosh://{shipped.index}"):
        get_engine.cache_clear()
        server = LiveServer("127.0.0.1")
        yield server.url
        server.stop()


@pytest.fixture
def problems() -> list[str]:
    """What the browser complained about: scripts, policy, missing files."""
    return []


@pytest.fixture
def desktop(chromium: Browser, problems: list[str]) -> Iterator[Page]:
    yield from open_page(chromium, problems, width=1440, height=900)


@pytest.fixture
def phone(chromium: Browser, problems: list[str]) -> Iterator[Page]:
    yield from open_page(chromium, problems, width=360, height=740, is_mobile=True)


DRAWN_AT_ONCE = """
const sheet = new CSSStyleSheet();
sheet.replaceSync("* { content-visibility: visible !important; }");
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
"""


def open_page(
    chromium: Browser,
    problems: list[str],
    *,
    width: int,
    height: int,
    is_mobile: bool = False,
    keeps_pages: bool = False,
    waits: bool = False,
) -> Iterator[Page]:
    """Open an empty page; `keeps_pages` lets the service worker fetch beside it, `waits`
    what is out of sight be drawn later, as on a phone: then a program clicks where a
    link was a moment ago."""
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        is_mobile=is_mobile,
        has_touch=is_mobile,
        locale="en-GB",
        reduced_motion="reduce",
        service_workers="allow" if keeps_pages else "block",
    )
    context.set_default_timeout(PATIENCE_MS)
    if not waits:
        context.add_init_script(DRAWN_AT_ONCE)
    page = context.new_page()
    page.on(
        "console",
        lambda said: problems.append(said.text) if said.type == "error" else None,
    )
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    context.close()
