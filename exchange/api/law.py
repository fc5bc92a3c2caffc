"""What the law says of a subject in a region on a day, and why."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from exchange.api import shapes
from exchange.api.errors import BadParameter, NotFound, Problem
from exchange.api.finding import find_published, find_region
from kb import law, law_ledger, places, rechecks
from kb.choices import Status
from kb.models import Alkaloid, Region, Substance
from kb.regulation import NOT_CHECKED, EffectiveStatus, Rule

router = Router(tags=["law"])
ERRORS = {400: Problem, 404: Problem, 410: Problem, 500: Problem}

REGION = re.compile(r"[a-z]{2}(-[a-z0-9]{1,3})?(/[a-z0-9-]+)?", re.IGNORECASE)
REGION_TAKES = "takes an ISO 3166 code as TH or US-AL, or a place as US-CA/san-diego"
DAY_TAKES = "takes a day as 2026-01-31"
KEY = re.compile(r"[\w./-]{1,160}", re.ASCII)

Subject = Substance | Alkaloid


class Where(Schema):
    region: str = Field("", description=f"required; {REGION_TAKES}")
    on: str | None = Field(
        None,
        description=f"the law of which day; {DAY_TAKES}; without it: as_of, or today",
    )
    as_of: str | None = Field(
        None,
        description=f"as recorded here on which day; {DAY_TAKES}; without it: today",
    )


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
    """5 queries at most: subject, regions, rules, their sources; or an old slug."""
    if not where.region.strip():
        raise BadParameter("region", f"is missing; it {REGION_TAKES}")
    if not REGION.fullmatch(where.region.strip()):
        raise BadParameter("region", f"{REGION_TAKES}, not {where.region[:60]!r}")
    moment = read_moment(where)
    subject: Subject = find_published(model.objects.all(), slug)
    tree = places.RegionTree()
    region = find_region(where.region, tree)
    rules = law.rules_bearing_on(subject, as_of=moment.as_of)
    public = {rule.source_slug for rule in rules} - {""}
    effective = law.effective_with(
        subject, region, on=moment.on, as_of=moment.as_of, rules=rules, tree=tree
    )
    return shapes.RegulationReply(
        subject=subject_shape(subject),
        region=region_shape(region),
        on=moment.day,
        as_of=moment.as_of,
        layers=[_rule(rule, effective.subject, public) for rule in effective.layers],
        change_coming=[
            _rule(rule, effective.subject, public) for rule in effective.change_coming
        ],
        because=list(effective.because),
        **standing(effective, public),
    )


def read_moment(where: Where) -> law.Moment:
    """Return the two clocks of a question. Raises BadParameter."""
    on = read_day(where.on) if where.on else None
    as_of = read_day(where.as_of, "as_of") if where.as_of else None
    if as_of is not None and as_of > law.today():
        raise BadParameter(
            "as_of", f"takes a day up to today; {as_of.isoformat()} is still to come"
        )
    return law.Moment(on, as_of)


def read_day(text: str, parameter: str = "on") -> datetime.date:
    """Return the day of `2026-01-31`. Raises BadParameter for anything else."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        raise BadParameter(parameter, f"{DAY_TAKES}, not {text[:40]!r}")
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise BadParameter(
            parameter, f"{DAY_TAKES}; {text} is no day: {error}"
        ) from error


@router.get(
    "/law/freshness",
    response={200: shapes.FreshnessReply, **ERRORS},
    url_name="freshness",
)
def freshness(request: HttpRequest) -> shapes.FreshnessReply:
    """How much of the recorded law was checked lately, by country."""
    tree, day, rules = places.RegionTree(), law.today(), law.all_rules()
    by_country = rechecks.shares_by_country(rules, tree.chains(), today=day)
    return shapes.FreshnessReply(
        on=day,
        countries=[
            shapes.CountryShareShape(
                region=region_shape(tree.by_code[code]), **asdict(share)
            )
            for code, share in sorted(by_country.items())
            if share.total
        ],
        **asdict(rechecks.share(rules, today=day)),
    )


@router.get(
    "/law/ledger/{path:key}",
    response={200: shapes.LedgerReply, **ERRORS},
    url_name="ledger",
)
def ledger_of(request: HttpRequest, key: str) -> shapes.LedgerReply:
    """Every version of one rule: what it said here, from when to when."""
    found = law_ledger.versions(key) if KEY.fullmatch(key) else []
    if not found:
        raise NotFound(f"There is no rule {key[:80]!r}; keys stand in each `layers`.")
    subject = found[-1].rule.subject
    return shapes.LedgerReply(
        key=key,
        subject=subject,
        versions=[
            shapes.VersionShape(
                recorded_from=each.recorded_from,
                recorded_until=each.recorded_until,
                reaches=list(each.reaches),
                rule=_rule(each.rule, subject, {each.rule.source_slug}),
            )
            for each in found
        ],
    )


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
        "importing": effective.importing,
        "prescribing": effective.prescribing,
        "cultivation": effective.cultivation,
        "form": effective.form or None,
        "threshold": effective.threshold,
        "threshold_unit": effective.threshold_unit or None,
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
    if not rule.source_slug or rule.source_slug not in public:
        return None
    return shapes.SourceShape(slug=rule.source_slug, title=rule.source_title)


def _rule(rule: Rule, subject: str, public: Collection[str]) -> shapes.RuleShape:
    own = rule.subject == subject
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
        importing=rule.importing,
        prescribing=rule.prescribing,
        cultivation=rule.cultivation,
        form=rule.form or None,
        threshold=rule.threshold,
        threshold_unit=rule.threshold_unit or None,
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
