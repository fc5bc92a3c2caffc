"""Whole records and lists of the API, and how many queries they take."""

from __future__ import annotations

import pytest

from kb.models import OldSlug, Source
from tests.exchange.asking import get, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def test_a_substance_comes_whole(client, settings):
    kratom = get(client, "/api/v1/substances/kratom")

    assert kratom["kind"] == "substance"
    assert kratom["scientific_name"] == "Mitragyna speciosa"
    assert kratom["synonyms"] == ["ketum"]
    assert kratom["tags"] == ["opioid-receptor"]
    assert kratom["url"] == f"{settings.SITE_URL}/substances/kratom/"
    assert kratom["updated_at"].endswith("Z")
    assert kratom["sources"] == ["code-of-alabama", "survey-2020"]
    assert kratom["claims"][0]["id"] == "C10"
    assert kratom["safety"][0]["sources"] == ["survey-2020"]
    assert kratom["external_ids"][0]["url"].endswith("/Q127959")


def test_an_assessment_says_which_items_count(client):
    evidence = get(client, "/api/v1/substances/kratom")["evidence"]

    assert (evidence["level"], evidence["about"]) == ("very-low", "Withdrawal")
    (assessment,) = evidence["assessments"]
    assert assessment["symptom"] == {"slug": "withdrawal", "name": "Withdrawal"}
    assert assessment["override"] is None
    assert assessment["arithmetic"]["steps"]
    (item,) = assessment["items"]
    assert item["source"] == {"slug": "survey-2020", "title": "A survey of users"}
    assert (item["n"], item["counted"]) == (2798, True)


def test_the_law_of_an_alkaloid_reaches_the_substance(client):
    (row,) = get(client, "/api/v1/substances/kratom")["regulation"]

    assert row["region"] == {"code": "US-AL", "name": "Alabama"}
    assert (row["status"], row["via"]) == ("controlled", "mitragynine")
    assert (row["schedule"], row["since"]) == ("Schedule I", "2016-05-10")
    assert row["until"] is None
    assert row["inherited_from"] is None
    assert row["change_coming"] is False
    assert row["source"]["slug"] == "code-of-alabama"


def test_a_fact_from_an_unpublished_source_is_not_told(client):
    reply = client.get("/api/v1/substances/kratom")

    assert [each["high"] for each in reply.json()["alkaloids"]] == [2.0]
    assert b"secret-draft" not in reply.content


def test_a_withdrawn_source_of_a_rule_is_not_named(client):
    source = Source.objects.get(slug="code-of-alabama")
    source.state = "withdrawn"
    source.save()

    (row,) = get(client, "/api/v1/substances/kratom")["regulation"]

    assert row["source"] is None


def test_an_alkaloid_comes_with_its_structure(client):
    mitragynine = get(client, "/api/v1/alkaloids/mitragynine")

    assert mitragynine["formula"] == "C23H30N2O4"
    assert mitragynine["molar_mass"] == pytest.approx(398.5, abs=0.1)
    assert mitragynine["inchikey"]
    assert mitragynine["activities"][0]["value"] == "161 ± 10"
    assert mitragynine["occurs_in"][0]["slug"] == "kratom"
    assert mitragynine["regulation"][0]["via"] is None


def test_a_symptom_turns_the_assessments_round(client):
    withdrawal = get(client, "/api/v1/symptoms/withdrawal")

    (assessment,) = withdrawal["evidence"]["assessments"]
    assert assessment["subject"]["slug"] == "kratom"
    assert withdrawal["parts"] == [{"slug": "insomnia", "name": "Insomnia"}]
    insomnia = get(client, "/api/v1/symptoms/insomnia")
    assert insomnia["synonyms"] == ["trouble sleeping"]
    assert insomnia["part_of"][0]["slug"] == "withdrawal"


def test_a_source_says_what_rests_on_it(client, settings):
    source = get(client, "/api/v1/sources/survey-2020")

    assert source["link"] == "https://doi.org/10.1000/survey"
    assert source["authors"] == ["Doe J"]
    assert source["url"] == f"{settings.SITE_URL}/sources/survey-2020/"
    assert [(use["kind"], use["slug"]) for use in source["used_by"]] == [
        ("alkaloid", "mitragynine"),
        ("article", "reading-claims"),
        ("claim", "C10"),
        ("substance", "kratom"),
    ]
    law = get(client, "/api/v1/sources/code-of-alabama")
    assert law["used_by"] == [
        {"kind": "alkaloid", "slug": "mitragynine"},
        {"kind": "substance", "slug": "kratom"},
    ]


