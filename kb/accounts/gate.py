"""Lets nobody work at the desk without a second factor, where one is required."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from kb.accounts import second_factor

OPEN = {"login", "logout", "jsi18n"}  # of the desk


class SecondFactorGate:
    """Readers' pages do not pass here; at the desk it asks one query, if any."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.app_name != "admin" or match.url_name in OPEN:
            return None
        user = request.user
        if not user.is_authenticated or not second_factor.is_required_of(user):
            return None
        if second_factor.was_used(request):
            return None
        if not second_factor.has_one(user):
            return HttpResponseRedirect(reverse("mfa_index"))
        methods = get_adapter().get_reauthentication_methods(user)
        urls = [each["url"] for each in methods if each["id"].startswith("mfa_")]
        query = urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"{urls[0]}?{query}")
