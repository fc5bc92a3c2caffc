"""What changed lately, from the histories of the records."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from articles.models import Article
from kb.addresses import address
from kb.gazetteer.spoken import spoken_name
from kb.linked_data import pages
from kb.linked_data.head import respond
from kb.models import (
    Alkaloid,
    Assessment,
    Claim,
    Region,
    RegulatoryStatus,
    Source,
    Substance,
    Symptom,
)
from kb.pages import local

MANY = 6
FEED_DAYS = 30
VERB = {"+": "added", "~": "changed", "-": "removed"}
# One record, and many of a kind: whole sentences, as a language may need them.
ONE = {
    "added": _("%(title)s added"),
    "changed": _("%(title)s changed"),
    "removed": _("%(title)s removed"),
}
MANY_OF = {
    "added": _("%(count)s %(kind)s added"),
    "changed": _("%(count)s %(kind)s changed"),
    "removed": _("%(count)s %(kind)s removed"),
}
PLURAL = {
    "substance": _("substances"),
    "alkaloid": _("alkaloids"),
    "symptom": _("symptoms"),
    "source": _("sources"),
    "claim": _("claims"),
    "article": _("articles"),
    "region": _("regions"),
    "assessment": _("assessments of evidence"),
    "status": _("rules of law"),
}


def recent(*, limit: int = 60) -> list[dict[str, Any]]:
    """Return days with their changes, newest first: 1 query a kind of record.

    Many records of one kind changed in one go are told as a number.
    """
    rows = []
    for model in (Substance, Alkaloid, Symptom, Source, Claim, Article):
        published = dict(model.objects.published().values_list("pk", "name"))
        rows += _rows(model, model.KIND, published, limit)
    rows += _rows(
        Region, "region", dict(Region.objects.values_list("pk", "name")), limit
    )
    rows += _facts(Assessment, "assessment", limit)
    rows += _facts(RegulatoryStatus, "status", limit)
    rows.sort(key=lambda row: row["at"], reverse=True)
    days = []
    for date, of_day in groupby(rows, key=lambda row: row["at"].date()):
        changes = list(of_day)
        days.append(
            {
                "day": local.day(date),
                "iso": date.isoformat(),
                "at": changes[0]["at"],
                "changes": _told(changes),
            }
        )
    return days


def _rows(
    model: Any, kind: str, names: dict[int, str], limit: int
) -> list[dict[str, Any]]:
    slug = "code" if kind == "region" else "slug"
    route = "articles:article" if kind == "article" else f"kb:{kind}"
    found = model.history.order_by("-history_date").values_list(
        "id", "history_date", "history_type", slug
    )
    return [
        {
            "at": at,
            "kind": kind,
            "verb": VERB[verb],
            "title": spoken_name(slug, names[pk]) if kind == "region" else names[pk],
            "url": address(route, slug),
        }
        for pk, at, verb, slug in found[: limit * 10]
        if pk in names
    ]


def _facts(model: Any, kind: str, limit: int) -> list[dict[str, Any]]:
    related = ["substance", "alkaloid"] + (
        ["symptom"] if kind == "assessment" else ["region"]
    )
    present = {row.pk: row for row in model.objects.select_related(*related)}
    found = model.history.order_by("-history_date").values_list(
        "id", "history_date", "history_type"
    )
    rows = []
    for pk, at, verb in found[: limit * 10]:
        now = present.get(pk)
        if now is None or not now.subject.is_published:
            continue
        about = now.symptom.name if kind == "assessment" else now.region.spoken_name
        rows.append(
            {
                "at": at,
                "kind": kind,
                "verb": VERB[verb],
                "title": f"{now.subject.name}: {about}",
                "url": now.subject.get_absolute_url()
                + (f"#why-{now.anchor}" if kind == "assessment" else "#law"),
            }
        )
    return rows


def _told(changes: Any) -> list[dict[str, Any]]:
    """Fold many alike into one line."""
    told = []
    alike = sorted(changes, key=lambda row: (row["kind"], row["verb"]))
    for (kind, verb), rows in groupby(
        alike, key=lambda row: (row["kind"], row["verb"])
    ):
        unique = {row["url"]: row for row in rows}
        if len(unique) > MANY:
            many = {"count": len(unique), "kind": gettext(PLURAL[kind])}
            told.append({"text": gettext(MANY_OF[verb]) % many, "url": ""})
        else:
            told += [
                {
                    "text": gettext(ONE[verb]) % {"title": row["title"]},
                    "url": row["url"],
                }
                for row in unique.values()
            ]
    return told


# The same days as a feed: an entry a day, since many changes come in one go


ABOUT = "Records added, changed or taken away, a day an entry."


def _days() -> list[dict[str, Any]]:
    return recent(limit=120)[:FEED_DAYS]


def _text(day: dict[str, Any]) -> str:
    return "\n".join(each["text"] for each in day["changes"])


def _updated(day: dict[str, Any]) -> datetime:
    """Return when the day last had a change."""
    at: datetime = day["at"]
    return at


def atom(request: HttpRequest) -> HttpResponse:
    address = f"{settings.SITE_URL}/changes/"
    feed = Atom1Feed(
        title="Pharmakon: what changed",
        link=address,
        description=ABOUT,
        language="en",
        author_name="Pharmakon",
        feed_url=f"{settings.SITE_URL}/changes.atom",
    )
    for day in _days():
        feed.add_item(
            title=day["day"],
            link=f"{address}#{day['iso']}",
            description=_text(day),
            unique_id=f"{address}#{day['iso']}",
            updateddate=_updated(day),
        )
    return HttpResponse(
        feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
    )


def json_feed(request: HttpRequest) -> HttpResponse:
    """JSON Feed 1.1 (https://jsonfeed.org/version/1.1)."""
    address = f"{settings.SITE_URL}/changes/"
    body = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Pharmakon: what changed",
        "description": ABOUT,
        "home_page_url": address,
        "feed_url": f"{settings.SITE_URL}/changes.json",
        "language": "en",
        "items": [
            {
                "id": f"{address}#{day['iso']}",
                "url": f"{address}#{day['iso']}",
                "title": day["day"],
                "content_text": _text(day),
                "date_modified": _updated(day).isoformat(),
            }
            for day in _days()
        ],
    }
    return HttpResponse(
        orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE),
        content_type="application/feed+json; charset=utf-8",
    )


def page(request: HttpRequest) -> HttpResponse:
    head = pages.page("/changes/", "What changed")
    return respond(request, "exchange/changes.html", {"days": recent(limit=120)}, head)
