"""The pages of the records."""

from __future__ import annotations

from django.urls import path, re_path

from kb import views
from kb.keeping import kept, read_only
from kb.views import card as card_views
from kb.views import citing, machine
from kb.views import evidence as evidence_views
from kb.views import law as law_views
from kb.views import offline as offline_views
from kb.views.about import PAGES as ABOUT_PAGES
from kb.views.about import about as about_view
from kb.views.about import icon
from kb.views.report import report as report_view

app_name = "kb"

KINDS = "substances|alkaloids|symptoms|claims|articles"
REGION = r"^regions/(?P<code>[A-Za-z]{2}(?:-[A-Za-z0-9]{1,3})?(?:/[a-z0-9-]+)?)"

urlpatterns = [
    # Before the regions: "US-OH/cite" reads like a town in Ohio.
    re_path(REGION + r"/cite/$", kept(machine.region_cite_page), name="region-cite"),
    path("substances/", kept(views.substances), name="substances"),
    path("substances/<slug:slug>/", kept(views.substance), name="substance"),
    path("alkaloids/", kept(views.alkaloids), name="alkaloids"),
    path("alkaloids/<slug:slug>/", kept(views.alkaloid), name="alkaloid"),
    path("alkaloids/<slug:slug>/structure.svg", kept(views.drawing), name="drawing"),
    path("symptoms/", kept(views.symptoms), name="symptoms"),
    path("symptoms/<slug:slug>/", kept(views.symptom), name="symptom"),
    path("sources/", kept(views.sources), name="sources"),
    path("sources/<slug:slug>/", kept(views.source), name="source"),
    path("sources/<slug:slug>/cite/", kept(citing.page), name="source-cite"),
    re_path(
        r"^sources/(?P<slug>[-a-zA-Z0-9_]+)/cite\.(?P<form>bib|ris|json)$",
        kept(citing.file),
        name="source-file",
    ),
    path("claims/", kept(views.claims), name="claims"),
    path("claims/<slug:slug>/", kept(views.claim), name="claim"),
    path("regions/", kept(views.regions), name="regions"),
    path(
        "regions/suggest",
        read_only(views.region_suggestions),
        name="region-suggestions",
    ),
    re_path(REGION + r"/$", kept(views.region), name="region"),
    path("compare/", kept(views.compare), name="compare"),
    path("method/", kept(views.method), name="method"),
    path("quality/", kept(views.quality), name="quality"),
    path("help/", kept(views.help_numbers), name="help"),
    path("offline/", kept(offline_views.offline), name="offline"),
    path(
        "service-worker.js",
        read_only(offline_views.service_worker),
        name="service-worker",
    ),
    path("report/", report_view, name="report"),
    path("favicon.ico", read_only(icon), name="icon"),
    *(
        path(f"{name}/", kept(about_view), {"name": name}, name=name)
        for name in ABOUT_PAGES
    ),
]
# What changed on a record; articles have one too.
urlpatterns += [
    re_path(
        r"^(?P<plural>substances|alkaloids|symptoms|sources|claims|articles)"
        r"/(?P<slug>[-a-zA-Z0-9_]+)/history/$",
        kept(views.history),
        name="history",
    ),
]
urlpatterns += [
    re_path(
        r"^maps/(?P<kind>world|us)-(?P<digest>[0-9a-f]{12})\.svg$",
        read_only(law_views.map_shapes),
        name="map-shapes",
    ),
]
urlpatterns += [
    re_path(
        r"^(?P<kind>substance|alkaloid)s/(?P<slug>[-a-zA-Z0-9_]+)"
        r"/law/map-(?P<map_kind>world|us)\.svg$",
        law_views.map_picture,
        name="map-picture",
    ),
]
# The safety card, to print or to keep.
urlpatterns += [
    re_path(
        r"^(?P<kind>substance|alkaloid)s/(?P<slug>[-a-zA-Z0-9_]+)/card/$",
        card_views.card,
        name="card",
    ),
]
# Evidence as a whole.
urlpatterns += [
    re_path(
        r"^(?P<kind>substance|alkaloid)s/(?P<slug>[-a-z0-9]+)/why/(?P<anchor>[-a-z0-9]+)/$",
        kept(evidence_views.why),
        name="why",
    ),
    re_path(
        r"^(?P<kind>substance|alkaloid)s/(?P<slug>[-a-z0-9]+)/studies/$",
        kept(evidence_views.studies),
        name="studies",
    ),
    path("method/ledger/", kept(evidence_views.ledger), name="ledger"),
    path("method/ledger.atom", kept(evidence_views.LedgerFeed()), name="ledger-feed"),
    path("method/overrides/", kept(evidence_views.overrides), name="overrides"),
]
# The law on one subject, the law as a whole, and feeds of its changes.
urlpatterns += [
    path(
        "substances/<slug:slug>/law/", kept(law_views.substance), name="substance-law"
    ),
    path("alkaloids/<slug:slug>/law/", kept(law_views.alkaloid), name="alkaloid-law"),
]
FORM = r"(?P<form>atom|json|ics)$"
urlpatterns += [
    path("law/fresh/", kept(law_views.fresh), name="law-fresh"),
    path(
        "law/contradictions/", kept(law_views.contradictions), name="law-contradictions"
    ),
    path("law/changes/", kept(law_views.changes), name="law-changes"),
    re_path(
        rf"^law/changes\.{FORM}", kept(law_views.changes_feed), name="law-changes-feed"
    ),
    re_path(
        rf"^substances/(?P<slug>[-a-zA-Z0-9_]+)/law\.{FORM}",
        kept(law_views.substance_feed),
        name="substance-law-feed",
    ),
    re_path(
        rf"^alkaloids/(?P<slug>[-a-zA-Z0-9_]+)/law\.{FORM}",
        kept(law_views.alkaloid_feed),
        name="alkaloid-law-feed",
    ),
    re_path(
        r"^regions/(?P<code>[A-Za-z]{2}(?:-[A-Za-z0-9]{1,3})?(?:/[a-z0-9-]+)?)"
        rf"/law\.{FORM}",
        kept(law_views.region_feed),
        name="region-law-feed",
    ),
]
# For programs: citations of our pages (of sources, see above) and their links.
urlpatterns += [
    re_path(
        rf"^(?P<plural>{KINDS})/(?P<slug>[-\w]+)/cite/$",
        kept(machine.cite_page),
        name="cite",
    ),
    re_path(
        rf"^(?P<plural>{KINDS})/(?P<slug>[-\w]+)/cite\.(?P<form>bib|ris|json)$",
        kept(machine.citation),
        name="citation",
    ),
    re_path(
        REGION + r"/cite\.(?P<form>bib|ris|json)$",
        kept(machine.region_citation),
        name="region-citation",
    ),
    re_path(
        r"^(?P<plural>substances|alkaloids|symptoms|sources|claims)"
        r"/(?P<slug>[-\w]+)/linkset\.json$",
        kept(machine.linkset),
        name="linkset",
    ),
    re_path(
        REGION + r"/linkset\.json$", kept(machine.region_linkset), name="region-linkset"
    ),
]
