"""Claims, tags, comparison, method, and what holds of the page of any record."""

from __future__ import annotations

import pytest

from kb.models import OldSlug
from tests import make

pytestmark = pytest.mark.django_db


def test_a_claim_has_verdict_reason_phrasings_and_sources(read):
    kratom = make.substance(name="Kratom")
    claim = make.claim(
        substance=kratom,
        name="It halves withdrawal",
        verdict="contradicted",
        why="No trial found this.",
        phrasings=["cuts withdrawal by 50%"],
        sources=[make.source(name="The review")],
    )

    page = read(claim)

    for part in ("It halves withdrawal", "Contradicted", "No trial found this."):
        assert part in page.text
    assert "“cuts withdrawal by 50%”" in page.text
    assert "The review" in page.text
    assert kratom.get_absolute_url() in page.links


def test_a_claim_without_a_source_says_so(read):
    assert "No source to cite" in read(make.claim()).text


def test_claims_are_listed_by_verdict(read):
    make.claim(name="Wrong one", verdict="contradicted")
    make.claim(name="Right one", verdict="supported")
    make.claim(name="Hidden one", state="draft")

    text = read("/claims/").text

    assert text.index("Wrong one") < text.index("Right one")
    assert "Hidden one" not in text


def test_a_tag_lists_what_carries_it(read):
    kratom = make.substance(name="Kratom", tags=["opioid-receptor"])
    make.substance(name="Hidden plant", tags=["opioid-receptor"], state="draft")

    page = read("/tags/opioid-receptor/")

    assert kratom.get_absolute_url() in page.links
    assert "Hidden plant" not in page.text


def test_two_subjects_stand_side_by_side(read):
    ache = make.symptom(name="Pain")
    kratom, kava = make.substance(name="Kratom"), make.substance(name="Kava")
    make.assessment(substance=kratom, symptom=ache, items=2)

    text = read(f"/compare/?a={kratom.slug}&b={kava.slug}").text

    row = text[text.index("Pain") :]
    assert row.index("High") < row.index("Not assessed")
    assert (
        "No grave danger has been entered here. That is not a sign of safety." in text
    )


def test_a_plant_compares_with_an_alkaloid(read):
    kratom, base = make.substance(name="Kratom"), make.alkaloid(name="Mitragynine")

    page = read(f"/compare/?a={kratom.slug}&b=alkaloid:{base.slug}")

    assert "Kratom and Mitragynine" in page.text


def test_comparing_with_what_is_not_there_is_told_in_a_sentence(read):
    page = read("/compare/?a=kratom&b=nothing", status=400)

    assert "There is no substance or alkaloid called kratom, nothing." in page.text


def test_the_method_page_explains_all_levels_and_statuses(read):
    text = read("/method/").text

    for word in (
        "High",
        "Moderate",
        "Low",
        "Very low",
        "Not assessed",
        "Controlled drug",
    ):
        assert word in text
    assert "Nobody has looked here yet." in text


KINDS = ["substance", "alkaloid", "symptom", "source", "claim"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("state", ["draft", "in-review", "withdrawn"])
def test_only_what_is_published_has_a_page_and_stands_in_its_list(read, kind, state):
    hidden = getattr(make, kind)(state=state, name="Hiddenum")

    read(hidden, status=410 if state == "withdrawn" else 404)
    assert "Hiddenum" not in read(f"/{kind}s/").text


@pytest.mark.parametrize("kind", KINDS)
def test_an_old_slug_of_any_record_leads_on(client, kind):
    record = getattr(make, kind)()
    OldSlug.objects.create(kind=kind, slug="as-it-was", now=record.slug)

    response = client.get(f"/{kind}s/as-it-was/")

    assert (response.status_code, response["Location"]) == (
        301,
        record.get_absolute_url(),
    )


@pytest.mark.parametrize(
    "address",
    [
        "/symptoms/nothing/",
        "/sources/nothing/",
        "/claims/C0/",
        "/regions/QQ/",
        "/tags/no/",
    ],
)
def test_what_is_not_there_is_404_with_a_way_on(read, address):
    page = read(address, status=404)

    assert "There is no page here" in page.text
    assert "/substances/" in page.links
