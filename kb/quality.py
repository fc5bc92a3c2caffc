"""How good the knowledge base is, in figures that anyone may see and follow over time.

Each figure is a share of something countable. Nothing here is about readers.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from kb import law, links, plain, rechecks
from kb.choices import LinkState, PlainStanding, Retraction, Verification
from kb.models import (
    Activity,
    Alkaloid,
    Assessment,
    Claim,
    EvidenceItem,
    HelpResource,
    Interaction,
    Occurrence,
    Pharmacokinetic,
    QualityDay,
    RegulatoryStatus,
    SafetyNote,
    Source,
    Substance,
    Symptom,
    Variety,
)

CHECKED_DAYS = 90
FACTS: tuple[type[Model], ...] = (
    EvidenceItem,
    SafetyNote,
    Interaction,
    Occurrence,
    Activity,
    Pharmacokinetic,
    Variety,
)
RECORDS = (Substance, Alkaloid, Symptom, Source, Claim)


@dataclass(frozen=True, slots=True)
class Figure:
    """`part` of `total` things; `says` tells what the share means."""

    name: str
    title: str
    part: int
    total: int
    says: str = ""

    @property
    def percent(self) -> float | None:
        """Return the share with one decimal, rounded down: 100 means all. None: no thing."""
        return self.part * 1000 // self.total / 10 if self.total else None

    @property
    def share(self) -> str:
        """Return "63.5 %", or "" where there is nothing to count."""
        return "" if self.percent is None else f"{self.percent:g} %"


def figures(today: datetime.date | None = None) -> list[Figure]:
    """Return all figures as of now: some 28 queries."""
    today = today or timezone.localdate()
    return [
        _sourced(),
        _seen(),
        *_law(today),
        _reviewed(),
        _settled(),
        _reachable(),
        *_opening(),
        _standing(),
        _help(),
        *_plain(),
    ]


def _sourced() -> Figure:
    """Every fact has a source, by the rules of the database; a claim may lack one."""
    facts = _count(FACTS) + RegulatoryStatus.objects.count()
    claims = Claim.objects.published()
    sourced = claims.filter(sources__isnull=False).distinct().count()
    return Figure(
        "statements-with-a-source",
        _("Statements with a source"),
        facts + sourced,
        facts + claims.count(),
        _(
            "Facts, rules of law and claims. No fact and no rule can be stored without one."
        ),
    )


def _seen() -> Figure:
    return Figure(
        "facts-seen-in-their-source",
        _("Facts that somebody saw in their source"),
        _count(FACTS, Q(verification=Verification.VERIFIED)),
        _count(FACTS),
        _("The others were seen in part, or come from memory and count for no level."),
    )


def _law(today: datetime.date) -> list[Figure]:
    share = rechecks.share(law.all_rules(), today=today)
    since = (today - datetime.timedelta(days=CHECKED_DAYS)).isoformat()
    rows = RegulatoryStatus.objects.all()
    return [
        Figure(
            "rules-fresh",
            _("Rules of law whose last check still holds"),
            share.fresh,
            share.total,
            _("How long a check holds depends on the rule; see the method."),
        ),
        Figure(
            "rules-checked-in-90-days",
            _("Rules of law that somebody looked at in the last 90 days"),
            rows.filter(verified_on__gte=since).count(),
            rows.count(),
        ),
    ]


def _reviewed() -> Figure:
    published = [model.objects.published() for model in RECORDS]
    return Figure(
        "records-read-by-a-second-person",
        _("Records that a second person has read"),
        sum(rows.filter(reviewed_on__isnull=False).count() for rows in published),
        sum(rows.count() for rows in published),
    )


def _settled() -> Figure:
    rows = Assessment.objects.of_published()
    return Figure(
        "levels-not-under-re-check",
        _("Levels of evidence that are not under re-check"),
        rows.filter(needs_review=False).count(),
        rows.count(),
        _("A level is under re-check once a source below it has changed."),
    )


def _reachable() -> Figure:
    rows = Source.objects.published()
    nowhere = Q(doi=None, pmid=None, url=None)
    return Figure(
        "sources-that-can-be-opened",
        _("Sources with a DOI, a PMID or an address"),
        rows.exclude(nowhere).count(),
        rows.count(),
    )


def _opening() -> list[Figure]:
    """Of what could not be checked nothing is said: it counts for neither share."""
    states = links.states()
    looked_at = [state for state in states if state != LinkState.NOT_CHECKED]
    told = [state for state in looked_at if state != LinkState.UNCLEAR]
    return [
        Figure(
            "links-checked",
            _("Cited addresses that were checked"),
            len(looked_at),
            len(states),
            _("Each is opened about once a week, by machine."),
        ),
        Figure(
            "links-that-open",
            _("Of these, those that open"),
            sum(state == LinkState.WORKS for state in told),
            len(told),
            _(
                "Without those that refuse machines or did not answer: they could not be"
                " checked. Gone is said after three failures within a week or more."
            ),
        ),
    ]


def _standing() -> Figure:
    rows = Source.objects.published()
    return Figure(
        "sources-that-stand",
        _("Sources that were not retracted"),
        rows.exclude(retraction=Retraction.RETRACTED).count(),
        rows.count(),
        _("Retracted ones stay visible and count for nothing."),
    )


def _help() -> Figure:
    rows = HelpResource.objects.all()
    return Figure(
        "help-numbers-confirmed",
        _("Help numbers that were confirmed"),
        rows.filter(verification=Verification.VERIFIED).count(),
        rows.count(),
        _("Others are marked as unconfirmed, or not shown."),
    )


def _plain() -> list[Figure]:
    shown = [plain.standings_of(model.objects.published()) for model in plain.KINDS]
    found = [each for standings in shown for each in standings.values()]
    written = len(found) - found.count(PlainStanding.MISSING)
    return [
        Figure(
            "summaries-in-plain-words",
            _("Summaries that exist in plain words too"),
            written,
            len(found),
            _("Of substances, alkaloids, symptoms and outcomes."),
        ),
        Figure(
            "plain-summaries-up-to-date",
            _("Plain summaries written for the summary as it is"),
            found.count(PlainStanding.CURRENT),
            written,
            _("The others are older than the summary beside them."),
        ),
    ]


def _count(models: Iterable[type[Model]], wanted: Q | None = None) -> int:
    """Return how many rows there are: 1 query a model."""
    return sum(model._default_manager.filter(wanted or Q()).count() for model in models)


def record(today: datetime.date | None = None) -> QualityDay:
    """Keep the figures of a day, in place of those kept before that day."""
    today = today or timezone.localdate()
    found: dict[str, Any] = {
        figure.name: [figure.part, figure.total] for figure in figures(today)
    }
    day, _ = QualityDay.objects.update_or_create(day=today, defaults={"figures": found})
    return day
