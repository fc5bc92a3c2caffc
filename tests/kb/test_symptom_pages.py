"""The page of a symptom, as a reader gets it."""

from __future__ import annotations

import pytest

from tests import make

pytestmark = pytest.mark.django_db


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
