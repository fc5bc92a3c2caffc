"""Evidence as a whole: one assessment, the grade ledger, the overrides."""

from __future__ import annotations

from typing import Any

from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed

from kb import evidence
from kb.finding import get_published
from kb.linked_data import pages as linked_pages
from kb.linked_data.head import respond
from kb.linked_data.nodes import absolute
from kb.models import Alkaloid, Assessment, GradeChange, Substance
from kb.pages import studies as studies_page
from kb.pages import why as why_page

LINES = 200
SUBJECTS: dict[str, Any] = {"substance": Substance, "alkaloid": Alkaloid}
METHOD = [("How evidence is graded", "/method/")]


def why(request: HttpRequest, kind: str, slug: str, anchor: str) -> HttpResponse:
    found = next(
        (
            each
            for each in Assessment.objects.of_published()
            .filter(**{f"{kind}__slug": slug})
            .for_matrix()
            if each.anchor == anchor
        ),
        None,
    )
    if found is None:
        get_published(SUBJECTS[kind].objects.all(), slug)  # moved, withdrawn?
        raise Http404(f"There is no such assessment of {slug}.")
    context = why_page.context(
        found,
        without=request.GET.getlist("without"),
        only_people="people" in request.GET,
    )
    head = linked_pages.beside(
        found.subject,
        f"why/{anchor}/",
        f"{found.subject.name}, {found.symptom.name}: why this level",
        citation=[each["url"] for each in context["sources"]],
    )
    return respond(request, "kb/why.html", context, head)


def studies(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    found = get_published(SUBJECTS[kind].objects.all(), slug)
    behind = Assessment.objects.of_published().filter(**{kind: found}).for_matrix()
    context = studies_page.context(found, list(behind))
    head = linked_pages.beside(found, "studies/", f"The studies of {found.name}")
    return respond(request, "kb/studies.html", context, head)


def ledger(request: HttpRequest) -> HttpResponse:
    lines = [why_page.ledger_line(each) for each in _changes()]
    head = linked_pages.page("/method/ledger/", "The ledger of levels", way=METHOD)
    return respond(request, "kb/ledger.html", {"lines": lines}, head)


def overrides(request: HttpRequest) -> HttpResponse:
    rows = (
        Assessment.objects.overridden()
        .of_published()
        .select_related("substance", "alkaloid", "symptom")
    )
    context = {
        "overrides": [
            {"assessment": row, "is_open": evidence.override_is_open(row)}
            for row in rows
        ]
    }
    head = linked_pages.page(
        "/method/overrides/", "Levels that a curator set", way=METHOD
    )
    return respond(request, "kb/overrides.html", context, head)


def _changes() -> list[GradeChange]:
    """Return the newest lines of the ledger that readers may see: 1 query."""
    rows = GradeChange.objects.filter(
        assessment__in=Assessment.objects.of_published()
    ).select_related(
        "assessment__substance", "assessment__alkaloid", "assessment__symptom"
    )
    return list(rows[:LINES])


class LedgerFeed(Feed):
    """The grade ledger as Atom: what changed, from which level to which, and why."""

    feed_type = Atom1Feed
    title = "Pharmakon: changes of evidence levels"
    subtitle = "Each change of a level, with its cause."
    author_name = "Pharmakon"
    language = "en"

    def link(self) -> str:
        return absolute("/method/ledger/")

    def feed_url(self) -> str:
        return absolute("/method/ledger.atom")

    def items(self) -> list[GradeChange]:
        return _changes()

    def item_title(self, item: GradeChange) -> str:
        line = why_page.ledger_line(item)
        return f"{line['title']}: {line['before_label']} → {line['after_label']}"

    def item_description(self, item: GradeChange) -> str:
        return item.cause

    def item_link(self, item: GradeChange) -> str:
        return absolute(item.assessment.get_absolute_url())

    def item_guid(self, item: GradeChange) -> str:
        """Return an address: an id in Atom is whole and stays the same."""
        return f"{self.item_link(item)}#change-{item.pk}"

    def item_updateddate(self, item: GradeChange) -> object:
        return item.at
