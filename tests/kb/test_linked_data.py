"""What pages say to programs in schema.org's words: true, valid, and never too much."""

from __future__ import annotations

import json
import re

import pytest

from kb.linked_data.nodes import as_script
from tests import make
from tests.vocabulary import SCRIPT, graph_of, problems

pytestmark = pytest.mark.django_db

PAGES = """/ /method/ /export/ /substances/ /alkaloids/ /symptoms/ /sources/ /claims/ /articles/
/regions/ /compare/ /help/ /quality/ /method/ledger/ /method/overrides/ /law/changes/ /law/fresh/
/law/contradictions/ /changes/ /about/ /privacy/ /accessibility/ /terms/ /search/ /check/
/offline/ /report/""".split()
CANONICAL = re.compile('<link rel="canonical" href="([^"]*)">')
# What a page itself is; the things that it is about are nodes of other types.
PAGE_TYPES = {
    "WebPage",
    "MedicalWebPage",
    "CollectionPage",
    "AboutPage",
    "Article",
    "WebSite",
    "SearchResultsPage",
    "ContactPage",
}


def graph(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return graph_of(response.content.decode())


def kinds(nodes):
    return [each["@type"] for each in nodes]


@pytest.fixture
def everything():
    """Make a page of each kind, and return their addresses."""
    source = make.source(doi="10.1000/182", pmid="123", authors=["Kruegel AC"])
    medicine = make.substance(category="medicine", drug_class="opioid", route="oral")
    plant = make.substance(category="plant", scientific_name="Planta communis")
    alkaloid = make.alkaloid()
    symptom = make.symptom()
    for record, scheme in (
        (medicine, "wikidata"),
        (medicine, "atc"),
        (alkaloid, "pubchem"),
        (symptom, "mesh"),
        (symptom, "icd-10-cm"),
    ):
        record.external_ids.create(scheme=scheme, value="Q1")
    medicine.synonyms.create(name="Another name")
    region = make.region()
    make.status(
        subject=plant, region=region, source=source, instrument="Act 1", status="banned"
    )
    claim = make.claim(subject=plant, sources=[source], verdict="contradicted")
    article = make.article(body="Text.", claims=[claim])
    why = make.assessment(subject=medicine, symptom=symptom)
    plant.tags.add("leaf")
    make.help_resource(region=region, phone="112", verification="verified")
    return [
        *(
            each.get_absolute_url()
            for each in (
                medicine,
                plant,
                alkaloid,
                symptom,
                make.symptom(kind="outcome"),
                make.substance(category="therapy"),
                make.substance(category="drug-class"),
                source,
                make.source(kind="legislation"),
                make.source(kind="preprint"),
                region,
                claim,
                article,
            )
        ),
        f"{plant.get_absolute_url()}law/",
        f"{medicine.get_absolute_url()}why/{why.anchor}/",
        *(f"{each.get_absolute_url()}history/" for each in (plant, source, article)),
        *(f"{each.get_absolute_url()}cite/" for each in (plant, source, region)),
        f"/compare/?a={plant.slug}&b={medicine.slug}",
        f"/claims/?about={plant.slug}",
        "/tags/leaf/",
        *PAGES,
    ]


def test_every_type_and_property_is_one_of_schema_org(client, everything):
    wrong = [
        f"{address} {problem}"
        for address in everything
        for node in graph(client, address)
        for problem in problems(node)
    ]

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", ["", "/es", "/de"])
def test_a_page_calls_itself_by_its_one_address_and_says_where_it_stands(
    client, everything, language
):
    for address in everything:
        if language and address == "/export/":
            continue  # English alone
        html = client.get(language + address).content.decode()
        page, *rest = graph_of(html)
        (canonical,) = CANONICAL.findall(html)

        assert page["@type"] in PAGE_TYPES, address
        assert page["url"] == canonical.replace("&amp;", "&"), address
        if page["@type"] == "WebSite":
            continue
        way = page.get("breadcrumb") or rest[0]
        steps = way["itemListElement"]
        assert len(steps) > 1, address
        assert [each["position"] for each in steps] == list(range(1, len(steps) + 1))
        assert steps[-1]["item"].partition("?")[0] == page["url"].partition("?")[0]


def test_a_list_tells_what_stands_in_it_and_where_its_json_is(client):
    shown, draft = make.substance(name="Shown"), make.substance(state="draft")

    response = client.get("/substances/")
    (page,) = graph_of(response.content.decode())

    assert page["@type"] == "CollectionPage"
    assert page["mainEntity"]["numberOfItems"] == 1
    (item,) = page["mainEntity"]["itemListElement"]
    assert item["name"] == "Shown"
    assert item["url"].endswith(shown.get_absolute_url())
    assert draft.slug not in response.content.decode()
    json_path = (
        '<link rel="alternate" type="application/json" href="/api/v1/substances">'
    )
    assert json_path in response.content.decode()
    assert client.get("/api/v1/substances").json()["results"][0]["url"] == item["url"]


def test_the_second_page_of_a_list_goes_on_counting(client):
    with make.many():
        for _ in range(51):
            make.source()

    (page,) = graph(client, "/sources/?page=2")

    entries = page["mainEntity"]
    assert entries["numberOfItems"] == 51
    assert [each["position"] for each in entries["itemListElement"]] == [51]


def test_a_number_that_readers_do_not_see_is_not_told_to_programs(client):
    region = make.region()
    make.help_resource(region=region, phone="5550100", verification="unverified")
    make.help_resource(region=region, phone="5550199", verification="verified")

    (page,) = graph(client, "/help/")

    (item,) = page["mainEntity"]["itemListElement"]
    assert item["item"]["contactPoint"]["telephone"] == "5550199"
    assert "5550100" not in json.dumps(page)


def test_the_check_itself_sees_what_is_wrong():
    assert list(problems({"@type": "Drag"}))
    assert list(problems({"@type": "Drug", "smiles": "C"}))
    assert list(problems({"@type": "Drug", "legalStatus": {"@type": "Rating"}}))
    assert list(problems({"@type": "Article", "datePublished": "in spring"}))
    assert not list(problems({"@type": "Drug", "name": "x"}))


def test_each_kind_of_subject_is_told_as_what_it_is(client):
    for category, expected in (
        ("medicine", "Drug"),
        ("plant", "Substance"),
        ("drug-class", "DrugClass"),
        ("therapy", "MedicalTherapy"),
    ):
        record = make.substance(category=category)
        page, it = graph(client, record.get_absolute_url())
        assert (page["@type"], it["@type"]) == ("MedicalWebPage", expected)
        assert page["mainEntity"]["@id"] == it["@id"]


def test_an_alkaloid_tells_its_structure(client):
    alkaloid = make.alkaloid()

    _, it = graph(client, alkaloid.get_absolute_url())

    assert it["inChIKey"] == alkaloid.inchikey
    assert it["smiles"] == alkaloid.smiles


@pytest.mark.parametrize(
    ("verdict", "value"),
    [
        ("contradicted", 1),
        ("unsupported", 2),
        ("partly-supported", 3),
        ("supported", 4),
    ],
)
def test_a_claim_is_published_with_its_place_on_the_scale(client, verdict, value):
    claim = make.claim(verdict=verdict)

    _, review = graph(client, claim.get_absolute_url())

    rating = review["reviewRating"]
    assert review["claimReviewed"] == claim.name
    assert (rating["worstRating"], rating["bestRating"]) == (1, 4)
    assert rating["ratingValue"] == value
    assert rating["alternateName"] == claim.get_verdict_display()


def test_what_cannot_be_checked_gets_no_rating(client):
    claim = make.claim(verdict="not-checkable")
    article = make.article(body="Text.", claims=[claim])

    for record in (claim, article):
        nodes = graph(client, record.get_absolute_url())
        assert "ClaimReview" not in kinds(nodes)
        assert "Rating" not in json.dumps(nodes)


def test_an_article_reviews_the_claims_that_it_marks(client):
    claim = make.claim(verdict="unsupported")
    article = make.article(body="Text.", claims=[claim])

    first, _, review = graph(client, article.get_absolute_url())

    assert first["@type"] == "Article"
    assert review["claimReviewed"] == claim.name


def test_a_law_is_told_with_its_place_and_its_act(client):
    plant, region = make.substance(), make.region()
    make.status(
        subject=plant, region=region, instrument="Act 1", status="prescription-only"
    )

    nodes = graph(client, region.get_absolute_url())
    (it,) = (each for each in nodes if "legalStatus" in each)
    (act,) = (each for each in nodes if each["@type"] == "Legislation")
    whole = graph(client, f"{plant.get_absolute_url()}law/")[1]["legalStatus"]

    assert it["name"] == plant.name
    assert it["legalStatus"]["@type"] == "DrugLegalStatus"
    assert act["name"] == "Act 1"
    assert act["about"] == [{"@id": it["@id"]}]
    assert whole[0]["applicableLocation"]["identifier"] == region.code


def test_a_law_on_one_form_is_not_told_as_the_law_on_all(client):
    plant = make.substance()
    make.status(subject=plant, status="banned", form="concentrates")

    whole = graph(client, f"{plant.get_absolute_url()}law/")[1]["legalStatus"]

    assert whole[0]["name"].endswith("(only: concentrates)")


def test_a_place_that_nobody_checked_has_no_status(client):
    region = make.region()

    nodes = graph(client, region.get_absolute_url())

    assert "legalStatus" not in json.dumps(nodes)
    assert "Legislation" not in kinds(nodes)


def test_the_law_of_another_day_is_not_told_as_todays(client):
    plant, region = make.substance(), make.region()
    make.status(subject=plant, region=region, instrument="Act 1", status="banned")

    nodes = graph(client, f"{region.get_absolute_url()}?on=2020-01-01")

    assert "legalStatus" not in json.dumps(nodes)


def test_a_title_that_nobody_saw_is_not_given_as_one(client):
    source = make.source(title_is_paraphrase=True)

    _, it = graph(client, source.get_absolute_url())

    assert "name" not in it
    assert it["description"] == source.name
    assert b"citation_title" not in client.get(source.get_absolute_url()).content


def test_a_retracted_source_says_so(client):
    source = make.source(retraction="retracted")

    _, it = graph(client, source.get_absolute_url())

    assert it["creativeWorkStatus"] == "Retracted"


@pytest.mark.parametrize("text", ["</script><b>", "<!--", "]]>", "a\u2028b", "&amp;"])
def test_no_text_of_a_record_breaks_out_of_the_block(client, text):
    record = make.substance(summary=f"It is {text} so.")

    html = client.get(record.get_absolute_url()).content.decode()

    (block,) = SCRIPT.findall(html)
    assert not set("<>&\u2028") & set(block)
    assert graph_of(html)[1]["description"] == record.summary


def test_a_block_stays_small(client, everything):
    for address in everything:
        html = client.get(address).content.decode()
        assert len(SCRIPT.findall(html)[0]) < 4000, address


def test_one_node_stands_without_a_graph():
    assert "@graph" not in as_script([{"@type": "Thing"}])


def test_a_link_in_the_header_can_be_followed_whatever_signs_its_address_has(client):
    source = make.source(url='https://example.org/étude?a="b"', doi=None, pmid=None)

    links = client.get(source.get_absolute_url())["Link"]

    assert '<https://example.org/%C3%A9tude?a=%22b%22>; rel="describes"' in links


@pytest.mark.parametrize("verification", ["verified", "unverified"])
def test_only_a_checked_identifier_says_that_another_s_page_is_about_the_same(
    client, verification
):
    record = make.substance()
    record.external_ids.create(
        scheme="wikidata", value="Q42", verification=verification
    )

    _, it = graph(client, record.get_absolute_url())[:2]

    assert ("sameAs" in it) == (verification == "verified")
