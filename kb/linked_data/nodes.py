"""The small parts of which all descriptions are made."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from kb.choices import ExternalScheme, Verification
from kb.languages import address_in, current, is_english, is_translated
from kb.models import ExternalId, Region

Node = dict[str, Any]

LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
# As django.utils.html.json_script: nothing in it can end the script or begin a comment.
# The two line separators are newlines to an old parser of JavaScript.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
_PAGES = {
    ExternalScheme.WIKIDATA: "https://www.wikidata.org/entity/{}",
    ExternalScheme.PUBCHEM: "https://pubchem.ncbi.nlm.nih.gov/compound/{}",
    ExternalScheme.CHEMBL: "https://www.ebi.ac.uk/chembl/compound_report_card/{}/",
    ExternalScheme.DRUGBANK: "https://go.drugbank.com/drugs/{}",
    ExternalScheme.MESH: "https://id.nlm.nih.gov/mesh/{}",
}


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def here(path: str) -> str:
    """Return the address of a page of ours in the language that is spoken now."""
    plain = path.partition("?")[0]
    return absolute(address_in(current(), path) if is_translated(plain) else path)


def page_languages() -> list[str] | str:
    """Return what a page is written in: words of records are English on each of them."""
    return "en" if is_english() else [current(), "en"]


def node(kind: str | list[str], **properties: Any) -> Node:
    """Return a node without what is empty: silence says nothing, in any vocabulary."""
    told = {name: value for name, value in properties.items() if value or value == 0}
    return {"@type": kind, **told}


def thing(record: Any) -> str:
    """Return the id of what a page is about, apart from the page itself."""
    return f"{absolute(record.get_absolute_url())}#it"


def publisher() -> Node:
    return node("Organization", name="Pharmakon", url=absolute("/"))


def breadcrumbs(*steps: tuple[str, str]) -> Node:
    """Return the way to a page: breadcrumbs(("Substances", "/substances/"), …)."""
    return node(
        "BreadcrumbList",
        itemListElement=[
            node("ListItem", position=place, name=name, item=here(path))
            for place, (name, path) in enumerate(steps, 1)
        ],
    )


def page(
    record: Any, kind: str, *, plural: str, title: str = "", about: bool = True
) -> Node:
    """Return the page of a record; `plural` names its list: "Substances"."""
    path = record.get_absolute_url()
    list_path = f"/{path.split('/')[1]}/"
    found = node(
        kind,
        name=title or record.name,
        url=here(path),
        inLanguage=page_languages(),
        dateModified=record.updated_at.date().isoformat() if record.updated_at else "",
        license=LICENCE_URL,
        publisher=publisher(),
        breadcrumb=breadcrumbs(
            (gettext(plural), list_path), (title or record.name, path)
        ),
    )
    if kind == "MedicalWebPage" and getattr(record, "reviewed_on", None):
        found["lastReviewed"] = str(record.reviewed_on)
    if about:
        found["mainEntity"] = {"@id": thing(record)}
    return found


def same_as(ids: Iterable[ExternalId]) -> list[str]:
    """Return pages of others about the same thing, of identifiers that somebody checked."""
    return [
        _PAGES[ExternalScheme(each.scheme)].format(each.value)
        for each in ids
        if each.scheme in _PAGES and each.verification != Verification.UNVERIFIED
    ]


def codes(ids: Iterable[ExternalId]) -> list[Node]:
    """Return identifiers without a page of their own as codes of medicine."""
    return [
        node(
            "MedicalCode",
            codeValue=each.value,
            codingSystem=str(ExternalScheme(each.scheme).label),
        )
        for each in ids
        if each.scheme not in _PAGES and each.verification != Verification.UNVERIFIED
    ]


def area(region: Region) -> Node:
    return node("AdministrativeArea", name=region.name, identifier=region.code)


def as_script(graph: list[Node]) -> SafeString:
    """Return a graph as it stands in a page: no text of a record can break out of it."""
    whole = graph[0] if len(graph) == 1 else {"@graph": graph}
    data = {"@context": "https://schema.org", **whole}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    script = f'<script type="application/ld+json">{text.translate(_ESCAPES)}</script>'
    return mark_safe(script)
