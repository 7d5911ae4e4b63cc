"""Dates of a CV: as exact as their source, and a clear error for what is no date."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_portfolio.model.dates import Date, Period, RecordError

dates = st.one_of(
    st.builds(Date, st.integers(1, 9999)),
    st.builds(Date, st.integers(1, 9999), st.integers(1, 12)),
    st.dates().map(lambda day: Date(day.year, day.month, day.day)),
)
# Beside any text, text that is nearly a date.
texts = st.text() | st.from_regex(r"[0-9]{3,5}(-[0-9]{1,3}){0,3}", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "parsed", "read", "first", "last"),
    [
        pytest.param("2021", Date(2021), "2021", (1, 1), (12, 31), id="year"),
        pytest.param("2021-06", Date(2021, 6), "Jun. 2021", (6, 1), (6, 30), id="month"),
        pytest.param("2024-02", Date(2024, 2), "Feb. 2024", (2, 1), (2, 29), id="leap"),
        pytest.param(" 2021-07-04\n", Date(2021, 7, 4), "July 2021", (7, 4), (7, 4), id="day"),
    ],
)
def test_a_date_is_as_exact_as_its_source(
    text: str, parsed: Date, read: str, first: tuple[int, int], last: tuple[int, int]
) -> None:
    found = Date.parse(text)
    assert found == parsed
    assert str(found) == text.strip()
    assert found.text == read
    assert found.first == date(parsed.year, *first)
    assert found.last == date(parsed.year, *last)


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "present", "21", "20211", "2021-5", "2021-13", "2021-00", "2021-02-30"),
        *("2021-05-00", "0000", "2021/05", "2021-05-31T12:00", "-2021", "٢٠٢١"),
    ],
)
def test_what_is_no_date_is_an_error_that_says_what_would_be(text: str) -> None:
    message = f"{text!r} is no date: write YYYY, YYYY-MM or YYYY-MM-DD"
    with pytest.raises(RecordError, match=f"^{re.escape(message)}$"):
        Date.parse(text)


@given(texts)
def test_any_text_is_a_date_or_one_clear_error(text: str) -> None:
    try:
        parsed = Date.parse(text)
    except RecordError as error:
        assert str(error).startswith(repr(text))
    else:
        assert str(parsed) == text.strip()
        assert parsed.first <= parsed.last
        assert parsed.text


@given(texts, texts | st.just("present"))
def test_any_two_texts_are_a_period_or_one_clear_error(start: str, end: str) -> None:
    try:
        period = Period.parse(start, end)
    except RecordError as error:
        assert str(error)
    else:
        assert period.text
        assert period.months is None or period.months > 0


@given(dates)
def test_a_date_reads_back_as_it_is_written(written: Date) -> None:
    assert Date.parse(str(written)) == written


@given(dates, dates)
def test_dates_sort_as_their_iso_form_does(one: Date, other: Date) -> None:
    assert (one < other) == (str(one) < str(other))


def test_what_is_known_by_year_alone_sorts_before_what_is_exact() -> None:
    order = ["2020-12-31", "2021", "2021-01", "2021-01-01", "2021-02", "2022"]
    assert [str(each) for each in sorted(map(Date.parse, reversed(order)))] == order


@pytest.mark.parametrize(
    ("start", "end", "text", "months"),
    [
        pytest.param("2021-05", "2021-08", "May. 2021 – Aug. 2021", 4, id="months"),
        pytest.param("2021-05-31", "2022-05-01", "May. 2021 – May. 2022", 13, id="days"),
        pytest.param("2021-05", "2021-05", "May. 2021", 1, id="one month"),
        pytest.param("2021", "2021", "2021", None, id="one year"),
        pytest.param("2021", "2023", "2021 – 2023", None, id="years"),
        pytest.param("2021-05", "2023", "May. 2021 – 2023", None, id="month and year"),
        pytest.param("2021-05", "2021", "May. 2021 – 2021", None, id="year of its start"),
        pytest.param("2022-08", "present", "Aug. 2022 – Present", None, id="present"),
        pytest.param("2022-08", " Present ", "Aug. 2022 – Present", None, id="Present"),
        pytest.param("2022", "", "2022 – Present", None, id="no end"),
    ],
)
def test_a_period_reads_as_a_cv_and_knows_how_long_it_took_once_it_has_ended(
    start: str, end: str, text: str, months: int | None
) -> None:
    period = Period.parse(start, end)
    assert period.text == text
    assert period.months == months


@pytest.mark.parametrize(
    ("start", "end"),
    [("2021-05", "2021-04"), ("2021", "2020"), ("2021-05-02", "2021-05-01"), ("2021-05", "2020")],
)
def test_a_period_does_not_end_before_it_starts(start: str, end: str) -> None:
    message = re.escape(f"it ends ({end}) before it starts ({start})")
    with pytest.raises(RecordError, match=f"^{message}$"):
        Period.parse(start, end)


def test_what_goes_on_comes_before_what_ended_last() -> None:
    newest_first = [
        ("2019", "present"),
        ("2018", "present"),
        ("2021-06", "2021-08"),
        ("2021-05", "2021-08"),
        ("2021-01", "2021-07"),
        ("2015", "2021"),
        ("2020", "2020"),
    ]
    periods = [Period.parse(*each) for each in newest_first]
    assert (
        sorted(periods[3:] + periods[:3], key=lambda each: each.newest_first, reverse=True)
        == periods
    )
