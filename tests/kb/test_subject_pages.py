"""The page of a substance and of an alkaloid, as a reader gets it."""

from __future__ import annotations

import re

import pytest

from kb.models import ExternalId, OldSlug
from tests import make
from tests.page import Page

pytestmark = pytest.mark.django_db


def law_of(record):
    """Return the address of the whole table of the law, which is a page of its own."""
    return f"{record.get_absolute_url()}law/"


BOTH = pytest.mark.parametrize("kind", ["substance", "alkaloid"])


# Who sees what


@BOTH
def test_what_is_published_is_shown(read, kind):
    record = getattr(make, kind)(name="Kratom", summary="A tree of Southeast Asia.")

    page = read(record)

    assert "Kratom" in page.text
    assert "A tree of Southeast Asia." in page.text


@BOTH
@pytest.mark.parametrize("state", ["draft", "in-review", "withdrawn"])
def test_what_is_not_published_is_not_there(client, kind, state):
    record = getattr(make, kind)(state=state)

    gone = 410 if state == "withdrawn" else 404
    assert client.get(record.get_absolute_url()).status_code == gone


def test_a_draft_is_named_on_no_page_of_others(client):
    kratom = make.substance()
    draft = make.alkaloid(name="Secretine", state="draft")
    hidden = make.symptom(name="Hidden ache", state="draft")
    make.occurrence(substance=kratom, alkaloid=draft)
    make.assessment(substance=kratom, symptom=hidden, items=1)
    make.claim(substance=kratom, name="A hidden claim", state="draft")

    page = client.get(kratom.get_absolute_url()).content.decode()

    for name in ("Secretine", "Hidden ache", "A hidden claim"):
        assert name not in page


def test_an_unknown_slug_is_404_with_near_names(client, index):
    make.substance(slug="kratom", name="Kratom")
    from search import upkeep

    upkeep.rebuild()

    response = client.get("/substances/kratm/")

    assert response.status_code == 404
    assert 'href="/substances/kratom/"' in response.content.decode()


def test_an_unknown_slug_is_404_even_where_there_is_no_index(client):
    response = client.get("/substances/no-such-thing/")

    assert response.status_code == 404
    assert "There is no page here" in response.content.decode()


@BOTH
def test_an_old_slug_leads_on_for_good(client, kind):
    record = getattr(make, kind)()
    OldSlug.objects.create(kind=kind, slug="as-it-was", now=record.slug)

    response = client.get(f"/{kind}s/as-it-was/")

    assert response.status_code == 301
    assert response["Location"] == record.get_absolute_url()


# Evidence


LEVEL_WORDS = {
    "high": "High",
    "moderate": "Moderate",
    "low": "Low",
    "very-low": "Very low",
    "none": "None",
    "not-assessed": "Not assessed",
}


def test_every_row_of_the_matrix_says_its_level_in_words(read):
    kratom = make.substance()
    for level in LEVEL_WORDS:
        make.assessment(
            substance=kratom,
            symptom=make.symptom(name=f"Outcome {level}."),
            override_level=level,
            override_reason="A reason.",
            override_by="A curator",
            override_on="2026-11-01",
        )

    page = read(kratom)

    for level, word in LEVEL_WORDS.items():
        assert f" {word} " in page.row(f"Outcome {level}.")


def test_a_row_has_direction_studies_people_and_conclusion(read):
    kratom = make.substance()
    assessment = make.assessment(
        substance=kratom,
        symptom=make.symptom(name="Withdrawal"),
        conclusion="It may ease it somewhat.",
    )
    make.evidence_item(assessment=assessment, n=1200)
    make.evidence_item(assessment=assessment, n=800)

    row = read(kratom).row("Withdrawal")

    assert "Improves" in row
    assert " 2 2,000 " in row
    assert "It may ease it somewhat." in row


def test_harm_is_listed_after_what_it_was_tried_for(read):
    kratom = make.substance()
    make.assessment(substance=kratom, symptom=make.symptom(name="Pain"), items=1)
    make.assessment(
        substance=kratom,
        symptom=make.symptom(name="Liver injury"),
        axis="harm",
        direction="causes",
        items=1,
    )

    page = read(kratom)

    order = ["What it was tried for", "Pain ", "What harm was studied", "Liver injury "]
    places = [page.rows.index(page.row(words)) for words in order]
    assert places == sorted(places)
    assert "Benefit Not assessed Harm Causes" in page.row("Liver injury")


