"""Draw periods on the axis as SVG: `x` and `width` in percent, `y` and `height` in px."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from sphinx_portfolio.model.axis import Axis, Span


def line(parent: ET.Element, x: tuple[str, str], y: tuple[float, float]) -> None:
    """Draw a line of the grid."""
    (x1, x2), (y1, y2) = x, y
    ET.SubElement(parent, "line", {"x1": x1, "x2": x2, "y1": f"{y1:g}", "y2": f"{y2:g}"})


def rect(
    parent: ET.Element,
    looks: str,
    axis: Axis,
    months: tuple[float, float],
    middle: float,
    height: float,
) -> ET.Element:
    """Draw a rectangle from one month to another, `middle` at half its height."""
    start, end = months
    place = {"x": axis.percent(start), "y": f"{middle - height / 2:g}"}
    size = {"width": axis.percent(end - start), "height": f"{height:g}"}
    return ET.SubElement(parent, "rect", {"class": looks, **place, **size})


def mark(
    parent: ET.Element,
    axis: Axis,
    span: Span,
    middle: float,
    unit: float,
    *,
    month: int = 4,
    ink: bool = False,
) -> None:
    """Draw a period around `middle`, in multiples of `unit` px.

    The months in which it is possible are 1 unit high, those in which it is certain 2. An
    ongoing period ends in an arrow, 3 units high. A single month is `month` units high, and has
    the color of text if `ink` is set.
    """
    months = (span.start, span.end)
    if span.is_month:
        looks = "portfolio-ink portfolio-month" if ink else "portfolio-month"
        rect(parent, looks, axis, months, middle, month * unit)
        return
    looks = "portfolio-now" if span.is_ongoing else "portfolio-over"
    if span.sure != months:
        rect(parent, f"{looks} portfolio-may", axis, months, middle, unit)
    if span.sure:
        rect(parent, looks, axis, span.sure, middle, 2 * unit)
    if span.is_ongoing:
        # In an SVG of its own: the coordinates of a path can't be percent.
        half = 1.5 * unit
        arrow = ET.SubElement(parent, "svg", {"x": "100%", "y": f"{middle - half:g}"})
        arrow.set("width", "8")
        arrow.set("height", f"{2 * half:g}")
        arrow.set("overflow", "visible")
        path = f"M0 0l{half + 1:g} {half:g}-{half + 1:g} {half:g}z"
        ET.SubElement(arrow, "path", {"class": looks, "d": path})
