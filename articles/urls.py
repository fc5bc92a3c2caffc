"""Addresses of the edited pages and of the check."""

from __future__ import annotations

from django.urls import path

from articles import views
from kb.keeping import kept

app_name = "articles"

urlpatterns = [
    path("articles/", kept(views.articles), name="articles"),
    path("articles/<slug:slug>/", kept(views.article), name="article"),
    path(
        "articles/<slug:slug>/linkset.json", kept(views.linkset), name="article-linkset"
    ),
    path("check/", views.check, name="check"),
]
