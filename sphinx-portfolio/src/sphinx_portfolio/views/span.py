"""The span: the axis one line high, with the mark of one record or of all that proves a skill.

It says nothing that the words beside it do not, so it is hidden from readers of the screen, and
drawn on the web alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from docutils import nodes
from sphinx import addnodes

from sphinx_portfolio.model import Talk
from sphinx_portfolio.model.axis import Axis, Span
from sphinx_portfolio.views.marks import rect, shape

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx_portfolio.model import Period, Portfolio, Record

HEIGHT, BAR, THIN = 11, 5, 2  # px
NARROW = 144  # px, where facts stand in a column: of more months, each is less than one
TICKS = 12  # at most: between more, nothing could be seen


def draw(records: Iterable[Record], portfolio: Portfolio) -> list[nodes.Element]:
    """Draw those of the records that are dated; nothing where none is."""
    dated = [record for record in records if record.period]
    axis = Axis.of_records(portfolio.records)
    if not dated or axis is None:
        return []
    drawing = nodes.raw("", svg(dated, axis), format="html")
    return [addnodes.only("", drawing, expr="format_html and not builder_epub")]


def svg(records: Iterable[Record], axis: Axis) -> str:
    """Draw records, each of which is dated."""
    looks = "portfolio-span portfolio-fine" if axis.months > NARROW else "portfolio-span"
    root = ET.Element("svg", {"class": looks, "aria-hidden": "true", "direction": "ltr"})
    root.set("width", "100%")
    root.set("height", str(HEIGHT))
    _scale(root, axis)
    spans = [
        (Span.of(period, axis), isinstance(record, Talk))
        for record in records
        for period in _periods(record)
    ]
    # What is exact lies over what is not, talks over bars, and what goes on over what is over.
    for span, is_talk in sorted(spans, key=lambda each: (each[0].units, each[1], each[0].goes_on)):
        if span.is_month:
            looks = "portfolio-ink portfolio-month" if is_talk else "portfolio-month"
            rect(root, looks, axis, (span.start, span.end), 0, HEIGHT)
        else:
            shape(root, axis, span, (HEIGHT - BAR) / 2, BAR, thin=THIN, tip=2)
    return ET.tostring(root, encoding="unicode")


def _periods(record: Record) -> list[Period]:
    """Return when it was: once, or on several occasions."""
    if record.occasions:
        return [period for period, _ in record.occasions]
    return [record.period] if record.period else []


def _scale(root: ET.Element, axis: Axis) -> None:
    middle = f"{HEIGHT / 2:g}"
    scale = ET.SubElement(root, "g", {"class": "portfolio-grid"})
    ET.SubElement(scale, "line", {"x1": "0", "x2": "100%", "y1": middle, "y2": middle})
    step = -(-axis.years // TICKS)
    for year in range(0, axis.years + 1, step):
        x = axis.percent(12 * year)
        ET.SubElement(scale, "line", {"x1": x, "x2": x, "y1": "3", "y2": "8"})
