"""What changed lately, for the first page: the newest changes of the law."""

from __future__ import annotations

from typing import Any

from kb import feeds, law
from kb.addresses import address
from kb.pages.law import LABELS
from kb.pages.law_quality import subject_links


def law_changes(limit: int = 4) -> list[dict[str, Any]]:
    """Return the newest changes that are law by now, newest first: 3 queries.

    Each is {"date_iso", "region": {"title", "url"}, "subject": {…}, "status", "label"}.
    """
    day = law.today()
    begun = [
        change
        for change in feeds.changes(law.all_rules())
        if change.what == feeds.What.BEGINS and not change.is_ahead(day)
    ][:limit]
    links = subject_links(change.rule for change in begun)
    return [
        {
            "date_iso": str(change.on),
            "region": {
                "title": change.rule.spoken_region,
                "url": address("kb:region", change.rule.region),
            },
            "subject": links[change.rule.subject],
            "status": change.rule.status,
            "label": LABELS[change.rule.status],
        }
        for change in begun
    ]
