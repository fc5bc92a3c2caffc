"""Charts: what is drawn where, and what is rather left to the table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.pages import charts
from tests import make

CITE = {"number": 1, "title": "A study", "is_retracted": False}


def amount(low, high, unit="mg/g"):
    return {
        "low": low,
        "high": high,
        "unit": unit,
        "is_measured": low is not None or high is not None,
        "amount": f"{low}–{high} {unit}",
        "part": "leaf",
        "cite": CITE,
    }


def contents(*amounts):
    return charts.contents([{"name": "Mitragynine", "amounts": list(amounts)}])


def test_units_never_share_an_axis():
    found = contents(
        *(amount(1, 2, unit) for unit in ("mg/g", "% w/w", "mg/g", "% w/w")),
        amount(1, 2, "% dry weight"),
    )

    assert [(chart["unit"], len(chart["rows"])) for chart in found] == [
        ("mg/g", 2),
        ("% w/w", 2),
    ]


def test_a_narrow_range_is_linear_from_zero_and_a_wide_one_a_log_scale():
    [narrow] = contents(amount(1, 2), amount(2, 4))
    [wide] = contents(amount(0.1, 1), amount(10, 100))

    assert not narrow["is_log"]
    assert [tick["label"] for tick in narrow["ticks"]] == ["0", "1", "2", "3", "4"]
    assert [row["start"] for row in narrow["rows"]] == [25.0, 50.0]
    assert wide["is_log"]
    assert [tick["label"] for tick in wide["ticks"]] == ["0.1", "1", "10", "100"]
    assert [row["width"] for row in wide["rows"]] == [33.3, 33.3]


def test_what_has_no_lower_end_is_open_and_what_has_no_figure_is_not_drawn():
    [chart] = contents(amount(None, 2), amount(1, 2), amount(None, None))

    assert [row["is_open"] for row in chart["rows"]] == [True, False]


@given(
    st.lists(
        st.tuples(
            st.floats(0.001, 1e5, allow_nan=False), st.floats(1, 100, allow_nan=False)
        ),
        min_size=2,
        max_size=8,
    )
)
def test_nothing_is_drawn_beside_its_axis(pairs):
    [chart] = contents(*(amount(low, low * times) for low, times in pairs))

    for row in chart["rows"]:
        assert 0 <= row["start"] <= 100
        assert row["start"] + row["width"] <= 101
    assert chart["ticks"][0]["at"] == 0
    assert chart["ticks"][-1]["at"] == 100


def activity(value, *, parameter="Ki", unit="nM", target="mu"):
    return {
        "target": target,
        "parameter": parameter,
        "value": value,
        "unit": unit,
        "note": "",
        "cite": CITE,
    }


def test_affinities_of_one_kind_share_a_scale_in_nanomoles():
    chart = charts.affinities(
        [activity("10 ± 2"), activity("~1", unit="µM"), activity("100")]
    )

    assert chart is not None
    assert [(row["figure"], row["at"]) for row in chart["rows"]] == [
        ("10 ± 2 nM", 0.0),
        ("100 nM", 50.0),
        ("~1 µM", 100.0),
    ]


@pytest.mark.parametrize(
    "other",
    [
        activity(">45"),
        activity("5", parameter="IC50"),
        activity("5", parameter="KI"),
        activity("5", unit="%"),
        activity(""),
        activity("0"),
    ],
    ids="bound ic50 inactivation unit none zero".split(),
)
def test_a_figure_that_does_not_compare_is_left_to_the_table(other):
    chart = charts.affinities([activity("1"), activity("2"), other])

    assert chart is not None
    assert len(chart["rows"]) == 2
    assert charts.affinities([activity("1"), other]) is None


@pytest.mark.django_db
def test_findings_are_counted_by_year_and_design_and_add_up():
    found = make.assessment()
    items = [
        make.evidence_item(
            assessment=found, design=design, source=make.source(published=published)
        )
        for design, published in (
            ("rct", "2016-05"),
            ("case-report", "2016"),
            ("animal", "2019"),
            ("rct", None),
        )
    ]

    chart = charts.growth(items)

    assert chart is not None
    assert [(row["year"], row["counts"], row["so_far"]) for row in chart["rows"]] == [
        (2016, [1, 1, 0], 2),
        (2019, [0, 0, 1], 3),
    ]
    assert chart["undated"] == 1
    assert chart["rows"][0]["parts"] == [
        {"name": "controlled", "start": 0.0, "width": 50.0},
        {"name": "other", "start": 50.0, "width": 50.0},
    ]


@pytest.mark.django_db
def test_the_pages_draw_them_beside_their_tables(client):
    kratom, base = make.substance(), make.alkaloid()
    for high in (2, 3):
        make.occurrence(substance=kratom, alkaloid=base, low=1, high=high, unit="mg/g")
        make.activity(alkaloid=base, parameter="Ki", value=str(high), unit="nM")

    plant, compound = (
        client.get(each.get_absolute_url()).text for each in (kratom, base)
    )

    assert plant.count("chart__bar") == 2
    assert "Amounts in mg/g" in plant
    assert compound.count("chart__dot") == 2
    assert plant.index("chart__bar") < plant.index("Alkaloids in")
    assert compound.index("chart__dot") < compound.index("Targets of")
