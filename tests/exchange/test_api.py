"""The JSON API: what it answers, how it refuses, and how many queries it takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory

from config import health
from exchange.api import api, checking, shapes
from exchange.api import search as searching
from kb.models import OldSlug, RegulatoryStatus, Source, Substance
from kb.regulation import NOT_CHECKED
from kb.version import Version
from search import upkeep
from search.engine import SearchUnavailable
from tests.exchange import made_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), made_world():
        yield


@pytest.fixture(autouse=True)
def not_throttled() -> None:
    cache.clear()


@pytest.fixture
def searchable(world: None, db: None) -> None:
    upkeep.rebuild()


def get(client: Client, path: str) -> Any:
    response = client.get(path)
    assert response.status_code == 200, response.content
    return response.json()


def refused(client: Client, path: str, status: int) -> Any:
    response = client.get(path)
    assert response.status_code == status, response.content
    assert response["Content-Type"] == PROBLEM
    body = response.json()
    assert body["status"] == status
    assert {"type", "title", "detail", "errors"} <= body.keys()
    return body


# Whole records


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


# Lists


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


# Law on a day


def test_the_status_on_a_day_says_why(client):
    reply = get(
        client, "/api/v1/substances/kratom/regulation?region=US-AL&on=2026-01-01"
    )

    assert reply["subject"]["slug"] == "kratom"
    assert reply["region"]["code"] == "US-AL"
    assert (reply["on"], reply["status"]) == ("2026-01-01", "controlled")
    assert reply["layers"][0]["key"] == "mitragynine.US-AL.2016-05-10.controlled"
    assert reply["because"]
    assert reply["change_coming"] == []


def test_before_the_law_nothing_is_known_not_allowed(client):
    reply = get(
        client, "/api/v1/alkaloids/mitragynine/regulation?region=us-al&on=2010-01-01"
    )

    assert (reply["status"], reply["source"]) == (NOT_CHECKED, None)
    assert (reply["possession"], reply["sale"]) == ("unclear", "unclear")
    assert reply["status_label"] == "Not checked"


def test_a_proposal_is_a_change_coming(client):
    row = RegulatoryStatus.objects.get()
    row.is_pending = True
    row.save()

    reply = get(client, "/api/v1/substances/kratom/regulation?region=US-AL")

    assert reply["status"] == NOT_CHECKED
    assert reply["change_coming"][0]["is_pending"] is True


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("", "region"),
        ("region=Alabama", "region"),
        ("region=US-AL&on=2026-13-40", "on"),
        ("region=US-AL&on=2026", "on"),
        ("region=US-AL&on=20260101", "on"),
    ],
)
def test_a_bad_question_about_the_law_is_told_what_it_takes(client, query, parameter):
    body = refused(client, f"/api/v1/substances/kratom/regulation?{query}", 400)

    (error,) = body["errors"]
    assert error["parameter"] == parameter
    assert "takes" in error["detail"]


def test_an_unknown_region_is_not_found(client):
    refused(client, "/api/v1/substances/kratom/regulation?region=XX-99", 404)


# Search


@pytest.mark.usefixtures("searchable")
def test_a_search_finds_by_another_name(client, settings):
    reply = get(client, "/api/v1/search?q=ketum")

    hit = reply["results"][0]
    assert (hit["kind"], hit["slug"], hit["evidence_level"]) == (
        "substance",
        "kratom",
        "very-low",
    )
    assert hit["url"] == f"{settings.SITE_URL}/substances/kratom/"
    assert isinstance(hit["snippet"], str)
    (alabama,) = reply["facets"]["region"]
    assert (alabama["value"], alabama["label"]) == ("US-AL", "Alabama")
    assert reply["facets"]["tag"][0]["value"] == "opioid-receptor"
    assert reply["took_ms"] >= 0


@pytest.mark.usefixtures("searchable")
def test_filters_narrow_and_facets_have_words(client):
    reply = get(client, "/api/v1/search?q=kratom&kind=claim&kind=article&level=")

    assert {hit["kind"] for hit in reply["results"]} <= {"claim", "article"}
    kinds = {each["value"]: each["label"] for each in reply["facets"]["kind"]}
    assert kinds["substance"] == "Substance"
    assert all(hit["evidence_level"] is None for hit in reply["results"])


@pytest.mark.parametrize("name", ["kind", "level", "status"])
def test_an_unknown_filter_value_is_told_the_known_ones(client, name):
    body = refused(client, f"/api/v1/search?q=x&{name}=superb", 400)

    assert body["errors"][0]["parameter"] == name
    assert "takes one of" in body["errors"][0]["detail"]


@pytest.mark.parametrize("query", ["limit=banana", "limit=101", "offset=-1"])
def test_a_search_refuses_numbers_that_are_none(client, query):
    refused(client, f"/api/v1/search?q=x&{query}", 400)


@pytest.mark.usefixtures("searchable")
def test_a_name_is_completed_as_it_is_typed(client):
    reply = get(client, "/api/v1/suggest?q=mitr")

    assert reply["suggestions"][0]["slug"] == "mitragynine"
    assert reply["suggestions"][0].keys() == {"kind", "slug", "title", "matched", "url"}


class NoEngine:
    def search(self, query: object) -> None:
        raise SearchUnavailable("/srv/index is gone")

    def is_ready(self) -> bool:
        return False


def test_without_an_index_the_search_says_when_to_come_back(client, monkeypatch):
    monkeypatch.setattr(searching, "get_engine", NoEngine)

    response = client.get("/api/v1/search?q=kratom")

    assert response.status_code == 503
    assert response["Content-Type"] == PROBLEM
    assert int(response["Retry-After"]) > 0
    assert b"/srv/index" not in response.content


@pytest.mark.usefixtures("searchable")
def test_an_answer_leads_to_a_whole_address(client, monkeypatch, settings):
    class Answer:
        url = "/regions/US-AL/"

        def as_json(self) -> dict[str, str]:
            return {"type": "law", "url": self.url}

    asked = []

    def find_answer(text: str, *, region: str | None, now: Version) -> Answer:
        asked.append((text, region))
        return Answer()

    monkeypatch.setattr(searching, "find_answer", find_answer)

    reply = get(client, "/api/v1/search?q=kratom&region=us-al")

    assert asked == [("kratom", "US-AL")]
    assert reply["answer"] == {
        "type": "law",
        "url": f"{settings.SITE_URL}/regions/US-AL/",
    }


# Checking a text


def post(client: Client, body: str | bytes) -> Any:
    return client.post("/api/v1/check", body, content_type="application/json")


def test_a_text_is_checked(client, settings):
    text = "Kratom halves withdrawal."

    response = post(client, json.dumps({"text": text}))

    assert response.status_code == 200
    checking.CheckReply.model_validate(response.json())
    (sentence,) = response.json()["sentences"]
    assert text[sentence["start"] : sentence["end"]] == sentence["text"]
    assert sentence["records"][0]["slug"] == "kratom"
    for claim in sentence["claims"]:
        assert claim["url"].startswith(settings.SITE_URL)


@pytest.mark.parametrize("body", ["hello", "[]", "{}", '{"text": 3}', "", b"\xff"])
def test_what_is_no_text_is_refused(client, body):
    response = post(client, body)

    assert response.status_code == 400
    assert response["Content-Type"] == PROBLEM
    assert response.json()["errors"]


@pytest.mark.parametrize("length", [102_401, 700_000, 11_000_000])
def test_a_text_that_is_too_long_is_refused(client, length):
    response = post(client, json.dumps({"text": "a" * length}))

    assert response.status_code == 413
    assert response["Content-Type"] == PROBLEM


# Errors and manners


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v1/", "/api/v1/no-such-kind", "/api/v2/search"]
)
def test_an_unknown_address_is_a_problem_document(client, path):
    refused(client, path, 404)


def test_a_slash_too_many_is_forgiven(client):
    response = client.get("/api/v1/substances/kratom/?a=b")

    assert response.status_code == 301
    assert response["Location"] == "/api/v1/substances/kratom?a=b"


def test_a_method_that_is_not_taken_is_told_which_are(client):
    response = client.put("/api/v1/substances/kratom")

    assert response.status_code == 405
    assert response["Content-Type"] == PROBLEM
    assert response["Allow"] == "GET, HEAD"


def test_head_answers_as_get_does_without_the_body(client):
    response = client.head("/api/v1/substances/kratom")

    assert response.status_code == 200
    assert response.content == b""


def test_scripts_of_any_site_may_read(client):
    for path in ("/api/v1/substances/kratom", "/api/v1/substances/none", "/api/none"):
        assert client.get(path)["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in post(client, "{}")


def test_too_many_requests_are_told_to_wait(client):
    for _ in range(30):
        assert post(client, '{"text": ""}').status_code == 200

    response = post(client, '{"text": ""}')

    assert response.status_code == 429
    assert response["Content-Type"] == PROBLEM
    assert 0 < int(response["Retry-After"]) <= 60


def test_a_forged_header_does_not_lift_the_limit(client):
    for number in range(31):
        response = client.post(
            "/api/v1/check",
            '{"text": ""}',
            content_type="application/json",
            headers={"X-Forwarded-For": f"192.0.2.{number}"},
        )

    assert response.status_code == 429


def test_what_breaks_here_is_a_problem_document_too(client, monkeypatch, caplog):
    def broken(text: str) -> None:
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr(searching, "parse", lambda *args, **kwargs: broken(""))

    body = refused(client, "/api/v1/search?q=x", 500)

    assert "secret" not in body["detail"]
    assert "a secret of the house" in caplog.text


def test_nothing_sets_a_cookie(client):
    for path in ("substances/kratom", "docs", "openapi.json"):
        assert not client.get(f"/api/v1/{path}").cookies


# The description


def test_the_description_names_every_address_and_every_error(client):
    openapi = get(client, "/api/v1/openapi.json")

    assert openapi["openapi"].startswith("3.1")
    paths = openapi["paths"]
    for plural in ("substances", "alkaloids", "symptoms", "sources", "articles"):
        assert f"/api/v1/{plural}" in paths
        assert f"/api/v1/{plural}/{{slug}}" in paths
    search = paths["/api/v1/search"]["get"]
    assert {each["name"] for each in search["parameters"]} >= {"q", "kind", "limit"}
    assert PROBLEM in search["responses"]["400"]["content"]
    assert "422" not in search["responses"]
    identifiers = [
        operation["operationId"]
        for path in paths.values()
        for operation in path.values()
    ]
    assert len(identifiers) == len(set(identifiers))


def test_the_description_can_be_read_as_a_page_without_inline_script(client):
    response = client.get("/api/v1/docs")

    text = response.content.decode()
    assert response.status_code == 200
    assert "<style" not in text
    assert "style=" not in text
    assert text.count("<script") == text.count("<script src=")


def test_the_api_answers_what_it_describes(client):
    """Every reply keeps to its shape: no field too many, none missing."""
    for path, shape in (
        ("substances/kratom", shapes.SubstanceReply),
        ("alkaloids/mitragynine", shapes.AlkaloidReply),
        ("symptoms/withdrawal", shapes.SymptomReply),
        ("sources/survey-2020", shapes.SourceReply),
        ("regions/US-AL", shapes.RegionReply),
        ("articles/reading-claims", shapes.ArticleReply),
        ("claims/C10", shapes.ClaimReply),
        ("claims", shapes.ListReply),
    ):
        shape.model_validate(get(client, f"/api/v1/{path}"))


def test_each_view_has_a_name_of_its_own():
    names = [pattern.name for pattern in api.urls[0] if getattr(pattern, "name", None)]
    assert len(names) == len(set(names))


# Health


def test_a_living_process_says_ok():
    response = health.healthz(RequestFactory().get("/healthz"))

    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.usefixtures("searchable")
def test_a_site_with_database_and_index_is_ready():
    response = health.readyz(RequestFactory().get("/readyz"))

    assert response.status_code == 200


def test_a_site_without_index_says_what_is_missing(monkeypatch):
    monkeypatch.setattr(health, "get_engine", NoEngine)

    response = health.readyz(RequestFactory().get("/readyz"))

    assert response.status_code == 503
    assert json.loads(response.content)["failing"] == ["search"]


def test_a_draft_that_is_published_appears(client):
    refused(client, "/api/v1/substances/hidden", 404)
    hidden = Substance.objects.get(slug="hidden")
    hidden.state = "published"
    hidden.save()

    assert (
        get(client, "/api/v1/substances/hidden")["evidence"]["level"] == "not-assessed"
    )
