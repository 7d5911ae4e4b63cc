"""The axis of all dates, and which months of it a period covers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx_portfolio.model.dates import Period
    from sphinx_portfolio.model.records import Record

NARROWEST = 272  # px: the narrowest drawing, in a window of 320 px
FINE = 3  # px: a narrower month has no room for a gap beside it


@dataclass(frozen=True, slots=True)
class Axis:
    """Whole years, from that of the oldest date to that of the newest; its unit is a month."""

    first: int
    last: int

    @classmethod
    def of_records(cls, records: Iterable[Record]) -> Axis | None:
        """Return the axis of the dates in all records, whatever the day; None without dates."""
        dates = [date for record in records for date in (record.start, record.end) if date]
        years = [date.year for date in dates]
        return cls(min(years), max(years)) if years else None

    @property
    def years(self) -> int:
        """The length in years."""
        return self.last - self.first + 1

    @property
    def months(self) -> int:
        """The length in months."""
        return self.years * 12

    @property
    def is_fine(self) -> bool:
        """Whether a month is a hairline in the narrowest drawing."""
        return self.pixels(1) < FINE

    def pixels(self, months: float) -> float:
        """Return the width of some months in the narrowest drawing."""
        return months / self.months * NARROWEST

    def percent(self, months: float) -> str:
        """Return the width of some months in a drawing of any width."""
        return f"{100 * months / self.months:.4f}".rstrip("0").rstrip(".") + "%"


@dataclass(frozen=True, slots=True)
class Span:
    """The months of a period on the axis, from `start` to `end`; those in `sure` are certain."""

    start: int
    end: int
    sure: tuple[int, int] | None
    is_ongoing: bool

    @classmethod
    def of(cls, period: Period, axis: Axis) -> Span:
        """Place a period; if the month of its start or end is unknown, that year is not certain."""
        start = 12 * (period.start.year - axis.first) + (period.start.month or 1) - 1
        since = start if period.start.month else start + 12
        end = until = axis.months
        if period.end:
            end = 12 * (period.end.year - axis.first) + (period.end.month or 12)
            until = end if period.end.month else end - 12
        sure: tuple[int, int] | None = None
        if since < until:
            sure = since, until
        elif period.start.month:
            sure = start, start + 1
        elif period.end and period.end.month:
            sure = end - 1, end
        return cls(start, end, sure, is_ongoing=period.end is None)

    @property
    def is_month(self) -> bool:
        """Whether it is a single month, known and not ongoing."""
        return not self.is_ongoing and self.end - self.start == 1

    @property
    def units(self) -> int:
        """The height of its mark: 1 if nothing is certain, 2, or 3 for a single month."""
        return 3 if self.is_month else 2 if self.sure else 1
