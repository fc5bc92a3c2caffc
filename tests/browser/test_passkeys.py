"""Passkeys and recovery codes, with an authenticator that Chromium pretends to have."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.desk import PASSWORD, log_in

SECOND_FACTOR = "/admin/account/second-factor/"


@pytest.fixture
def named(site: str) -> str:
    """The site by a name: a passkey belongs to one, never to a number."""
    return site.replace("127.0.0.1", "localhost")


@pytest.fixture
def phone_at_hand(site: str, desktop: Page) -> None:
    """Give the browser what makes and holds passkeys, and says yes by itself.

    The site comes first: it is made before Playwright keeps an event loop here.
    """
    browser = desktop.context.new_cdp_session(desktop)
    browser.send("WebAuthn.enable")
    browser.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def add_passkey(page: Page, site: str, *, alone: bool) -> list[str]:
    """Add one, and return the recovery codes that are shown with the first."""
    page.goto(f"{site}{SECOND_FACTOR}")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("A name, to tell it from others").fill("My phone")
    page.get_by_label("Let it open the desk without a password").set_checked(alone)
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("The passkey is added.")).to_be_visible()
    axe = Axe().run(page)
    assert axe.violations_count == 0, axe.generate_report()
    return page.locator(".account__codes code").all_inner_texts()


def log_out(page: Page) -> None:
    page.get_by_role("link", name="Pharmakon desk").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_text("Log out", exact=True)).to_have_count(0)


@pytest.mark.usefixtures("phone_at_hand")
def test_a_passkey_opens_the_desk_without_a_password(
    desktop: Page, named: str, django_db_blocker: Any, problems: list[str]
) -> None:
    log_in(desktop, named, django_db_blocker, "passkey-alone")
    add_passkey(desktop, named, alone=True)
    log_out(desktop)

    desktop.goto(f"{named}/admin/login/")
    desktop.get_by_role("button", name="Use a passkey instead").click()

    expect(desktop.locator("#user-tools")).to_contain_text(
        re.compile("passkey-alone", re.I)
    )
    desktop.goto(f"{named}{SECOND_FACTOR}")
    expect(desktop.get_by_text("1 set up.")).to_be_visible()
    assert problems == []


@pytest.mark.usefixtures("phone_at_hand")
def test_a_passkey_is_asked_for_after_the_password_and_a_code_will_do_once(
    desktop: Page, named: str, django_db_blocker: Any
) -> None:
    log_in(desktop, named, django_db_blocker, "passkey-second")
    codes = add_passkey(desktop, named, alone=False)
    assert len(codes) == 10
    desktop.goto(f"{named}{SECOND_FACTOR}")
    expect(desktop.get_by_role("link", name="Make new ones")).to_be_visible()
    expect(desktop.get_by_role("link", name="See them, once")).to_have_count(0)

    def give_password() -> None:
        log_out(desktop)
        desktop.goto(f"{named}/admin/login/")
        desktop.get_by_label("Username").fill("passkey-second")
        desktop.get_by_label("Password").fill(PASSWORD)
        desktop.get_by_role("button", name="Log in").click()
        expect(desktop.get_by_role("heading", name="Second factor")).to_be_visible()

    give_password()
    desktop.get_by_role("button", name="Use a passkey").click()
    expect(desktop.get_by_role("button", name="Log out")).to_be_visible()

    give_password()
    desktop.get_by_label("Code of your app, or a recovery code").fill(codes[0])
    desktop.get_by_role("button", name="Go on").click()
    expect(desktop.get_by_role("button", name="Log out")).to_be_visible()

    give_password()
    desktop.get_by_label("Code of your app, or a recovery code").fill(codes[0])
    desktop.get_by_role("button", name="Go on").click()
    expect(desktop.get_by_role("heading", name="Second factor")).to_be_visible()
    expect(desktop.locator(".errorlist")).to_be_visible()


@pytest.mark.usefixtures("phone_at_hand")
def test_a_passkey_that_does_not_come_is_told_on_the_page(
    desktop: Page, named: str, problems: list[str]
) -> None:
    desktop.goto(f"{named}/admin/login/")

    desktop.get_by_role("button", name="Use a passkey instead").click()

    expect(desktop.get_by_role("alert")).to_contain_text("No passkey came back")
    assert problems == []
