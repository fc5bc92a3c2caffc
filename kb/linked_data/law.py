"""What the law says, as schema.org sees it: statuses with their place, acts with theirs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kb.choices import RegionKind, Status
from kb.citing import page_meta, region_title
from kb.law import Holding, Subject
from kb.linked_data.head import Head
from kb.linked_data.nodes import (
    LICENCE_URL,
    Node,
    absolute,
    area,
    breadcrumbs,
    here,
    node,
    page,
    page_languages,
    publisher,
    thing,
)
from kb.linked_data.subjects import subject_type
from kb.models import Region
from kb.regulation import NOT_CHECKED, Rule

AREA_TYPES = {RegionKind.COUNTRY: "Country", RegionKind.LOCAL: "AdministrativeArea"}


def region(
    record: Region, holdings: Iterable[Holding], *, above: Sequence[Node] = ()
) -> Head:
    """Return the head of a place: what holds there today, and the acts behind it.

    above are links to the places that it lies in, the outermost first.
    """
    holdings = [each for each in holdings if _is_told(each)]
    kind = AREA_TYPES.get(RegionKind(record.kind), "AdministrativeArea")
    it = node(kind, name=record.name, identifier=record.code)
    it["@id"] = thing(record)
    if above:
        it["containedInPlace"] = {"@id": f"{absolute(above[-1]['url'])}#it"}
    subjects = [
        node(subject_type(each.subject), name=each.subject.name)
        | {
            "@id": thing(each.subject),
            "legalStatus": _status(each, {"@id": thing(record)}),
        }
        for each in holdings
        if _has_status(each.subject)
    ]
    title = region_title(record)
    return Head(
        path=record.get_absolute_url(),
        graph=[
            page(record, "WebPage", plural="Regions", title=title),
            it,
            *subjects,
            *_acts(holdings),
        ],
        title=title,
        meta=page_meta(record) if record.is_recorded else (),
    )


def subject_law(subject: Subject, holdings: Iterable[Holding]) -> Head:
    """Return the head of the page with all of the law on one subject."""
    holdings = [each for each in holdings if _is_told(each)]
    path = f"{subject.get_absolute_url()}law/"
    title = f"{subject.name}: the law, place by place"
    plural = f"{subject.KIND}s"
    web_page = node(
        "WebPage",
        name=title,
        url=here(path),
        inLanguage=page_languages(),
        license=LICENCE_URL,
        publisher=publisher(),
        mainEntity={"@id": thing(subject)},
        breadcrumb=breadcrumbs(
            (plural.capitalize(), f"/{plural}/"),
            (subject.name, subject.get_absolute_url()),
            ("The law", path),
        ),
    )
    it = node(subject_type(subject), name=subject.name)
    it["@id"] = thing(subject)
    if _has_status(subject):
        it["legalStatus"] = [_status(each, area(each.region)) for each in holdings]
    return Head(path=path, graph=[web_page, it], title=title, is_record=False)


def _is_told(holding: Holding) -> bool:
    """Tell whether anything is known there; "not checked" is no status to publish."""
    return holding.effective.status != NOT_CHECKED


def _has_status(subject: Subject) -> bool:
    """A therapy without a drug has no legal status in this vocabulary."""
    return subject_type(subject) != "MedicalTherapy"


def _status(holding: Holding, place: Node) -> Node:
    """Return a status, named with what it is limited to: a program reads no footnote."""
    name, rule = Status(holding.effective.status).label, holding.effective.rule
    scope = rule.scope_text if rule else ""
    name = f"{name} (only: {scope})" if scope else f"{name}"
    return node("DrugLegalStatus", name=name, applicableLocation=place)


def _acts(holdings: Iterable[Holding]) -> list[Node]:
    """Return each act that decides something there, once; without a name it is none."""
    acts: dict[tuple[str, str], Node] = {}
    for each in holdings:
        rule = each.effective.rule
        if rule is None or not _is_named(rule):
            continue
        act = acts.setdefault(
            (rule.region, rule.instrument),
            node(
                "Legislation",
                name=rule.instrument,
                legislationJurisdiction=rule.region_name,
            ),
        )
        about = act.setdefault("about", [])
        if {"@id": thing(each.subject)} not in about:
            about.append({"@id": thing(each.subject)})
    return list(acts.values())


def _is_named(rule: Rule) -> bool:
    return bool(rule.instrument) and not rule.instrument.startswith("Not named")
