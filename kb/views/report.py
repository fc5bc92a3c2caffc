"""“Something wrong?”: a reader tells us, and curators see it on their desk."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kb import reporting
from kb.accounts.addresses import network_of
from kb.languages import split
from kb.linked_data import pages as linked_pages
from kb.linked_data.head import respond
from kb.models import ReaderReport
from kb.parameters import BadParameter


@sensitive_post_parameters()
@never_cache
@csrf_exempt  # there is no cookie to misuse; the signed stamp does its work
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    about = _about(request)
    context = {"about": about, "is_sent": request.GET.get("sent") == "1", "trouble": ""}
    if request.method != "POST":
        return _form(request, context, reporting.ReportForm())
    sent_to = f"{reverse('kb:report')}?{urlencode({'about': about, 'sent': '1'})}"
    if request.POST.get("website"):
        return redirect(sent_to)  # filled in by a machine, which need not know
    form = reporting.ReportForm(request.POST)
    trouble = reporting.trouble_with(request.POST.get("stamp", ""), about)
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        trouble = _("The form was sent from another site. Please send it from here.")
    if trouble or not form.is_valid():
        return _form(request, context | {"trouble": trouble}, form, status=400)
    wait_s = reporting.limit.wait_s(network_of(request))
    if wait_s:
        minutes = -(-wait_s // 60)
        context["trouble"] = ngettext(
            "Many reports came from your part of the network. Nothing was sent:"
            " please try again in %(minutes)s minute.",
            "Many reports came from your part of the network. Nothing was sent:"
            " please try again in %(minutes)s minutes.",
            minutes,
        ) % {"minutes": minutes}
        response = _form(request, context, form, status=429)
        response["Retry-After"] = str(wait_s)
        return response
    ReaderReport.objects.create(about=about, **form.cleaned_data)
    return redirect(sent_to)


def _form(
    request: HttpRequest,
    context: dict[str, object],
    form: reporting.ReportForm,
    *,
    status: int = 200,
) -> HttpResponse:
    more = {"form": form, "stamp": reporting.stamp(str(context["about"]))}
    head = linked_pages.page("/report/", "Something wrong?", kind="ContactPage")
    response = respond(request, "kb/report.html", context | more, head)
    response.status_code = status
    return response


def _about(request: HttpRequest) -> str:
    """Return the page that the report is about, "/" where none is named."""
    given = request.POST if request.method == "POST" else request.GET
    about = given.get("about", "").strip() or "/"
    try:
        if len(about) > 300 or not about.isprintable():
            raise Resolver404
        resolve(split(about)[1])
    except Resolver404:
        raise BadParameter(
            _(
                "about: takes the address of a page of this site, as /substances/kratom/."
            )
        ) from None
    return about
