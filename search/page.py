"""What the page of results shows, as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_noop as _
from taggit.models import Tag

from kb import gazetteer, law
from kb.choices import Level, Status, SynonymKind
from kb.gazetteer import plain
from kb.gazetteer.spoken import spoken_order
from kb.languages import current
from kb.law import Holding
from kb.models import Region
from kb.pages.words import KIND_LABEL
from kb.places import RegionTree, region_tree
from kb.version import Version
from search.answers.names import known_names
from search.engine import Counted, Hit, Results, Suggestion
from search.near import near_names

FILTERS = ("kind", "level", "region", "status", "tag")
FACETS = (
    ("kind", _("Kind")),
    ("level", _("Certainty")),
    ("status", _("Law")),
    ("tag", _("Tag")),
)
LEVEL_LABEL = {level.value: str(level.label) for level in Level}
STATUS_LABEL = {status.value: str(status.label) for status in Status}
# Why a name is a name of it, for the card of what it found.
WHY_NAME: dict[str, str] = {
    SynonymKind.COMMON: _("another name"),
    SynonymKind.LOCAL: _("a local name"),
    SynonymKind.TRADE: _("a trade name"),
    SynonymKind.SCIENTIFIC: _("a scientific name"),
    SynonymKind.ABBREVIATION: _("an abbreviation"),
    SynonymKind.MISSPELLING: _("a misspelling"),
    SynonymKind.LAY: _("everyday words for it"),
}
# A claim in a list has no verdict beside it; its heading says that it is only said.
GROUP_LABEL = {kind: f"{label}s" for kind, label in KIND_LABEL.items()} | {
    "claim": _("Claims that circulate")
}
MOST_OPTIONS = 14
_CALLED, _TAGGED = "also called ", "tagged "


def context(
    text: str,
    chosen: Mapping[str, Sequence[str]],
    results: Results,
    *,
    page: int,
    size: int,
    now: Version,
    mine: Region | None = None,
) -> dict[str, Any]:
    """Return all that search/_found.html shows; `mine` is the place of the reader, whose
    law the cards show where no other is filtered for."""
    codes = tuple(dict.fromkeys(chosen["region"]))
    tree = region_tree(now)
    region = tree.find(codes[0]) if codes else mine
    kept = [("in", mine.code)] if mine else []
    kept += [
        ("q", text),
        *((name, value) for name in FILTERS for value in chosen[name]),
    ]
    pages = max(1, -(-results.total // size))
    active = sum(len(chosen[name]) for name in FILTERS)
    shown = cards((*results.hits, *results.related), region, now)
    return {
        "text": text,
        "total": results.total,
        "cards": shown[: len(results.hits)],
        "related": shown[len(results.hits) :],
        "suggestion": results.suggestion,
        "suggestion_url": f"?{urlencode({'q': results.suggestion or ''})}",
        "corrected": results.corrected,
        "unknown": results.unknown,
        "near": [] if results.total or active else near_names(text, limit=5),
        "groups": groups(chosen, results, tag_names(now)),
        "places_named": places_named(text, tree),
        "places": places(codes, results.facets.get("region", []), now),
        "active": active,
        "clear_url": f"?{urlencode({'q': text})}",
        # Only one region can be chosen in the list; others of the address are kept.
        "hidden": [{"name": "region", "value": code} for code in codes[1:]],
        "region": region,
        "pager": pager(page, pages, kept),
        "page": page,
    }


def cards(
    hits: Sequence[Hit], region: Region | None, now: Version
) -> list[dict[str, Any]]:
    """Return hits as components/_card.html takes them: 6 queries for the law in a
    region, none without."""
    kinds = known_names(now).synonym_kinds
    held = (
        {each.subject.record_key: each for each in law.in_region(region)}
        if region
        else {}
    )
    return [card(hit, kinds, held.get(hit.key)) for hit in hits]


def card(
    hit: Hit, kinds: Mapping[str, str] | None = None, holding: Holding | None = None
) -> dict[str, Any]:
    """Return a hit as components/_card.html takes it; `kinds` says what its names are."""
    name = hit.matched.removeprefix(_CALLED).removeprefix(_TAGGED)
    kind = (kinds or {}).get(name, "")
    why = _("a tag") if hit.matched.startswith(_TAGGED) else WHY_NAME.get(kind, "")
    found: dict[str, Any] = {
        "kind_label": KIND_LABEL.get(hit.kind, hit.kind),
        "title": hit.title,
        "title_parts": hit.title_parts,
        "url": hit.url,
        "matched": name,
        "matched_why": why,
        "snippet_parts": hit.snippet,
        "level": hit.level,
        "level_label": LEVEL_LABEL.get(hit.level, ""),
        "about": hit.level_about,
    }
    if holding is not None:
        found |= {
            "status": holding.effective.status,
            "status_label": STATUS_LABEL.get(holding.effective.status, ""),
            "stale": holding.effective.is_stale,
            "region_label": holding.region.spoken_name,
        }
    return found


def groups(
    chosen: Mapping[str, Sequence[str]], results: Results, tags: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return facets as components/_facets.html takes them; `tags` are slugs and names."""
    found = []
    for name, label in FACETS:
        values = results.facets.get(name, [])
        options = [
            {
                "value": value,
                "label": option_label(name, value, tags),
                "count": count,
                "checked": value in chosen[name],
            }
            for place, (value, count) in enumerate(values)
            if place < MOST_OPTIONS or value in chosen[name]
        ]
        shown = {option["value"] for option in options}
        options += [
            {
                "value": value,
                "label": option_label(name, value, tags),
                "count": 0,
                "checked": True,
            }
            for value in dict.fromkeys(chosen[name])
            if value not in shown
        ]
        if options:
            found.append({"name": name, "label": label, "options": options})
    return found


