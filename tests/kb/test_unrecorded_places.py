"""Places that nobody recorded: answered by what holds above, and said to be."""

from __future__ import annotations

import pytest

from kb import places
from kb.models import Region, RegulatoryStatus
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def spain():
    return make.region("ES", name="Spain")


@pytest.fixture
def kratom(spain):
    found = make.substance(slug="kratom", name="Kratom")
    make.status(substance=found, region=spain, status="banned", since="2020-01-01")
    return found


@pytest.mark.parametrize(
    "typed",
    ["ES-CT", "es-ct", "Catalonia", "catalunya", "Cataluña", "Catalonia, Spain"],
)
def test_a_place_without_a_record_is_answered_by_the_law_above(client, kratom, typed):
    page = client.get("/substances/kratom/", {"in": typed}).content.decode()

    assert "In Catalonia: banned supply" in page
    assert "This is the law of Spain; nothing of Catalonia’s own was checked." in page
    assert not Region.objects.filter(code="ES-CT").exists()


def test_it_lies_below_the_nearest_place_that_has_a_record(kratom, spain):
    barcelona = places.RegionTree().find("ES-B")
    assert places.RegionTree().chain(barcelona) == ["ES-B", "ES"]

    make.region("ES-CT", name="Catalonia", parent=spain)

    assert places.RegionTree().chain(places.find_region("ES-B")) == [
        "ES-B",
        "ES-CT",
        "ES",
    ]


def test_its_page_says_whose_law_it_is(client, kratom):
    page = client.get("/regions/ES-B/")
    text = page.content.decode()

    assert "Nothing of Barcelona’s own was checked" in text
    assert '<a href="/regions/ES-CT/">Catalonia</a>' in text
    assert "Banned supply" in text
    assert 'name="robots" content="noindex"' in text


def test_the_page_of_a_country_leads_to_its_parts(client, kratom):
    assert (
        '<a href="/regions/ES-CT/">Catalonia</a>'
        in client.get("/regions/ES/").content.decode()
    )


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/regions/es-ct/", "/regions/ES-CT/"),
        ("/regions/ES-GE/", "/regions/ES-GI/"),
        ("/regions/ES-GE/?in=ES", "/regions/ES-GI/?in=ES"),
    ],
)
def test_any_letters_and_retired_codes_lead_to_it(client, spain, address, leads_to):
    response = client.get(address)

    assert response.status_code == 301
    assert response["Location"] == leads_to


def test_what_iso_lists_as_a_country_is_that_country(spain):
    hong_kong = make.region("HK", name="Hong Kong")
    make.region("CN", name="China")

    assert places.RegionTree().find("CN-HK") == hong_kong


def test_a_place_whose_country_has_no_record_is_none(client, spain):
    assert places.RegionTree().find("TH-10") is None
    assert client.get("/regions/TH-10/").status_code == 404


def test_the_api_answers_for_it(client, kratom):
    reply = client.get(
        "/api/v1/substances/kratom/regulation", {"region": "ES-CT"}
    ).json()

    assert reply["region"] == {"code": "ES-CT", "name": "Catalonia"}
    assert reply["status"] == "banned"
    assert reply["inherited_from"] == "ES"
    assert reply["because"][-1] == (
        "All of this comes from above: nothing of ES-CT's own was checked."
    )
    region = client.get("/api/v1/regions/ES-CT").json()
    assert region["parent"]["code"] == "ES"
    assert region["places"] == []
    assert "Catalunya" in region["synonyms"]


def test_neither_the_list_nor_the_export_grows_by_it(client, kratom):
    codes = client.get("/api/v1/regions").json()

    assert codes["count"] == 1


def test_a_name_of_two_places_is_told_with_links_to_both(client, kratom):
    for code, name in [("BE", "Belgium"), ("NL", "Netherlands")]:
        make.region(code, name=name)

    page = client.get("/substances/kratom/", {"in": "Limburg"})

    assert page.status_code == 400
    text = page.content.decode()
    assert '<a href="?in=BE-VLI">Limburg, Flemish Region, Belgium</a>' in text
    assert '<a href="?in=NL-LI">Limburg, Netherlands</a>' in text


def test_a_recorded_place_goes_before_one_that_is_not(client, spain):
    australia = make.region("AU", name="Australia")
    victoria = make.region("AU-VIC", name="Victoria", parent=australia)
    make.region("SC", name="Seychelles")
    make.region("MT", name="Malta")

    assert places.RegionTree().named("victoria") == [victoria]


def test_places_are_offered_as_one_types(client, spain):
    offered = client.get("/regions/suggest", {"q": "cata"}).content.decode()

    assert 'data-autocomplete-value="Catalonia, Spain"' in offered
    assert "Catanduanes" not in offered  # nothing is known of the Philippines here


def test_the_page_of_all_regions_takes_a_name(client, spain):
    response = client.get("/regions/", {"place": "Catalonia"})

    assert response.status_code == 302
    assert response["Location"] == "/regions/ES-CT/"


def test_recording_a_place_records_what_it_lies_in(spain):
    barcelona = places.record(places.find_region("ES-B"))

    assert barcelona.pk
    assert barcelona.name == "Barcelona"
    assert barcelona.parent.code == "ES-CT"
    assert barcelona.parent.parent == spain
    assert barcelona.parent.synonyms.filter(name="Catalunya").exists()
    assert places.record(places.find_region("ES-B")) == barcelona


def _status_form(substance, source, **fields):
    return {
        "substance": substance.pk,
        "status": "banned",
        "layer": "drug-law",
        "possession": "illegal",
        "sale": "illegal",
        "importing": "not-stated",
        "prescribing": "not-stated",
        "cultivation": "not-stated",
        "local_rules": "not-stated",
        "summary": "The region forbids it.",
        "instrument": "Act 1",
        "source": source.pk,
        "confidence": "high",
        "since": "2026-01-01",
    } | fields


ADD = "/admin/kb/regulatorystatus/add/"


def test_a_curator_writes_the_first_rule_of_a_place(admin_client, kratom, spain):
    form = _status_form(kratom, make.source(), new_place="catalonia")

    response = admin_client.post(ADD, form)

    assert response.status_code == 302, response.context["errors"]
    status = RegulatoryStatus.objects.get(region__code="ES-CT")
    assert status.region.name == "Catalonia"
    assert status.region.parent == spain


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Choose a place, or write one: exactly one."),
        ({"new_place": "Atlantis"}, "There is no such place in ISO 3166-2."),
        ({"new_place": "Catalonia", "summary": ""}, "This field is required."),
    ],
)
def test_a_form_that_is_refused_records_no_place(
    admin_client, kratom, spain, fields, sentence
):
    form = _status_form(kratom, make.source(), **fields)

    response = admin_client.post(ADD, form)

    assert sentence in response.content.decode()
    assert Region.objects.count() == 1