def test_the_arithmetic_of_a_level_is_shown_step_by_step(read):
    kratom = make.substance()
    assessment = make.assessment(substance=kratom)
    make.evidence_item(assessment=assessment, design="rct", n=50, risk_of_bias=1)
    assessment.refresh_from_db()

    text = read(assessment).text

    steps = assessment.arithmetic["steps"]
    assert len(steps) > 1
    for step in steps:
        assert " ".join(step["text"].split()) in text


def test_animals_and_cells_have_a_panel_of_their_own(read):
    kratom = make.substance()
    assessment = make.assessment(substance=kratom)
    make.evidence_item(
        assessment=assessment, design="animal", finding="Rats slept more."
    )

    text = read(kratom).text

    assert "In animals and cells # never counts for people" in text
    assert text.count("Rats slept more.") == 1
    assert "Only animals or cells were studied" in text


def test_a_retracted_source_is_marked_where_it_is_cited(read):
    kratom = make.substance()
    item = make.evidence_item(assessment=make.assessment(substance=kratom))
    item.source.retraction = "retracted"
    item.source.save()

    text = read(item.assessment).text

    assert "(retracted)" in text
    assert "Retracted: no longer counted." in text
    assert "Under review" in text


def test_what_has_better_evidence_for_the_same_need_is_named(read):
    symptom = make.symptom(name="Opioid withdrawal")
    kratom = make.substance(name="Kratom")
    survey = make.assessment(substance=kratom, symptom=symptom)
    make.evidence_item(assessment=survey, design="cross-sectional-survey")
    medicine = make.substance(name="Buprenorphine")
    make.assessment(substance=medicine, symptom=symptom, items=2)

    page, other = read(kratom), read(medicine)

    better = page.text[
        page.text.index("What has better evidence for the same need #") :
    ]
    assert better.index("Buprenorphine") < better.index("Safety and interactions #")
    assert page.links.index(medicine.get_absolute_url()) < page.links.index("/help/")
    assert "What has better evidence" not in other.text


@pytest.mark.parametrize("verification", ["unverified", "partial"])
def test_what_nobody_wholly_saw_is_marked(read, verification):
    kratom = make.substance()
    make.safety_note(
        substance=kratom, finding="A harm from memory.", verification=verification
    )
    word = {"unverified": "Not verified", "partial": "Seen in part"}[verification]

    text = read(kratom).text

    assert re.search(rf"A harm from memory\. \d+ {word}", text)


def test_what_was_seen_in_its_source_carries_no_mark(read):
    kratom = make.substance()
    make.safety_note(substance=kratom)

    text = read(kratom).text

    assert "Not verified" not in text
    assert "Seen in part" not in text


# Sources


def test_sources_are_numbered_and_every_number_leads_to_its_source(client):
    kratom = make.whole_subject()

    html = client.get(kratom.get_absolute_url()).content.decode()

    cited = {int(each) for each in re.findall(r'href="#source-(\d+)"', html)}
    listed = [int(each) for each in re.findall(r'id="source-(\d+)"', html)]
    assert listed == list(range(1, len(listed) + 1))
    assert cited == set(listed)


def test_a_source_cited_twice_keeps_its_number(client):
    kratom, source = make.substance(), make.source(name="The one study")
    for _ in range(2):
        make.safety_note(substance=kratom, source=source)

    html = client.get(kratom.get_absolute_url()).content.decode()

    assert html.count('href="#source-1"') == 2
    assert 'id="source-2"' not in html


def test_a_source_is_shown_with_author_and_year_and_leads_to_its_address(read):
    kratom = make.substance()
    source = make.source(
        name="A study", authors=["Doe J", "Roe R"], published="2016-05"
    )
    source.doi = "10.1021/jacs.6b00360"
    source.save()
    make.safety_note(substance=kratom, source=source)

    page = read(kratom)

    assert "A study, Doe J et al. 2016" in page.text
    assert source.get_absolute_url() in page.links
    assert "https://doi.org/10.1021/jacs.6b00360" in read(source).links


def test_a_second_source_of_a_safety_note_is_cited_too(read):
    kratom = make.substance()
    second = make.source(name="The second report")
    make.safety_note(substance=kratom, further_sources=[second])

    assert "The second report" in read(kratom).text


