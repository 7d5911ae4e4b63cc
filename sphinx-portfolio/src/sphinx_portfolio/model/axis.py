"""The axis that everything dated hangs on, and where on it a period lies, as far as is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx_portfolio.model.dates import Date, Period
    from sphinx_portfolio.model.records import Record

NARROWEST = 272  # px: a window of 320 without the page's margins
# Neighbouring marks are kept apart by a hairline of paper, which takes all of a narrower month.
FINE = 3  # px


@dataclass(frozen=True, slots=True)
class Axis:
    """Whole years, from that of the oldest date to that of the newest; months are its unit."""

    first: int
    last: int

    @classmethod
    def of(cls, periods: Iterable[Period]) -> Axis:
        """Take the years from what is written: never from the clock."""
        years = {date.year for each in periods for date in (each.start, each.end) if date}
        return cls(min(years), max(years))

    @classmethod
    def of_records(cls, records: Iterable[Record]) -> Axis | None:
        """Return the axis of all records; None if none is dated."""
        periods = [record.period for record in records if record.period]
        return cls.of(periods) if periods else None

    @property
    def years(self) -> int:
        """How many years it is long."""
        return self.last - self.first + 1

    @property
    def months(self) -> int:
        """How many months it is long."""
        return self.years * 12

    @property
    def is_fine(self) -> bool:
        """Tell whether a month is a hairline where the drawing is narrowest."""
        return self.pixels(1) < FINE

    def pixels(self, months: float) -> float:
        """Return the width of some months where the drawing is narrowest."""
        return months / self.months * NARROWEST

    def percent(self, months: float) -> str:
        """Return the width of some months, whatever that of the drawing."""
        return f"{100 * months / self.months:.4f}".rstrip("0").rstrip(".") + "%"

    def start(self, date: Date) -> int:
        """Count the months before the first that a date may mean."""
        return (date.year - self.first) * 12 + (date.month or 1) - 1

    def end(self, date: Date | None) -> int:
        """Count the months up to the last that a date may mean, included; without a date, all."""
        return (date.year - self.first) * 12 + (date.month or 12) if date else self.months


@dataclass(frozen=True, slots=True)
class Span:
    """Months of the axis: from `start` to `end` it may have been, in `sure` it surely was."""

    start: int
    end: int
    sure: tuple[int, int] | None
    goes_on: bool

    @classmethod
    def of(cls, period: Period, axis: Axis) -> Span:
        """Place a period; of a year that begins or ends it, no month is sure."""
        start, end = axis.start(period.start), axis.end(period.end)
        since = start if period.start.month else start + 12
        until = end if period.end is None or period.end.month else end - 12
        if period.start.month:
            until = max(until, start + 1)
        if period.end is not None and period.end.month:
            since = min(since, end - 1)
        sure = (since, until) if since < until else None
        return cls(start, end, sure, goes_on=period.end is None)

    @property
    def is_month(self) -> bool:
        """Tell whether it is one month, known to be, and over."""
        return not self.goes_on and self.sure == (self.start, self.end) == (
            self.start,
            self.start + 1,
        )

    @property
    def units(self) -> int:
        """How high its mark is."""
        return 3 if self.is_month else 2 if self.sure else 1
