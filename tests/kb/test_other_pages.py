"""All other pages of records."""

from __future__ import annotations

import pytest

from kb.models import OldSlug
from tests import make

pytestmark = pytest.mark.django_db


# Symptoms


def test_a_symptom_lists_what_was_tried_best_supported_first(read):
    ache = make.symptom(name="Opioid withdrawal")
    weak = make.assessment(symptom=ache, substance=make.substance(name="Kratom"))
    make.evidence_item(assessment=weak, design="cross-sectional-survey")
    make.assessment(
        symptom=ache, substance=make.substance(name="Buprenorphine"), items=2
    )
    make.assessment(symptom=ache, substance=make.substance(name="Unknowncy"))

    text = read(ache).text

    table = text[text.index("What was tried Benefit and harm") :]
    order = [table.index(name) for name in ("Buprenorphine", "Kratom", "Unknowncy")]
    assert order == sorted(order)


def test_a_symptom_tells_what_can_bring_it_on(read):
    ache = make.symptom(name="Liver injury")
    make.assessment(
        symptom=ache,
        substance=make.substance(name="Kava"),
        axis="harm",
        direction="causes",
    )

    text = read(ache).text

    assert text.index("What can bring it on #") < text.rindex("Kava")


def test_a_symptom_that_nothing_was_tried_for_says_so(read):
    text = read(make.symptom()).text

    assert "Nothing that was tried for it has been entered here yet." in text
    assert "No sources" in text


def test_an_emergency_says_to_get_help_now(read):
    assert "Get help now" in read(make.symptom(is_emergency=True)).text
    assert "Get help now" not in read(make.symptom()).text


def test_a_symptom_shows_lay_words_and_what_it_belongs_to(read):
    whole = make.symptom(name="Opioid withdrawal", kind="syndrome")
    part = make.symptom(name="Insomnia", synonyms=[("can't sleep", "lay")])
    part.part_of.add(whole)

    assert "“can't sleep”" in read(part).text
    assert "Part of: Opioid withdrawal" in read(part).text
    assert part.get_absolute_url() in read(whole).links


def test_a_symptom_hides_assessments_of_what_is_not_published(read):
    ache = make.symptom()
    make.assessment(
        symptom=ache, substance=make.substance(name="Secretum", state="draft")
    )

    assert "Secretum" not in read(ache).text


# Sources


def test_a_source_lists_everything_that_rests_on_it(read):
    source = make.source()
    kratom, base = make.substance(name="Kratom"), make.alkaloid(name="Mitragynine")
    make.evidence_item(
        source=source,
        assessment=make.assessment(substance=kratom),
        finding="Item finding.",
    )
    make.safety_note(source=source, substance=kratom, finding="Note finding.")
    make.status(source=source, substance=kratom, summary="Law finding.")
    make.occurrence(source=source, substance=kratom, alkaloid=base, low=1, high=2)
    make.activity(source=source, alkaloid=base, target="kappa receptor")
    make.pharmacokinetic(source=source, substance=kratom, parameter="clearance")
    make.variety(source=source, substance=kratom, finding="Variety finding.")
    make.claim(substance=kratom, name="A claim that circulates", sources=[source])
    make.article(name="An article about it", sources=[source])

    text = read(source).text

    for part in (
        "Item finding.",
        "Note finding.",
        "Law finding.",
        "1–2 mg/g",
        "kappa receptor",
        "clearance",
        "Variety finding.",
        "A claim that circulates",
        "An article about it",
    ):
        assert part in text


def test_a_source_that_is_only_a_second_one_says_what_leans_on_it(read):
    source = make.source()
    make.safety_note(further_sources=[source], finding="A harm seen twice.")

    assert "A harm seen twice." in read(source).text


def test_a_source_that_nothing_rests_on_says_so(read):
    assert "No published record cites it." in read(make.source()).text


def test_a_source_names_nothing_that_is_not_published(read):
    source = make.source()
    hidden = make.substance(name="Secretum", state="draft")
    make.variety(source=source, substance=hidden, finding="Hidden variety.")
    make.safety_note(source=source, substance=hidden, finding="Hidden harm.")

    text = read(source).text

    assert "Hidden" not in text
    assert "Secretum" not in text


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("retracted", "Nothing here counts on it any more."),
        ("concern", "The publisher has warned readers about this publication."),
    ],
)
def test_a_warning_about_a_source_leads_its_page(read, word, sentence):
    assert sentence in read(make.source(retraction=word)).text


def test_a_title_that_nobody_saw_says_so(read):
    source = make.source(title_is_paraphrase=True, authors_complete=False)

    text = read(source).text

    assert "The real title was not seen" in text
    assert "(list not complete or not checked)" in text


# Regions


def test_a_region_shows_what_holds_and_every_rule_with_source_and_day(read):
    us = make.region("US", name="United States")
    ohio = make.region("US-OH", name="Ohio", parent=us)
    kratom = make.substance(name="Kratom")
    make.status(substance=kratom, region=us, status="no-authorised-product")
    make.status(
        substance=kratom,
        region=ohio,
        status="banned",
        since="2026-02",
        source=make.source(name="Ohio register"),
        verified_on="2026-11-01",
    )

    text = read(ohio).text

    assert "in United States" in text
    assert "Banned supply" in text
    assert "Since February 2026" in text
    assert "Ohio register" in text
    assert "checked on 1 November 2026" in text


