"""Many records a page."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from kb import method as method_rules
from kb import version
from kb.choices import (
    Status,
    SubstanceCategory,
    SymptomKind,
    Verdict,
)
from kb.grading.steps import DOWNGRADES, UPGRADES
from kb.linked_data import pages as linked_pages
from kb.linked_data import site
from kb.linked_data.head import respond
from kb.models import Alkaloid, Claim, Source, Substance, Symptom
from kb.pages import evidence as evidence_page
from kb.pages import law as law_page
from kb.pages import quality as quality_page
from kb.pages import region as region_page
from kb.pages.compare import find_subject
from kb.parameters import BadParameter, page_parameter, region_parameter
from kb.places import region_tree
from kb.regulation.staleness import LIMITS
from kb.templatetags.heads import canonical_path

SOURCES_A_PAGE = 50
SUGGESTIONS = 8


def substances(request: HttpRequest) -> HttpResponse:
    found = list(
        Substance.objects.published().prefetch_related(
            "assessment_set__symptom", "assessment_set__items__source"
        )
    )
    groups: list[dict[str, Any]] = [
        {
            "title": _plural(category.label),
            "id": category.value,
            "cards": [_card(each) for each in found if each.category == category],
        }
        for category in SubstanceCategory
    ]
    shown = [group for group in groups if group["cards"]]
    items = [(card["title"], card["url"]) for group in shown for card in group["cards"]]
    head = linked_pages.listing(
        "/substances/", "Substances", items, alternate="/api/v1/substances"
    )
    return respond(request, "kb/substances.html", {"groups": shown}, head)


def alkaloids(request: HttpRequest) -> HttpResponse:
    found = Alkaloid.objects.published()
    head = linked_pages.listing(
        "/alkaloids/",
        "Alkaloids",
        linked_pages.names(found),
        alternate="/api/v1/alkaloids",
    )
    return respond(request, "kb/alkaloids.html", {"alkaloids": found}, head)


def symptoms(request: HttpRequest) -> HttpResponse:
    found = list(Symptom.objects.published())
    groups = [
        {
            "title": _plural(kind.label),
            "id": kind.value,
            "symptoms": [each for each in found if each.kind == kind],
        }
        for kind in (
            SymptomKind.SYNDROME,
            SymptomKind.SYMPTOM,
            SymptomKind.SIGN,
            SymptomKind.OUTCOME,
        )
    ]
    items = [each for group in groups for each in group["symptoms"]]
    head = linked_pages.listing(
        "/symptoms/",
        "Symptoms",
        linked_pages.names(items),
        alternate="/api/v1/symptoms",
    )
    return respond(request, "kb/symptoms.html", {"groups": groups}, head)


def sources(request: HttpRequest) -> HttpResponse:
    kind = request.GET.get("kind", "")
    found = Source.objects.published().order_by("-published", "name", "pk")
    if kind:
        found = found.filter(kind=kind)
    pages = Paginator(found, SOURCES_A_PAGE)
    number = page_parameter(request)
    if number > pages.num_pages:
        raise Http404("There are not so many pages of sources.")
    page = pages.page(number)
    kinds = (
        Source.objects.published()
        .order_by("kind")
        .values_list("kind", flat=True)
        .distinct()
    )
    labels = dict(Source._meta.get_field("kind").flatchoices)
    context = {
        "sources": page.object_list,
        "total": pages.count,
        "pager": pager(page, f"kind={kind}&" if kind else ""),
        "kind": kind,
        "kinds": [(each, labels[each]) for each in kinds],
        "first": page.start_index(),
    }
    head = linked_pages.listing(
        canonical_path(request),
        "Sources",
        linked_pages.names(page.object_list),
        first=page.start_index(),
        total=pages.count,
        alternate="/api/v1/sources",
    )
    return respond(request, "kb/sources.html", context, head)


def claims(request: HttpRequest) -> HttpResponse:
    """List all claims, or those on one subject: `?about=kratom`."""
    found = list(Claim.objects.published().select_related("substance", "alkaloid"))
    about, slug = None, request.GET.get("about", "").strip()
    if slug:
        about = find_subject(slug)
        if about is None:
            raise BadParameter(
                gettext("about: there is no substance or alkaloid called %(given)s.")
                % {"given": repr(slug[:60])}
            )
        found = [each for each in found if each.subject == about]
    groups: list[dict[str, Any]] = [
        {
            "verdict": verdict.value,
            "label": verdict.label,
            "claims": [each for each in found if each.verdict == verdict],
        }
        for verdict in (
            Verdict.CONTRADICTED,
            Verdict.UNSUPPORTED,
            Verdict.PARTLY_SUPPORTED,
            Verdict.SUPPORTED,
            Verdict.NOT_CHECKABLE,
        )
    ]
    context = {"groups": groups, "total": len(found), "about": about}
    shown = [each for group in groups for each in group["claims"]]
    head = linked_pages.listing(
        "/claims/",
        "Claims checked",
        linked_pages.names(shown),
        alternate="/api/v1/claims",
        about=[about] if about else (),
    )
    return respond(request, "kb/claims.html", context, head)


def regions(request: HttpRequest) -> HttpResponse:
    place = region_parameter(request, "place")
    if place is not None:
        return redirect(place)
    context = region_page.overview()
    items = [(each["title"], each["url"]) for each in context["checked"]]
    head = linked_pages.listing(
        "/regions/", "The law, place by place", items, alternate="/api/v1/regions"
    )
    return respond(request, "kb/regions.html", context, head)


def region_suggestions(request: HttpRequest) -> HttpResponse:
    """Complete the name of a place as it is typed: the inside of a list box, no page."""
    tree = region_tree(version.current())
    found = tree.starting(request.GET.get("q", "")[:80], SUGGESTIONS)
    places = [(each.code, tree.full_name(each)) for each in found]
    response = render(request, "kb/_region_suggestions.html", {"places": places})
    response["X-Robots-Tag"] = "noindex"
    return response


def help_numbers(request: HttpRequest) -> HttpResponse:
    region = region_parameter(request)
    tree = region_tree(getattr(request, "data_version", None)) if region else None
    context: dict[str, Any] = {
        "groups": region_page.all_help(),
        "region": region,
        "here": region_page.help_for(tree.chain(region)) if tree and region else [],
    }
    head = linked_pages.help_numbers(context["groups"])
    return respond(request, "kb/help.html", context, head)


def method(request: HttpRequest) -> HttpResponse:
    context = {
        "levels": [
            (level.value, level.label, means)
            for level, means in method_rules.LEVEL_MEANS.items()
        ],
        "starts": method_rules.starts(),
        "context_only": method_rules.context_only(),
        "downgrades": DOWNGRADES.values(),
        "upgrades": UPGRADES.values(),
        "rules": method_rules.RULES,
        "limits": LIMITS,
        "statuses": [
            (status.value, law_page.LABELS[status.value]) for status in Status
        ],
        "contents": [
            {"id": anchor, "title": title}
            for anchor, title in method_rules.SECTIONS.items()
        ],
    }
    return respond(request, "kb/method.html", context, site.levels())


def quality(request: HttpRequest) -> HttpResponse:
    head = linked_pages.page(
        "/quality/", "Quality in figures", alternate="/api/v1/quality"
    )
    return respond(request, "kb/quality.html", quality_page.context(), head)


def pager(page: Any, query: str = "") -> dict[str, Any]:
    """Return what components/_pager.html takes; `query` keeps the other parameters."""

    def address(number: int) -> str:
        return f"?{query}page={number}"

    links = [
        {"number": number, "url": address(number), "current": number == page.number}
        if isinstance(number, int)
        else {}
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1)
    ]
    return {
        "page": page.number,
        "pages": page.paginator.num_pages,
        "previous_url": address(page.number - 1) if page.has_previous() else "",
        "next_url": address(page.number + 1) if page.has_next() else "",
        "links": links,
    }


def _card(subject: Substance) -> dict[str, Any]:
    return {
        "title": subject.name,
        "url": subject.get_absolute_url(),
        "kind_label": subject.scientific_name or subject.drug_class.capitalize(),
        "summary": subject.summary,
        **evidence_page.level_of(subject.assessment_set.all()),
    }


# Marked for translation; the template says them in the language of the page.
PLURALS = {
    "Plant": _("Plants"),
    "Preparation": _("Preparations"),
    "Medicine": _("Medicines"),
    "Compound": _("Compounds"),
    "Product": _("Products"),
    "Drug class": _("Drug classes"),
    "Therapy without a drug": _("Therapies without a drug"),
    "Symptom": _("Symptoms"),
    "Sign": _("Signs"),
    "Syndrome": _("Syndromes"),
    "Outcome": _("Outcomes"),
}


def _plural(label: object) -> str:
    return PLURALS[str(label)]
