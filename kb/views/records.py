"""One record a page."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control

from kb import kinds
from kb.finding import get_published
from kb.law import NOW
from kb.linked_data import law as linked_law
from kb.linked_data import pages as linked_pages
from kb.linked_data import records as linked
from kb.linked_data import subjects as linked_subjects
from kb.linked_data.head import respond
from kb.models import (
    Activity,
    Alkaloid,
    Claim,
    Occurrence,
    Pharmacokinetic,
    Source,
    Substance,
    Symptom,
    Variety,
)
from kb.pages import compare as compare_page
from kb.pages import history as history_page
from kb.pages import matrix
from kb.pages import region as region_page
from kb.pages import source as source_page
from kb.pages import substance as subject_page
from kb.pages import symptom as symptom_page
from kb.parameters import (
    BadParameter,
    choice_parameter,
    moment_parameter,
    region_parameter,
)
from kb.places import find_region
from kb.templatetags.heads import canonical_path

OCCURRENCES = Occurrence.objects.select_related("alkaloid", "substance", "source")


def substance(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_published(
        Substance.objects.published().prefetch_related(
            Prefetch("occurrences", OCCURRENCES),
            Prefetch(
                "pharmacokinetics", Pharmacokinetic.objects.select_related("source")
            ),
            Prefetch("varieties", Variety.objects.select_related("source")),
        ),
        slug,
    )
    return _subject(request, found)


def _subject(request: HttpRequest, found: subject_page.Subject) -> HttpResponse:
    context = subject_page.context(
        found,
        region=region_parameter(request),
        data_version=getattr(request, "data_version", None),
        sort=choice_parameter(request, "sort", matrix.SORTS),
        moment=moment_parameter(request),
    )
    head = linked_subjects.subject(
        found,
        names=[each["name"] for each in context["names"]],
        ids=context["external_ids"],
    )
    return respond(request, "kb/subject.html", context, head)


def alkaloid(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_published(
        Alkaloid.objects.published().prefetch_related(
            "sources",
            Prefetch("activities", Activity.objects.select_related("source")),
            Prefetch("occurrences", OCCURRENCES),
            Prefetch(
                "pharmacokinetics", Pharmacokinetic.objects.select_related("source")
            ),
        ),
        slug,
    )
    return _subject(request, found)


@cache_control(public=True, max_age=3600)
def drawing(request: HttpRequest, slug: str) -> HttpResponse:
    """Return a structure as a picture of its own, for lists: black ink on no ground."""
    found = get_published(Alkaloid.objects.all(), slug)
    svg = found.drawing.replace("currentColor", "#000")
    return HttpResponse(svg, content_type="image/svg+xml")


def symptom(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_published(
        Symptom.objects.published().prefetch_related(
            "synonyms", "external_ids", "tags", "part_of", "parts"
        ),
        slug,
    )
    context = symptom_page.context(
        found, sort=choice_parameter(request, "sort", matrix.SORTS)
    )
    head = linked.symptom(found, names=context["names"], ids=found.external_ids.all())
    return respond(request, "kb/symptom.html", context, head)


def source(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_published(Source.objects.published().prefetch_related("tags"), slug)
    context = source_page.context(found)
    return respond(request, "kb/source.html", context, linked.source(found))


def claim(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_published(
        Claim.objects.published()
        .select_related("substance", "alkaloid", "symptom")
        .prefetch_related("sources", "tags"),
        slug,
    )
    return respond(request, "kb/claim.html", {"claim": found}, linked.claim(found))


def region(request: HttpRequest, code: str) -> HttpResponse:
    found = find_region(code)
    if found is None:
        raise Http404(f"There is no region with the code {code}.")
    if request.path_info != found.get_absolute_url():
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return redirect(f"{found.get_absolute_url()}{query}", permanent=True)
    moment = moment_parameter(request)
    context = region_page.context(found, moment=moment)
    # Programs are told what holds today, not what another day was asked about.
    told = context["holdings"] if moment == NOW else []
    head = linked_law.region(found, told, above=context["above"])
    return respond(request, "kb/region.html", context, head)


def history(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    kind = kinds.get_kind(plural.removesuffix("s"))
    found = get_published(kind.all_rows(), slug)
    head = linked_pages.beside(found, "history/", f"History of {found.name}")
    return respond(request, "kb/history.html", history_page.context(found), head)


def compare(request: HttpRequest) -> HttpResponse:
    names = [request.GET.get(key, "").strip() for key in ("a", "b", "c")]
    asked = [name for name in names if name]
    found = [compare_page.find_subject(name) for name in asked]
    missing = [
        name for name, subject in zip(asked, found, strict=True) if subject is None
    ]
    if missing:
        raise BadParameter(
            _(
                "There is no substance or alkaloid called %(names)s."
                " Give two or three slugs, as in /compare/?a=kratom&b=buprenorphine."
            )
            % {"names": ", ".join(missing)}
        )
    choices = [
        *Substance.objects.published().values_list("slug", "name"),
        *(
            (f"alkaloid:{slug}", f"{name} (alkaloid)")
            for slug, name in Alkaloid.objects.published().values_list("slug", "name")
        ),
    ]
    context: dict[str, Any] = {
        "choices": choices,
        "slots": list(zip(("a", "b", "c"), names, strict=True)),
    }
    subjects = [subject for subject in found if subject is not None]
    if len(subjects) > 1:
        context |= compare_page.context(subjects, region_parameter(request))
    title = " or ".join(each.name for each in subjects)
    head = linked_pages.page(
        canonical_path(request),
        f"{title} compared" if title else "Compare",
        about=subjects,
    )
    return respond(request, "kb/compare.html", context, head)
