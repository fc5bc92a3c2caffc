"""`second_factor --reset NAME`: for an administrator or curator who lost their phone."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from kb.accounts import second_factor


class Command(BaseCommand):
    help = "List who works at the desk and has a second factor, or take one away."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--reset", metavar="NAME", help="take all second factors from this account"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        people = get_user_model()._default_manager
        name = options["reset"]
        if name is None:
            for each in people.filter(is_active=True, is_staff=True).order_by("pk"):
                state = "has one" if second_factor.has_one(each) else "has none"
                self.stdout.write(f"{each.get_username()}: {state}")
            return
        user = people.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no account {name!r}.")
        count = second_factor.reset(user)
        self.stdout.write(
            f"{name} has no second factor any more ({count} taken away), and may log in"
            " with the password to set up a new one."
        )
