"""What holds for a subject in a region on a day: examples and laws."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.choices import Confidence, Layer, LocalRules, Permission, Status
from kb.dates import PartialDate
from kb.regulation import (
    ACTIVITIES,
    DECIDING,
    NOT_CHECKED,
    STRICTNESS,
    Book,
    EffectiveStatus,
    Freshness,
    Rule,
    effective_status,
    in_force,
    staleness,
)

TODAY = date(2026, 11, 22)
KRATOM, MITRAGYNINE = "substance:kratom", "alkaloid:mitragynine"
NAMES = {
    "US": ("United States", "country"),
    "US-AL": ("Alabama", "subdivision"),
    "US-OH": ("Ohio", "subdivision"),
    "US-NE": ("Nebraska", "subdivision"),
    "US-NE/lincoln": ("Lincoln", "local"),
    "SE": ("Sweden", "country"),
}
DATES = ("since", "until", "expires_on", "verified_on", "source_published")


def rule(status: str, region: str = "US-OH", **fields: Any) -> Rule:
    """A rule on kratom that was checked three weeks before TODAY."""
    name, kind = NAMES[region]
    defaults = {
        "key": f"{region} {status}",
        "subject": KRATOM,
        "verified_on": "2026-11-01",
        "source_published": "2026-10",
    }
    values = defaults | fields
    for field in DATES:
        if values.get(field):
            values[field] = PartialDate(values[field])
    return Rule(
        region=region, region_name=name, region_kind=kind, status=status, **values
    )


def found(
    *rules: Rule, chain: tuple[str, ...] = ("US-OH", "US"), on: date = TODAY
) -> EffectiveStatus:
    return effective_status(rules, subject=KRATOM, chain=chain, on=on, today=TODAY)


# Who decides


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


# Time


@pytest.mark.parametrize(
    ("since", "until", "on", "holds"),
    [
        (None, None, date(1900, 1, 1), True),
        ("2016", None, date(2015, 12, 31), False),
        ("2016", None, date(2016, 1, 1), True),
        ("2016-05", None, date(2016, 4, 30), False),
        ("2016-05", None, date(2016, 5, 1), True),
        ("2016-05-10", None, date(2016, 5, 9), False),
        ("2016-05-10", None, date(2016, 5, 10), True),
        (None, "2016", date(2016, 12, 31), True),
        (None, "2016", date(2017, 1, 1), False),
        (None, "2016-02", date(2016, 2, 29), True),
        (None, "2016-02", date(2016, 3, 1), False),
        ("2016", "2016", date(2016, 7, 1), True),
    ],
)
def test_a_partial_date_holds_from_its_first_day_to_its_last(since, until, on, holds):
    assert in_force(rule("banned", since=since, until=until), on) is holds


SUMMER = date(2026, 7, 31)
SETTLED = {"layer": Layer.DRUG_LAW, "since": "2016"}


@pytest.mark.parametrize(
    ("given_rule", "today", "limit"),
    [
        (rule("banned", "US-OH"), SUMMER, 60),
        (rule("banned", "US-OH"), date(2026, 8, 1), 120),
        (rule("banned", "US-NE/lincoln"), date(2027, 1, 1), 60),
        (rule("banned", "US"), SUMMER, 180),
        (rule("banned", "SE"), SUMMER, 180),
        (rule("banned", "SE", expires_on="2027"), SUMMER, 30),
        (rule("banned", "SE", is_pending=True), SUMMER, 30),
        (rule("controlled", "US-AL", **SETTLED), SUMMER, 365),
        (rule("controlled", "SE", **SETTLED, expires_on="2027"), SUMMER, 30),
        (rule("controlled", "SE", **(SETTLED | {"since": "2025-03"})), SUMMER, 180),
        (rule("controlled", "SE", since="2016"), SUMMER, 180),
        (rule("banned", "SE", **SETTLED), SUMMER, 180),
    ],
)
def test_how_long_a_check_lasts(given_rule, today, limit):
    assert staleness(given_rule, today=today).limit_days == limit


@pytest.mark.parametrize(
    ("days", "freshness"),
    [
        (0, Freshness.FRESH),
        (180, Freshness.FRESH),
        (181, Freshness.STALE),
        (360, Freshness.STALE),
        (361, Freshness.VERY_STALE),
    ],
)
def test_a_check_wears_out(days, freshness):
    swedish = rule("banned", "SE", verified_on="2026-01-01")
    today = date(2026, 1, 1) + timedelta(days=days)

    assert staleness(swedish, today=today).freshness == freshness


@pytest.mark.parametrize("missing", ["source_published", "verified_on"])
def test_without_a_date_it_is_stale_at_once(missing):
    age = staleness(rule("banned", **{missing: None}), today=TODAY)

    assert (age.freshness, age.is_stale) == (Freshness.STALE, True)
    assert age.sentence.startswith("May be out of date: ")


def test_a_rule_that_ended_before_it_was_checked_does_not_wear_out():
    ended = rule("banned", until="2016", verified_on="2020", confidence="low")

    assert not staleness(ended, today=TODAY).is_stale
    assert found(ended, on=date(2016, 3, 1)).status == "banned"


@pytest.mark.parametrize(
    ("confidence", "status"), [("low", "unclear"), ("medium", "banned")]
)
def test_a_long_outdated_row_of_low_confidence_turns_unclear(confidence, status):
    worn = rule(
        "banned",
        verified_on="2026-01-01",
        confidence=confidence,
        possession=Permission.LEGAL,
    )

    result = found(worn)

    assert (result.status, result.is_stale) == (status, True)
    assert result.possession == ("unclear" if confidence == "low" else "legal")


def test_a_worn_row_wins_over_a_milder_one_as_unclear():
    worn = rule("uncontrolled", verified_on="2025", confidence="low")

    result = found(worn, rule("regulated-sale", "US"))

    assert (result.status, result.rule) == ("unclear", worn)
    assert "It counts as unclear." in result.because[0]


@pytest.mark.parametrize(
    ("verified_on", "on", "status"),
    [
        ("2026-05-01", date(2026, 6, 10), "banned"),
        ("2026-05-01", date(2026, 6, 11), "unclear"),
        ("2026-06-10", TODAY, "unclear"),
        ("2026-06", TODAY, "unclear"),
        (None, TODAY, "unclear"),
        ("2026-06-11", TODAY, "banned"),
    ],
)
def test_an_expiry_that_passes_unchecked_turns_it_unclear(verified_on, on, status):
    temporary = rule("banned", expires_on="2026-06-10", verified_on=verified_on)

    result = found(temporary, on=on)

    assert result.status == status
    assert result.is_stale


def test_an_expiry_ahead_is_unclear_for_the_days_after_it():
    temporary = rule("banned", expires_on="2026-12-10")

    assert found(temporary).status == "banned"
    assert found(temporary, on=date(2026, 12, 11)).status == "unclear"


# Activities and figures


def test_each_activity_has_its_own_value():
    found_there = found(
        rule(
            "regulated-sale",
            possession="legal",
            sale="restricted",
            cultivation="unclear",
        )
    )

    assert [getattr(found_there, each) for each in ACTIVITIES] == [
        "legal",
        "restricted",
        "not-stated",
        "not-stated",
        "unclear",
    ]


@pytest.mark.parametrize(
    ("possession", "importing"),
    [("legal", "restricted"), ("unclear", "restricted"), ("illegal", "not-stated")],
)
def test_where_the_deciding_rule_is_silent_another_speaks(possession, importing):
    state = rule("regulated-sale", possession=possession)
    federal = rule("no-authorised-product", "US", importing="restricted")

    assert found(state, federal).importing == importing


def test_of_two_others_the_stricter_speaks():
    federal = rule("uncontrolled", "US", key="x", importing="legal")
    stricter = rule("no-authorised-product", "US", key="y", importing="illegal")

    assert found(rule("age-limit"), federal, stricter).importing == "illegal"


def test_what_an_expired_row_says_of_an_activity_is_unclear():
    lapsed = rule(
        "banned", importing="legal", expires_on="2026-10", verified_on="2026-09"
    )

    assert (found(lapsed).importing, found(lapsed).cultivation) == (
        "unclear",
        "not-stated",
    )


def test_a_figure_is_told_with_its_unit():
    capped = rule(
        "banned", form="extract", threshold=0.05, threshold_unit="% by weight"
    )

    result = found(capped)

    assert result.because[0].startswith(
        "Ohio: banned supply, for extract, above 0.05 % by weight."
    )
    assert (result.threshold, result.threshold_unit) == (0.05, "% by weight")
    assert capped.scope_text == "extract, above 0.05 % by weight"
    assert rule("banned").scope_text == ""


def test_one_book_answers_for_many_regions_as_each_alone():
    rules = [rule("uncontrolled", "US"), rule("banned"), rule("age-limit", "US-NE")]
    book = Book(rules, subject=KRATOM, on=TODAY, today=TODAY)

    for chain in (
        ("US-OH", "US"),
        ("US-AL", "US"),
        ("US-NE/lincoln", "US-NE", "US"),
        ("SE",),
    ):
        assert book.effective(chain) == found(*rules, chain=chain)
    assert book.effective(("US-AL", "US")).inherited_from == "US"
    assert book.effective(("US",)).inherited_from is None


# Laws

CHAIN = ("US-NE/lincoln", "US-NE", "US")
DAYS = st.dates(date(2015, 1, 1), date(2028, 1, 1))
partial_dates = st.builds(
    lambda day, length: PartialDate(day.isoformat()[:length]),
    DAYS,
    st.sampled_from([4, 7, 10]),
)


@st.composite
def rules(draw: st.DrawFn, key: str, *, may_bar: bool = True) -> Rule:
    region = draw(st.sampled_from(CHAIN))
    bars = draw(st.sampled_from(list(LocalRules))) if may_bar else "not-stated"
    return Rule(
        key=key,
        subject=draw(st.sampled_from([KRATOM, MITRAGYNINE])),
        region=region,
        region_name=NAMES[region][0],
        region_kind=NAMES[region][1],
        status=draw(st.sampled_from(list(Status))),
        layer=draw(st.sampled_from(list(Layer))),
        is_pending=draw(st.sampled_from([False, False, False, True])),
        since=draw(st.none() | partial_dates),
        until=draw(st.none() | partial_dates),
        expires_on=draw(st.none() | st.none() | partial_dates),
        local_rules=bars,
        source_published=draw(st.none() | partial_dates),
        confidence=draw(st.sampled_from(list(Confidence))),
        verified_on=draw(st.none() | partial_dates),
    )


@st.composite
def books(draw: st.DrawFn) -> list[Rule]:
    return [draw(rules(f"k{i}")) for i in range(draw(st.integers(0, 5)))]


def holds(book: list[Rule], on: date) -> EffectiveStatus:
    return effective_status(book, subject=KRATOM, chain=CHAIN, on=on, today=TODAY)


def said(result: EffectiveStatus) -> tuple[Any, ...]:
    """All that it says, but for the day and what is coming."""
    return (
        result.status,
        result.rule,
        result.layers,
        result.inherited_from,
        result.via,
        result.is_stale,
        result.staleness,
        *(getattr(result, activity) for activity in ACTIVITIES),
    )


def place(result: EffectiveStatus, order: tuple[Status, ...]) -> int:
    """0 for the strictest; not checked comes after everything."""
    if result.status == NOT_CHECKED:
        return len(order)
    return order.index(Status(result.status))


@given(books(), DAYS, st.data())
def test_the_order_of_the_rules_never_matters(book, on, data):
    assert holds(book, on) == holds(data.draw(st.permutations(book)), on)


@given(books(), rules("new"), DAYS)
def test_a_stricter_rule_that_applies_never_lightens_the_status(book, new, on):
    """Also where the new rule bars local ones, if it applies and is stricter."""
    before, after = holds(book, on), holds([*book, new], on)
    alone = holds([new], on)
    is_stricter = place(alone, DECIDING) <= place(before, DECIDING)

    if new in after.layers and is_stricter:
        assert place(after, DECIDING) <= place(before, DECIDING)
        assert place(after, STRICTNESS) <= place(before, STRICTNESS) or (
            before.status == Status.NO_AUTHORISED_PRODUCT
        )


@given(books(), rules("new", may_bar=False), DAYS)
def test_a_rule_that_bars_nothing_never_lightens_what_binds(book, new, on):
    before, after = holds(book, on), holds([*book, new], on)

    assert place(after, DECIDING) <= place(before, DECIDING)


@given(books(), DAYS)
def test_across_a_boundary_only_what_starts_or_ends_there_changes(book, day):
    """Of two days in a row: a layer that comes begins today, one that goes ended then,
    unless pre-emption comes or goes with another rule."""
    before, after = holds(book, day - timedelta(days=1)), holds(book, day)
    if any(each.local_rules == LocalRules.BARRED for each in book):
        return

    for come in set(after.layers) - set(before.layers):
        assert come.since is not None
        assert come.since.earliest == day
    for gone in set(before.layers) - set(after.layers):
        assert gone.until is not None
        assert gone.until.latest == day - timedelta(days=1)


@given(books(), DAYS, DAYS)
def test_between_two_days_only_what_starts_or_ends_there_changes(book, one, other):
    def state(each: Rule, on: date) -> tuple[bool, bool]:
        return in_force(each, on), staleness(each, today=TODAY, on=on).is_expired

    same = all(state(each, one) == state(each, other) for each in book)
    before, after = holds(book, one), holds(book, other)

    if same:
        assert said(after) == said(before)
    gone = set(before.layers) - set(after.layers)
    barred = any(each.local_rules == LocalRules.BARRED for each in book)
    assert barred or all(not in_force(each, other) for each in gone)


@given(books(), DAYS)
def test_what_is_pending_or_not_in_force_is_never_among_the_layers(book, on):
    result = holds(book, on)

    assert all(in_force(each, on) for each in result.layers)
    assert result.rule is None or result.rule in result.layers


@given(books(), DAYS)
def test_the_layers_stand_strictest_first_and_each_has_its_sentence(book, on):
    result = holds(book, on)
    read = [
        holds([replace(each, local_rules="not-stated")], on).status
        for each in result.layers
    ]

    assert read == sorted(read, key=lambda status: STRICTNESS.index(Status(status)))
    assert len(result.because) >= len(result.layers) + len(result.change_coming)


@given(books(), DAYS)
def test_nothing_in_force_is_never_more_than_not_checked(book, on):
    result = holds(book, on)

    assert (result.status == NOT_CHECKED) == (not any(in_force(r, on) for r in book))
