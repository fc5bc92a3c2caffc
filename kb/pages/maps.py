"""What the law says in each place, as areas of a map, for components/_map.html."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from kb.addresses import address
from kb.choices import RegionKind, Status
from kb.law import Holding
from kb.maps import LAND, MapKind, drawing, outlines
from kb.models import Region
from kb.pages import law as law_page
from kb.pages import local
from kb.places import RegionTree
from kb.regulation import NOT_CHECKED, EffectiveStatus

UNITED_STATES = "US"
TITLES = {
    "world": _("Around the world"),
    "us": _("In the United States, state by state"),
}
# Radius of a circle, in the units of the map: a country, a federal district; a city.
PLACE_RADIUS, LOCAL_RADIUS = 6, 5


def status_maps(
    holdings: Sequence[Holding], tree: RegionTree, *, here: Region | None = None
) -> list[dict[str, Any]]:
    """Return the maps that show something about a subject, each as `status_map` does."""
    return [status_map(kind, holdings, tree, here=here) for kind in kinds_for(holdings)]


def kinds_for(holdings: Sequence[Holding]) -> list[MapKind]:
    """Return which maps show something: the world's, then the states'.

    holdings are those of `law.everywhere`. None where no place was checked; the map of
    the states only where one of them, or a place in one, has a row of its own.
    """
    found: list[MapKind] = ["world"] if holdings else []
    if any(each.region.code.startswith(f"{UNITED_STATES}-") for each in holdings):
        found.append("us")
    return found


def address_of_shapes(kind: MapKind) -> str:
    return reverse("kb:map-shapes", args=[kind, drawing(kind).digest])


def status_map(
    kind: MapKind,
    holdings: Sequence[Holding],
    tree: RegionTree,
    *,
    here: Region | None = None,
    is_picture: bool = False,
) -> dict[str, Any]:
    """Return a map as plain values, without a query.

    On a picture nobody can point at a place: its areas have no titles.

    "areas" come in the order in which they are drawn, by code within each step: blank
    land, what is inherited from the country, what has a row of its own, circles. So the
    edge of what was checked lies on top.
    """
    drawn = outlines(kind)
    checked = {each.region.code: each.effective for each in holdings}
    differing = _differing(checked, tree)
    country = checked.get(UNITED_STATES) if kind == "us" else None
    areas: list[dict[str, Any]] = []
    not_drawn = 0
    blank = [LAND] if drawn.land else []  # drawn, and never linked
    for code in drawn.codes:
        region = tree.by_code.get(code)
        shape, circle = drawn.shapes.get(code, ""), drawn.circles.get(code)
        if region is None:  # a place that this database does not know
            if shape:
                blank.append(code)
            continue
        is_local = _is_inside(region, kind)
        effective = checked.get(code, None if is_local else country)
        if not shape and code not in checked and (is_local or kind == "world"):
            not_drawn += not is_local  # no empty circles: they would fill the oceans
            continue
        area = _area(region, effective)
        area["is_local"] = is_local
        area |= {"has_shape": bool(shape), "x": None, "y": None, "r": None}
        if circle and (not shape or code in checked):
            area["x"], area["y"] = circle
            area["r"] = LOCAL_RADIUS if is_local else PLACE_RADIUS
        without_dot = differing[code] - drawn.circles.keys()
        area["differs"] = bool(differing[code])
        area["mark"] = drawn.marks.get(code) if without_dot else None
        if not is_picture:
            area["title"] = _title(region, effective, tree)
            if area["differs"]:
                area["title"] += f", {gettext('places inside differ')}"
        area["is_here"] = here is not None and here.code == code
        area["classes"] = _classes(area)
        areas.append(area)
    areas.sort(key=_drawn_after)
    places = [area for area in areas if not area["is_local"]]
    return {
        "id": f"map-{kind}",
        "kind": kind,
        "title": gettext(TITLES[kind]),
        "view_box": drawn.view_box,
        "blank": blank,
        "shapes_url": address_of_shapes(kind),
        "areas": areas,
        "legend": _legend(places, not_drawn),
        "summary": _summary(kind, places, not_drawn),
        "has_inherited": any(area["is_inherited"] for area in areas),
        "has_stale": any(area["is_stale"] for area in areas),
        "has_marks": any(area["mark"] for area in areas),
        "has_dots": len(places) < len(areas),
    }


CHANGE_COMING = _("change coming")


def _area(region: Region, effective: EffectiveStatus | None) -> dict[str, Any]:
    status = effective.status if effective else NOT_CHECKED
    return {
        "code": region.code,
        "name": region.spoken_name,
        "status": "" if status == NOT_CHECKED else status,
        "status_label": law_page.LABELS[status],
        "is_stale": bool(effective and effective.is_stale),
        "is_inherited": _is_inherited(region, effective),
        "url": address("kb:region", region.code),
    }


def _is_inside(region: Region, kind: MapKind) -> bool:
    """Tell whether a place is a dot inside one of the map's own: a city, or a part of a
    country on the map of the world."""
    is_part = kind == "world" and region.kind == RegionKind.SUBDIVISION
    return is_part or region.kind == RegionKind.LOCAL


def _is_inherited(region: Region, effective: EffectiveStatus | None) -> bool:
    """Tell whether only the law of a place above is known there."""
    return (
        effective is not None
        and bool(effective.layers)
        and all(rule.region != region.code for rule in effective.layers)
    )


def _title(region: Region, effective: EffectiveStatus | None, tree: RegionTree) -> str:
    """Return "Alabama: Controlled drug, Schedule I, since 10 May 2016, verified …"."""
    if effective is None or effective.status == NOT_CHECKED:
        coming = effective is not None and effective.change_coming
        unknown = [local.inside("Not checked"), CHANGE_COMING if coming else ""]
        return _listed(region, unknown)
    shown = law_page.status_of(effective, tree)
    above = effective.rule.region if effective.rule else region.code
    verified = effective.rule.verified_on if effective.rule else None
    parts = [
        gettext(shown["status_label"]),
        gettext("lawful with a prescription") if shown["with_prescription"] else "",
        shown["detail"],
        local.since(effective.since) if effective.since else "",
        gettext("by %(inherited_from)s law") % {"inherited_from": tree.spoken(above)}
        if above != region.code
        else "",
        gettext("via %(via)s") % {"via": shown["via"]} if shown["via"] else "",
        CHANGE_COMING if shown["change_coming"] else "",
        gettext("may be out of date") if shown["stale"] else "",
        gettext("verified %(day)s") % {"day": local.day(verified)} if verified else "",
    ]
    return _listed(region, parts)


def _listed(region: Region, parts: Sequence[str]) -> str:
    said = (gettext(part) for part in parts if part)
    return f"{region.spoken_name}: {', '.join(said)}"


def _differing(
    checked: dict[str, EffectiveStatus], tree: RegionTree
) -> defaultdict[str, set[str]]:
    """Return the places below a region whose status is another than its own."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for code, effective in checked.items():
        for above in tree.chain(tree.by_code[code])[1:]:
            there = checked[above].status if above in checked else NOT_CHECKED
            if effective.status not in (there, NOT_CHECKED):
                found[above].add(code)
    return found