def test_a_region_that_nobody_checked_says_so(read):
    text = read(make.region()).text

    assert "Nobody has checked the law here yet. Not checked is not the same" in text
    assert "No helpline on record here" in text


def test_a_region_names_nothing_that_is_not_published(read):
    region = make.region()
    hidden = make.substance(name="Secretum", state="draft")
    make.status(substance=hidden, region=region, summary="Hidden law.")

    assert "Hidden law." not in read(region).text
    assert "Secretum" not in read(region).text


def test_a_code_in_small_letters_leads_to_the_region(client):
    make.region("US-OH", name="Ohio")

    response = client.get("/regions/us-oh/")

    assert (response.status_code, response["Location"]) == (301, "/regions/US-OH/")


def test_a_place_below_a_region_has_a_page(read):
    california = make.region("US-CA", name="California")
    city = make.region("US-CA/san-diego", name="San Diego", parent=california)
    make.status(region=city)

    assert "San Diego" in read("/regions/US-CA/san-diego/").text
    assert city.get_absolute_url() in read(california).links


def test_the_list_of_regions_tells_checked_from_unchecked(read):
    make.status(region=make.region(name="Checkedland"))
    make.region(name="Otherland")

    text = read("/regions/").text

    assert (
        text.index("Checkedland")
        < text.index("Not checked #")
        < text.index("Otherland")
    )


def test_help_shows_a_number_only_if_somebody_saw_it(read):
    region = make.region(name="Ohio")
    make.help_resource(region=region, phone="111 111", verification="verified")
    make.help_resource(
        region=region, name="Dubious line", phone="222 222", verification="unverified"
    )

    for page in (read(region), read("/help/")):
        assert "111 111" in page.text
        assert "tel:111111" in page.links
        assert "Dubious line" in page.text
        assert "222 222" not in page.text


def test_help_marks_a_number_that_was_seen_only_on_another_page(read):
    """As kb.schemas.regulation says: `partial` only with a mark."""
    region = make.region()
    make.help_resource(region=region, phone="333 333", verification="partial")

    assert "333 333" in read(region).text
    assert "Seen in part" in read(region).text


# Claims, tags, comparison, method


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


@pytest.mark.parametrize("page", ["0", "-1", "two", "999999999999", "²"])
def test_a_page_number_that_is_none_is_told_in_a_sentence(read, page):
    assert "is not a page number" in read(f"/sources/?page={page}", status=400).text


def test_a_page_beyond_the_last_is_not_there(read):
    make.source()

    read("/sources/?page=2", status=404)


def test_sources_come_in_pages_newest_first(read):
    for year in range(1950, 2010):
        make.source(name=f"Study of {year}.", published=str(year))

    first, second = read("/sources/").text, read("/sources/?page=2").text

    assert "Study of 2009." in first
    assert "Study of 1950." not in first
    assert "Study of 1950." in second


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


# Kept pages


def test_a_page_is_new_as_soon_as_its_record_is(client):
    kratom = make.substance(summary="As it was.")
    address = kratom.get_absolute_url()
    assert "As it was." in client.get(address).content.decode()

    kratom.summary = "As it is now."
    kratom.save()

    assert "As it is now." in client.get(address).content.decode()


@pytest.mark.parametrize(
    "change",
    [
        lambda kratom: make.safety_note(substance=kratom, finding="NEWS"),
        lambda kratom: make.claim(substance=kratom, name="NEWS"),
        lambda kratom: make.variety(substance=kratom, name="NEWS"),
        lambda kratom: kratom.synonyms.create(name="NEWS"),
        lambda kratom: kratom.tags.add("NEWS"),
        lambda kratom: make.status(
            substance=kratom, region=make.region(name="NEWS"), since="2016"
        ),
        lambda kratom: make.status(
            alkaloid=make.alkaloid(), region=make.region(name="NEWS")
        ).reaches.add(kratom),
        lambda kratom: make.assessment(substance=kratom, conclusion="NEWS"),
    ],
    ids="note claim variety synonym tag status reach assessment".split(),
)
def test_whatever_changes_on_a_page_is_seen_at_once(client, change):
    kratom = make.substance()
    assert "NEWS" not in client.get(kratom.get_absolute_url()).content.decode()

    change(kratom)

    assert "NEWS" in client.get(kratom.get_absolute_url()).content.decode()


def test_who_has_the_page_already_is_told_so(client):
    kratom = make.substance()
    first = client.get(kratom.get_absolute_url())

    again = client.get(
        kratom.get_absolute_url(), headers={"If-None-Match": first["ETag"]}
    )
    kratom.save()
    changed = client.get(
        kratom.get_absolute_url(), headers={"If-None-Match": first["ETag"]}
    )

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200
