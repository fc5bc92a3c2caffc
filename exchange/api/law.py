"""What the law says of a subject in a region on a day, and why."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from exchange.api import shapes
from exchange.api.errors import BadParameter, Problem
from exchange.api.finding import find_published, find_region
from kb import law, regulation
from kb.choices import Status
from kb.models import Alkaloid, Region, RegulatoryStatus, Substance
from kb.regulation import NOT_CHECKED, EffectiveStatus, Rule

router = Router(tags=["law"])
ERRORS = {400: Problem, 404: Problem, 500: Problem}

REGION = re.compile(r"[a-z]{2}(-[a-z0-9]{1,3})?(/[a-z0-9-]+)?", re.IGNORECASE)
REGION_TAKES = "takes an ISO 3166 code as TH or US-AL, or a place as US-CA/san-diego"
DAY_TAKES = "takes a day as 2026-01-31"

Subject = Substance | Alkaloid


class Where(Schema):
    region: str = Field("", description=f"required; {REGION_TAKES}")
    on: str | None = Field(None, description=f"{DAY_TAKES}; without it: today")


@router.get(
    "/substances/{slug}/regulation",
    response={200: shapes.RegulationReply, **ERRORS},
    url_name="substance-regulation",
)
def substance_regulation(
    request: HttpRequest, slug: str, where: Query[Where]
) -> shapes.RegulationReply:
    """The status of a substance that holds in a region on a day, and why."""
    return _reply(Substance, slug, where)


@router.get(
    "/alkaloids/{slug}/regulation",
    response={200: shapes.RegulationReply, **ERRORS},
    url_name="alkaloid-regulation",
)
def alkaloid_regulation(
    request: HttpRequest, slug: str, where: Query[Where]
) -> shapes.RegulationReply:
    """The status of an alkaloid that holds in a region on a day, and why."""
    return _reply(Alkaloid, slug, where)


def _reply(model: type[Subject], slug: str, where: Where) -> shapes.RegulationReply:
    """5 queries at most: subject, regions, rules; an old slug, none of these."""
    if not where.region.strip():
        raise BadParameter("region", f"is missing; it {REGION_TAKES}")
    if not REGION.fullmatch(where.region.strip()):
        raise BadParameter("region", f"{REGION_TAKES}, not {where.region[:60]!r}")
    on = read_day(where.on) if where.on else law.today()
    subject: Subject = find_published(model.objects.all(), slug)
    tree = law.RegionTree()
    region = find_region(where.region, tree)
    rows = list(RegulatoryStatus.objects.bearing_on(subject).for_page())
    public = {row.source.slug for row in rows if row.source.is_published}
    effective = regulation.effective_status(
        [row.as_rule() for row in rows],
        subject=subject.record_key,
        chain=tree.chain(region),
        on=on,
        today=law.today(),
    )
    return shapes.RegulationReply(
        subject=subject_shape(subject),
        region=region_shape(region),
        on=on,
        layers=[_rule(rule, effective, public) for rule in effective.layers],
        change_coming=[
            _rule(rule, effective, public) for rule in effective.change_coming
        ],
        because=list(effective.because),
        **standing(effective, public),
    )


def read_day(text: str) -> datetime.date:
    """Return the day of `2026-01-31`. Raises BadParameter for anything else."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise BadParameter("on", f"{DAY_TAKES}, not {text[:40]!r}")
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise BadParameter("on", f"{DAY_TAKES}; {text} is no day: {error}") from error


# Pieces of a reply


def subject_shape(subject: Subject) -> shapes.SubjectShape:
    return shapes.SubjectShape(kind=subject.KIND, slug=subject.slug, name=subject.name)


def region_shape(region: Region) -> shapes.RegionShape:
    return shapes.RegionShape(code=region.code, name=region.name)


def status_label(status: str) -> str:
    return "Not checked" if status == NOT_CHECKED else Status(status).label


def standing(effective: EffectiveStatus, public: Collection[str]) -> dict[str, Any]:
    """Return what holds; `public` are the slugs of sources that readers may see."""
    rule = effective.rule
    return {
        "status": effective.status,
        "status_label": status_label(effective.status),
        "schedule": effective.schedule or None,
        "min_age": effective.min_age,
        "possession": effective.possession,
        "sale": effective.sale,
        "since": effective.since,
        "until": effective.until,
        "inherited_from": effective.inherited_from,
        "via": effective.via,
        "stale": effective.is_stale,
        "staleness": effective.staleness,
        "verified_on": rule.verified_on if rule else None,
        "confidence": rule.confidence if rule else None,
        "source": _source(rule, public) if rule else None,
        "instrument": (rule.instrument or None) if rule else None,
        "summary": rule.summary if rule else None,
    }


def _source(rule: Rule, public: Collection[str]) -> shapes.SourceShape | None:
    if rule.source_slug not in public:
        return None
    return shapes.SourceShape(slug=rule.source_slug, title=rule.source_title)


def _rule(
    rule: Rule, effective: EffectiveStatus, public: Collection[str]
) -> shapes.RuleShape:
    own = rule.subject == effective.subject
    return shapes.RuleShape(
        key=rule.key,
        region=shapes.RegionShape(code=rule.region, name=rule.region_name),
        status=rule.status,
        status_label=status_label(rule.status),
        layer=rule.layer,
        is_pending=rule.is_pending,
        schedule=rule.schedule or None,
        min_age=rule.min_age,
        possession=rule.possession,
        sale=rule.sale,
        form=rule.form or None,
        since=rule.since,
        until=rule.until,
        expires_on=rule.expires_on,
        via=None if own else rule.subject.partition(":")[2],
        instrument=rule.instrument or None,
        summary=rule.summary,
        source=_source(rule, public),
        confidence=rule.confidence,
        verified_on=rule.verified_on,
    )
