"""What /method/ says is what the rule does."""

from __future__ import annotations

import pytest

from kb import method
from kb.choices import Level, StudyDesign
from kb.grading.designs import REVIEWS, START
from kb.grading.suggestion import Basis
from kb.regulation.staleness import LIMITS

EXAMPLES = [example for rule in method.RULES for example in rule.examples]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.what)
def test_the_rule_gives_what_the_example_promises(example):
    assert example.worked.level == example.gives


def test_every_way_to_a_level_has_an_example():
    assert {example.worked.basis for example in EXAMPLES} == set(Basis)


def test_every_level_has_an_example_and_a_meaning():
    assert {example.worked.level for example in EXAMPLES} == set(Level)
    assert set(method.LEVEL_MEANS) == set(Level)


def test_every_design_is_said_to_start_somewhere_or_to_be_context():
    named = [name for _, _, designs in method.starts() for name in designs]
    named += method.context_only()

    expected = [str(each.label) for each in StudyDesign if each not in REVIEWS]
    assert sorted(named) == sorted(expected)


@pytest.mark.django_db
def test_the_page_shows_each_rule_with_what_the_rule_makes_of_its_examples(read):
    text = read("/method/").text

    for rule in method.RULES:
        assert rule.said in text
    for example in EXAMPLES:
        assert example.said in text
        for step in example.worked.steps:
            assert " ".join(step.text.split()) in text
    for meaning in method.LEVEL_MEANS.values():
        assert meaning in text


@pytest.mark.django_db
def test_a_changed_rule_changes_the_page(read, monkeypatch):
    before = read("/method/").text
    monkeypatch.setitem(START, StudyDesign.SURVEY, 2)

    after = read("/method/?again").text

    assert "Starts at very low: cross-sectional survey." in before
    assert "Starts at low: cross-sectional survey." in after


@pytest.mark.django_db
def test_the_page_says_how_long_each_check_of_the_law_holds(read):
    page = read("/method/")

    for limit in LIMITS:
        row = page.row(limit.says[1:])
        assert row.endswith(f" {limit.days}")
