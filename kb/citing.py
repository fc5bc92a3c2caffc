"""How our pages are cited, and the names under which Zotero reads what a page is about."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from kb.choices import SourceKind
from kb.linked_data.nodes import absolute
from kb.models import Region, Source

NOBODY = "Pharmakon contributors"
SITE = "Pharmakon"
_INITIALS = re.compile(r"(?P<family>.+) (?P<given>[A-Z]{1,4})", re.ASCII)
_VOLUME = re.compile(r"(?P<journal>.+?) \d.*", re.DOTALL)
_JOURNALS = (
    SourceKind.JOURNAL_ARTICLE,
    SourceKind.SYSTEMATIC_REVIEW,
)


def region_title(region: Region) -> str:
    return f"{region.name}: what the law says about kratom and other substances"


def page_title(record: Any) -> str:
    """Return the title under which the page of a record is cited."""
    if record.KIND == "region":
        return region_title(record)
    if record.KIND == "claim":
        return f"Claim {record.slug}: “{record.name.rstrip('.')}”"
    return str(record.name)


def page_csl(record: Any, *, accessed_on: date | None = None) -> dict[str, Any]:
    """Return our page as CSL-JSON: this version of it, under its address that stays."""
    changed_on = record.updated_at.date()
    writer = getattr(record, "profile", None)
    name = writer.name if writer else getattr(record, "author", "")
    csl: dict[str, Any] = {
        "id": f"pharmakon-{record.KIND}-{record.slug}".lower().replace("/", "-"),
        "type": "webpage",
        "title": page_title(record),
        "author": [{"literal": name or NOBODY}],
        "container-title": SITE,
        "issued": {"date-parts": [[changed_on.year, changed_on.month, changed_on.day]]},
        "version": changed_on.isoformat(),
        "URL": absolute(record.get_absolute_url()),
        "language": "en",
    }
    if accessed_on is not None:
        csl["accessed"] = {
            "date-parts": [[accessed_on.year, accessed_on.month, accessed_on.day]]
        }
    return csl


def page_meta(record: Any) -> list[tuple[str, str]]:
    """Return what Zotero stores when a reader saves the page of an entry."""
    csl = page_csl(record)
    return [
        ("citation_title", csl["title"]),
        *(("citation_author", each["literal"]) for each in csl["author"]),
        ("citation_online_date", csl["version"].replace("-", "/")),
        ("citation_publisher", SITE),
        ("citation_public_url", csl["URL"]),
        ("citation_language", "en"),
    ]


def source_meta(source: Source) -> list[tuple[str, str]]:
    """Return what Zotero stores of a source: the publication, not our page about it.

    Nothing where its real title was not seen: a library would keep ours as the title.
    """
    if source.title_is_paraphrase:
        return []
    found = [("citation_title", source.name)]
    for author in source.authors:
        split = _INITIALS.fullmatch(str(author))
        name = f"{split['family']}, {split['given']}" if split else str(author)
        found.append(("citation_author", name))
    published = str(source.published or "").replace("-", "/")
    journal = _journal(source) if source.kind in _JOURNALS else ""
    for name, value in (
        ("citation_publication_date", published),
        ("citation_journal_title", journal),
        ("citation_publisher", "" if journal else source.container),
        ("citation_doi", source.doi),
        ("citation_pmid", source.pmid),
        ("citation_public_url", source.link),
    ):
        if value:
            found.append((name, value))
    return found


def _journal(source: Source) -> str:
    """Return "J Anal Toxicol" of "J Anal Toxicol 46(5):e110-e114"."""
    split = _VOLUME.fullmatch(source.container)
    return split["journal"] if split else source.container
