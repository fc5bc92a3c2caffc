"""How much of the law is fresh, what does not agree in it, and what changes when."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from kb import contradictions, feeds, law, law_ledger, places, rechecks
from kb.addresses import address
from kb.law import Subject
from kb.models import Alkaloid, Region, Substance
from kb.pages import local, words
from kb.regulation import Rule

FORMS = {
    "atom": ("application/atom+xml", "Atom", feeds.atom),
    "json": ("application/feed+json", "JSON Feed", feeds.json_feed),
    "ics": ("text/calendar", "Calendar", feeds.calendar),
}


def fresh() -> dict[str, Any]:
    """Return what /law/fresh/ shows: 2 queries."""
    tree, day = places.RegionTree(), law.today()
    rules = law.all_rules()
    shares = rechecks.shares_by_country(rules, tree.chains(), today=day)
    rows = [
        {**words.link(tree.by_code[code]), "code": code, **_share(share)}
        for code, share in shares.items()
        if share.total
    ]
    due = rechecks.queue(rules, today=day)
    waiting = [
        {
            "label": urgency.label,
            "count": sum(each.urgency == urgency for each in due),
        }
        for urgency in rechecks.Urgency
    ]
    return {
        "on": local.day(day),
        "all": _share(rechecks.share(rules, today=day)),
        "rows": sorted(rows, key=lambda row: (-row["total"], row["title"])),
        "waiting": [each for each in waiting if each["count"]],
    }


def _share(share: rechecks.Share) -> dict[str, Any]:
    return {
        "total": share.total,
        "fresh": share.fresh,
        "stale": share.stale,
        "very_stale": share.very_stale,
        "fresh_percent": share.fresh_percent,
    }


def contradicting() -> dict[str, Any]:
    """Return what /law/contradictions/ shows: 4 queries."""
    tree = places.RegionTree()
    found = contradictions.find(law.all_rules(), tree.chains(), today=law.today())
    names = subject_links(rule for each in found for rule in each.rules)
    groups = [
        {
            "id": kind.value,
            "title": label,
            "rows": [
                {
                    "region": {
                        "title": each.rules[0].spoken_region,
                        "url": address("kb:region", each.rules[0].region),
                    },
                    "subject": names[each.rules[0].subject],
                    "sentence": each.sentence,
                    "keys": [rule.key for rule in each.rules],
                }
                for each in found
                if each.kind == kind
            ],
        }
        for kind, label in contradictions.LABELS.items()
    ]
    return {"groups": [each for each in groups if each["rows"]], "total": len(found)}


def subject_links(rules: Iterable[Rule]) -> dict[str, dict[str, str]]:
    """Return the name and page of each subject: {"substance:kratom": …}. 2 queries."""
    keys = {rule.subject for rule in rules}
    found = {}
    for model in (Substance, Alkaloid):
        slugs = [key.partition(":")[2] for key in keys if key.startswith(model.KIND)]
        if slugs:
            for record in model.objects.filter(slug__in=slugs).only("slug", "name"):
                found[record.record_key] = words.link(record)
    return found


# Feeds


def feed_links(stem: str) -> list[dict[str, str]]:
    """Return the feeds of a page: stem is "/regions/TH/law" or "/law/changes"."""
    return [
        {"url": f"{stem}.{form}", "title": title, "type": media}
        for form, (media, title, _write) in FORMS.items()
    ]


def stem_of(about: Subject | Region | None) -> str:
    """Return where the feeds of a subject, a region or the whole stand, without ending."""
    if about is None:
        return reverse("kb:law-changes").rstrip("/")
    return f"{about.get_absolute_url()}law"


def feed(about: Subject | Region | None, form: str) -> feeds.Feed:
    """Return the changes of the law on a subject, in a region, or everywhere: 5 queries.

    Those of a region are its own and those of the regions above it.
    """
    if about is None:
        rules, name = law.all_rules(), "Changes of the law"
        page = reverse("kb:law-changes")
    elif isinstance(about, Region):
        chain = places.RegionTree().chain(about)
        rules = law.read_rules(law.rows_in(chain))
        name = f"{about.name}: changes of the law"
        page = about.get_absolute_url()
    else:
        rules = law.rules_bearing_on(about)
        name, page = f"{about.name}: changes of the law", about.get_absolute_url()
    site = settings.SITE_URL
    return feeds.Feed(
        title=f"{name} · Pharmakon",
        about="What begins, ends or expires on which day, with its source. It is"
        " information, not legal advice.",
        page_url=f"{site}{page}",
        feed_url=f"{site}{stem_of(about)}.{form}",
        entries=entries(
            feeds.changes(rules), limit=None if form == "ics" else feeds.MOST
        ),
    )


def entries(found: list[feeds.Change], *, limit: int | None) -> list[feeds.Entry]:
    """Put changes into words: 3 queries."""
    found = found[:limit]
    links = subject_links(change.rule for change in found)
    recorded = law_ledger.recorded({change.rule.key for change in found})
    return [
        feeds.entry(
            change,
            subject=links[change.rule.subject]["title"],
            url=f"{settings.SITE_URL}{address('kb:region', change.rule.region)}#rules",
            recorded=recorded.get(change.rule.key),
        )
        for change in found
    ]


def changes() -> dict[str, Any]:
    """Return what /law/changes/ shows: what is to come first, then the past by year."""
    day = law.today()
    found = feeds.changes(law.all_rules())
    links = subject_links(change.rule for change in found)
    ahead = [each for each in reversed(found) if each.is_ahead(day)]
    past: dict[str, list[dict[str, Any]]] = {}
    for each in found:
        if not each.is_ahead(day):
            past.setdefault(each.on[:4], []).append(_change(each, links))
    return {
        "ahead": [_change(each, links) for each in ahead],
        "years": list(past.items()),
        "feeds": feed_links(stem_of(None)),
    }


def _change(change: feeds.Change, links: dict[str, dict[str, str]]) -> dict[str, Any]:
    rule = change.rule
    return {
        "date": local.day(change.on),
        "date_iso": str(change.on),
        "region": {
            "title": rule.spoken_region,
            "url": address("kb:region", rule.region),
        },
        "subject": links[rule.subject],
        "what": WHAT[change.what],
        "is_sure": change.what in (feeds.What.BEGINS, feeds.What.ENDS),
        "rule": rule,
        "source_url": address("kb:source", rule.source_slug)
        if rule.source_slug
        else "",
    }


WHAT = {
    feeds.What.BEGINS: _("begins"),
    feeds.What.ENDS: _("last day"),
    feeds.What.EXPIRES: _("due to expire"),
    feeds.What.PROPOSED: _("proposed, not law"),
}
