"""The front door: home, search, and what carries a tag."""

from __future__ import annotations

from django.urls import path

from kb.keeping import kept
from search import views

app_name = "search"

urlpatterns = [
    path("", kept(views.home), name="home"),
    path("search/", views.search, name="search"),
    path("search/complete", views.complete, name="complete"),
    path("search/suggest", views.suggest, name="suggest"),
    path("tags/<slug:slug>/", kept(views.tag), name="tag"),
]
