"""What must always hold: the database refuses it, and the forms say it in a sentence."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from kb.choices import Status
from kb.dates import PartialDate
from kb.models import (
    Activity,
    Alkaloid,
    Assessment,
    Claim,
    EvidenceItem,
    ExternalId,
    HelpResource,
    Occurrence,
    Pharmacokinetic,
    Region,
    RegulatoryStatus,
    SafetyNote,
    Source,
    Substance,
    Symptom,
    Synonym,
    Variety,
)
from tests import make

pytestmark = pytest.mark.django_db


def refused(change):
    """Tell whether the database itself refuses a change, and change nothing."""
    try:
        with transaction.atomic():
            change()
    except IntegrityError:
        return True
    return False


def sentences(row):
    """Return what a form would say about a row, or "" where it has nothing to say."""
    try:
        row.full_clean()
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def update(row, **values):
    """Write past the models, as SQL would."""
    return lambda: type(row)._default_manager.filter(pk=row.pk).update(**values)


MADE = {
    "status": make.status,
    "assessment": make.assessment,
    "safety note": make.safety_note,
    "pharmacokinetic": make.pharmacokinetic,
}


# One subject


@pytest.mark.parametrize("kind", MADE)
def test_a_statement_is_about_one_subject_never_two(kind):
    row = MADE[kind](substance=make.substance())
    row.alkaloid = make.alkaloid()

    assert refused(update(row, alkaloid=row.alkaloid))
    assert "exactly one subject" in sentences(row)


@pytest.mark.parametrize("kind", MADE)
def test_a_statement_is_never_about_nothing(kind):
    row = MADE[kind](substance=make.substance())
    row.substance = None

    assert refused(update(row, substance=None))
    assert "exactly one subject" in sentences(row)


@pytest.mark.parametrize("kind", MADE)
def test_the_subject_may_be_an_alkaloid(kind):
    alkaloid = make.alkaloid()
    row = MADE[kind](subject=alkaloid)

    assert row.subject == alkaloid
    assert sentences(row) == ""


def test_a_claim_is_about_one_subject_at_most():
    claim = make.claim(substance=make.substance())

    assert refused(update(claim, alkaloid=make.alkaloid()))
    assert not refused(update(claim, substance=None))


# Figures


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"low": 3.0, "high": 2.0}, "low end must not be above the high end"),
        ({"unit": ""}, "An amount needs a unit"),
        ({"low": None, "unit": ""}, "An amount needs a unit"),
        ({"low": -1.0}, "cannot be below nought"),
        ({"low": None, "high": -0.5}, "cannot be below nought"),
    ],
)
def test_an_amount_makes_sense(values, sentence):
    row = make.occurrence(low=1.0, high=2.0, unit="mg/g")
    for field, value in values.items():
        setattr(row, field, value)

    assert refused(update(row, **values))
    assert sentence in sentences(row)


@pytest.mark.parametrize(
    "values",
    [
        {"low": 2.0, "high": 2.0},
        {"low": None},
        {"high": None},
        {"low": None, "high": None, "unit": ""},
        {"low": 0.0, "high": 0.0},
    ],
)
def test_an_amount_may_be_a_point_a_bound_or_unknown(values):
    row = make.occurrence(**values)

    assert sentences(row) == ""


@pytest.mark.parametrize("values", [{"unit": ""}, {"parameter": ""}])
def test_a_measured_value_names_what_was_measured_in_which_unit(values):
    row = make.activity(value="37 ± 4", parameter="Ki", unit="nM")
    for field, value in values.items():
        setattr(row, field, value)

    assert refused(update(row, **values))
    assert "A value needs its parameter and its unit" in sentences(row)


@pytest.mark.parametrize("values", [{"threshold": 0.04}, {"threshold_unit": "mg/g"}])
def test_a_threshold_and_its_unit_come_together(values):
    row = make.status()
    for field, value in values.items():
        setattr(row, field, value)

    assert refused(update(row, **values))
    assert "A threshold needs its unit" in sentences(row)


@pytest.mark.parametrize("status", Status.values)
def test_a_rule_names_its_instrument_where_there_is_one(status):
    row = make.status(status=status)
    row.instrument = ""

    if status in ("uncontrolled", "unclear"):
        row.save()
    else:
        assert refused(update(row, instrument=""))
        assert "Name the act, order or rule" in sentences(row)


def test_no_molecule_weighs_nothing():
    alkaloid = make.alkaloid()

    assert refused(update(alkaloid, molar_mass=0))


@pytest.mark.parametrize("step", EvidenceItem.STEPS)
def test_a_step_of_grading_is_two_at_most(step):
    item = make.evidence_item()
    setattr(item, step, 3)

    assert refused(update(item, **{step: 3}))
    assert "A step down or up is 0, 1 or 2" in sentences(item)


# Time


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2016-05-10", "2016-05-09"),
        ("2016-05-10", "2016-04"),
        ("2016-05-10", "2015"),
        ("2018-05", "2017"),
        ("2018-05", "2018-04-30"),
        ("2018", "2017"),
        ("2018", "2017-12-31"),
    ],
)
def test_no_rule_ends_before_it_begins(since, until):
    row = make.status(since=since)
    row.until = PartialDate(until)

    assert refused(update(row, until=until))
    assert "until must not lie before since" in sentences(row)


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2016-05-10", "2016-05-10"),
        ("2016-05-10", "2016-05"),
        ("2018-05", "2018"),
        ("2018", "2018"),
        ("2018", "2018-01-01"),
        ("2018", "2019"),
        (None, "2018"),
        ("2018", None),
        (None, None),
    ],
)
def test_a_rule_may_end_as_soon_as_it_may_have_begun(since, until):
    row = make.status(since=since, until=until)

    assert sentences(row) == ""


# Assessments


OVERRIDE = {
    "override_level": "low",
    "override_reason": "Regulators acted on it.",
    "override_by": "A curator",
    "override_on": "2026-11-01",
}


@pytest.mark.parametrize(
    "missing", ["override_reason", "override_by", "override_on", "override_level"]
)
def test_an_override_needs_a_reason_a_name_and_a_day(missing):
    row = make.assessment()
    nothing = None if missing in ("override_on", "override_level") else ""
    for field, value in {**OVERRIDE, missing: nothing}.items():
        setattr(row, field, value)

    assert refused(update(row, **{**OVERRIDE, missing: nothing}))
    assert "An override needs a level, a reason, a name and a day" in sentences(row)


def test_a_whole_override_is_taken():
    row = make.assessment(**OVERRIDE)

    assert sentences(row) == ""
    assert row.level == "low"


@pytest.mark.parametrize("owner", ["substance", "alkaloid"])
def test_there_is_one_assessment_for_a_question(owner):
    subject = getattr(make, owner)()
    symptom = make.symptom()
    first = make.assessment(subject=subject, symptom=symptom)
    twin = Assessment(
        **{owner: subject},
        symptom=symptom,
        axis=first.axis,
        direction="worsens",
        conclusion="It is the other way round.",
    )

    assert refused(twin.save)
    assert "There is such an assessment already" in sentences(twin)


def test_another_comparator_or_axis_is_another_question():
    subject, symptom = make.substance(), make.symptom()
    make.assessment(subject=subject, symptom=symptom)
    make.assessment(subject=subject, symptom=symptom, comparator="methadone")
    make.assessment(subject=subject, symptom=symptom, axis="harm", direction="causes")

    assert subject.assessment_set.count() == 3


@pytest.mark.parametrize("design", ["rct", "cohort", "guideline"])
def test_only_a_review_states_a_level(design):
    item = make.evidence_item(design=design, stated_level="high")

    assert "Only a review can state a level" in sentences(item)


# Vocabularies


@pytest.mark.parametrize(
    ("maker", "field"),
    [
        (make.substance, "state"),
        (make.substance, "category"),
        (make.alkaloid, "state"),
        (make.symptom, "state"),
        (make.symptom, "kind"),
        (make.symptom, "severity"),
        (make.source, "state"),
        (make.source, "kind"),
        (make.source, "retraction"),
        (make.claim, "state"),
        (make.claim, "verdict"),
        (make.claim, "level"),
        (make.article, "state"),
        (make.region, "kind"),
        (make.assessment, "axis"),
        (make.assessment, "direction"),
        (make.assessment, "level"),
        (make.assessment, "suggested_level"),
        (make.evidence_item, "design"),
        (make.evidence_item, "direction"),
        (make.safety_note, "kind"),
        (make.safety_note, "severity"),
        (make.status, "status"),
        (make.status, "layer"),
        (make.status, "possession"),
        (make.status, "sale"),
        (make.status, "confidence"),
        (make.help_resource, "kind"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_a_word_outside_its_vocabulary_is_refused(maker, field):
    row = maker()
    setattr(row, field, "none-1")

    assert refused(update(row, **{field: "none-1"}))
    assert "none-1" in sentences(row) or field in sentences(row)


def test_silence_is_not_stored_as_an_empty_word():
    assert refused(update(make.assessment(), level=""))
    assert refused(update(make.status(), status=""))
    assert refused(update(make.claim(), verdict=""))


# Names


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


# Places


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


# Sources


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


# What makes itself


def test_keys_make_themselves_and_stay_apart():
    subject, source = make.substance(slug="kratom"), make.source(slug="anwar-2016")
    first, second, third = (
        make.safety_note(subject=subject, source=source) for _ in range(3)
    )

    assert first.key == "kratom.adverse-effect.anwar-2016"
    assert second.key == "kratom.adverse-effect.anwar-2016-2"
    assert third.key == "kratom.adverse-effect.anwar-2016-3"


def test_a_key_stays_when_what_it_was_made_of_changes():
    note = make.safety_note(subject=make.substance(slug="kratom"))
    before = note.key

    note.kind = "interaction"
    note.save()

    note.refresh_from_db()
    assert note.key == before


@pytest.mark.parametrize(
    "maker",
    [
        make.substance,
        make.alkaloid,
        make.symptom,
        make.source,
        make.claim,
        make.article,
        make.region,
        make.status,
        make.assessment,
        make.evidence_item,
        make.safety_note,
        make.occurrence,
        make.activity,
        make.pharmacokinetic,
        make.variety,
        make.help_resource,
    ],
    ids=lambda maker: maker.__name__,
)
def test_every_change_leaves_a_row_of_history(maker):
    row = maker()
    before = row.history.count()

    row.save()

    assert before >= 1
    assert row.history.count() == before + 1


def test_a_history_outlives_its_record():
    claim = make.claim(slug="C999")
    claim.delete()

    last = Claim.history.filter(slug="C999").latest()

    assert last.history_type == "-"


@pytest.mark.parametrize(
    "model", [Substance, Alkaloid, Symptom, Source, Claim], ids=lambda m: m.__name__
)
def test_published_means_published_and_nothing_else(model):
    for state in ("draft", "in-review", "published", "withdrawn"):
        getattr(make, model.KIND)(state=state)

    assert {each.state for each in model.objects.published()} == {"published"}


def test_a_number_is_confirmed_only_when_somebody_saw_it():
    confirmed = [
        HelpResource(verification=word).is_confirmed
        for word in ("verified", "partial", "unverified")
    ]

    assert confirmed == [True, False, False]