def test_a_region_says_what_holds_and_where_help_is(client):
    alabama = get(client, "/api/v1/regions/US-AL")

    assert alabama["parent"] == {"code": "US", "name": "United States"}
    statuses = {row["subject"]["slug"]: row["status"] for row in alabama["statuses"]}
    assert statuses == {"kratom": "controlled", "mitragynine": "controlled"}
    phones = {each["name"]: each["phone"] for each in alabama["help"]}
    assert phones == {"A line nobody called": None, "Emergency": "911"}


def test_a_place_below_a_state_is_found_however_its_code_is_written(client):
    for code in ("US-CA/san-diego", "us-ca/San-Diego", "US-CA%2Fsan-diego"):
        assert get(client, f"/api/v1/regions/{code}")["code"] == "US-CA/san-diego"


def test_an_article_links_only_what_is_published(client):
    article = get(client, "/api/v1/articles/reading-claims")

    assert article["body"].startswith("Look for the study.")
    assert article["takeaways"] == ["Ask who was studied."]
    assert article["subjects"] == ["substance:kratom"]


def test_a_claim_is_known_by_its_id(client):
    claim = get(client, "/api/v1/claims/C10")

    assert (claim["id"], claim["slug"]) == ("C10", "C10")
    assert claim["verdict"] == "unsupported"


@pytest.mark.parametrize(
    "path",
    [
        "substances/hidden",
        "substances/no-such-thing",
        "substances/%00",
        "sources/secret-draft",
        "regions/XX-99",
        "regions/nowhere",
        "claims/C99",
    ],
)
def test_what_is_not_published_is_not_there(client, path):
    refused(client, f"/api/v1/{path}", 404)


def test_an_old_slug_leads_to_the_new_one_for_good(client):
    OldSlug.objects.create(kind="substance", slug="biak", now="kratom")

    record = client.get("/api/v1/substances/biak")
    law = client.get("/api/v1/substances/biak/regulation?region=US-AL")

    assert (record.status_code, law.status_code) == (301, 301)
    assert record["Location"] == "/api/v1/substances/kratom"
    assert law["Location"] == "/api/v1/substances/kratom/regulation?region=US-AL"


@pytest.mark.parametrize(
    ("path", "at_most"),
    [
        # record, tags, synonyms, ids, assessments, items, safety and its two links,
        # claims, pharmacokinetics, occurrences, varieties, rules, regions
        ("substances/kratom", 16),
        # as above; activities and sources, no varieties
        ("alkaloids/mitragynine", 17),
        # record, tags, synonyms, ids, two links, assessments, items, claims
        ("symptoms/withdrawal", 10),
        # record, tags, four kinds of use
        ("sources/survey-2020", 7),
        # regions, rules, reaches, sources, help, synonyms
        ("regions/US-AL", 7),
        # record, tags, five links
        ("articles/reading-claims", 8),
        # record, tags, sources
        ("claims/C10", 4),
        # record, regions, rules
        ("substances/kratom/regulation?region=US-AL", 4),
        # count, page, levels
        ("substances", 4),
        ("alkaloids", 4),
        ("symptoms", 3),
        ("sources", 3),
        ("regions", 3),
        ("articles", 3),
        ("claims", 3),
    ],
)
def test_no_record_takes_many_queries(
    client, django_assert_max_num_queries, path, at_most
):
    with django_assert_max_num_queries(at_most):
        get(client, f"/api/v1/{path}")


def test_a_list_goes_page_by_page(client):
    first = get(client, "/api/v1/regions?limit=3")
    second = client.get(first["next"]).json()

    assert first["count"] == 4
    assert first["previous"] is None
    assert [each["slug"] for each in first["results"]] == [
        "US-AL",
        "US-CA",
        "US-CA/san-diego",
    ]
    assert first["results"][0]["code"] == "US-AL"
    assert [each["slug"] for each in second["results"]] == ["US"]
    assert second["next"] is None
    assert client.get(second["previous"]).json() == first


def test_a_list_shows_the_level_and_nothing_unpublished(client, settings):
    page = get(client, "/api/v1/substances")

    assert page["count"] == 1
    (kratom,) = page["results"]
    assert kratom["evidence_level"] == "very-low"
    assert kratom["url"] == f"{settings.SITE_URL}/substances/kratom/"


@pytest.mark.parametrize("limit", ["0", "201", "banana", "1.5"])
def test_a_limit_that_makes_no_sense_is_refused(client, limit):
    body = refused(client, f"/api/v1/sources?limit={limit}", 400)

    assert body["errors"][0]["parameter"] == "limit"
    assert "whole number" in body["errors"][0]["detail"]
