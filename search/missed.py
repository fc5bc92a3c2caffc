"""Counts queries that found nothing, so that curators see which names are missing.

Nothing is kept of who asked, and no text that looks as if it were about a person.
"""

from __future__ import annotations

import itertools
import logging
import re
import threading
from typing import Any

from django.core.signals import request_finished
from django.db import DatabaseError, transaction
from django.db.models import F
from django.dispatch import receiver
from django.utils import timezone

from kb.folding import fold
from search.engine import Query, Results
from search.models import MissedQuery

log = logging.getLogger(__name__)

_new = itertools.count()

LONGEST = 80
SHORTEST = 3
# A flood of nonsense ends here: the rarest old ones make room.
MOST_ROWS = 5_000
_MAKES_ROOM = 500
# Whether there is room is looked at once in so many new texts.
_ROOM_EVERY = 20

# Mail and web addresses, and as many digits as a telephone or a card has.
_PERSONAL = re.compile(r"@|://|\bwww\.|(?:\d[\s().+/-]*){6}")


def is_missed(query: Query, results: Results) -> bool:
    """Tell whether a search without filters found nothing for the words as typed."""
    filters = (query.kinds, query.levels, query.regions, query.statuses, query.tags)
    if any(filters) or query.offset or query.excluded or query.excluded_phrases:
        return False
    return not results.total or results.corrected or results.suggestion is not None


def countable(text: str) -> str:
    """Return the text as it is counted, or "" if it is not to be kept."""
    folded = " ".join(fold(text).split())
    if not SHORTEST <= len(folded) <= LONGEST or _PERSONAL.search(folded):
        return ""
    return folded if re.search(r"[^\W\d_]", folded) else ""


def count(query: Query, results: Results) -> None:
    """Count the query if it was missed, once the reader has the page: nobody waits for
    the database to be free, and a failure fails no page."""
    text = countable(query.text) if is_missed(query, results) else ""
    if text:
        _waiting.texts.append(text)


class _OfThread(threading.local):
    """What is still to be counted; a request is served by one thread."""

    def __init__(self) -> None:
        self.texts: list[str] = []


_waiting = _OfThread()


@receiver(request_finished)
def _count_waiting(**kwargs: Any) -> None:
    while _waiting.texts:
        _count(_waiting.texts.pop())


def _count(text: str) -> None:
    today = timezone.localdate()
    try:
        with transaction.atomic():
            known = MissedQuery.objects.filter(text=text)
            if known.update(count=F("count") + 1, last_on=today):
                return
            if next(_new) % _ROOM_EVERY == 0:
                _make_room()
            MissedQuery.objects.bulk_create(
                [MissedQuery(text=text, first_on=today, last_on=today)],
                ignore_conflicts=True,  # another process was first
            )
    except DatabaseError as error:
        log.warning("A missed query could not be counted: %s", error)


def _make_room() -> None:
    if MissedQuery.objects.count() < MOST_ROWS:
        return
    rarest = MissedQuery.objects.order_by("count", "last_on", "pk")[:_MAKES_ROOM]
    MissedQuery.objects.filter(
        pk__in=list(rarest.values_list("pk", flat=True))
    ).delete()
