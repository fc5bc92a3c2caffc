"""An override of a level: it wins, it is shown, and when somebody has to look again."""

from __future__ import annotations

import datetime

import pytest
from django.core.management import call_command

from kb import evidence
from kb.dates import PartialDate
from tests import make
from tests.kb.stored import now

pytestmark = pytest.mark.django_db


def test_an_override_wins_and_the_rule_stays_beside_it():
    assessment = make.assessment(
        override_level="low",
        override_reason="Regulators acted on these cases.",
        override_by="A curator",
        override_on="2026-11-01",
    )

    make.evidence_item(assessment=assessment, design="case-report", n=1)

    found = now(assessment)
    assert (found.level, found.suggested_level) == ("low", "very-low")
    assert found.is_overridden


def test_an_override_is_shown_with_its_reason_and_the_rule_s_own_level(client):
    assessment = make.assessment(
        override_level="low",
        override_reason="Regulators acted on these cases.",
        override_by="A curator",
        override_on="2026-11-01",
    )
    make.evidence_item(assessment=assessment, design="case-report", n=1)

    page = client.get(assessment.get_absolute_url()).content.decode()

    assert "The rule gives <strong>very low</strong>" in page
    assert "a curator set <strong>low</strong>" in page
    assert "Regulators acted on these cases." in page
    assert "(A curator, 1 November 2026)" in page


def test_an_override_that_agrees_with_the_rule_is_no_difference():
    assessment = make.assessment(items=2)
    assessment.override_level = now(assessment).suggested_level
    assessment.override_reason, assessment.override_by = "It is so.", "A curator"
    assessment.override_on = "2026-11-01"
    assessment.save()

    assert not now(assessment).is_overridden


def test_a_withdrawn_override_leaves_the_level_of_the_rule():
    assessment = make.assessment(
        items=2,
        override_level="very-low",
        override_reason="Doubt.",
        override_by="A curator",
        override_on="2026-11-01",
    )
    assessment = now(assessment)
    assert assessment.level == "very-low"

    assessment.override_level = assessment.override_on = None
    assessment.override_reason = assessment.override_by = ""
    assessment.save()

    assert now(assessment).level == "high"


OVERRIDE = {
    "override_level": "low",
    "override_reason": "Regulators acted on these cases.",
    "override_by": "A curator",
    "override_on": "2026-11-01",
}


def test_an_item_that_changes_opens_the_override_again():
    assessment = make.assessment(items=1)
    for name, value in OVERRIDE.items():
        setattr(assessment, name, value)
    assessment.save()
    assert not now(assessment).needs_review

    item = assessment.items.get()
    item.limits = "Half of them left."
    item.save()

    assert now(assessment).needs_review
    assert evidence.open_overrides() == [assessment]


def test_what_comes_in_with_its_override_is_not_open():
    with evidence.recomputing_once():
        assessment = make.assessment(items=2, **OVERRIDE)

    assert not now(assessment).needs_review
    assert evidence.open_overrides(datetime.date(2026, 11, 24)) == []


def test_an_override_set_together_with_a_change_is_not_open():
    assessment = make.assessment(items=1)
    with evidence.recomputing_once():
        make.evidence_item(assessment=assessment)
        assessment = now(assessment)
        for name, value in OVERRIDE.items():
            setattr(assessment, name, value)
        assessment.save()

    assert not now(assessment).needs_review


@pytest.mark.parametrize(
    ("set_on", "day", "is_open"),
    [
        ("2026-11-01", "2028-10-31", False),
        ("2026-11-01", "2028-11-01", True),
        ("2024-02-29", "2026-02-27", False),
        ("2024-02-29", "2026-02-28", True),
        ("2026-11", "2028-11-29", False),
        ("2026-11", "2028-11-30", True),
        ("2026", "2028-12-31", True),
    ],
)
def test_an_override_is_open_after_two_years(set_on, day, is_open):
    assessment = make.assessment(**{**OVERRIDE, "override_on": PartialDate(set_on)})

    on = datetime.date.fromisoformat(day)
    assert evidence.override_is_open(assessment, on) == is_open


def test_a_level_without_an_override_is_never_open():
    assessment = make.assessment(items=1)
    assessment.needs_review = True

    assert not evidence.override_is_open(assessment, datetime.date(2099, 1, 1))
    assert list(type(assessment).objects.overridden()) == []


def test_the_command_lists_each_override_with_both_levels(capsys):
    assessment = make.assessment(items=1, **OVERRIDE)

    call_command("overrides")

    told = capsys.readouterr().out
    assert (
        f"{assessment} (Does it help?): the rule gives high, A curator set low" in told
    )
    assert "Regulators acted on these cases." in told


def test_the_command_tells_when_there_is_none(capsys):
    call_command("overrides", "--open")

    assert capsys.readouterr().err == "There is none.\n"
