"""Which rule decides for a subject in a region, by examples."""

from __future__ import annotations

from datetime import date

import pytest

from kb.choices import Confidence, Layer, LocalRules, Permission
from kb.regulation import (
    NOT_CHECKED,
)
from tests.kb.legal_rules import MITRAGYNINE, TODAY, found, rule


@pytest.mark.parametrize(
    ("state", "federal", "status", "inherited_from"),
    [
        ([], [], NOT_CHECKED, None),
        (["uncontrolled"], [], "uncontrolled", None),
        ([], ["uncontrolled"], "uncontrolled", "US"),
        ([], ["no-authorised-product", "uncontrolled"], "no-authorised-product", "US"),
        (["uncontrolled"], ["no-authorised-product"], "no-authorised-product", "US"),
        (["regulated-sale"], ["no-authorised-product"], "regulated-sale", None),
        (["age-limit"], ["no-authorised-product"], "age-limit", None),
        (["age-limit", "regulated-sale"], [], "regulated-sale", None),
        (["uncontrolled"], ["controlled"], "controlled", "US"),
        (["controlled"], ["controlled"], "controlled", None),
        (["unclear"], ["regulated-sale"], "unclear", None),
        (["regulated-sale"], ["unclear"], "unclear", "US"),
        (["unclear"], ["prescription-only"], "unclear", None),
        (["unclear"], ["no-authorised-product"], "unclear", None),
        (["unclear"], ["banned"], "banned", "US"),
        (["unclear"], ["controlled"], "controlled", "US"),
    ],
)
def test_the_deciding_rule(state, federal, status, inherited_from):
    rules = [rule(each) for each in state] + [rule(each, "US") for each in federal]

    result = found(*rules)

    assert (result.status, result.inherited_from) == (status, inherited_from)
    assert len(result.layers) == len(rules)


def test_no_row_is_not_checked_and_reassures_nobody():
    result = found()

    assert result.status == NOT_CHECKED
    assert result.rule is None
    assert result.possession == Permission.UNCLEAR
    assert "not checked" in result.because[0]


def test_alabama_reaches_the_leaf_by_its_law_on_mitragynine():
    listed = rule(
        "controlled",
        "US-AL",
        subject=MITRAGYNINE,
        schedule="Schedule I",
        layer=Layer.DRUG_LAW,
        possession=Permission.ILLEGAL,
        since="2016-05-10",
    )
    federal = rule("no-authorised-product", "US", layer=Layer.FOOD_LAW)

    result = found(federal, listed, chain=("US-AL", "US"))

    assert (result.status, result.via, result.inherited_from) == (
        "controlled",
        "mitragynine",
        None,
    )
    assert (result.schedule, result.possession) == ("Schedule I", "illegal")
    assert result.since == "2016-05-10"
    assert result.layers == (listed, federal)
    assert result.because[0] == (
        "Alabama, by its law on mitragynine: controlled drug, Schedule I, since "
        "2016-05-10. This decides: the strictest rule that binds who holds it."
    )
    assert result.because[1].startswith("United States: no authorised product.")


def test_before_the_law_began_it_did_not_hold():
    listed = rule("controlled", "US-AL", since="2016-05-10")

    result = found(listed, chain=("US-AL", "US"), on=date(2016, 5, 9))

    assert result.status == NOT_CHECKED


OHIO = (
    rule(
        "regulated-sale",
        key="emergency",
        since="2025-12-12",
        until="2026-06-10",
        confidence=Confidence.HIGH,
    ),
    rule("unclear", key="lapsed", since="2026-06-11", confidence=Confidence.LOW),
    rule(
        "controlled",
        key="proposal",
        subject=MITRAGYNINE,
        is_pending=True,
        schedule="Schedule I (proposed)",
    ),
    rule("no-authorised-product", "US", key="federal"),
)


