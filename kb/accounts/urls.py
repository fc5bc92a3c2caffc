"""Addresses of the desk that are not the admin's own: /admin/login/, /admin/account/…"""

from __future__ import annotations

from allauth.account import views as allauth_views
from django.urls import include, path

from kb.accounts import views

urlpatterns = [
    # Stands before the admin's own, which would ask for no second factor.
    path("login/", views.login, name="account_login"),
    path("account/logout/", allauth_views.logout, name="account_logout"),
    path("account/inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("account/again/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("account/second-factor/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
]
