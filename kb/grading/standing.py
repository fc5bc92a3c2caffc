"""Which items may count at all, and why each other one does not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.translation import gettext

from kb.choices import Verification
from kb.grading.designs import REVIEWS
from kb.grading.items import Item, is_in_people, start_points


def usable_items(items: Sequence[Item], aside: dict[str, str]) -> list[Item]:
    """Return the items that stand; note in `aside` why each other one does not."""
    by_key = {item.key: item for item in items}
    for item in items:
        if item.key in aside:
            continue
        if item.retracted:
            aside[item.key] = gettext("Its source was retracted.")
        elif item.verification == Verification.UNVERIFIED:
            aside[item.key] = gettext(
                "Nobody has opened its source: no level rests on it."
            )
        elif barrier := item.preparation_barrier:
            aside[item.key] = f"{barrier}."
    standing = sorted(key for key in by_key if key not in aside)
    scored = {key for key in standing if start_points(by_key[key]) is not None}
    people = {key for key in scored if is_in_people(by_key[key])}

    def rivals(key: str) -> set[str]:
        """Return what may count in place of an item: never a mouse for a person."""
        return people if key in people else scored

    twin_of = {
        key: _leader(key, lambda item: item.duplicate_of, by_key, rivals(key))
        for key in standing
    }
    for key in standing:
        if twin := twin_of[key]:
            aside[key] = gettext("It repeats %(other)s, which counts.") % {
                "other": twin
            }
            continue
        reviews = {each for each in rivals(key) if by_key[each].design in REVIEWS}
        holder = _leader(key, lambda item: item.inside_review, by_key, reviews)
        holder = (twin_of[holder] or holder) if holder else None
        if holder and holder != key:
            aside[key] = gettext(
                "It is part of the review %(other)s, which counts."
            ) % {"other": holder}
    return [item for item in items if item.key not in aside]


def _leader(
    key: str,
    link: Callable[[Item], str | None],
    by_key: dict[str, Item],
    eligible: set[str],
) -> str | None:
    """Follow a link to the first eligible item: it counts in place of this one.

    Where links go round in a circle, its first key counts, so that one always does.
    """
    path: list[str] = []
    follow = link(by_key[key])
    while follow and follow in by_key and follow not in path:
        path.append(follow)
        follow = link(by_key[follow])
    leaders = [other for other in path if other in eligible]
    if key in path and key in leaders and key == min(leaders):
        return None
    return next((other for other in leaders if other != key), None)