@pytest.mark.parametrize(
    ("on", "status", "decider"),
    [
        (date(2025, 12, 11), "no-authorised-product", "federal"),
        (date(2025, 12, 12), "regulated-sale", "emergency"),
        (date(2026, 6, 10), "regulated-sale", "emergency"),
        (date(2026, 6, 11), "unclear", "lapsed"),
        (TODAY, "unclear", "lapsed"),
    ],
)
def test_ohio_changes_on_the_day_the_emergency_rule_lapses(on, status, decider):
    result = found(*OHIO, on=on)

    assert (result.status, result.rule.key) == (status, decider)
    assert [coming.key for coming in result.change_coming] == ["proposal"]


def test_a_pending_bill_is_never_law():
    bill = rule("banned", is_pending=True, since="2020")

    result = found(bill)

    assert result.status == NOT_CHECKED
    assert result.change_coming == (bill,)
    assert "proposed, not law" in result.because[-1]


def test_a_bill_that_is_over_is_not_coming():
    assert found(rule("banned", is_pending=True, until="2025")).change_coming == ()


def test_an_act_whose_first_day_is_ahead_is_coming_and_not_law():
    act = rule("regulated-sale", since="2027-04-01")

    result = found(rule("uncontrolled"), act)

    assert (result.status, result.change_coming) == ("uncontrolled", (act,))


def test_a_city_ban_counts_where_the_state_allows_it():
    state = rule("regulated-sale", "US-NE", local_rules=LocalRules.ALLOWED)
    city = rule("banned", "US-NE/lincoln")

    result = found(state, city, chain=("US-NE/lincoln", "US-NE", "US"))

    assert (result.status, result.rule) == ("banned", city)


def test_a_city_ban_has_no_effect_under_pre_emption():
    state = rule(
        "regulated-sale", "US-NE", local_rules=LocalRules.BARRED, instrument="LB 230"
    )
    city = rule("banned", "US-NE/lincoln")

    result = found(state, city, chain=("US-NE/lincoln", "US-NE", "US"))

    assert (result.status, result.inherited_from) == ("regulated-sale", "US-NE")
    assert result.layers == (state,)
    assert result.because[-1] == (
        "Lincoln: its own rule, banned supply, has no effect, because Nebraska bars "
        "local rules (LB 230)."
    )


@pytest.mark.parametrize(
    "change",
    [
        {"subject": MITRAGYNINE},
        {"is_pending": True},
        {"until": "2025"},
        {"expires_on": "2026-10", "verified_on": "2026-09"},
    ],
)
def test_only_a_clear_rule_in_force_on_the_same_subject_bars_local_ones(change):
    state = rule("regulated-sale", "US-NE", local_rules=LocalRules.BARRED, **change)
    city = rule("banned", "US-NE/lincoln")

    result = found(state, city, chain=("US-NE/lincoln", "US-NE", "US"))

    assert (result.status, result.rule) == ("banned", city)


def test_a_city_does_not_bar_its_own_rule():
    city = rule("banned", "US-NE/lincoln", local_rules=LocalRules.BARRED)

    assert found(city, chain=("US-NE/lincoln", "US-NE", "US")).rule == city


def test_another_region_does_not_matter():
    assert found(rule("controlled", "SE")).status == NOT_CHECKED


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"region": "US-OH", "confidence": "low"}, {"region": "US"}),
        ({"confidence": "high"}, {"confidence": "medium", "since": "2025"}),
        ({"since": "2010"}, {"subject": MITRAGYNINE, "since": "2020"}),
        ({"since": "2020"}, {"since": "2010"}),
        ({"since": "2020"}, {}),
        ({"key": "a"}, {"key": "b"}),
    ],
)
def test_of_equally_strict_rules_the_nearer_surer_newer_one_decides(first, second):
    wins = rule("banned", **({"key": "y"} | first))
    loses = rule("banned", **({"key": "x"} | second))

    assert found(loses, wins).rule == wins
