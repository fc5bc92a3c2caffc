"""The pages of the records."""

from __future__ import annotations

from django.urls import path, re_path

from kb import views
from kb.keeping import kept

app_name = "kb"

urlpatterns = [
    path("substances/", kept(views.substances), name="substances"),
    path("substances/<slug:slug>/", kept(views.substance), name="substance"),
    path("alkaloids/", kept(views.alkaloids), name="alkaloids"),
    path("alkaloids/<slug:slug>/", kept(views.alkaloid), name="alkaloid"),
    path("alkaloids/<slug:slug>/structure.svg", kept(views.drawing), name="drawing"),
    path("symptoms/", kept(views.symptoms), name="symptoms"),
    path("symptoms/<slug:slug>/", kept(views.symptom), name="symptom"),
    path("sources/", kept(views.sources), name="sources"),
    path("sources/<slug:slug>/", kept(views.source), name="source"),
    path("claims/", kept(views.claims), name="claims"),
    path("claims/<slug:slug>/", kept(views.claim), name="claim"),
    path("regions/", kept(views.regions), name="regions"),
    re_path(
        r"^regions/(?P<code>[A-Za-z]{2}(?:-[A-Za-z0-9]{1,3})?(?:/[a-z0-9-]+)?)/$",
        kept(views.region),
        name="region",
    ),
    path("compare/", kept(views.compare), name="compare"),
    path("method/", kept(views.method), name="method"),
    path("help/", kept(views.help_numbers), name="help"),
]
