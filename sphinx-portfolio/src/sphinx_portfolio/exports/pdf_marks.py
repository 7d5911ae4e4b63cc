"""Where on the one time axis of the CV an entry has its mark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx_portfolio.model.axis import Axis, Span
from sphinx_portfolio.model.records import Degree, Job, Project, Record, Talk

if TYPE_CHECKING:
    from sphinx_portfolio.model.records import Portfolio

DRAWN = (Job, Talk, Project, Degree)  # what has a line for its date, and room beside it


def axis(portfolio: Portfolio) -> Axis | None:
    """Return the axis that all marks share, or None where nothing is dated."""
    return Axis(*portfolio.years) if any(each.period for each in portfolio.records) else None


def mark(record: Record, axis: Axis | None) -> dict[str, Any] | None:
    """Return when it may have been and when it surely was, as parts of the axis' length."""
    if axis is None or record.period is None or not isinstance(record, DRAWN):
        return None
    span = Span.of(record.period, axis)
    return {
        "may": [span.start / axis.months, span.end / axis.months],
        "sure": [month / axis.months for month in span.sure] if span.sure else None,
        "month": span.is_month,
        "look": "talk" if isinstance(record, Talk) else "now" if span.goes_on else "over",
        "arrow": span.goes_on,
    }
