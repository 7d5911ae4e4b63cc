"""The axis in one line, with the marks of one record or of all that prove a skill.

It repeats what the text beside it says, so it is hidden from screen readers, and drawn in HTML
only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from docutils import nodes
from sphinx import addnodes

from sphinx_portfolio.model import KINDS
from sphinx_portfolio.model.axis import Axis, Span
from sphinx_portfolio.views.marks import line, mark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx_portfolio.model import Portfolio, Record

UNIT = 3  # px
HEIGHT = 4 * UNIT  # px: that of a single month
TICKS = 12  # more could not be told apart


def draw(records: Iterable[Record], portfolio: Portfolio) -> list[nodes.Element]:
    """Draw the records that are dated; return no nodes if none is."""
    dated = [record for record in records if record.period]
    axis = Axis.of_records(portfolio.records)
    if not dated or axis is None:
        return []
    drawing = nodes.raw("", svg(dated, axis), format="html")
    return [addnodes.only("", drawing, expr="format_html and not builder_epub")]


def svg(records: Iterable[Record], axis: Axis) -> str:
    """Draw records, each of which is dated."""
    looks = "portfolio-span portfolio-fine" if axis.is_fine else "portfolio-span"
    root = ET.Element("svg", {"class": looks, "aria-hidden": "true", "direction": "ltr"})
    root.set("width", "100%")
    root.set("height", str(HEIGHT))
    grid = ET.SubElement(root, "g", {"class": "portfolio-grid"})
    line(grid, ("0", "100%"), (HEIGHT / 2, HEIGHT / 2))
    for year in range(0, axis.years + 1, -(-axis.years // TICKS)):
        x = axis.percent(12 * year)
        line(grid, (x, x), (UNIT, HEIGHT - UNIT))
    spans = [
        (Span.of(period, axis), _is_ink(record))
        for record in records
        for period in tuple(each for each, _ in record.occasions) or (record.period,)
        if period
    ]
    # Exact dates are drawn over inexact ones, talks and publications over bars, ongoing periods
    # over past ones.
    spans.sort(key=lambda each: (each[0].units, each[1], each[0].is_ongoing))
    for span, is_ink in spans:
        mark(root, axis, span, HEIGHT / 2, UNIT, ink=is_ink)
    return ET.tostring(root, encoding="unicode")


def _is_ink(record: Record) -> bool:
    lane = KINDS[record.kind].lane
    return lane is not None and lane.looks == "ink mark"
