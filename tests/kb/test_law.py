"""What holds where, asked of the database. The rules alone: test_regulation_*.py."""

from __future__ import annotations

import datetime

import pytest

from kb import law, places
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def states():
    us = make.region("US", name="United States")
    return {
        "us": us,
        "al": make.region("US-AL", name="Alabama", parent=us),
        "ca": make.region("US-CA", name="California", parent=us),
        "oh": make.region("US-OH", name="Ohio", parent=us),
    }


@pytest.fixture
def kratom():
    return make.substance(slug="kratom", name="Kratom")


@pytest.fixture
def mitragynine():
    return make.alkaloid(
        slug="mitragynine", name="Mitragynine", smiles=make.MITRAGYNINE
    )


def test_the_law_on_an_alkaloid_reaches_the_plant(states, kratom, mitragynine):
    make.status(
        subject=mitragynine,
        region=states["al"],
        status="controlled",
        schedule="Schedule I",
        since="2016-05-10",
        reaches=[kratom],
    )

    found = law.effective_in(kratom, states["al"])

    assert (found.status, found.schedule) == ("controlled", "Schedule I")
    assert (found.via, found.inherited_from) == ("mitragynine", None)
    assert found.since == "2016-05-10"
    assert any("by its law on mitragynine" in each for each in found.because)


def test_the_law_on_an_alkaloid_reaches_no_plant_by_itself(states, kratom, mitragynine):
    make.occurrence(substance=kratom, alkaloid=mitragynine)
    make.status(subject=mitragynine, region=states["al"])

    assert law.effective_in(kratom, states["al"]).status == "not-checked"
    assert law.effective_in(mitragynine, states["al"]).status == "controlled"


def test_the_law_on_a_plant_says_nothing_of_its_alkaloid(states, kratom, mitragynine):
    make.status(subject=kratom, region=states["al"])

    assert law.effective_in(mitragynine, states["al"]).status == "not-checked"


def test_a_state_inherits_from_the_country(states, kratom):
    make.status(
        subject=kratom, region=states["us"], status="banned", layer="supply-law"
    )

    found = law.effective_in(kratom, states["oh"])

    assert (found.status, found.inherited_from) == ("banned", "US")
    assert law.effective_in(kratom, states["us"]).inherited_from is None


def test_a_country_never_inherits_from_its_states(states, kratom):
    make.status(subject=kratom, region=states["al"])

    assert law.effective_in(kratom, states["us"]).status == "not-checked"
    assert law.effective_in(kratom, states["oh"]).status == "not-checked"


def test_the_strictest_that_binds_the_holder_decides(states, kratom):
    make.status(
        subject=kratom,
        region=states["us"],
        status="no-authorised-product",
        layer="food-law",
    )
    make.status(
        subject=kratom,
        region=states["oh"],
        status="age-limit",
        layer="age-rule",
        min_age=18,
    )

    found = law.effective_in(kratom, states["oh"])

    assert (found.status, found.min_age, found.inherited_from) == (
        "age-limit",
        18,
        None,
    )
    assert [rule.status for rule in found.layers] == [
        "no-authorised-product",
        "age-limit",
    ]


def test_no_row_is_not_checked_and_says_so(states, kratom):
    found = law.effective_in(kratom, states["oh"])

    assert found.status == "not-checked"
    assert found.rule is None
    assert "not checked" in found.because[0]


def test_a_past_and_a_future_day_have_the_law_of_their_time(states, kratom):
    make.status(
        subject=kratom,
        region=states["oh"],
        since="2016",
        until="2019",
        status="controlled",
    )
    make.status(subject=kratom, region=states["oh"], since="2020", status="age-limit")

    def status_on(*day):
        return law.effective_in(kratom, states["oh"], on=datetime.date(*day)).status

    assert status_on(2015, 12, 31) == "not-checked"
    assert status_on(2016, 1, 1) == status_on(2019, 12, 31) == "controlled"
    assert status_on(2020, 1, 1) == "age-limit"


def test_a_bill_is_change_coming_and_no_law(states, kratom):
    make.status(subject=kratom, region=states["oh"], is_pending=True, since=None)

    found = law.effective_in(kratom, states["oh"])

    assert found.status == "not-checked"
    assert [rule.status for rule in found.change_coming] == ["controlled"]


