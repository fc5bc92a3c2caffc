"""What a page tells programs in its head, and in the header of its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from kb.linked_data.nodes import LICENCE_URL, Node, absolute, as_script


class Link(NamedTuple):
    """A typed link (RFC 8288)."""

    href: str  # whole
    rel: str
    type: str = ""


def link_header(links: Sequence[Link]) -> str:
    return ", ".join(
        f'<{_uri(each.href)}>; rel="{each.rel}"'
        + (f'; type="{each.type}"' if each.type else "")
        for each in links
    )


def _uri(address: str) -> str:
    """Keep a DOI or another's address from ending the link it stands in."""
    signs = {"<": "%3C", ">": "%3E", '"': "%22", " ": "%20"}
    return "".join(
        signs.get(sign) or (sign if sign.isascii() else quote(sign))
        for sign in address
        if sign.isprintable()
    )


@dataclass(frozen=True, slots=True)
class Head:
    """graph is the page as schema.org sees it; meta holds the names that Zotero reads.

    The first node is the page; path is where the page stands ("/substances/kratom/").
    """

    path: str
    graph: list[Node]
    title: str = ""
    meta: Sequence[tuple[str, str]] = ()
    describes: str = ""  # what the page is about, where that has an address of its own
    author: str = ""  # an address that names the author: ORCID
    is_record: bool = True
    is_landing: bool = True  # of a record, of the data: a list is none
    alternate: str = ""  # the path of the same as JSON, where a list or view has it

    @property
    def script(self) -> SafeString:
        return as_script(self.graph)

    @property
    def json_url(self) -> str:
        return absolute(f"/api/v1{self.path.rstrip('/')}") if self.is_record else ""

    @property
    def links(self) -> list[Link]:
        """Return its signposts (https://signposting.org/FAIR/, levels 1 and 2)."""
        page = absolute(self.path)
        kinds = [each["@type"] for each in self.graph[:2]]
        found = [
            *(
                (Link(page, "cite-as"), Link("https://schema.org/AboutPage", "type"))
                if self.is_landing
                else ()
            ),
            *(
                Link(f"https://schema.org/{kind}", "type")
                for each in kinds
                for kind in ([each] if isinstance(each, str) else each)
                if kind != "BreadcrumbList"
            ),
            Link(LICENCE_URL, "license"),
        ]
        if self.alternate:
            found.append(
                Link(absolute(self.alternate), "alternate", "application/json")
            )
        if self.author:
            found.append(Link(self.author, "author"))
        if self.describes:
            found.append(Link(self.describes, "describes"))
        if self.is_record:
            found += [
                Link(self.json_url, "item", "application/json"),
                Link(self.json_url, "describedby", "application/json"),
                Link(
                    f"{page}cite.json",
                    "describedby",
                    "application/vnd.citationstyles.csl+json",
                ),
                Link(f"{page}cite.bib", "describedby", "application/x-bibtex"),
                Link(f"{page}linkset.json", "linkset", "application/linkset+json"),
            ]
        return found

    def linkset(self) -> dict[str, Any]:
        """Return its links as a document (RFC 9264), and the way back from its items."""
        page = absolute(self.path)
        mine: dict[str, Any] = {"anchor": page}
        for each in self.links:
            if each.rel != "linkset":
                target = {"href": each.href} | (
                    {"type": each.type} if each.type else {}
                )
                mine.setdefault(each.rel, []).append(target)
        back = [
            {"anchor": each.href, "collection": [{"href": page, "type": "text/html"}]}
            for each in self.links
            if each.rel == "item"
        ]
        return {"linkset": [mine, *back]}


def respond(
    request: HttpRequest, template: str, context: dict[str, Any], head: Head
) -> HttpResponse:
    """Render a page with what it tells programs."""
    response = render(request, template, context | {"head": head})
    response["Link"] = link_header(head.links)
    return response
