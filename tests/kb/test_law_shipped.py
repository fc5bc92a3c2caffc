"""The law of the shipped dataset: the right answer for the right reason.

Asked as of a fixed day after the rows were checked, so that no answer wears out here.
"""

from __future__ import annotations

import datetime

import pytest

from kb import law, places, regulation
from kb.models import Region, RegulatoryStatus, Substance

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]

TODAY = datetime.date(2026, 11, 22)


def holds(code: str, on: datetime.date = TODAY, slug: str = "kratom"):
    subject = Substance.objects.get(slug=slug)
    tree = places.RegionTree()
    return regulation.effective_status(
        law.rules_bearing_on(subject),
        subject=subject.record_key,
        chain=tree.chain(tree.by_code[code]),
        on=on,
        today=TODAY,
    )


@pytest.mark.parametrize(
    ("on", "status", "possession", "key"),
    [
        ((2021, 8, 23), "controlled", "illegal", "kratom.TH.1943.controlled"),
        ((2021, 8, 24), "uncontrolled", "legal", "kratom.TH.2021-08-24.uncontrolled"),
        (
            (2022, 8, 27),
            "regulated-sale",
            "legal",
            "kratom.TH.2022-08-27.regulated-sale",
        ),
        (
            (2026, 11, 22),
            "regulated-sale",
            "legal",
            "kratom.TH.2025-10-12.regulated-sale",
        ),
    ],
)
def test_thailand_before_and_after_it_left_the_narcotics_list(
    on, status, possession, key
):
    found = holds("TH", datetime.date(*on))

    assert (found.status, found.possession, found.rule.key) == (status, possession, key)
    assert found.inherited_from is None


def test_thailand_still_licenses_imports_under_the_older_of_two_rules():
    found = holds("TH")

    assert len(found.layers) == 2
    assert (found.importing, found.since) == ("restricted", "2025-10-12")


def test_growing_was_banned_in_thailand():
    assert holds("TH", datetime.date(2000, 1, 1)).cultivation == "illegal"


@pytest.mark.parametrize(
    ("on", "status", "possession", "min_age"),
    [
        ((2026, 3, 31), "controlled", "illegal", None),
        ((2026, 4, 1), "regulated-sale", "legal", 21),
    ],
)
def test_rhode_island_before_and_after_its_licensing_act(
    on, status, possession, min_age
):
    found = holds("US-RI", datetime.date(*on))

    assert (found.status, found.possession, found.min_age) == (
        status,
        possession,
        min_age,
    )
    assert found.inherited_from is None
    assert found.because[0].startswith("Rhode Island: ")


def test_a_californian_city_is_stricter_than_its_state():
    city, state = holds("US-CA/newport-beach"), holds("US-CA")

    assert (city.status, city.possession, city.inherited_from) == (
        "banned",
        "legal",
        None,
    )
    assert city.because[0].startswith("Newport Beach: banned supply")
    assert (state.status, state.inherited_from) == ("no-authorised-product", None)
    assert {rule.region for rule in city.layers} == {
        "US-CA/newport-beach",
        "US-CA",
        "US",
    }


def test_a_state_without_a_row_has_what_federal_law_says():
    with_rows = set(RegulatoryStatus.objects.values_list("region__code", flat=True))
    states = Region.objects.filter(parent__code="US").exclude(code__in=with_rows)
    kratom_rows = RegulatoryStatus.objects.bearing_on(
        Substance.objects.get(slug="kratom")
    )
    without = (
        Region.objects.filter(parent__code="US")
        .exclude(code__in=kratom_rows.values("region__code"))
        .first()
        or states.first()
    )
    assert without is not None, "every state has a row: choose another example"

    found = holds(without.code)

    assert (found.status, found.inherited_from) == ("no-authorised-product", "US")
    assert found.importing == "restricted"  # the federal import alert
    assert found.because[0].startswith("United States: no authorised product")


def test_a_country_without_a_row_is_not_checked():
    found = holds("AQ")

    assert (found.status, found.rule) == ("not-checked", None)
    assert "not checked" in found.because[0]


def test_an_offence_is_not_softened_by_what_others_say_of_import():
    found = holds("US-AL")

    assert (found.status, found.possession) == ("controlled", "illegal")
    assert found.importing == "not-stated"


def test_products_fall_under_the_law_on_their_alkaloid():
    found = holds("SG", slug="7-oh-products")

    assert (found.status, found.via) == ("controlled", "7-hydroxymitragynine")
    assert found.importing == "illegal"


@pytest.mark.parametrize(
    ("old", "now"),
    [("BU", "MM"), ("DD", "DE"), ("ZR", "CD"), ("TP", "TL"), ("YD", "YE")],
)
def test_retired_codes_resolve(old, now):
    assert places.RegionTree().find(old).code == now


def test_no_retired_code_is_in_use_or_has_two_successors():
    tree = places.RegionTree()
    retired = [code for each in tree.by_pk.values() for code in each.retired_codes]

    assert len(retired) == len(set(retired))
    assert not set(retired) & set(tree.by_code)
