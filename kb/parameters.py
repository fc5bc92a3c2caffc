"""Reads parameters of an address; what makes no sense is told, never guessed."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Sequence

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kb.law import Moment, today
from kb.models import Region
from kb.places import RegionTree, region_tree

DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class BadParameter(BadRequest):
    """A parameter makes no sense; the message says which, and what it takes.

    choices are values that it takes and that may have been meant: [("US-GA", "Georgia,
    United States")], for the parameter `name`.
    """

    def __init__(
        self, message: str, *, name: str = "", choices: Sequence[tuple[str, str]] = ()
    ) -> None:
        super().__init__(message)
        self.name, self.choices = name, choices


def region_parameter(request: HttpRequest, name: str = "in") -> Region | None:
    """Return the region of `?in=US-OH`, or None. Raises BadParameter.

    A code may be in any letters, and one that is no longer in use; a name may be any
    that the region goes by: Ohio, Deutschland, Georgia, United States. A place that
    nobody recorded counts too. No query where the regions are kept, else 1 or 2.
    """
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    asked: dict[str, Region] = request.__dict__.setdefault("asked_regions", {})
    if text not in asked:
        tree = region_tree(getattr(request, "data_version", None))
        asked[text] = tree.find(text) or _named(text, name, tree)
    return asked[text]


def _named(text: str, name: str, tree: RegionTree) -> Region:
    """Return the one region of that name. Raises BadParameter, with those near it."""
    named = tree.named(text)
    if len(named) == 1:
        return named[0]
    if named:
        message = _(
            "%(name)s: %(given)s is the name of more than one place: %(places)s."
            " Give the code of the one you mean."
        ) % {"name": name, "given": repr(text[:60]), "places": _list(named, tree)}
    else:
        named = tree.near(text)
        message = _("%(name)s: there is no region %(given)s.") % {
            "name": name,
            "given": repr(text[:60]),
        }
        if named:
            meant = _("Did you mean %(places)s?") % {"places": _list(named, tree)}
            message = f"{message} {meant}"
        takes = _("Give an ISO 3166 code, as TH or US-OH, or a name.")
        message = f"{message} {takes}"
    choices = [(each.code, tree.full_name(each)) for each in named]
    raise BadParameter(message, name=name, choices=choices)


def _list(regions: list[Region], tree: RegionTree) -> str:
    """Return "US-GA (Georgia, United States) or GE (Georgia)"."""
    either = f" {_('or')} "
    return either.join(f"{each.code} ({tree.full_name(each)})" for each in regions)


def moment_parameter(request: HttpRequest) -> Moment:
    """Return the two clocks of `?on=2024-05-01&as_of=2026-01-01`. Raises BadParameter."""
    on, as_of = day_parameter(request, "on"), day_parameter(request, "as_of")
    if as_of is not None and as_of > today():
        raise BadParameter(
            _(
                "as_of: %(day)s is still to come; what will be recorded here then"
                " nobody knows. It takes a day up to today."
            )
            % {"day": as_of.isoformat()}
        )
    return Moment(on, as_of)


def day_parameter(request: HttpRequest, name: str) -> datetime.date | None:
    """Return the day of `?on=2024-05-01`, or None. Raises BadParameter."""
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    if not DAY.fullmatch(text):
        raise BadParameter(
            _("%(name)s: takes a day as 2024-05-01, not %(given)s.")
            % {"name": name, "given": repr(text[:40])}
        )
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise BadParameter(
            _("%(name)s: there is no day %(given)s. It takes a day as 2024-05-01.")
            % {"name": name, "given": text}
        ) from None


def page_parameter(request: HttpRequest, name: str = "page") -> int:
    """Return the page number, from 1. Raises BadParameter."""
    text = request.GET.get(name, "1").strip() or "1"
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 10_000):
        raise BadParameter(
            _("%(name)s: %(given)s is not a page number from 1 to 10000.")
            % {"name": name, "given": repr(text[:20])}
        )
    return int(text)


def choice_parameter(request: HttpRequest, name: str, choices: Collection[str]) -> str:
    """Return one of the choices, or "" where none is made. Raises BadParameter."""
    text = request.GET.get(name, "").strip()
    if text and text not in choices:
        raise BadParameter(
            _("%(name)s: %(given)s is not one of %(choices)s.")
            % {
                "name": name,
                "given": repr(text[:20]),
                "choices": ", ".join(choices),
            }
        )
    return text