# Law


def test_a_row_of_law_has_status_date_instrument_source_and_day_of_check(read):
    kratom = make.substance()
    make.status(
        substance=kratom,
        region=make.region("US-AL", name="Alabama"),
        status="controlled",
        schedule="Schedule I",
        since="2016-05-10",
        instrument="Ala. Act 2016-140",
        source=make.source(name="Alabama register"),
        verified_on="2026-11-01",
    )

    row = read(law_of(kratom)).row("Alabama")

    for part in (
        "Controlled drug",
        "Schedule I",
        "10 May 2016",
        "Ala. Act 2016-140",
        "1 November 2026",
        "Alabama register",
    ):
        assert part in row


def test_law_that_comes_through_an_alkaloid_says_so(read):
    kratom = make.substance()
    base = make.alkaloid(slug="mitragynine")
    make.status(alkaloid=base, region=make.region(name="Vermont"), reaches=[kratom])

    assert "via mitragynine" in read(law_of(kratom)).row("Vermont")


def test_the_law_where_the_reader_is_is_told_in_a_sentence(read):
    kratom = make.substance(name="Kratom")
    us = make.region("US", name="United States")
    make.region("US-OH", name="Ohio", parent=us)
    make.status(
        substance=kratom,
        region=us,
        status="banned",
        since="2020",
        possession="unclear",
        sale="illegal",
    )

    text = read(kratom, **{"in": "US-OH"}).text

    assert "In Ohio: banned supply, since 2020." in text
    assert "by United States law" in text


def test_a_code_in_small_letters_is_understood(read):
    make.region("US-OH", name="Ohio")

    assert (
        "Nobody has checked the law on"
        in read(make.substance(), **{"in": "us-oh"}).text
    )


def test_the_name_of_a_place_is_understood(read):
    make.region("US-OH", name="Ohio")

    assert (
        "Nobody has checked the law on" in read(make.substance(), **{"in": "ohio"}).text
    )


@pytest.mark.parametrize("code", ["XX", "Atlantis", "<script>", "US-OH-1", "'"])
def test_a_region_that_there_is_not_is_told_in_a_sentence(client, code):
    make.region("US-OH", name="Ohio")

    response = client.get(make.substance().get_absolute_url(), {"in": code})

    page = Page(response.content.decode())
    assert response.status_code == 400
    assert f"in: there is no region {code!r}." in page.text
    assert "as TH or US-OH" in page.text
    assert "<script>" not in response.content.decode()


def test_a_bill_is_shown_as_a_change_that_may_come(read):
    kratom = make.substance()
    make.status(substance=kratom, is_pending=True, summary="A bill would ban its sale.")

    assert (
        "Changes that may come # bills and proposals are not law" in read(kratom).text
    )


def test_a_stale_rule_says_so(read):
    kratom = make.substance()
    make.status(
        substance=kratom, region=make.region(name="Ohio"), verified_on="2019-01-01"
    )

    assert "May be out of date: last verified 1 January 2019" in read(
        law_of(kratom)
    ).row("Ohio")


# Nothing known


@BOTH
def test_where_nothing_is_known_the_page_says_which_nothing(read, kind):
    text = read(getattr(make, kind)(summary="")).text

    for sentence in (
        "Nothing has been written about it yet.",
        "Benefit and harm: not assessed",
        "That says nothing about whether it helps, and does not mean that it is harmless.",
        "No safety notes yet",
        "Silence is not safety",
        "Not checked is not the same as allowed.",
        "Not yet reviewed by a second person.",
    ):
        assert sentence in text


def test_looked_for_and_not_found_differs_from_never_looked(read):
    looked, nobody = make.substance(), make.substance()
    make.evidence_item(assessment=make.assessment(substance=looked), design="in-vitro")

    assert "nothing is known about people" in read(looked).text
    assert "Nobody has assessed this here yet" in read(nobody).text


def test_an_amount_that_is_not_known_is_recorded_as_present(read):
    kratom = make.substance()
    make.occurrence(
        substance=kratom,
        alkaloid=make.alkaloid(name="Rarine"),
        low=None,
        high=None,
        unit="",
    )

    assert "recorded, no amount" in read(kratom).row("Rarine")


# An alkaloid has more


