"""Pages that are not about one record: lists, the site itself, what stands beside a record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext

from kb.languages import current
from kb.linked_data.head import Head
from kb.linked_data.nodes import (
    LICENCE_URL,
    Node,
    absolute,
    breadcrumbs,
    here,
    node,
    page_languages,
    publisher,
    thing,
)

Step = tuple[str, str]  # a name and its path: ("Substances", "/substances/")


def page(
    path: str,
    title: str,
    *,
    kind: str = "WebPage",
    way: Sequence[Step] = (),
    about: Iterable[Any] = (),
    alternate: str = "",
    main: Node | None = None,
    citation: Sequence[str] = (),
) -> Head:
    """Return the head of a page.

    way leads from the first page to it, both left out; about are records, alternate is
    the path of the same as JSON, citation are paths of sources.
    """
    name = gettext(title)
    steps = [("Pharmakon", "/"), *((gettext(step), to) for step, to in way)]
    web_page = node(
        kind,
        name=name,
        url=here(path),
        inLanguage=page_languages(),
        license=LICENCE_URL,
        publisher=publisher(),
        isPartOf={"@id": website_id()},
        about=[{"@id": thing(each)} for each in about],
        mainEntity=main,
        citation=[absolute(each) for each in citation],
        breadcrumb=breadcrumbs(*steps, (name, path)),
    )
    return Head(
        path=path,
        graph=[web_page],
        title=name,
        is_record=False,
        is_landing=False,
        alternate=alternate,
    )


def listing(
    path: str,
    title: str,
    items: Iterable[Step],
    *,
    way: Sequence[Step] = (),
    first: int = 1,
    total: int | None = None,
    alternate: str = "",
    about: Iterable[Any] = (),
) -> Head:
    """Return the head of a list; items are names and paths in the order of the page.

    first is the place of the first one where the list has several pages.
    """
    rows = [
        node("ListItem", position=place, name=name, url=here(to))
        for place, (name, to) in enumerate(items, first)
    ]
    entries = node("ItemList", itemListElement=rows)
    entries["numberOfItems"] = len(rows) if total is None else total
    return page(
        path,
        title,
        kind="CollectionPage",
        way=way,
        alternate=alternate,
        main=entries,
        about=about,
    )


def names(records: Iterable[Any]) -> list[Step]:
    """Return records as items of a list."""
    return [(each.name, each.get_absolute_url()) for each in records]


def beside(record: Any, end: str, title: str, *, citation: Sequence[str] = ()) -> Head:
    """Return the head of a page beside that of a record: its history, how to cite it.

    end is what the address of the record is followed by: "history/".
    """
    path = record.get_absolute_url()
    plural = f"{record.KIND}s"
    way = [(plural.capitalize(), f"/{plural}/"), (record.name, path)]
    return page(f"{path}{end}", title, way=way, about=[record], citation=citation)


def help_numbers(groups: Iterable[Mapping[str, Any]]) -> Head:
    """Return the head of the page of help: each service that readers see a number of.

    groups are as kb.pages.region.all_help has them.
    """
    services = [
        node(
            "Organization",
            name=each["service"],
            url=each["url"],
            areaServed=group["region"],
            contactPoint=node(
                "ContactPoint",
                telephone=each["phone"],
                contactType=str(each["kind_label"]),
            ),
        )
        for group in groups
        for each in group["resources"]
        if each["phone"]
    ]
    rows = [
        node("ListItem", position=place, item=service)
        for place, service in enumerate(services, 1)
    ]
    entries = node("ItemList", itemListElement=rows)
    entries["numberOfItems"] = len(rows)
    return page("/help/", "Where help is", kind="CollectionPage", main=entries)


def results() -> Head:
    """Return the head of the search page, whatever was asked: nobody indexes it."""
    return page("/search/", "Search", kind="SearchResultsPage")


def website_id() -> str:
    return f"{absolute('/')}#site"


def about_site(path: str, title: str, source_url: str = "") -> Head:
    """Return the head of a page about the site: who makes it, and by which rules."""
    if path != "/about/":
        return page(path, title)
    it = publisher() | node(
        "Organization",
        publishingPrinciples=absolute("/method/"),
        correctionsPolicy=absolute("/report/"),
        sameAs=source_url,
    )
    it["@id"] = f"{absolute('/')}#publisher"
    head = page(path, title, kind="AboutPage", main={"@id": it["@id"]})
    head.graph.extend([it, website()])
    return head


def website() -> Node:
    """Return the site, and how it is asked."""
    search = node(
        "SearchAction",
        target=node(
            "EntryPoint", urlTemplate=f"{here('/search/')}?q={{search_term_string}}"
        ),
    )
    search["query-input"] = "required name=search_term_string"
    it = node(
        "WebSite",
        name="Pharmakon",
        url=here("/"),
        inLanguage=current(),
        license=LICENCE_URL,
        publisher=publisher(),
        potentialAction=search,
    )
    it["@id"] = website_id()
    return it
