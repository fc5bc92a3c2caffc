"""The page of a region, and the list of all regions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_noop as _

from kb import gazetteer, law, law_ledger, rechecks
from kb.choices import Confidence, HelpKind
from kb.gazetteer.spoken import spoken_order
from kb.models import HelpResource, Region, RegulatoryStatus
from kb.pages import law as law_page
from kb.pages import law_quality, local, words
from kb.pages.contents import Contents
from kb.places import RegionTree, other_names
from kb.regulation import Rule

CONFIDENCE = {
    Confidence.HIGH: _("High"),
    Confidence.MEDIUM: _("Medium"),
    Confidence.LOW: _("Low"),
}
# Kinds of places as the gazetteer names them; rarer ones stay as they are there.
KINDS = (
    _("State"),
    _("Province"),
    _("Region"),
    _("District"),
    _("Department"),
    _("County"),
    _("Municipality"),
    _("Governorate"),
    _("Prefecture"),
    _("Canton"),
    _("Land"),
    _("Republic"),
    _("Territory"),
    _("Parish"),
    _("City"),
    _("Emirate"),
    _("Oblast"),
    _("Voivodship"),
    _("Division"),
    _("Commune"),
    _("Dependency"),
    _("Outlying area"),
    _("Federal district"),
    _("Autonomous community"),
    _("Autonomous region"),
    _("Autonomous province"),
    _("Administrative region"),
    _("Metropolitan department"),
    _("Unitary authority"),
    _("Council area"),
    _("Union territory"),
)
ORDER = [HelpKind.EMERGENCY, HelpKind.POISON, HelpKind.SUBSTANCE_USE, HelpKind.CRISIS]


def context(region: Region, *, moment: law.Moment = law.NOW) -> dict[str, Any]:
    """Return all that kb/region.html shows: 7 queries.

    moment asks for the law of another day, or for what was recorded here then.
    """
    tree = RegionTree()
    holdings = law.in_region(region, on=moment.on, as_of=moment.as_of, tree=tree)
    own = _own_rules(region, moment)
    rules = [rule for rule, _subject in own]
    subjects = {subject.record_key: subject for _, subject in own}
    below = sorted(tree.below(region), key=_by_name)
    rows_below = RegulatoryStatus.objects.filter(region__in=below).values_list(
        "region_id", "substance__slug", "alkaloid__slug", "until", "is_pending"
    )
    with_rules, subjects_below = set(), set()
    for place, substance, alkaloid, until, is_pending in rows_below:
        with_rules.add(place)
        if until is None and not is_pending:
            kind = f"substance:{substance}" if substance else f"alkaloid:{alkaloid}"
            subjects_below.add(kind)
    above = tree.above(region)
    law_above = [tree.by_code[code] for code in tree.chain(region)[1:]]
    rows = [law_page.row(each, tree, by="subject") for each in holdings]
    for row, holding in zip(rows, holdings, strict=True):
        row["local_differs"] = holding.subject.record_key in subjects_below
    share = rechecks.share(rules, today=moment.known_on)
    page: dict[str, Any] = {
        "region": region,
        "kind_label": kind_label(region),
        "names": other_names(region),
        "retired_codes": region.retired_codes,
        "above": [words.link(each) for each in reversed(above)],
        "below": [words.link(each) for each in below if each.pk in with_rules],
        "below_unchecked": _unchecked_parts(region, tree, with_rules),
        "rows": rows,
        "holdings": holdings,
        "activities": _activities(rows),
        "rules": [_rule(rule, subjects[rule.subject]) for rule in law.history(rules)],
        "fresh": {"total": share.total, "fresh": share.fresh},
        "timeline": law_page.timeline(rules, subjects=subjects),
        "help": help_for(tree.chain(region)),
        "help_from": (above[-1] if above else region).spoken_name,
        "law_from": words.link(law_above[0]) if law_above else None,
        "moment": law_page.moment_note(moment, region.get_absolute_url(), {}),
        "feeds": law_quality.feed_links(law_quality.stem_of(region)),
    }
    page["contents"] = contents(page)
    return page


def contents(page: dict[str, Any]) -> list[dict[str, str]]:
    found = Contents()
    found.add("status", _("What holds"), if_any=page["rows"])
    found.add("activities", _("One activity at a time"), if_any=page["rows"])
    found.add("rules", _("Every rule on record here"), if_any=page["rules"])
    found.add("timeline", _("How it changed"), if_any=page["timeline"])
    found.add(
        "below",
        _("Places within it"),
        if_any=page["below"] or page["below_unchecked"],
    )
    found.add("help", _("Where help is"))
    return found.of_long_page


def _by_name(region: Region) -> str:
    return spoken_order(region.spoken_name)


def kind_label(region: Region) -> str:
    """Return what kind of place it is: "Autonomous community", "Country"."""
    place = gazetteer.places().get(region.code)
    return place.kind if place else str(region.get_kind_display())


def _unchecked_parts(
    region: Region, tree: RegionTree, with_rules: Collection[int]
) -> list[dict[str, str]]:
    """Return the places right below it for which nobody recorded a rule."""
    found = {
        each.code: each for each in tree.below(region) if each.pk not in with_rules
    }
    for code in gazetteer.below(region.code):
        part = tree.find(code)
        if part is not None and not part.is_recorded:
            found[code] = part
    return [words.link(each) for each in sorted(found.values(), key=_by_name)]


def _own_rules(region: Region, moment: law.Moment) -> list[tuple[Rule, law.Subject]]:
    """Return the rules of the region itself, each with what it is about: 1 query."""
    if moment.as_of is not None:
        return [
            (rule, subjects[0])
            for rule, subjects in law_ledger.rules_in([region.code], moment.as_of)
        ]
    own = RegulatoryStatus.objects.filter(region__code=region.code).for_page()
    return [(row.as_rule(), row.subject) for row in own if row.subject.is_published]


def _activities(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what may be done with each subject: a table without what nobody states."""
    stated = [
        activity
        for activity in law_page.ACTIVITIES
        if any(
            each["activity"] == activity for row in rows for each in row["activities"]
        )
    ]
    return {
        "heads": [law_page.ACTIVITIES[activity] for activity in stated],
        "rows": [
            {
                "name": row["name"],
                "url": row["url"],
                "scope": row["scope"],
                "cells": [
                    next(
                        (
                            e["says"]
                            for e in row["activities"]
                            if e["activity"] == activity
                        ),
                        "",
                    )
                    for activity in stated
                ],
            }
            for row in rows
        ],
    }