def test_an_alkaloid_shows_structure_targets_and_where_it_occurs(read):
    base = make.alkaloid(smiles=make.MITRAGYNINE)
    make.activity(alkaloid=base)
    make.occurrence(alkaloid=base, substance=make.substance(name="Kratom"))
    ExternalId.objects.create(
        alkaloid=base, scheme="pubchem", value="3034396", verification="verified"
    )

    page = read(base)

    assert "398.503 g/mol" in page.text
    assert "LELBFTMXCIIKKX-QVRQZEMUSA-N" in page.text
    assert "Ki 37 ± 4 nM" in page.row("mu-opioid receptor")
    assert "1–2 mg/g" in page.row("Kratom")
    assert "https://pubchem.ncbi.nlm.nih.gov/compound/3034396" in page.links


def test_the_drawing_of_an_alkaloid_is_a_picture(client):
    base = make.alkaloid()

    response = client.get(f"{base.get_absolute_url()}structure.svg")

    assert response.status_code == 200
    assert response["Content-Type"] == "image/svg+xml"
    assert response.content.startswith(b"<svg")


def test_the_drawing_of_a_draft_is_not_there(client):
    base = make.alkaloid(state="draft")

    assert client.get(f"{base.get_absolute_url()}structure.svg").status_code == 404


# What comes from people stays text


ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&"


def test_markup_in_a_record_is_shown_as_text(client):
    source = make.source(name=ATTACK, container=ATTACK, authors=[ATTACK])
    kratom = make.substance(
        name=ATTACK,
        summary=ATTACK,
        mechanism=ATTACK,
        approved_for=ATTACK,
        scientific_name=ATTACK,
        drug_class=ATTACK,
        synonyms=[ATTACK],
        tags=["a-tag"],
    )
    kratom.tags.first().__class__.objects.update(name=ATTACK)
    base = make.alkaloid(
        name=ATTACK, summary=ATTACK, chemical_class=ATTACK, origin=ATTACK
    )
    region = make.region(name=ATTACK, synonyms=[ATTACK])
    symptom = make.symptom(name=ATTACK, summary=ATTACK, note=ATTACK)
    assessment = make.assessment(
        substance=kratom, symptom=symptom, conclusion=ATTACK, comparator=ATTACK
    )
    make.evidence_item(
        assessment=assessment,
        source=source,
        finding=ATTACK,
        limits=ATTACK,
        population=ATTACK,
        comparator=ATTACK,
    )
    make.safety_note(
        substance=kratom,
        source=source,
        finding=ATTACK,
        figure=ATTACK,
        population=ATTACK,
    )
    status = {"source": source, "summary": ATTACK, "instrument": ATTACK, "form": ATTACK}
    make.status(substance=kratom, region=region, schedule=ATTACK, **status)
    make.status(substance=kratom, region=region, is_pending=True, **status)
    make.occurrence(
        substance=kratom, alkaloid=base, source=source, part=ATTACK, note=ATTACK
    )
    make.activity(
        alkaloid=base, source=source, target=ATTACK, action=ATTACK, note=ATTACK
    )
    make.pharmacokinetic(
        substance=kratom, source=source, parameter=ATTACK, value=ATTACK, note=ATTACK
    )
    make.variety(
        substance=kratom,
        source=source,
        name=ATTACK,
        seller_claim=ATTACK,
        finding=ATTACK,
        note=ATTACK,
    )
    claim = make.claim(
        substance=kratom, name=ATTACK, why=ATTACK, phrasings=[ATTACK], note=ATTACK
    )
    make.help_resource(region=region, name=ATTACK, phone=ATTACK, hours=ATTACK)
    ExternalId.objects.create(substance=kratom, scheme="wikidata", value=ATTACK[:40])

    addresses = [
        each.get_absolute_url()
        for each in (kratom, base, region, symptom, source, claim)
    ]
    addresses += ["/substances/", "/alkaloids/", "/symptoms/", "/sources/", "/claims/"]
    addresses += ["/regions/", "/help/", "/changes/", "/", "/tags/a-tag/"]
    addresses += [f"/compare/?a={kratom.slug}&b=alkaloid:{base.slug}"]
    addresses += [f"{kratom.get_absolute_url()}?in={region.code}"]
    for address in addresses:
        html = client.get(address).content.decode()
        assert "<script>alert" not in html, address
        assert "<img src=x" not in html, address
        assert "&amp;lt;" not in html, f"{address}: escaped twice"
