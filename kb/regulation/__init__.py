"""The status in force: subject, region, day.

Plain values in, plain values out; who calls has fetched the rules. The rule book is
docs/method.md, "What the law says". Nothing here ever turns silence into "allowed": no
row is `not-checked`, and what may have changed unseen is `unclear`.
"""

from kb.regulation.effective import (
    Book,
    Decision,
    EffectiveStatus,
    effective_status,
)
from kb.regulation.rules import (
    ACTIVITIES,
    DECIDING,
    NOT_CHECKED,
    PERMISSIONS,
    ROW_FIELDS,
    STRICTNESS,
    Rule,
    first_day,
    in_force,
    last_day,
    written_code,
)
from kb.regulation.staleness import Freshness, Staleness, staleness

__all__ = [
    "ACTIVITIES",
    "DECIDING",
    "NOT_CHECKED",
    "PERMISSIONS",
    "ROW_FIELDS",
    "STRICTNESS",
    "Book",
    "Decision",
    "EffectiveStatus",
    "Freshness",
    "Rule",
    "Staleness",
    "effective_status",
    "first_day",
    "in_force",
    "last_day",
    "staleness",
    "written_code",
]
