"""Dates as a CV has them: partial, and going on until today. Standard library alone."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

MONTHS = (
    "Jan.", "Feb.", "Mar.", "Apr.", "May.", "Jun.",
    "July", "Aug.", "Sep.", "Oct.", "Nov.", "Dec.",
)  # fmt: skip


class RecordError(ValueError):
    """Says what is wrong with a record and what would be right."""


@dataclass(frozen=True, slots=True, order=True)
class Date:
    """A date as exact as its source: month and day are 0 where they are not known.

    Sorts by what is known; of a year and a month in it, the year comes first.
    """

    year: int
    month: int = 0
    day: int = 0

    @classmethod
    def parse(cls, text: str) -> Date:
        """Read `2021`, `2021-05` or `2021-05-31` (ISO 8601); RecordError if it is none of these."""
        match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", text.strip())
        parts = [int(part) for part in match.groups() if part] if match else []
        try:
            date(*[*parts, 1, 1][:3])
        except (TypeError, ValueError):
            message = f"{text!r} is no date: write YYYY, YYYY-MM or YYYY-MM-DD"
            raise RecordError(message) from None
        return cls(*parts)

    def __str__(self) -> str:
        """Return the date as it is read: ISO 8601, as exact as it is known."""
        parts = [f"{self.year:04}", *(f"{part:02}" for part in (self.month, self.day) if part)]
        return "-".join(parts)

    @property
    def text(self) -> str:
        """The month and year for readers, or the year alone."""
        return f"{MONTHS[self.month - 1]} {self.year}" if self.month else str(self.year)

    @property
    def separator(self) -> str:
        """What parts it from the name of an event: `GopherCon 2022`, `Go Bangalore, July 2023`."""
        return ", " if self.month else " "

    @property
    def first(self) -> date:
        """The first day it may mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The last day it may mean."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])


@dataclass(frozen=True, slots=True)
class Period:
    """From a date to another, both included; without end where it goes on.

    Raises RecordError where the end comes before the start.
    """

    start: Date
    end: Date | None

    def __post_init__(self) -> None:
        if self.end is not None and self.end.last < self.start.first:
            message = f"it ends ({self.end}) before it starts ({self.start})"
            raise RecordError(message)

    @classmethod
    def parse(cls, start: str, end: str) -> Period:
        """Read two dates; the second may be `present`, which no text means, too."""
        goes_on = end.strip().lower() in {"", "present"}
        return cls(Date.parse(start), None if goes_on else Date.parse(end))

    @property
    def text(self) -> str:
        """`Aug. 2021 – Present`, `2022 – 2023`, or one date."""
        if self.end is None:
            return f"{self.start.text} – Present"
        if self.start == self.end:
            return self.start.text
        return f"{self.start.text} – {self.end.text}"

    @property
    def months(self) -> int | None:
        """How many months it took, both ends included; None if it goes on or is known by year."""
        if self.end is None or not (self.start.month and self.end.month):
            return None
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1

    @property
    def newest_first(self) -> tuple[bool, Date, Date]:
        """A key that sorts, reversed, what goes on before what ended last."""
        return self.end is None, self.end or self.start, self.start


def ending_year(text: str) -> str:
    """Return the year that a text ends in, as an event's name may, or nothing."""
    match = re.search(r"\b[0-9]{4}$", text)
    return match[0] if match else ""
