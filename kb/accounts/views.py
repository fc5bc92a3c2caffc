"""The page to log in; everything else around accounts is django-allauth's."""

from __future__ import annotations

from allauth.account.views import login as ask_for_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse


def login(request: HttpRequest) -> HttpResponse:
    """Ask for name and password. Who is in but has no place at the desk is told so."""
    if request.user.is_authenticated and not request.user.is_staff:
        raise PermissionDenied("This account has no place at the desk.")
    response: HttpResponse = ask_for_login(request)
    return response
