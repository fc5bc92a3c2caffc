"""How often a neighbourhood of addresses may do what costs us something.

The counts are rows: all processes and machines share them. A row holds a mark made of the
shortened address, the day and the site's secret, never the address. It is deleted by the
first count after its span is over, and by `forget_old` each day.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from kb.models import RecentCount

LONGEST = datetime.timedelta(hours=1)


@dataclass(frozen=True)
class Limit:
    """At most `times` within `within_s` seconds, counted from the first of them.

    `of_all` bounds what everybody together may do in that span: many networks send as
    little as one. 0 for no such bound. `within_s` is an hour at most.
    """

    what: str
    times: int
    within_s: int
    of_all: int = 0

    @transaction.atomic
    def wait_s(self, neighbourhood: str) -> int:
        """Count one more and return 0, or the seconds until one is taken again: some
        5 queries. What is refused is not counted."""
        now = timezone.now()
        span = datetime.timedelta(seconds=self.within_s)
        bounds = [(f"of:{neighbourhood}", self.times)]
        if self.of_all:
            bounds.append(("all", self.of_all))
        rows = []
        for name, most in bounds:
            row, _made = RecentCount.objects.select_for_update().get_or_create(
                mark=self._mark(name, now), defaults={"since": now}
            )
            # A clock that was set back leaves rows of a time to come.
            if not now - span < row.since <= now:
                row.since, row.count = now, 0
            if row.count >= most:
                return max(1, round((row.since + span - now).total_seconds()))
            rows.append(row)
        for row in rows:
            row.count += 1
            row.save()
        forget_old(now)
        return 0

    def _mark(self, name: str, now: datetime.datetime) -> str:
        key = f"{self.what}|{now.date()}|{name}"
        return salted_hmac("kb.limits", key, algorithm="sha256").hexdigest()


def forget_old(now: datetime.datetime | None = None) -> int:
    """Delete the counts that bound nothing any more; return how many there were."""
    before = (now or timezone.now()) - LONGEST
    return RecentCount.objects.filter(since__lt=before).delete()[0]