def test_everywhere_lists_places_with_a_rule_of_their_own_by_name(states, kratom):
    thailand = make.region("TH", name="Thailand")
    for region in (thailand, states["us"], states["oh"], states["al"]):
        make.status(subject=kratom, region=region)

    codes = [holding.region.code for holding in law.everywhere(kratom)]

    assert codes == ["TH", "US", "US-AL", "US-OH"]


def test_everywhere_minds_what_stands_above(states, kratom):
    make.status(subject=kratom, region=states["us"], status="controlled")
    make.status(
        subject=kratom, region=states["oh"], status="age-limit", layer="age-rule"
    )

    found = {each.region.code: each.effective for each in law.everywhere(kratom)}

    assert found["US-OH"].status == "controlled"
    assert found["US-OH"].inherited_from == "US"


def test_in_region_lists_every_subject_strictest_first(states, kratom, mitragynine):
    tea = make.substance(name="A tea")
    make.status(subject=mitragynine, region=states["al"], reaches=[kratom])
    make.status(
        subject=tea, region=states["us"], status="uncontrolled", possession="legal"
    )

    found = law.in_region(states["al"])

    assert [(each.subject, each.effective.status) for each in found] == [
        (kratom, "controlled"),
        (mitragynine, "controlled"),
        (tea, "uncontrolled"),
    ]
    assert found[-1].effective.inherited_from == "US"


def test_in_region_agrees_with_effective_in(states, kratom, mitragynine):
    make.status(subject=mitragynine, region=states["us"], reaches=[kratom])
    make.status(subject=kratom, region=states["oh"], status="banned")

    for holding in law.in_region(states["oh"]):
        assert holding.effective == law.effective_in(holding.subject, states["oh"])


def test_in_region_leaves_out_what_readers_may_not_see(states):
    make.status(subject=make.substance(state="draft"), region=states["al"])

    assert law.in_region(states["al"]) == []


def test_the_table_agrees_with_every_single_answer(states, kratom, mitragynine):
    make.status(subject=mitragynine, region=states["us"], reaches=[kratom])
    make.status(subject=kratom, region=states["oh"], status="banned")
    make.status(subject=kratom, region=states["ca"], is_pending=True, since=None)
    subjects, regions = [kratom, mitragynine, make.substance()], list(states.values())

    rows = list(law.table(subjects, regions))

    for subject, row in zip(subjects, rows, strict=True):
        assert row == law.in_regions(subject, regions)
        for holding in row:
            assert holding.subject == subject
            assert holding.effective == law.effective_in(subject, holding.region)


def test_a_moment_means_the_law_of_the_day_that_was_recorded():
    day, earlier = datetime.date(2026, 3, 1), datetime.date(2024, 5, 1)

    assert law.Moment(as_of=day).day == day
    assert law.Moment(on=earlier, as_of=day).day == earlier
    assert (law.NOW.day, law.NOW.known_on) == (law.today(), law.today())
    assert not law.NOW


# What it costs


@pytest.fixture
def much_law(states, kratom, mitragynine):
    for region in states.values():
        for _ in range(3):
            make.status(subject=kratom, region=region)
        make.status(subject=mitragynine, region=region, reaches=[kratom])
    for region in (states["us"], states["al"]):
        for _ in range(5):
            make.status(subject=make.substance(), region=region)


@pytest.mark.usefixtures("much_law")
def test_law_costs_as_few_queries_as_its_docstrings_say(
    states, kratom, django_assert_num_queries
):
    with django_assert_num_queries(1):  # all regions
        tree = places.RegionTree()
    with django_assert_num_queries(1):  # rules with region, source, subject
        rules = law.rules_bearing_on(kratom)
    with django_assert_num_queries(2):  # rules; regions
        law.effective_in(kratom, states["al"])
    with django_assert_num_queries(0):
        law.effective_with(kratom, states["al"], rules=rules, tree=tree)
    with django_assert_num_queries(2):  # rules; regions
        law.everywhere(kratom)
    with django_assert_num_queries(0):
        law.everywhere(kratom, tree=tree, rules=rules)
    with django_assert_num_queries(3):  # rules; what they reach; regions
        list(law.table([kratom], states.values()))


@pytest.mark.usefixtures("much_law")
def test_in_region_costs_at_most_four_queries(states, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):  # regions; rows; what they reach
        law.in_region(states["al"])
