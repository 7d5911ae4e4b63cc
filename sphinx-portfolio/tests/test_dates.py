"""Dates of a CV: partial dates, periods, and one clear error for an invalid date."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_portfolio.model import Date, Period, RecordError
from sphinx_portfolio.model.dates import ending_year
from sphinx_portfolio.model.messages import ENGLISH

dates = st.one_of(
    st.builds(Date, st.integers(1, 9999)),
    st.builds(Date, st.integers(1, 9999), st.integers(1, 12)),
    st.dates().map(lambda day: Date(day.year, day.month, day.day)),
)
# Any text, and text that is nearly a date.
texts = st.text() | st.from_regex(r"[0-9]{3,5}(-[0-9]{1,3}){0,3}", fullmatch=True)


def test_a_date_keeps_the_precision_of_its_text() -> None:
    for text, parsed, read, first, last in (
        ("2021", Date(2021), "2021", (1, 1), (12, 31)),
        ("2021-06", Date(2021, 6), "June 2021", (6, 1), (6, 30)),
        ("2024-02", Date(2024, 2), "Feb. 2024", (2, 1), (2, 29)),
        (" 2021-07-04\n", Date(2021, 7, 4), "July 2021", (7, 4), (7, 4)),
    ):
        found = Date.parse(text)
        assert found == parsed
        assert str(found) == text.strip()
        assert found.text(ENGLISH) == read
        assert found.first == date(parsed.year, *first), text
        assert found.last == date(parsed.year, *last), text


def test_an_invalid_date_is_an_error_that_gives_the_valid_forms() -> None:
    for text in (
        *("", "soon", "present", "21", "20211", "2021-5", "2021-13", "2021-00", "2021-02-30"),
        *("2021-05-00", "0000", "2021/05", "2021-05-31T12:00", "-2021", "٢٠٢١"),
    ):
        with pytest.raises(RecordError) as caught:
            Date.parse(text)
        assert str(caught.value) == f"invalid date {text!r}: write YYYY, YYYY-MM or YYYY-MM-DD"


@given(texts)
def test_any_text_is_a_date_or_one_clear_error(text: str) -> None:
    try:
        parsed = Date.parse(text)
    except RecordError as error:
        assert str(error).startswith(f"invalid date {text!r}")
    else:
        assert str(parsed) == text.strip()
        assert parsed.first <= parsed.last
        assert parsed.text(ENGLISH)


@given(texts, texts | st.just("present"))
def test_any_two_texts_are_a_period_or_one_clear_error(start: str, end: str) -> None:
    try:
        period = Period.parse(start, end)
    except RecordError as error:
        assert str(error)
    else:
        assert period.text(ENGLISH)


@given(dates)
def test_a_date_is_read_back_from_its_text(written: Date) -> None:
    assert Date.parse(str(written)) == written


@given(dates, dates)
def test_dates_sort_as_their_iso_form_does(one: Date, other: Date) -> None:
    assert (one < other) == (str(one) < str(other))


def test_a_year_sorts_before_its_months_and_days() -> None:
    order = ["2020-12-31", "2021", "2021-01", "2021-01-01", "2021-02", "2022"]
    assert [str(each) for each in sorted(map(Date.parse, reversed(order)))] == order


def test_the_text_of_a_period() -> None:
    expected = {
        ("2021-05", "2021-08"): "May 2021 – Aug. 2021",
        ("2021-05-31", "2022-05-01"): "May 2021 – May 2022",
        ("2021-05", "2021-05"): "May 2021",
        ("2021-05-03", "2021-05-07"): "May 2021",
        ("2021-05", "2021-05-07"): "May 2021",
        ("2021", "2021"): "2021",
        ("2021", "2023"): "2021 – 2023",
        ("2021-05", "2023"): "May 2021 – 2023",
        ("2021-05", "2021"): "May 2021 – 2021",
        ("2022-08", "present"): "Aug. 2022 – Present",
        ("2022-08", " Present "): "Aug. 2022 – Present",
        ("2022", ""): "2022 – Present",
    }
    assert {dates: Period.parse(*dates).text(ENGLISH) for dates in expected} == expected


def test_an_event_ends_in_its_year_or_has_none() -> None:
    expected = {"Conf 2019": "2019", "2019": "2019", "Conf 2019 ": "", "Conf2019": "", "x 0000": ""}
    assert {name: ending_year(name) for name in expected} == expected


def test_a_period_does_not_end_before_it_starts() -> None:
    for start, end in (
        ("2021-05", "2021-04"),
        ("2021", "2020"),
        ("2021-05-02", "2021-05-01"),
        ("2021-05", "2020"),
    ):
        with pytest.raises(RecordError) as caught:
            Period.parse(start, end)
        assert (
            str(caught.value)
            == f"the end ({end}) is before the start ({start}): correct one of them"
        )


def test_ongoing_periods_sort_before_the_one_that_ended_last() -> None:
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
