"""Drawings of labs: SVG, rebuilt from a fixed list of elements and attributes.

The script of labs, `lab.js`, rebuilds what readers draw by the same list.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from sphinx_portfolio.labs.engine import LabError

SVG = "http://www.w3.org/2000/svg"
ELEMENTS = (
    *("svg", "g", "title", "desc", "line", "polyline", "polygon", "path", "rect", "circle"),
    *("ellipse", "text", "tspan"),
)
NUMBERS = (
    *("x", "y", "x1", "y1", "x2", "y2", "dx", "dy", "cx", "cy", "r", "rx", "ry", "width"),
    *("height", "stroke-width", "opacity", "fill-opacity", "stroke-opacity"),
)
NUMBER = r"-?[0-9.]+(e-?[0-9]+)?"
COLOR = r"none|currentColor|transparent|var\(--portfolio-[a-z]+(, (currentColor|transparent))?\)"
# What an attribute may be.
ATTRIBUTES = {
    **dict.fromkeys(NUMBERS, NUMBER),
    **dict.fromkeys(("fill", "stroke"), COLOR),
    **dict.fromkeys(("points", "viewBox", "stroke-dasharray"), r"[-0-9., e]*"),
    "d": r"[-0-9., eMmLlHhVvCcSsQqTtAaZz]*",
    "text-anchor": "start|middle|end",
    "font-weight": "normal|bold",
    "transform": r"(translate|rotate|scale)\([-0-9., e]+\)",
    "role": "img",
}


def rebuild(text: str) -> str:
    """Return a drawing with the elements and attributes of the list; LabError if it has others."""
    if "<!" in text or "<?" in text:
        message = "invalid drawing: it has a declaration, a comment or an instruction"
        raise LabError(message)
    try:
        root = ET.fromstring(text)  # noqa: S314 (without declarations)
    except ET.ParseError as error:
        message = f"invalid drawing: {error}"
        raise LabError(message) from error
    if _name(root) != "svg":
        message = "invalid drawing: it is not an <svg> element"
        raise LabError(message)
    if [_name(child) for child in root[:2]] != ["title", "desc"]:
        message = "invalid drawing: begin it with <title> and <desc>"
        raise LabError(message)
    try:
        return ET.tostring(_copy(root), encoding="unicode")
    except RecursionError:
        message = "invalid drawing: its elements are nested too deep"
        raise LabError(message) from None


def _name(element: ET.Element) -> str:
    return str(element.tag).removeprefix(f"{{{SVG}}}")


def _copy(element: ET.Element) -> ET.Element:
    name = _name(element)
    if name not in ELEMENTS:
        message = f"invalid drawing: the element <{name}> is not allowed"
        raise LabError(message)
    made = ET.Element(name)
    for key, value in element.attrib.items():
        pattern = ATTRIBUTES.get(key)
        if pattern is None or not re.fullmatch(pattern, value):
            message = f'invalid drawing: the attribute {key}="{value}" is not allowed'
            raise LabError(message)
        made.set(key, value)
    made.text, made.tail = element.text, element.tail
    made.extend([_copy(child) for child in element])
    return made
