"""The front door: home, search, and what carries a tag."""

from __future__ import annotations

from django.urls import path

from kb.keeping import kept, read_only
from search import views

app_name = "search"

urlpatterns = [
    path("", kept(views.home), name="home"),
    path("search/", read_only(views.search), name="search"),
    path("search/complete", read_only(views.complete), name="complete"),
    path("search/suggest", read_only(views.suggest), name="suggest"),
    path("tags/<slug:slug>/", kept(views.tag), name="tag"),
]
