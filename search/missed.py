"""Counts queries that found nothing, so that curators see which names are missing.

Nothing is kept of who asked, and no text that looks as if it were about a person.
"""

from __future__ import annotations

import logging
import re

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from kb.folding import fold
from search.engine import Query, Results
from search.models import MissedQuery

log = logging.getLogger(__name__)

LONGEST = 80
SHORTEST = 3
# A flood of nonsense ends here: the rarest old ones make room.
MOST_ROWS = 5_000
_MAKES_ROOM = 500

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
    """Count the query if it was missed. Never fails the page that is asked for."""
    text = countable(query.text) if is_missed(query, results) else ""
    if not text:
        return
    today = timezone.localdate()
    try:
        with transaction.atomic():
            known = MissedQuery.objects.filter(text=text)
            if known.update(count=F("count") + 1, last_on=today):
                return
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
