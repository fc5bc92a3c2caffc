"""What must always hold of a fact: one subject, figures that make sense, days in order."""

from __future__ import annotations

import pytest

from kb.choices import Status
from kb.dates import PartialDate
from kb.models import (
    EvidenceItem,
)
from tests import make
from tests.kb.constraints import refused, sentences, update

pytestmark = pytest.mark.django_db
MADE = {
    "status": make.status,
    "assessment": make.assessment,
    "safety note": make.safety_note,
    "pharmacokinetic": make.pharmacokinetic,
}


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
