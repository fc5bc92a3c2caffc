"""Addresses of records. Resolving a route is slow where a page links hundreds of times."""

from __future__ import annotations

from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=8192)
def address(route: str, slug: str) -> str:
    """Return the address of a record: address("kb:source", "kruegel-2016")."""
    return reverse(route, args=[slug])
