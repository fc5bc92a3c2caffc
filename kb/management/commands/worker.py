"""Does the work of the background until it is stopped."""

from __future__ import annotations

import os
import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kb import tasks, work


class Command(BaseCommand):
    help = (
        "Does the work of the background: address checks, figures of the day."
        " `make run` starts one by itself; on several machines run it as a service."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="do what waits or is due, then end"
        )
        parser.add_argument(
            "--with-parent",
            action="store_true",
            help="end when the process that started it ends",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        parent = os.getppid()

        def goes_on() -> bool:
            return not options["with_parent"] or os.getppid() == parent

        if options["once"]:
            while work.step(tasks.DAILY):
                pass
            return
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, stop)
        try:
            work.work(tasks.DAILY, goes_on=goes_on)
        except work.Stopped:
            return


def stop(*_: Any) -> None:
    raise work.Stopped
