"""The tasks of the background, and which of them are due each day."""

from __future__ import annotations

import datetime

from kb import limits, links, quality
from kb.work import task


@task(limit=datetime.timedelta(hours=1))
def check_links() -> str:
    """Check the addresses that are due, so many and so long as kb.links allows."""
    return str(links.check_due())


@task()
def keep_figures() -> str:
    """Keep the figures of /quality/ as those of today."""
    return f"Kept the figures of {quality.record()}."


@task()
def forget_counts() -> str:
    """Delete the counts that bound nothing any more."""
    return f"Deleted {limits.forget_old()} counts."


DAILY = (check_links, keep_figures, forget_counts)
