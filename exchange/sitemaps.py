"""All public pages, a sitemap a kind, each with the day on which it last changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Max, QuerySet

from articles.models import Article
from kb.languages import address_in, is_translated
from kb.models import (
    Alkaloid,
    Assessment,
    Claim,
    EvidenceItem,
    Region,
    RegulatoryStatus,
    SafetyNote,
    Source,
    Substance,
    Symptom,
)

PAGES = (
    "/",
    "/substances/",
    "/alkaloids/",
    "/symptoms/",
    "/sources/",
    "/claims/",
    "/articles/",
    "/regions/",
    "/compare/",
    "/check/",
    "/method/",
    "/method/ledger/",
    "/quality/",
    "/help/",
    "/law/changes/",
    "/law/fresh/",
    "/law/contradictions/",
    "/export/",
    "/changes/",
    "/about/",
    "/privacy/",
    "/accessibility/",
    "/terms/",
)


class _Map(Sitemap):
    """Gives the addresses that readers know, whatever host was asked, in each language.

    An item is a record (or path) and a language, as Django pairs them.
    """

    limit = 15_000  # 5,000 records; the protocol takes 50,000 addresses
    i18n = alternates = x_default = True

    def get_languages_for_item(self, item: Any) -> list[str]:
        if not is_translated(self.location(item)):
            return [settings.LANGUAGE_CODE]
        return [code for code, _ in settings.LANGUAGES]

    def _location(self, item: Any, force_lang_code: str | None = None) -> str:
        """Put our prefix before the address; Django would ask its own routes for it."""
        record, code = item
        return address_in(force_lang_code or code, self.location(record))

    def get_domain(self, site: Any = None) -> str:
        return str(settings.SITE_URL).partition("://")[2]

    def get_protocol(self, protocol: str | None = None) -> str:
        return str(settings.SITE_URL).partition("://")[0]


class Pages(_Map):
    def items(self) -> list[str]:
        return list(PAGES)

    def location(self, item: str) -> str:
        return item


class Records(_Map):
    """The published records of a kind; each changes with what is stated about it."""

    def __init__(self, rows: Callable[[], QuerySet[Any]], field: str = "") -> None:
        self._rows, self._field = rows, field

    def items(self) -> list[Any]:
        """Return the records, each with `changed_at`: 1 query, and 1 a kind of fact."""
        records = list(self._rows().order_by("pk"))
        facts = _latest(self._field) if self._field else []
        for record in records:
            changes = [record.updated_at, *(each.get(record.pk) for each in facts)]
            record.changed_at = max(each for each in changes if each is not None)
        return records

    def lastmod(self, item: Any) -> datetime:
        changed_at: datetime = item.changed_at
        return changed_at


def _latest(field: str) -> list[dict[int, datetime]]:
    """Return for each kind of fact when one about a record last changed, by its key."""
    found = []
    for model in (Assessment, RegulatoryStatus, SafetyNote):
        if field not in {each.name for each in model._meta.get_fields()}:
            continue
        rows = (
            model.history.filter(**{f"{field}__isnull": False})
            .order_by()
            .values_list(f"{field}_id")
            .annotate(Max("history_date"))
        )
        found.append(dict(rows))
    if field in ("substance", "alkaloid", "symptom"):
        items = (
            EvidenceItem.history.order_by()
            .filter(**{f"assessment__{field}__isnull": False})
            .values_list(f"assessment__{field}_id")
            .annotate(Max("history_date"))
        )
        found.append(dict(items))
    return found


SITEMAPS: Mapping[str, _Map] = {
    "pages": Pages(),
    "substances": Records(lambda: Substance.objects.published(), "substance"),
    "alkaloids": Records(lambda: Alkaloid.objects.published(), "alkaloid"),
    "symptoms": Records(lambda: Symptom.objects.published(), "symptom"),
    "articles": Records(lambda: Article.objects.published()),
    "claims": Records(lambda: Claim.objects.published()),
    "regions": Records(lambda: Region.objects.all(), "region"),
    "sources": Records(lambda: Source.objects.published()),
}
