"""Dates that may know only a year or a month."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from pydantic import ValidationError as SchemaError

from kb.dates import PartialDate, PartialDateField
from tests import make

DAYS = st.dates(min_value=datetime.date(1, 1, 1))


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    length = draw(st.sampled_from([4, 7, 10]))
    return PartialDate(draw(DAYS).isoformat()[:length])


@pytest.mark.parametrize(
    "text", ["2016", "2016-05", "2016-05-10", "2024-02-29", "0001"]
)
def test_a_year_a_month_or_a_day_is_a_date(text):
    assert PartialDate(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "16",
        "2016-5",
        "2016-13",
        "2016-00",
        "2016-02-30",
        "2023-02-29",
        "0000",
        "2016-05-10T00:00",
        "2016/05/10",
        " 2016",
        "2016\n",
        "May 2016",
        "10.05.2016",
        "²016",
    ],
)
def test_anything_else_is_refused_with_a_sentence(text):
    with pytest.raises(
        ValueError, match="is not a date as 2016, 2016-05 or 2016-05-10"
    ):
        PartialDate(text)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2016", "2016-01-01", "2016-12-31"),
        ("2016-02", "2016-02-01", "2016-02-29"),
        ("2015-02", "2015-02-01", "2015-02-28"),
        ("2016-05-10", "2016-05-10", "2016-05-10"),
    ],
)
def test_it_knows_the_first_and_the_last_day_it_can_mean(text, earliest, latest):
    date = PartialDate(text)

    assert (date.earliest.isoformat(), date.latest.isoformat()) == (earliest, latest)


def test_dates_sort_as_texts_and_a_year_comes_before_its_months():
    dates = [PartialDate(each) for each in ("2017", "2016-05-10", "2016", "2016-05")]

    assert sorted(dates) == ["2016", "2016-05", "2016-05-10", "2017"]


@given(partial_dates())
def test_a_date_survives_the_way_out_and_in(date):
    assert PartialDate(str(date)) == date
    assert TypeAdapter(PartialDate).validate_json(f'"{date}"') == date
    assert PartialDateField().to_python(PartialDateField().get_prep_value(date)) == date


@given(DAYS)
def test_a_whole_day_means_that_day_alone(day):
    date = PartialDate.of(day)

    assert date.earliest == day == date.latest


@given(partial_dates(), partial_dates())
def test_order_never_contradicts_the_calendar(one, other):
    if one <= other:
        assert one.earliest <= other.earliest


@given(st.text(max_size=12))
def test_no_text_breaks_it(text):
    try:
        date = PartialDate(text)
    except ValueError:
        return
    assert date.earliest <= date.latest


def test_a_schema_refuses_what_is_no_date():
    with pytest.raises(SchemaError):
        TypeAdapter(PartialDate).validate_python("2016-02-30")


# In the database


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["2016", "2016-05", "2016-05-10"])
def test_the_field_gives_back_what_was_stored(text):
    source = make.source(published=text)

    source.refresh_from_db()

    assert source.published == text
    assert isinstance(source.published, PartialDate)


@pytest.mark.django_db
@pytest.mark.parametrize("nothing", [None, ""])
def test_an_empty_date_is_kept_as_unknown(nothing):
    source = make.source(published=nothing)

    source.refresh_from_db()

    assert source.published is None


@pytest.mark.parametrize(
    ("given_value", "kept"),
    [
        (datetime.date(2016, 5, 10), "2016-05-10"),
        (" 2016-05 ", "2016-05"),
        ("", None),
        (None, None),
    ],
)
def test_the_field_takes_days_texts_and_nothing(given_value, kept):
    assert PartialDateField().to_python(given_value) == kept


@pytest.mark.parametrize("text", ["2016-02-30", "soon", "16"])
def test_the_field_refuses_in_words(text):
    with pytest.raises(ValidationError, match="is not a date as"):
        PartialDateField().to_python(text)


@pytest.mark.django_db
def test_rows_sort_by_date_in_the_database():
    for text in ("2017", "2016-05-10", "2016", "2016-05"):
        make.source(published=text)

    found = type(make.source()).objects.order_by("published", "pk")

    assert [each.published for each in found][:4] == [
        "2016",
        "2016-05",
        "2016-05-10",
        "2017",
    ]
