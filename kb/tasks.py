"""The tasks of the background, and which of them are due each day."""

from __future__ import annotations

from kb import quality
from kb.work import task


@task()
def keep_figures() -> str:
    """Keep the figures of /quality/ as those of today."""
    return f"Kept the figures of {quality.record()}."


DAILY = (keep_figures,)
