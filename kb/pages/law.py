"""What the law says, as rows, tiles, sentences and timelines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kb import regulation
from kb.addresses import address
from kb.choices import Permission, Status
from kb.law import Holding, RegionTree, Subject
from kb.models import Region
from kb.pages import words
from kb.regulation import EffectiveStatus, Rule

LABELS = {**{status.value: str(status.label) for status in Status}, "not-checked": "Not checked"}


def status_of(effective: EffectiveStatus, names: dict[str, str] | None = None) -> dict[str, Any]:
    """Return what components/_status.html takes."""
    rule = effective.rule
    details = [effective.schedule]
    if effective.min_age:
        details.append(f"from {effective.min_age} years")
    inherited = effective.inherited_from
    return {
        "status": effective.status,
        "status_label": LABELS[effective.status],
        "stale": effective.is_stale,
        "stale_since": words.day(rule.verified_on) if rule else "",
        "detail": ", ".join(detail for detail in details if detail),
        "with_prescription": effective.status == Status.CONTROLLED
        and effective.possession == Permission.LEGAL,
        "change_coming": bool(effective.change_coming),
        "inherited_from": (names or {}).get(inherited, inherited) if inherited else "",
        "via": effective.via,
    }


def row(holding: Holding, tree: RegionTree, *, by: str) -> dict[str, Any]:
    """Return a row for components/_statuses_table.html; `by` is "region" or "subject"."""
    effective, rule = holding.effective, holding.effective.rule
    about = holding.region if by == "region" else holding.subject
    depth = len(tree.chain(holding.region)) - 1 if by == "region" else 0
    return {
        "name": about.name,
        "url": about.get_absolute_url(),
        **status_of(effective, tree.names),
        "since": words.day(effective.since),
        "since_iso": effective.since or "",
        "instrument": rule.instrument if rule else "",
        "verified": words.day(rule.verified_on) if rule else "",
        "verified_iso": (rule.verified_on or "") if rule else "",
        "source_label": rule.source_title if rule else "",
        "source_url": address("kb:source", rule.source_slug) if rule and rule.source_slug else "",
        "depth": min(depth, 2),
        "summary": rule.summary if rule else "",
    }


def counts(holdings: Iterable[Holding]) -> list[dict[str, Any]]:
    """Return how many regions have each status, strictest first."""
    tally: dict[str, int] = {}
    for holding in holdings:
        tally[holding.effective.status] = tally.get(holding.effective.status, 0) + 1
    return [
        {"status": status.value, "status_label": LABELS[status.value], "count": tally[status]}
        for status in Status
        if tally.get(status)
    ]


def sentence(effective: EffectiveStatus, subject: str, region: Region) -> str:
    """Return the sentence a person needs: "In Ohio: …, since …"."""
    rule = effective.rule
    if rule is None:
        return (
            f"Nobody has checked the law on {subject} in {words.place(region.name)} for Pharmakon."
            " That does not mean that it is allowed."
        )
    parts = [f"In {words.place(region.name)}: {LABELS[effective.status].lower()}"]
    if effective.schedule:
        parts[0] += f" ({effective.schedule})"
    if effective.since:
        parts.append(f"since {words.day(effective.since)}")
    text = ", ".join(parts) + ". "
    possession = words.POSSESSION[Permission(effective.possession)]
    sale = words.SALE[Permission(effective.sale)]
    return f"{text}{possession}; {sale}."


def timeline(
    rules: Sequence[Rule],
    *,
    limit: int | None = None,
    subjects: Mapping[str, Subject] | None = None,
) -> list[dict[str, Any]]:
    """Return dated changes, newest first, for components/_timeline.html.

    With `subjects` an entry names its subject; else it names its region.
    """
    dated = sorted(
        (rule for rule in rules if rule.since), key=lambda rule: rule.since or "", reverse=True
    )
    entries = []
    for rule in dated[:limit]:
        state = "past" if rule.until else "now"
        if rule.is_pending and not rule.until:
            state = "coming"
        until = f" until {words.day(rule.until)}" if rule.until else ""
        proposed = "Proposed: " if rule.is_pending else ""
        about = subjects[rule.subject] if subjects else None
        name = about.name if about else rule.region_name
        entries.append(
            {
                "date": words.day(rule.since) + until,
                "date_iso": rule.since,
                "title": f"{name}: {proposed}{LABELS[rule.status].lower()}",
                "url": about.get_absolute_url()
                if about
                else address("kb:region", rule.region),
                "body": rule.summary,
                "state": state,
                "status": "" if rule.is_pending else rule.status,
                "status_label": LABELS[rule.status],
                "detail": rule.schedule,
                "source_label": rule.source_title,
                "source_url": address("kb:source", rule.source_slug) if rule.source_slug else "",
            }
        )
    return entries


def pending(rules: Iterable[Rule]) -> list[Rule]:
    return [rule for rule in rules if rule.is_pending and not rule.until]


def strictness(status: str) -> int:
    """Return its place in the strictest-first order; what was not checked comes last."""
    order = list(regulation.STRICTNESS)
    return order.index(Status(status)) if status in order else len(order)
