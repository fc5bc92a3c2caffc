"""The edited pages, and the page that checks a text."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from articles import linked_data, pages
from articles.checking import LONGEST_TEXT, TooLong, check_text
from articles.checking.limit import CHECKS
from articles.models import Article
from kb.accounts.addresses import network_of
from kb.finding import get_published
from kb.linked_data import pages as linked_pages
from kb.linked_data.head import respond
from kb.views.machine import as_linkset


@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    found = Article.objects.published().order_by("name", "pk")
    head = linked_pages.listing(
        "/articles/",
        "Articles",
        linked_pages.names(found),
        alternate="/api/v1/articles",
    )
    return respond(request, "articles/articles.html", {"articles": found}, head)


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_published(Article.objects.select_related("profile"), slug)
    context = pages.article_context(found)
    about = [link["url"] for group in context["related"] for link in group["links"]]
    sources = [each["url"] for each in context["sources"]]
    head = linked_data.article(
        found, about=about, sources=sources, claims=context["claims"]
    )
    return respond(request, "articles/article.html", context, head)


@require_safe
def linkset(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_published(Article.objects.select_related("profile"), slug)
    return as_linkset(linked_data.article(found))


def _can_draft(request: HttpRequest) -> bool:
    """Tell whether this is a curator who may make a draft; no query for anyone else."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    user = request.user
    return user.is_staff and user.has_perm("articles.add_article")


# No CSRF token: that would need a cookie, and public pages set none. Nothing is lost: the
# text is neither stored nor logged, and nothing changes, whoever sends the form.
@never_cache
@csrf_exempt
@sensitive_post_parameters("text")
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Show the form, and the checked text if one was sent. Nothing of it is kept."""
    text = request.POST.get("text", "")
    context = {
        "text": text,
        "is_sent": request.method == "POST",
        "longest": LONGEST_TEXT,
        "can_draft": _can_draft(request),
    }
    wait_s = CHECKS.wait_s(network_of(request)) if context["is_sent"] else 0
    if wait_s:
        context["problem_title"] = gettext("Not checked")
        context["problem"] = gettext(
            "Many texts came from your part of the network. This one was not checked:"
            " please try again in %(seconds)s s."
        ) % {"seconds": wait_s}
        response = _checking(request, context, status=429)
        response["Retry-After"] = str(wait_s)
        return response
    try:
        checked = check_text(text)
    except TooLong as error:
        title = gettext("Too long to check at once")
        context |= {"text": "", "problem_title": title, "problem": str(error)}
        return _checking(request, context, status=400)
    return _checking(request, context | pages.checked_context(checked))


def _checking(
    request: HttpRequest, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    head = linked_pages.page("/check/", "Check a text")
    response = respond(request, "articles/check.html", context, head)
    response.status_code = status
    return response
