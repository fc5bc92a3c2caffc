"""One record a page."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Prefetch, QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
)
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import cache_control

from kb import kinds
from kb.choices import State
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
    OldSlug,
    Pharmacokinetic,
    Record,
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
    Withdrawn,
    choice_parameter,
    moment_parameter,
    region_parameter,
)
from kb.places import find_region
from kb.templatetags.heads import canonical_path

Found = TypeVar("Found", bound=Record)

OCCURRENCES = Occurrence.objects.select_related("alkaloid", "substance", "source")


def find(records: QuerySet[Found], slug: str) -> Found | HttpResponsePermanentRedirect:
    """Return the published record, or a redirect from a slug that it once had."""
    found = records.filter(slug=slug).first()
    if found is not None:
        return found
    kind = records.model.KIND
    moved = OldSlug.objects.filter(kind=kind, slug=slug).first()
    if moved is None:
        gone = records.model._default_manager.filter(slug=slug, state=State.WITHDRAWN)
        if gone.exists():
            raise Withdrawn(f"The {kind} called {slug} was withdrawn.")
        raise Http404(f"There is no {kind} called {slug}.")
    return HttpResponsePermanentRedirect(reverse(f"kb:{kind}", args=[moved.now]))


def substance(request: HttpRequest, slug: str) -> HttpResponse:
    found = find(
        Substance.objects.published().prefetch_related(
            Prefetch("occurrences", OCCURRENCES),
            Prefetch(
                "pharmacokinetics", Pharmacokinetic.objects.select_related("source")
            ),
            Prefetch("varieties", Variety.objects.select_related("source")),
        ),
        slug,
    )
    if isinstance(found, HttpResponse):
        return found
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
    found = find(
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
    if isinstance(found, HttpResponse):
        return found
    return _subject(request, found)


@cache_control(public=True, max_age=3600)
def drawing(request: HttpRequest, slug: str) -> HttpResponse:
    """Return a structure as a picture of its own, for lists: black ink on no ground."""
    found = get_object_or_404(Alkaloid.objects.published(), slug=slug)
    svg = found.drawing.replace("currentColor", "#000")
    return HttpResponse(svg, content_type="image/svg+xml")


def symptom(request: HttpRequest, slug: str) -> HttpResponse:
    found = find(
        Symptom.objects.published().prefetch_related(
            "synonyms", "external_ids", "tags", "part_of", "parts"
        ),
        slug,
    )
    if isinstance(found, HttpResponse):
        return found
    context = symptom_page.context(
        found, sort=choice_parameter(request, "sort", matrix.SORTS)
    )
    head = linked.symptom(found, names=context["names"], ids=found.external_ids.all())
    return respond(request, "kb/symptom.html", context, head)


def source(request: HttpRequest, slug: str) -> HttpResponse:
    found = find(Source.objects.published().prefetch_related("tags"), slug)
    if isinstance(found, HttpResponse):
        return found
    context = source_page.context(found)
    return respond(request, "kb/source.html", context, linked.source(found))


def claim(request: HttpRequest, slug: str) -> HttpResponse:
    found = find(
        Claim.objects.published()
        .select_related("substance", "alkaloid", "symptom")
        .prefetch_related("sources", "tags"),
        slug,
    )
    if isinstance(found, HttpResponse):
        return found
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
    found = kind.find(slug)
    if found is None or not found.is_published:
        raise Http404(f"There is no {kind.name} called {slug}.")
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
            f"There is no substance or alkaloid called {', '.join(missing)}."
            " Give two or three slugs, as in /compare/?a=kratom&b=buprenorphine."
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
