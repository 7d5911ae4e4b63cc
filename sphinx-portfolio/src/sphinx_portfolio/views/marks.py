"""How a period is drawn on the axis, in SVG: `x` and `width` are percent, `y` and `height` px."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from sphinx_portfolio.model.axis import Axis, Span


def rect(
    parent: ET.Element,
    looks: str,
    axis: Axis,
    months: tuple[float, float],
    y: float,
    height: float,
) -> ET.Element:
    """Draw a rectangle from a month to another."""
    start, end = months
    place = {"x": axis.percent(start), "y": f"{y:g}"}
    size = {"width": axis.percent(end - start), "height": f"{height:g}"}
    return ET.SubElement(parent, "rect", {"class": looks, **place, **size})


def shape(
    parent: ET.Element,
    axis: Axis,
    span: Span,
    y: float,
    height: float,
    *,
    thin: float,
    tip: float,
) -> None:
    """Draw a period: `thin` where it may have been, and of full height where it surely was.

    What goes on ends in an arrow, `tip` px higher than the bar on both sides.
    """
    looks = "portfolio-now" if span.goes_on else "portfolio-over"
    if span.sure != (span.start, span.end):
        rect(
            parent,
            f"{looks} portfolio-may",
            axis,
            (span.start, span.end),
            y + (height - thin) / 2,
            thin,
        )
    if span.sure:
        rect(parent, looks, axis, span.sure, y, height)
    if span.goes_on:
        # A path knows no percent, so it stands in a drawing of its own.
        half = height / 2 + tip
        arrow = ET.SubElement(parent, "svg", {"x": "100%", "y": f"{y - tip:g}"})
        arrow.set("width", "8")
        arrow.set("height", f"{2 * half:g}")
        arrow.set("overflow", "visible")
        path = f"M0 0l{half + 1:g} {half:g}-{half + 1:g} {half:g}z"
        ET.SubElement(arrow, "path", {"class": looks, "d": path})