def _classes(area: dict[str, Any]) -> str:
    flags = {
        f"map__area--{area['status']}": area["status"],
        "is-stale": area["is_stale"],
        "is-inherited": area["is_inherited"],
        "is-here": area["is_here"],
    }
    return " ".join(["map__area", *(name for name, is_set in flags.items() if is_set)])


def _drawn_after(area: dict[str, Any]) -> tuple[bool, bool, bool, bool, str]:
    is_own = bool(area["status"]) and not area["is_inherited"]
    is_circle = area["x"] is not None
    return is_circle, area["is_here"], is_own, bool(area["status"]), area["code"]


def _legend(places: list[dict[str, Any]], not_drawn: int) -> list[tuple[str, str]]:
    """Return what components/_status_legend.html takes, with how many there are."""
    tally = Counter(area["status"] or NOT_CHECKED for area in places)
    tally[NOT_CHECKED] += not_drawn
    return [
        (status, f"{gettext(law_page.LABELS[status])}: {tally[status]}")
        for status in (*(each.value for each in Status), NOT_CHECKED)
        if tally[status]
    ]


def _summary(kind: MapKind, places: list[dict[str, Any]], not_drawn: int) -> str:
    own = sum(1 for area in places if area["status"] and not area["is_inherited"])
    total = len(places) + not_drawn
    counted = {"own": own, "total": total}
    if kind == "world":
        return (
            gettext(
                "%(own)s of %(total)s countries and territories have been checked."
                " Blank means that nobody has checked; it does not mean allowed."
            )
            % counted
        )
    return (
        gettext(
            "Of %(total)s (50 states and the District of Columbia), %(own)s have a rule"
            " of their own on record."
        )
        % counted
    )
