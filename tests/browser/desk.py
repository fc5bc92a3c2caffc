"""Getting in at the desk, as an administrator does."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

PASSWORD = "a-long-password-1"


def log_in(page: Page, site: str, django_db_blocker: Any, name: str) -> None:
    """Make an administrator and log in as them."""
    with django_db_blocker.unblock():
        # Models can be imported once Django is set up.
        from django.contrib.auth.models import User

        User.objects.create_superuser(name, password=PASSWORD)
    page.goto(f"{site}/admin/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("Log out")).to_be_visible()
