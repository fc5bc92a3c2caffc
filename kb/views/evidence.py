"""Evidence as a whole: one assessment, the grade ledger, the overrides."""

from __future__ import annotations

from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.feedgenerator import Atom1Feed

from kb import evidence
from kb.models import Alkaloid, Assessment, GradeChange, Substance
from kb.pages import studies as studies_page
from kb.pages import why as why_page

LINES = 200
SUBJECTS: dict[str, type[Substance] | type[Alkaloid]] = {
    "substance": Substance,
    "alkaloid": Alkaloid,
}


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
        raise Http404(f"There is no such assessment of {slug}.")
    context = why_page.context(
        found,
        without=request.GET.getlist("without"),
        only_people="people" in request.GET,
    )
    return render(request, "kb/why.html", context)


def studies(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    found = get_object_or_404(SUBJECTS[kind].objects.published(), slug=slug)
    behind = Assessment.objects.of_published().filter(**{kind: found}).for_matrix()
    context = studies_page.context(found, list(behind))
    return render(request, "kb/studies.html", context)


def ledger(request: HttpRequest) -> HttpResponse:
    lines = [why_page.ledger_line(each) for each in _changes()]
    return render(request, "kb/ledger.html", {"lines": lines})


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
    return render(request, "kb/overrides.html", context)


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
    link = "/method/ledger/"

    def items(self) -> list[GradeChange]:
        return _changes()

    def item_title(self, item: GradeChange) -> str:
        line = why_page.ledger_line(item)
        return f"{line['title']}: {line['before_label']} → {line['after_label']}"

    def item_description(self, item: GradeChange) -> str:
        return item.cause

    def item_link(self, item: GradeChange) -> str:
        return item.assessment.get_absolute_url()

    def item_guid(self, item: GradeChange) -> str:
        return f"{item.assessment.get_absolute_url()}#change-{item.pk}"

    def item_updateddate(self, item: GradeChange) -> object:
        return item.at
