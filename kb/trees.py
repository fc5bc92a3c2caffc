"""What lies in what, as it is going to be: circles, and an order with parents first.

`parents` gives for each code the one above it: {"US-AL": "US", "US": None}.
"""

from __future__ import annotations

from collections.abc import Mapping


def circle(code: str, parents: Mapping[str, str | None]) -> list[str]:
    """Return the way from a code back to itself, or [] where there is none."""
    seen: list[str] = []
    here: str | None = code
    while here is not None and here not in seen:
        seen.append(here)
        here = parents.get(here)
    return [*seen, code] if here == code else []


def depth(code: str | None, parents: Mapping[str, str | None]) -> int:
    """Return how many of those with a parent told a code lies in, itself counted.

    There must be no circle.
    """
    count = 0
    while code is not None and code in parents:
        count += 1
        code = parents.get(code)
    return count
