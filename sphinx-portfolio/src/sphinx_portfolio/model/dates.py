"""Dates of a CV: partial, and ongoing."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx_portfolio.model.messages import Translator

MONTHS = (
    "Jan.", "Feb.", "Mar.", "Apr.", "May", "June",
    "July", "Aug.", "Sep.", "Oct.", "Nov.", "Dec.",
)  # fmt: skip


class RecordError(ValueError):
    """An invalid record; the message says what is wrong and what to do."""


@dataclass(frozen=True, slots=True, order=True)
class Date:
    """A year, a month or a day: `month` and `day` are 0 if unknown.

    A year sorts before the months of that year, and a month before its days.
    """

    year: int
    month: int = 0
    day: int = 0

    @classmethod
    def parse(cls, text: str) -> Date:
        """Read `2021`, `2021-05` or `2021-05-31` (ISO 8601); raises RecordError."""
        match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", text.strip())
        parts = [int(part) for part in match.groups() if part] if match else []
        try:
            date(*[*parts, 1, 1][:3])
        except (TypeError, ValueError):
            raise RecordError(f"invalid date {text!r}: write YYYY, YYYY-MM or YYYY-MM-DD") from None
        return cls(*parts)

    def __str__(self) -> str:
        """Return the date in the form that `parse` reads."""
        parts = [f"{self.year:04}", *(f"{part:02}" for part in (self.month, self.day) if part)]
        return "-".join(parts)

    def text(self, translator: Translator) -> str:
        """Return month and year as a CV has them, or the year; days are never shown.

        A plain date has no period after the month.
        """
        if not self.month:
            return translator.gettext("{year}", year=self.year)
        month = translator.gettext(MONTHS[self.month - 1])
        if translator.plain_dates:
            month = month.rstrip(".")
        return translator.gettext("{month} {year}", month=month, year=self.year)

    @property
    def separator(self) -> str:
        """What is between an event and its date: `GopherCon 2022`, `Go Bangalore, July 2023`."""
        return ", " if self.month else " "

    @property
    def first(self) -> date:
        """The first possible day."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The last possible day."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])


@dataclass(frozen=True, slots=True)
class Period:
    """The time between two dates, both included; `end` is None if it is ongoing.

    Raises RecordError if the end is before the start.
    """

    start: Date
    end: Date | None

    def __post_init__(self) -> None:
        if self.end is not None and self.end.last < self.start.first:
            message = (
                f"the end ({self.end}) is before the start ({self.start}): correct one of them"
            )
            raise RecordError(message)

    @classmethod
    def parse(cls, start: str, end: str) -> Period:
        """Read two dates; an empty end or `present` means ongoing. Raises RecordError."""
        ongoing = end.strip().lower() in {"", "present"}
        return cls(Date.parse(start), None if ongoing else Date.parse(end))

    def text(self, translator: Translator, *, is_range: bool = False) -> str:
        """Return `Aug. 2021 – Present`, or one date, also for days of one month.

        With plain dates it is `Aug 2021 - Present`: software that reads CVs knows months without a
        period, and splits a range at a hyphen, but not always at a dash. It takes one date for a
        start without an end: *is_range* repeats it, as in `2021 - 2021`.
        """
        start = self.start.text(translator)
        end = self.end.text(translator) if self.end else translator.gettext("Present")
        if start == end and not (is_range and translator.plain_dates):
            return start
        return f"{start} {'-' if translator.plain_dates else '–'} {end}"

    @property
    def newest_first(self) -> tuple[bool, Date, Date]:
        """A key for sorting in reverse: ongoing periods, then the one that ended last."""
        return self.end is None, self.end or self.start, self.start


def ending_year(text: str) -> str:
    """Return the year at the end of an event's name; empty if there is none."""
    match = re.search(r"\b(?!0000)[0-9]{4}$", text)
    return match[0] if match else ""
