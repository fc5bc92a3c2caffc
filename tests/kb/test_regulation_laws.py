"""What always holds of the law, whatever the rules are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kb.choices import Confidence, Layer, LocalRules, Status
from kb.dates import PartialDate
from kb.regulation import (
    ACTIVITIES,
    DECIDING,
    NOT_CHECKED,
    STRICTNESS,
    EffectiveStatus,
    Rule,
    effective_status,
    in_force,
    staleness,
)
from tests.kb.legal_rules import KRATOM, MITRAGYNINE, NAMES, TODAY

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
