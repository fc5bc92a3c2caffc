"""Charts as plain values: ranges, dots on a log scale, growth by year.

Each stands beside the table with the same figures and their notes. Places on an axis are
percentages of its width, so that a chart is as wide as the page lets it be.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from kb.choices import StudyDesign
from kb.models import EvidenceItem

LOG_FROM = 20  # a range of more than this factor is drawn on a log scale
FEWEST = 2  # rows that make a chart worth more than its table
NANOMOLAR = {"nM": 1.0, "µM": 1_000.0, "pM": 0.001}
FIGURE = re.compile(r"~?(\d+(?:\.\d+)?)(?: ± \d+(?:\.\d+)?)?")
IN_ANIMALS_AND_CELLS = frozenset({StudyDesign.ANIMAL, StudyDesign.IN_VITRO})
CONTROLLED = frozenset(
    {
        StudyDesign.SYSTEMATIC_REVIEW,
        StudyDesign.META_ANALYSIS,
        StudyDesign.RCT,
        StudyDesign.NONRANDOMISED_TRIAL,
    }
)
GROWTH = (
    ("controlled", _("Trials and reviews of them")),
    ("other", _("Other studies in people")),
    ("laboratory", _("Animals and cells")),
)


class Axis:
    """From `low` to `high`, in whole decades where it is a log scale, else from 0."""

    def __init__(self, values: Sequence[float], *, is_log: bool) -> None:
        self.is_log = is_log
        if is_log:
            self.low = 10.0 ** math.floor(math.log10(min(values)))
            self.high = 10.0 ** math.ceil(math.log10(max(values)))
            if self.low == self.high:
                self.high *= 10
        else:
            self.low, self.high = 0.0, _round_up(max(values))

    def place(self, value: float) -> float:
        """Return where a value stands, in percent of the width."""
        if self.is_log:
            span = math.log10(self.high / self.low)
            share = math.log10(max(value, self.low) / self.low) / span
        else:
            share = value / self.high
        return round(100 * share, 1)

    @property
    def ticks(self) -> list[dict[str, Any]]:
        """Return [{"at": 33.3, "label": "10", "end": ""}, …]; `end` names the two outer."""
        if self.is_log:
            decades = round(math.log10(self.high / self.low))
            values = [self.low * 10**step for step in range(decades + 1)]
        else:
            values = [self.high * step / 4 for step in range(5)]
        last = len(values) - 1
        return [
            {
                "at": self.place(value),
                "label": f"{value:,.6g}",
                "end": "first" if not place else "last" if place == last else "",
            }
            for place, value in enumerate(values)
        ]


def _round_up(value: float) -> float:
    """Return the next of 1, 2, 4, 6, 8 and their tenfolds, so that quarters are round."""
    scale = 10.0 ** math.floor(math.log10(value))
    return next(step * scale for step in (1, 2, 4, 6, 8, 10) if step * scale >= value)


def contents(groups: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a chart for each unit of the amounts of a substance: never two on one axis.

    groups are those of "contains" on its page; amounts have low, high and unit. A figure
    without a lower end ("up to 66 %") is an open bar from the edge.
    """
    by_unit: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for group in groups:
        for each in group["amounts"]:
            if each["is_measured"] and each["high"]:
                by_unit[each["unit"]].append({**each, "name": group["name"]})
    charts = []
    for unit, rows in sorted(by_unit.items(), key=lambda pair: -len(pair[1])):
        if len(rows) < FEWEST:
            continue
        ends = [end for row in rows for end in (row["low"], row["high"]) if end]
        axis = Axis(ends, is_log=max(ends) / min(ends) > LOG_FROM)
        charts.append(
            {
                "title": gettext("Amounts in %(unit)s") % {"unit": unit},
                "unit": unit,
                "is_log": axis.is_log,
                "ticks": axis.ticks,
                "rows": [_range(row, axis) for row in rows],
            }
        )
    return charts


def _range(row: dict[str, Any], axis: Axis) -> dict[str, Any]:
    low, high = row["low"], row["high"]
    start = axis.place(low) if low else 0.0
    return {
        "label": row["name"],
        "note": row["part"],
        "figure": row["amount"],
        "start": start,
        # What was measured once has no width of its own.
        "width": max(round(axis.place(high) - start, 1), 0.8),
        "is_open": low is None,
        "cite": row["cite"],
    }


def affinities(activities: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the inhibition constants (Ki) of a compound on one log scale of nmol/L.

    activities are those of its page. A figure that is a bound (">45") or of another kind
    (IC50, EC50, KI of inactivation) is left to the table: it does not compare. None where
    fewer than two are left.
    """
    rows = []
    for each in activities:
        figure = FIGURE.fullmatch(each["value"])
        if each["parameter"] != "Ki" or not figure or each["unit"] not in NANOMOLAR:
            continue
        ki_nm = float(figure[1]) * NANOMOLAR[each["unit"]]
        if ki_nm > 0:
            rows.append({**each, "ki_nm": ki_nm})
    if len(rows) < FEWEST:
        return None
    axis = Axis([row["ki_nm"] for row in rows], is_log=True)
    return {
        "title": _("How strongly it binds: Ki in nmol/L"),
        "is_log": True,
        "ticks": axis.ticks,
        "rows": [
            {
                "label": row["target"],
                "note": row["note"],
                "figure": f"{row['value']} {row['unit']}",
                "at": axis.place(row["ki_nm"]),
                "cite": row["cite"],
            }
            for row in sorted(rows, key=lambda row: (row["target"], row["ki_nm"]))
        ],
    }


def growth(items: Iterable[EvidenceItem]) -> dict[str, Any] | None:
    """Return how many findings each year brought, by design, and how many in all by then.

    A finding counts once for the year of its source; those of undated sources are told,
    not drawn. None where fewer than two years are known.
    """
    by_year: defaultdict[int, Counter[str]] = defaultdict(Counter)
    undated = 0
    for item in items:
        published = (item.source.published or "")[:4]
        if published.isdigit():
            by_year[int(published)][_design(item)] += 1
        else:
            undated += 1
    if len(by_year) < FEWEST:
        return None
    most = max(counted.total() for counted in by_year.values())
    rows, so_far = [], 0
    for year, counted in sorted(by_year.items()):
        so_far += counted.total()
        start, parts = 0.0, []
        for name, _label in GROWTH:
            width = 100 * counted[name] / most
            if width:
                parts.append(
                    {"name": name, "start": round(start, 1), "width": round(width, 1)}
                )
            start += width
        rows.append(
            {
                "year": year,
                "parts": parts,
                "counts": [counted[name] for name, _label in GROWTH],
                "total": counted.total(),
                "so_far": so_far,
            }
        )
    return {"rows": rows, "designs": GROWTH, "undated": undated}


def _design(item: EvidenceItem) -> str:
    if item.design in IN_ANIMALS_AND_CELLS:
        return "laboratory"
    return "controlled" if item.design in CONTROLLED else "other"