def _rule(rule: Rule, subject: law.Subject) -> dict[str, Any]:
    """Return one row of law in words, for the list of all that is known."""
    return {
        "rule": rule,
        "subject": words.link(subject),
        "label": law_page.LABELS[rule.status],
        "since": local.day(rule.since),
        "until": local.day(rule.until),
        "verified": local.day(rule.verified_on),
        "scope": rule.scope_text,
        "activities": law_page.activities(rule),
        "expires": local.day(rule.expires_on),
        "checked": law_page.checked_on(rule),
        "confidence": CONFIDENCE[Confidence(rule.confidence)],
    }


def help_for(chain: list[str]) -> list[dict[str, Any]]:
    """Return help for a region and those above it, as components/_help.html takes it."""
    rows = HelpResource.objects.filter(region__code__in=chain).select_related("region")
    return [
        help_entry(each)
        for each in sorted(
            rows,
            key=lambda each: (
                ORDER.index(HelpKind(each.kind)),
                each.region.code,
                each.name,
            ),
        )
    ]


def help_entry(resource: HelpResource) -> dict[str, Any]:
    """Return one service; a number that nobody has seen on a page is not shown."""
    is_shown = resource.is_shown
    digits = "".join(c for c in resource.phone if c.isdigit() or c == "+")
    is_plain = bool(resource.phone) and all(
        c in "0123456789 +-()" for c in resource.phone
    )
    return {
        "service": resource.name,
        "kind": resource.kind,
        "kind_label": resource.get_kind_display(),
        "phone": resource.phone if is_shown else "",
        "phone_href": f"tel:{digits}" if is_shown and is_plain else "",
        "url": resource.url or "",
        "hours": resource.hours,
        "region": resource.region.spoken_name,
        "verification": resource.verification,
        "is_shown": is_shown,
    }


def overview() -> dict[str, Any]:
    """Return all regions, those with rules first in their country: 2 queries."""
    tree = RegionTree()
    tally: dict[int, int] = defaultdict(int)
    for region_id in RegulatoryStatus.objects.values_list("region_id", flat=True):
        tally[region_id] += 1
    below: dict[str, list[Region]] = defaultdict(list)
    for region in tree.by_code.values():
        below[tree.chain(region)[-1]].append(region)
    checked: list[dict[str, Any]] = []
    unchecked: list[dict[str, Any]] = []
    for region in sorted(tree.by_code.values(), key=_by_name):
        if region.parent_id:
            continue
        places = sorted(
            (each for each in below[region.code] if each != region and tally[each.pk]),
            key=lambda each: law.order_of(each, tree),
        )
        entry = {
            **words.link(region),
            "code": region.code,
            "rules": tally[region.pk],
            "places": [
                {**words.link(each), "rules": tally[each.pk]} for each in places
            ],
        }
        (checked if entry["rules"] or places else unchecked).append(entry)
    return {"checked": checked, "unchecked": unchecked, "total": len(tree.by_code)}


def all_help() -> list[dict[str, Any]]:
    """Return help by country: [{"region", "resources"}]."""
    groups: dict[str, list[HelpResource]] = defaultdict(list)
    for resource in HelpResource.objects.select_related("region__parent"):
        country = resource.region.parent or resource.region
        groups[country.spoken_name].append(resource)
    return [
        {
            "region": name,
            "resources": [
                help_entry(each)
                for each in sorted(
                    rows, key=lambda each: (ORDER.index(HelpKind(each.kind)), each.name)
                )
            ],
        }
        for name, rows in sorted(
            groups.items(), key=lambda group: spoken_order(group[0])
        )
    ]
