"""The law on one subject: the counts that its page shows, and a page of all of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from kb import law
from kb.choices import Status
from kb.models import Region
from kb.pages import law as law_page
from kb.pages import law_quality, words
from kb.pages import maps as maps_page
from kb.pages.contents import Contents
from kb.places import RegionTree, region_tree
from kb.regulation import NOT_CHECKED
from kb.version import Version

STATUSES = (*(each.value for each in Status), NOT_CHECKED)  # strictest first


def tally(holdings: Sequence[law.Holding]) -> list[dict[str, Any]]:
    """Return how many places have each status, strictest first, for kb/_law_tally.html.

    [{"status": "banned", "label": "Banned supply", "countries": 3, "parts": 12}, …]
    """
    counted = Counter(
        (each.effective.status, "-" in each.region.code or "/" in each.region.code)
        for each in holdings
    )
    return [
        {
            "status": status,
            "label": law_page.LABELS[status],
            "countries": counted[status, False],
            "parts": counted[status, True],
        }
        for status in STATUSES
        if counted[status, False] or counted[status, True]
    ]


def groups(holdings: Sequence[law.Holding], tree: RegionTree) -> list[dict[str, Any]]:
    """Return the places of each status, strictest first, for kb/_law_groups.html.

    Countries stand together; parts of one stand under its name: {"label": "Banned
    supply: 12", "places": [{"within": "", "places": […]}, {"within": "United
    States", …}]}.
    """
    found = []
    for status in STATUSES:
        alike = [each for each in holdings if each.effective.status == status]
        within: dict[str, list[dict[str, Any]]] = {"": []}
        for each in alike:
            codes = tree.chain(each.region)
            country = tree.spoken(codes[-1]) if len(codes) > 1 else ""
            within.setdefault(country, []).append(_place(each, tree))
        if alike:
            found.append(
                {
                    "status": status,
                    "label": f"{gettext(law_page.LABELS[status])}: {len(alike)}",
                    "places": [
                        {"within": country, "places": places}
                        for country, places in sorted(within.items())
                        if places
                    ],
                }
            )
    return found


def _place(holding: law.Holding, tree: RegionTree) -> dict[str, Any]:
    effective, region = holding.effective, holding.region
    signs = "*" if effective.is_stale else ""
    signs += "†" if effective.change_coming else ""
    codes = tree.chain(region)
    state = f" ({tree.spoken(codes[1])})" if len(codes) > 2 else ""
    return {
        "name": f"{region.spoken_name}{state}",
        "url": region.get_absolute_url(),
        "note": f" {effective.since[:4]}{signs}" if effective.since else signs,
    }


def context(
    subject: law.Subject,
    *,
    region: Region | None,
    moment: law.Moment,
    data_version: Version | None = None,
) -> dict[str, Any]:
    """Return all that kb/subject_law.html shows: 1 query, 2 with the regions."""
    tree = region_tree(data_version)
    rules = law.rules_bearing_on(subject, as_of=moment.as_of)
    holdings = law.everywhere(
        subject, on=moment.on, as_of=moment.as_of, tree=tree, rules=rules
    )
    here = ""
    if region is not None:
        effective = law.effective_with(
            subject, region, on=moment.on, as_of=moment.as_of, rules=rules, tree=tree
        )
        here = law_page.sentence(
            effective, subject.name, region.spoken_name, moment=moment
        )
    address = f"{subject.get_absolute_url()}law/"
    page: dict[str, Any] = {
        "subject": subject,
        "region": region,
        "region_name": tree.full_name(region) if region else "",
        "here": here,
        "holdings": holdings,
        "maps": maps_page.status_maps(holdings, tree, here=region),
        "groups": groups(holdings, tree),
        "rows": [law_page.row(each, tree, by="region") for each in holdings],
        "timeline": law_page.timeline(rules),
        "moment": law_page.moment_note(
            moment, address, {"in": region.code} if region else {}
        ),
        "feeds": law_quality.feed_links(law_quality.stem_of(subject)),
        "crumbs": [words.link(subject), {"title": _("The law, place by place")}],
    }
    page["contents"] = contents(page)
    return page


def contents(page: dict[str, Any]) -> list[dict[str, str]]:
    found = Contents()
    for each in page["maps"]:
        found.add(each["id"], maps_page.TITLES[each["kind"]])
    found.add("by-status", _("The places of each status"), if_any=page["rows"])
    found.add("places", _("The rule in force in each place"), if_any=page["rows"])
    found.add("timeline", _("Every change on record"), if_any=page["timeline"])
    return found.of_long_page
