"""The desk refuses nonsense, and says in words why."""

from __future__ import annotations

import pytest

from kb.models import EvidenceItem, Region, Source
from tests.desk import change, errors_of, page, send
from tests.kb import numbered

pytestmark = pytest.mark.django_db


def test_two_subjects_are_refused(desk):
    response = send(desk, change(numbered.status()), alkaloid=numbered.alkaloid().pk)

    assert "exactly one subject" in errors_of(response)


def test_no_subject_is_refused(desk):
    response = send(desk, change(numbered.status()), substance=None)

    assert "exactly one subject" in errors_of(response)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"since": "2020-05", "until": "2019"}, "until must not lie before since"),
        (
            {"until": "2016-13"},
            "'2016-13' is not a date as 2016, 2016-05 or 2016-05-10",
        ),
        ({"until": "last year"}, "is not a date as"),
        ({"threshold": "2"}, "A threshold needs its unit"),
        ({"threshold_unit": "%"}, "A threshold needs its unit"),
        ({"summary": "  "}, "This field is required"),
        ({"instrument": ""}, "Name the act, order or rule"),
        ({"source": None}, "This field is required"),
        ({"min_age": "200"}, "less than or equal to 99"),
        ({"status": "fine"}, "is not one of the available choices"),
    ],
)
def test_a_status_that_makes_no_sense_is_refused(desk, changes, sentence):
    row = numbered.status()

    assert sentence in errors_of(send(desk, change(row), **changes))
    assert row.history.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"override_level": "high"},
        {"override_reason": "Because."},
        {"override_level": "high", "override_by": "M.", "override_on": "2026-01-01"},
    ],
)
def test_an_override_without_its_reason_is_refused(desk, changes):
    response = send(desk, change(numbered.assessment()), **changes)

    assert "An override needs a level, a reason, a name and a day" in errors_of(
        response
    )


def test_the_same_assessment_twice_is_refused(desk):
    first, second = numbered.assessment(1), numbered.assessment(2)

    response = send(
        desk, change(second), substance=first.substance_id, symptom=first.symptom_id
    )

    assert "There is such an assessment already" in errors_of(response)


def test_an_item_without_its_source_is_refused(desk):
    response = send(
        desk,
        change(numbered.assessment()),
        **{
            "items-TOTAL_FORMS": 1,
            "items-0-design": "rct",
            "items-0-direction": "improves",
            "items-0-finding": "Less pain.",
            "items-0-verification": "verified",
            "items-0-preparation": "not-stated",
            **{f"items-0-{step}": 0 for step in EvidenceItem.STEPS},
        },
    )

    assert "source" in errors_of(response)
    assert not EvidenceItem.objects.exists()


def test_three_steps_are_refused(desk):
    response = send(desk, change(numbered.item()), risk_of_bias=3)

    assert "A step down or up is 0, 1 or 2." in errors_of(response)


@pytest.mark.parametrize("smiles", ["rubbish", "C1CC", "CN(C)(C)(C)C", "", "   "])
def test_a_structure_that_is_none_is_refused(desk, smiles):
    row = numbered.alkaloid()

    assert "smiles" in errors_of(send(desk, change(row), smiles=smiles))


def test_a_molecule_that_is_here_already_is_refused(desk):
    first, second = numbered.alkaloid(1), numbered.alkaloid(2)

    response = send(desk, change(second), smiles=first.smiles)

    assert "Base 1 has this structure already" in errors_of(response)


def test_a_region_below_itself_is_refused(desk):
    above = numbered.region(1)
    below = numbered.region(2, parent=above)

    assert "below itself" in errors_of(send(desk, change(above), parent=above.pk))
    assert "below itself" in errors_of(send(desk, change(above), parent=below.pk))


def test_a_region_code_that_is_none_is_refused(desk):
    response = send(
        desk, page("add", Region), code="Ohio", name="Ohio", kind="subdivision"
    )

    assert "An ISO 3166 code" in errors_of(response)


def test_a_symptom_in_itself_is_refused(desk):
    whole, part = numbered.symptom(1), numbered.symptom(2)
    part.part_of.add(whole)

    assert "part of itself" in errors_of(send(desk, change(whole), part_of=[whole.pk]))
    assert "part of itself" in errors_of(send(desk, change(whole), part_of=[part.pk]))


def test_the_same_name_twice_is_refused(desk):
    row = {"name": "Same", "kind": "common", "language": "en"}
    twice = {
        f"synonyms-{n}-{field}": text for n in (0, 1) for field, text in row.items()
    }

    response = send(
        desk, change(numbered.substance()), **{"synonyms-TOTAL_FORMS": 2, **twice}
    )

    assert "stands here twice" in errors_of(response)


def test_a_claim_about_two_subjects_is_refused(desk):
    response = send(desk, change(numbered.claim()), alkaloid=numbered.alkaloid().pk)

    assert "at most one subject" in errors_of(response)


def test_an_amount_without_unit_is_refused(desk):
    row = numbered.occurrence()

    assert "An amount needs a unit" in errors_of(send(desk, change(row), low="1"))
    response = send(desk, change(row), low="3", high="1", unit="%")
    assert "must not be above" in errors_of(response)


def test_a_taken_slug_and_a_taken_doi_are_refused(desk):
    numbered.source(1, doi="10.1000/x")

    response = send(
        desk,
        page("add", Source),
        slug="doe-1",
        name="Another",
        kind="book",
        doi="https://doi.org/10.1000/X",
    )

    assert "Source with this Slug already exists" in errors_of(response)
    assert "Source with this DOI already exists" in errors_of(response)
