"""`check_text PATH [--json]`: which known claims a text makes, and how they stand."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.checking import (
    LONGEST_TEXT,
    Checked,
    CheckedSentence,
    TooLong,
    check_text,
)
from kb.choices import Level, Verdict

# A letter takes up to four bytes.
MOST_BYTES = 4 * LONGEST_TEXT


class Command(BaseCommand):
    help = "Check a text: the records it names, the claims it makes and how they stand."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", help="a text file, or - for standard input")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, path: str, **options: Any) -> None:
        try:
            checked = check_text(_read_text(path))
        except TooLong as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            report = json.dumps(checked.as_json(), ensure_ascii=False, indent=2)
            self.stdout.write(report)
            return
        for line in report_lines(checked):
            self.stdout.write(line)


def _read_text(path: str) -> str:
    """Return the text of a file. Raises CommandError in one plain sentence."""
    name = "standard input" if path == "-" else path
    try:
        if path == "-":
            content = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with Path(path).open("rb") as file:
                content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise CommandError(f"There is no file {path}.") from None
    except IsADirectoryError:
        raise CommandError(f"{path} is a folder; give a text file.") from None
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    if len(content) > MOST_BYTES:
        raise CommandError(
            f"{name} is too long: up to {LONGEST_TEXT:,} characters are checked at once."
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CommandError(f"{name} is not text in UTF-8.") from None
    if "\x00" in text:
        raise CommandError(f"{name} is not text: it has null bytes.")
    return text


def report_lines(checked: Checked) -> list[str]:
    """Return the report as a person reads it in a terminal."""
    summary = checked.summary()
    counts = ", ".join(
        f"{summary['verdicts'][verdict.value]} {str(verdict.label).lower()}"
        for verdict in Verdict
        if summary["verdicts"][verdict.value]
    )
    lines = [
        f"Sentences: {summary['sentences']}",
        f"Known claims: {summary['claims']}" + (f" ({counts})" if counts else ""),
        f"Not judged: {summary['unjudged']}",
        f"Links that are not whose they say: {summary['wrong_links']}",
        f"Figures without a source: {summary['bare_figures']}",
        f"Records named: {', '.join(each.name for each in checked.records) or 'none'}",
    ]
    for number, one in enumerate(checked.sentences, start=1):
        if one.claims or one.remarks:
            lines += ["", *_sentence_lines(number, one)]
    return lines


def _sentence_lines(number: int, one: CheckedSentence) -> list[str]:
    lines = [f"{number}. {' '.join(one.sentence.text.split())}"]
    for made in one.claims:
        claim = made.claim
        level = "" if claim.level == Level.NOT_ASSESSED else f", {_level(claim.level)}"
        lines.append(
            f"   {claim.slug} {claim.get_verdict_display()}{level}: {claim.name}"
        )
        lines.append(f"      Why: {claim.why}")
        if made.source:
            lines.append(f"      Source: {made.source.name}")
        lines.append(f"      {made.because}")
    lines += [f"   Note: {note}" for note in one.remarks]
    return lines


def _level(level: str) -> str:
    if level == Level.NONE:
        return "no study in people found"
    return f"{str(Level(level).label).lower()} certainty"
