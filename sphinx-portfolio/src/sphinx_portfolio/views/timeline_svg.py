"""Draw the timeline as SVG: lanes of bars with labels, and of marks that stack.

No link is a stop of the tab key: the list beside the drawing has the same links.

The SVG has no viewBox: `x` and `width` are percent, `y` and text are px, so that it fits every
width without scaling its text. Positions in px are those for the narrowest drawing; a wider one
only has more room.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, TypeAlias
from xml.etree import ElementTree as ET

from sphinx_portfolio.model.axis import NARROWEST, Axis, Span
from sphinx_portfolio.views.marks import line, mark, rect

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sphinx_portfolio.model import Period
    from sphinx_portfolio.model.kind import Lane

CHARACTER = 8  # px: no monospaced font in use is wider at 13px
TARGET = 24  # px: the least size of a link
LINE = 16  # px: a line of a label
UNIT = 4  # px: see `marks.mark`
STEP = 6  # px: marks stack in steps; one that is n steps high keeps 2 px to the next


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """A bar or mark: `title` is its text alternative; bars have a label."""

    period: Period
    title: str
    label: str = ""
    href: str = ""


Placed: TypeAlias = "Sequence[tuple[Span, TimelineItem]]"


def width(text: str) -> int:
    """Return the px that a text takes at most, even where a fallback font is needed."""
    return sum(map(_width, text))


def _width(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    # Latin, Greek, Cyrillic, Hebrew, Arabic, punctuation and currencies: in monospaced fonts.
    if character < "\u0900" or "\u1e00" <= character < "\u20d0":
        return CHARACTER
    return 14 if character < "\U0001f000" else 18


def wrap(text: str) -> list[str]:
    """Break a text into lines that fit the narrowest drawing; a longer word anywhere."""
    lines = [""]
    for word in text.split():
        if lines[-1]:
            if width(f"{lines[-1]} {word}") <= NARROWEST:
                lines[-1] += " "
            else:
                lines.append("")
        for character in word:
            if width(lines[-1] + character) > NARROWEST:
                lines.append("")
            lines[-1] += character
    return lines


def stack(spans: Sequence[Span], axis: Axis) -> list[int]:
    """Return how many steps each mark is below the top, so that none hides another."""
    # Hairlines are drawn wider than their month.
    apart = 3 / NARROWEST * axis.months if axis.is_fine else 0
    tops: dict[int, int] = {}
    # Months first, so that they are in a row.
    for index, span in sorted(enumerate(spans), key=lambda each: -each[1].units):
        near = [
            (top, top + _units(spans[other]))
            for other, top in tops.items()
            if spans[other].start < span.end + apart and span.start < spans[other].end + apart
        ]
        tops[index] = next(
            top
            for top in count()
            if not any(top < below and above < top + _units(span) for above, below in near)
        )
    return [tops[index] for index in range(len(spans))]


def _units(span: Span) -> int:
    """Return the height of a mark with its arrow."""
    return 3 if span.is_ongoing else span.units


def ticks(axis: Axis) -> dict[int, float]:
    """Return the years to name, as many as have room, with the px from its line to the name."""
    name, gap = 4 * CHARACTER, 4
    steps = (step * 10**power for power in count() for step in (1, 2, 5))
    step = next(step for step in steps if axis.pixels(12 * step) >= name + 3 * gap)
    named = {}
    for year in range(axis.first, axis.last + 1):
        dx = min(gap, NARROWEST - name - axis.pixels(12 * (year - axis.first)))
        if year % step == 0 and dx >= -gap:
            named[year] = dx
    return named


def draw(axis: Axis, lanes: Iterable[tuple[Lane, Iterable[TimelineItem]]], label: str) -> str:
    """Draw lanes, none of which is empty, from top to bottom; `label` is the text alternative."""
    looks = "portfolio-fine" if axis.is_fine else "portfolio-coarse"
    root = ET.Element("svg", {"class": looks, "role": "group", "width": "100%"})
    root.set("aria-label", label)
    root.set("direction", "ltr")  # time runs to the right on every page
    grid = ET.SubElement(root, "g", {"class": "portfolio-grid"})  # below all else
    y = 0.0
    for lane, entries in lanes:
        placed = [(Span.of(entry.period, axis), entry) for entry in entries]
        placed.sort(key=lambda each: (each[0].start, each[0].end, each[1].title))
        y = (_bars if lane.looks == "bar" else _marks)(root, axis, lane, placed, y + 6)
        line(grid, ("0", "100%"), (y, y))
    _years(root, grid, axis, y)
    root.set("height", f"{y + 22:g}")
    return ET.tostring(root, encoding="unicode")


def _bars(root: ET.Element, axis: Axis, lane: Lane, placed: Placed, y: float) -> float:
    """Draw each entry in a row: a link with a label and a bar. Return the bottom."""
    for index, (span, entry) in enumerate(placed):
        lines = wrap(entry.label)
        place, left = _placed(span, axis, max(map(width, lines)))
        if index == 0:
            y = _lane(root, lane, left, y)
        link = ET.SubElement(root, "a", {"href": entry.href, "tabindex": "-1"})
        ET.SubElement(link, "title").text = entry.title
        middle = y + LINE * len(lines) + 3 + UNIT
        size = max(span.end - span.start, TARGET / NARROWEST * axis.months)
        start = min(span.start, axis.months - size)
        top, bottom = y, middle + UNIT + 1
        months = (start, start + size)
        hit = rect(link, "portfolio-hit", axis, months, (top + bottom) / 2, bottom - top)
        hit.set("fill", "none")
        hit.set("pointer-events", "all")
        for number, words in enumerate(lines):
            _text(link, words, "portfolio-label", y + 13 + LINE * number, place)
        mark(link, axis, span, middle, UNIT, month=2)
        y = middle + 9
    return y + 4


def _placed(span: Span, axis: Axis, room: float) -> tuple[dict[str, str], float]:
    """Return the attributes of a label of `room` px, and its left edge in the narrowest drawing.

    It begins with its bar. If it would end outside, it is centered on the bar, or as near to
    that as it fits.
    """
    left = axis.pixels(span.start)
    if left + room <= NARROWEST:
        return {"x": axis.percent(span.start)}, left
    center = (span.start + span.end) / 2
    moved = min(max(axis.pixels(center), room / 2), NARROWEST - room / 2)
    place = {"x": axis.percent(center), "text-anchor": "middle"}
    if dx := round(moved - axis.pixels(center), 2):
        place["dx"] = f"{dx:g}"
    return place, moved - room / 2


def _marks(root: ET.Element, axis: Axis, lane: Lane, placed: Placed, y: float) -> float:
    """Stack the entries. Return the bottom."""
    y = _lane(root, lane, axis.pixels(placed[0][0].start), y) + 4
    tops = stack([span for span, _ in placed], axis)
    steps = 3
    for (span, entry), top in zip(placed, tops, strict=True):
        link = ET.SubElement(root, "a", {"href": entry.href, "tabindex": "-1"})
        group = ET.SubElement(link, "g", {"class": "portfolio-mark", "role": "img"})
        ET.SubElement(group, "title").text = entry.title
        middle = y + STEP * (top + _units(span) / 2) - 1
        mark(group, axis, span, middle, UNIT, ink=lane.looks == "ink mark")
        steps = max(steps, top + _units(span))
    return y + STEP * steps + 5


def _lane(root: ET.Element, lane: Lane, left: float, y: float) -> float:
    """Name a lane, beside its first entry if that has room. Return the top of the entries."""
    _text(root, lane.name, "portfolio-lane", y + 13, {"x": "0"})
    return y if left >= width(lane.name) + CHARACTER else y + LINE + 2


def _years(root: ET.Element, grid: ET.Element, axis: Axis, y: float) -> None:
    """Draw the axis: a line with a name for as many years as have room, a tick for the others."""
    named = ticks(axis)
    for year in range(axis.first, axis.last + 1):
        x = axis.percent(12 * (year - axis.first))
        # No line where the names of lanes begin.
        top = 0 if year in named and year > axis.first else y
        line(grid, (x, x), (top, y + (18 if year in named else 5)))
        if year in named:
            place = {"x": x, "dx": f"{named[year]:g}"}
            _text(root, str(year), "portfolio-year", y + 17, place)


def _text(parent: ET.Element, words: str, looks: str, y: float, place: dict[str, str]) -> None:
    text = ET.SubElement(parent, "text", {"class": looks, "y": f"{y:g}", **place})
    if any(unicodedata.bidirectional(each) in {"R", "AL"} for each in words):
        # Set by its own direction, and placed from left to right like all others.
        words = f"\N{FIRST STRONG ISOLATE}{words}\N{POP DIRECTIONAL ISOLATE}"
    text.text = words
