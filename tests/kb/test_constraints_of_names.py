"""What must always hold of names, identifiers, places and sources."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from kb.models import (
    Activity,
    EvidenceItem,
    ExternalId,
    Occurrence,
    Pharmacokinetic,
    Region,
    RegulatoryStatus,
    SafetyNote,
    Synonym,
    Variety,
)
from tests import make
from tests.kb.constraints import refused, sentences, update

pytestmark = pytest.mark.django_db


def test_a_synonym_names_one_record_only():
    kratom, ache = make.substance(), make.symptom()

    assert refused(
        lambda: Synonym.objects.create(substance=kratom, symptom=ache, name="ketum")
    )
    assert refused(lambda: Synonym.objects.create(name="ketum"))


def test_one_name_of_one_kind_stands_once():
    kratom = make.substance(synonyms=["ketum"])

    assert refused(lambda: Synonym.objects.create(substance=kratom, name="ketum"))
    assert not refused(
        lambda: Synonym.objects.create(substance=kratom, name="ketum", kind="local")
    )
    assert not refused(
        lambda: Synonym.objects.create(substance=make.substance(), name="ketum")
    )


def test_an_external_id_is_of_one_record_in_a_known_register():
    kratom, base = make.substance(), make.alkaloid()

    assert refused(
        lambda: ExternalId.objects.create(
            substance=kratom, alkaloid=base, scheme="wikidata", value="Q1"
        )
    )
    assert refused(lambda: ExternalId.objects.create(scheme="wikidata", value="Q1"))
    assert refused(
        lambda: ExternalId.objects.create(substance=kratom, scheme="ebay", value="Q1")
    )


@pytest.mark.parametrize(
    "maker",
    [
        make.substance,
        make.alkaloid,
        make.symptom,
        make.source,
        make.claim,
        make.article,
    ],
    ids=lambda maker: maker.__name__,
)
def test_a_slug_belongs_to_one_record_of_a_kind(maker):
    first = maker()

    assert refused(lambda: maker(slug=first.slug))


def test_two_alkaloids_never_share_a_structure():
    make.alkaloid(smiles=make.MITRAGYNINE)

    assert refused(lambda: make.alkaloid(smiles=make.MITRAGYNINE))


def test_a_smiles_that_is_none_is_told_at_its_field():
    alkaloid = make.alkaloid()
    alkaloid.smiles = "kratom"

    with pytest.raises(ValidationError) as refusal:
        alkaloid.full_clean()

    assert "cannot be read as a SMILES" in refusal.value.message_dict["smiles"][0]


@pytest.mark.parametrize("field", ["doi", "pmid", "url"])
def test_an_identifier_that_is_not_known_is_null_so_that_two_may_lack_it(field):
    make.source(**{field: None})
    source = make.source(**{field: None})

    assert refused(update(source, **{field: ""}))


@pytest.mark.parametrize(
    ("field", "value"), [("doi", "10.1021/x"), ("pmid", "27192616")]
)
def test_a_doi_and_a_pmid_name_one_source(field, value):
    make.source(**{field: value})

    assert refused(lambda: make.source(**{field: value}))


def test_a_doi_pasted_as_an_address_is_cut_to_the_doi():
    source = make.source()
    source.doi = "https://doi.org/10.1021/JACS.6B00360"

    source.full_clean()

    assert source.doi == "10.1021/jacs.6b00360"


def test_a_region_never_lies_in_itself():
    region = make.region()
    region.parent = region

    assert refused(update(region, parent=region))
    assert "below itself" in sentences(region)


def test_regions_never_form_a_circle():
    country = make.region("US")
    state = make.region("US-AL", parent=country)
    country.parent = state

    assert "below itself" in sentences(country)


@pytest.mark.parametrize("code", ["usa", "us", "US-ALAB", "US_AL", "US-AL/", "US/A B"])
def test_a_code_that_is_none_is_refused(code):
    assert "ISO 3166" in sentences(Region(code=code, name="A place", kind="country"))


@pytest.mark.parametrize(
    "model",
    [
        Activity,
        EvidenceItem,
        Occurrence,
        Pharmacokinetic,
        RegulatoryStatus,
        SafetyNote,
        Variety,
    ],
    ids=lambda model: model.__name__,
)
def test_no_fact_stands_without_a_source(model):
    makers = {
        Activity: make.activity,
        EvidenceItem: make.evidence_item,
        Occurrence: make.occurrence,
        Pharmacokinetic: make.pharmacokinetic,
        RegulatoryStatus: make.status,
        SafetyNote: make.safety_note,
        Variety: make.variety,
    }
    fact = makers[model]()

    assert refused(update(fact, source=None))
    fact.source = None
    assert "cannot be null" in sentences(fact)


def test_a_source_that_something_rests_on_cannot_be_deleted():
    item = make.evidence_item()

    with pytest.raises(ProtectedError):
        item.source.delete()


@pytest.mark.parametrize(
    ("maker", "field"),
    [
        (make.evidence_item, "finding"),
        (make.safety_note, "finding"),
        (make.status, "summary"),
        (make.assessment, "conclusion"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_no_statement_is_empty(maker, field):
    row = maker()
    setattr(row, field, "")

    assert refused(update(row, **{field: ""}))
    assert "blank" in sentences(row)