_kept_tags: dict[Version, dict[str, str]] = {}


def tag_names(now: Version) -> dict[str, str]:
    """Return the names of all tags by slug: 1 query after a change of the data."""
    if now not in _kept_tags:
        found = dict(Tag.objects.values_list("slug", "name"))
        _kept_tags.clear()
        _kept_tags[now] = found
    return _kept_tags[now]


def option_label(facet: str, value: str, tags: Mapping[str, str]) -> str:
    labels = {"kind": KIND_LABEL, "level": LEVEL_LABEL, "status": STATUS_LABEL}
    if facet in labels:
        return labels[facet].get(value, value)
    name = tags.get(value, value.replace("-", " "))
    return name[:1].upper() + name[1:]


def places_named(text: str, tree: RegionTree) -> list[dict[str, str]]:
    """Return the places without a record that are called as the whole query."""
    found = (tree.find(code) for code in gazetteer.by_name().get(plain(text), ()))
    return [
        {"title": tree.full_name(each), "url": each.get_absolute_url()}
        for each in found
        if each is not None and not each.is_recorded
    ]


def places(
    chosen: Sequence[str], counted: Counted, now: Version
) -> list[dict[str, Any]]:
    """Return the places to choose from, with how many results have a rule there."""
    counts = dict(counted)
    first = chosen[0] if chosen else ""
    if first:
        counts.setdefault(first, 0)
    return [
        {
            "value": code,
            "label": label,
            "count": counts[code],
            "selected": code == first,
        }
        for code, label in _place_labels(now, current())
        if code in counts
    ]


# Of the last versions of the data, in each language.
@lru_cache(maxsize=8)
def _place_labels(now: Version, language: str) -> list[tuple[str, str]]:
    """Return code and label of every recorded place, in the order of the list."""
    tree = region_tree(now)
    labels = [(code, _place_label(each, tree)) for code, each in tree.by_code.items()]
    return sorted(labels, key=lambda pair: spoken_order(pair[1]))


def _place_label(region: Region, tree: RegionTree) -> str:
    """Return "United States: Ohio", so that a country and its parts stand together."""
    codes = [code for code in tree.chain(region) if code != "EU" or code == region.code]
    return ": ".join(tree.spoken(code) for code in reversed(codes))


def suggestions(found: Sequence[Suggestion]) -> list[dict[str, Any]]:
    """Return suggestions as search/_suggestions.html takes them: by kind, the kind of
    the best one first."""
    kinds = list(dict.fromkeys(each.kind for each in found))
    ordered = sorted(found, key=lambda each: kinds.index(each.kind))
    return [
        {
            "label": GROUP_LABEL.get(kind, kind),
            "options": [
                {
                    "title": each.title,
                    "url": each.url,
                    "also": "" if each.matched == each.title else each.matched,
                }
                for each in of_kind
            ],
        }
        for kind, of_kind in groupby(ordered, key=lambda each: each.kind)
    ]


def pager(page: int, pages: int, kept: list[tuple[str, str]]) -> dict[str, Any]:
    """Return what components/_pager.html takes."""

    def address(number: int) -> str:
        return f"?{urlencode([*kept, ('page', number)])}"

    window = [n for n in range(1, pages + 1) if n in (1, pages) or abs(n - page) < 3]
    return {
        "page": page,
        "pages": pages,
        "previous_url": address(page - 1) if page > 1 else "",
        "next_url": address(page + 1) if page < pages else "",
        "links": [
            {"number": n, "url": address(n), "current": n == page} for n in window
        ],
    }
