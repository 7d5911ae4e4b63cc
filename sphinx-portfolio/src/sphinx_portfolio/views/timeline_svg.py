"""The timeline's drawing: lanes of periods to SVG. It knows no records, no Sphinx and no clock.

The SVG has no viewBox: `x` and `width` are percent, `y` and type are px, so it fits every width
and never scales its words. What has to be decided in px is decided for the narrowest width;
a wider drawing only has more room.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Literal
from xml.etree import ElementTree as ET

from sphinx_portfolio.model.axis import NARROWEST, Axis, Span
from sphinx_portfolio.views.marks import rect, shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx_portfolio.model import Period

CHARACTER = 8  # px: no monospaced face in use is wider at 13px
TARGET = 24  # px: what a finger can hit
LINE, BAR, ROW = 16, 8, 32  # px: a line of a label, a bar, and both with the room under them
# Marks stack in units of 6px. Thin is what is known by year: a line takes one unit, a bar two, and
# a month, which is so short that it has to be high, three.
UNIT, THIN = 6, 4
MARKS = {"mark": "portfolio-mark", "ink mark": "portfolio-ink portfolio-mark"}  # CSS classes


@dataclass(frozen=True, slots=True)
class Entry:
    """What is drawn: `title` says all of it, `label` and `href` are those of a bar."""

    period: Period
    title: str
    label: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """The entries of a lane: bars with labels and links, or marks that stack."""

    name: str
    entries: Sequence[Entry]
    looks: Literal["bar", "mark", "ink mark"]


def width(text: str) -> int:
    """Return the px that a text takes at most, also where another face has to help out."""
    return sum(map(_width, text))


def _width(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    # Latin, Greek, Cyrillic, Hebrew, Arabic, punctuation and currencies: as wide as the face says.
    if character < "\u0900" or "\u1e00" <= character < "\u20d0":
        return CHARACTER
    return 14 if character < "\U0001f000" else 18


def wrap(text: str) -> tuple[str, ...]:
    """Break a text into lines that fit where the drawing is narrowest; a long word, anywhere."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if width(longer) <= NARROWEST:
            lines[-1] = longer
            continue
        lines.append("")
        for character in word:
            if width(lines[-1] + character) > NARROWEST:
                lines.append("")
            lines[-1] += character
    return tuple(filter(None, lines)) or ("–",)


@dataclass(frozen=True, slots=True)
class Label:
    """The lines over a bar, which take `room` px; where it is narrowest they begin at `left` px."""

    lines: tuple[str, ...]
    room: int
    left: float

    @classmethod
    def of(cls, text: str, span: Span, axis: Axis) -> Label:
        """Begin with the bar, or as far to the left of it as the right edge asks for."""
        lines = wrap(text)
        room = max(map(width, lines))
        return cls(lines, room, min(axis.pixels(span.start), NARROWEST - room))


def stack(spans: Sequence[Span], axis: Axis) -> list[int]:
    """Return for each mark the highest unit from which it hides no other."""
    # Hairlines are drawn wider than their month: these keep a distance.
    apart = 3 / NARROWEST * axis.months if axis.is_fine else 0
    taken: dict[int, list[tuple[float, float]]] = {}
    found = [0] * len(spans)
    # What is high goes first, so that months stand in a row and lines fill what is left.
    for index in sorted(range(len(spans)), key=lambda index: -spans[index].units):
        span = spans[index]
        start, end = span.start - apart / 2, span.end + apart / 2
        found[index] = next(
            top
            for top in count()
            if not any(
                start < right and left < end
                for unit in range(top, top + span.units)
                for left, right in taken.get(unit, ())
            )
        )
        for unit in range(found[index], found[index] + span.units):
            taken.setdefault(unit, []).append((start, end))
    return found


def ticks(axis: Axis) -> Iterator[tuple[int, float]]:
    """Yield the years to name, with the px to move each name by: as many as have room."""
    room = 4 * CHARACTER + 4
    steps = (step * 10**power for power in count() for step in (1, 2, 5))
    step = next(step for step in steps if axis.pixels(12 * step) >= room + CHARACTER)
    free = 0.0
    for year in range(axis.first, axis.last + 1):
        x = axis.pixels(12 * (year - axis.first))
        dx = min(4, NARROWEST - room + 4 - x)
        if year % step == 0 and x + dx >= free:
            yield year, dx
            free = x + dx + room


def draw(lanes: Sequence[Row]) -> str:
    """Draw lanes, of which there is at least one, none empty."""
    return ET.tostring(_Drawing(lanes).root, encoding="unicode")


class _Drawing:
    """An SVG that grows downwards: `y` is where the next thing goes."""

    def __init__(self, lanes: Sequence[Row]) -> None:
        self.axis = axis = Axis.of(entry.period for lane in lanes for entry in lane.entries)
        years = dict.fromkeys((axis.first, axis.last))
        self.root = ET.Element(
            "svg", {"class": "portfolio-fine" if axis.is_fine else "portfolio-coarse"}
        )
        self.root.set("role", "group")
        self.root.set("aria-label", f"Timeline, {' to '.join(map(str, years))}")
        self.root.set("direction", "ltr")  # time runs to the right on every page
        self.root.set("width", "100%")
        self.grid = ET.SubElement(self.root, "g", {"class": "portfolio-grid"})  # under all else
        self.y = 0.0
        for lane in lanes:
            spans = [(Span.of(entry.period, axis), entry) for entry in lane.entries]
            spans.sort(key=lambda each: (each[0].start, each[0].end, each[1].title))
            self.y += 6
            if lane.looks == "bar":
                self._bars(lane.name, spans)
            else:
                self._marks(lane.name, spans, lane.looks)
            self._line("0", "100%", self.y, self.y)
        self._years()
        self.root.set("height", f"{self.y:g}")

    def _name(self, name: str, left: float) -> None:
        """Name a lane: beside what is first in it, or over it where there is no room."""
        self._text(self.root, name, "portfolio-lane", x="0", y=self.y + 13)
        if left < width(name) + CHARACTER:
            self.y += LINE + 2

    def _bars(self, name: str, rows: Sequence[tuple[Span, Entry]]) -> None:
        """Give each entry a row."""
        labels = [Label.of(entry.label, span, self.axis) for span, entry in rows]
        self._name(name, labels[0].left)
        for (span, entry), label in zip(rows, labels, strict=True):
            link = ET.SubElement(self.root, "a", {"href": entry.href})
            ET.SubElement(link, "title").text = entry.title
            bar = self.y + LINE * len(label.lines) + 3
            least = TARGET / NARROWEST * self.axis.months
            size = max(span.end - span.start, least)
            start = min(span.start, self.axis.months - size)
            height = bar + BAR + 1 - self.y
            hit = rect(link, "portfolio-hit", self.axis, (start, start + size), self.y, height)
            hit.set("fill", "none")
            hit.set("pointer-events", "all")
            for number, line in enumerate(label.lines):
                self._label(link, span, label, line, self.y + 13 + LINE * number)
            shape(link, self.axis, span, bar, BAR, thin=THIN, tip=2)
            self.y = bar - 3 + ROW - LINE
        self.y += 4

    def _label(self, link: ET.Element, span: Span, label: Label, line: str, y: float) -> None:
        x = self.axis.percent(span.start)
        dx = label.left - self.axis.pixels(span.start)
        text = self._text(link, line, "portfolio-label", x=x, y=y, dx=dx)
        if dx:
            # Moved for the narrowest drawing; a wider one takes back what it doesn't need.
            after = self.axis.percent(self.axis.months - span.start)
            move = f"calc(min(0px, {after} - {label.room}px) + {-dx:g}px)"
            text.set("style", f"transform: translateX({move})")

    def _marks(self, name: str, marks: Sequence[tuple[Span, Entry]], looks: str) -> None:
        """Stack the entries, so that none hides another."""
        self._name(name, self.axis.pixels(marks[0][0].start))
        tops = stack([span for span, _ in marks], self.axis)
        for (span, entry), top in zip(marks, tops, strict=True):
            group = ET.SubElement(self.root, "g", {"class": MARKS[looks], "role": "img"})
            ET.SubElement(group, "title").text = entry.title
            y, height = self.y + 4 + UNIT * top, UNIT * span.units - 2
            if span.is_month:
                rect(group, "portfolio-month", self.axis, (span.start, span.end), y, height)
            else:
                shape(group, self.axis, span, y, height, thin=THIN, tip=1)
        units = max(top + span.units for (span, _), top in zip(marks, tops, strict=True))
        self.y += 4 + UNIT * max(units, 3) + 5

    def _years(self) -> None:
        """Draw the axis: a line for each year that is named, a tick for the others."""
        named = dict(ticks(self.axis))
        for year in range(self.axis.first, self.axis.last + 1):
            x = self.axis.percent(12 * (year - self.axis.first))
            # The first stands at the edge, where the lanes' names begin: it is no line, either.
            top = 0 if year in named and year > self.axis.first else self.y
            self._line(x, x, top, self.y + (18 if year in named else 5))
            if year in named:
                self._text(
                    self.root, str(year), "portfolio-year", x=x, y=self.y + 17, dx=named[year]
                )
        self.y += 22

    def _text(
        self, parent: ET.Element, words: str, looks: str, *, x: str, y: float, dx: float = 0
    ) -> ET.Element:
        text = ET.SubElement(parent, "text", {"class": looks, "x": x, "y": f"{y:g}"})
        if dx:
            text.set("dx", f"{dx:g}")
        strong = (unicodedata.bidirectional(character) for character in words)
        if next((each for each in strong if each in {"L", "R", "AL"}), "L") == "L":
            text.text = words
        else:
            # It runs to the left, but begins where it is told to. A direction would move it.
            text.text = f"\N{RIGHT-TO-LEFT ISOLATE}{words}\N{POP DIRECTIONAL ISOLATE}"
        return text

    def _line(self, x1: str, x2: str, y1: float, y2: float) -> None:
        ET.SubElement(self.grid, "line", {"x1": x1, "x2": x2, "y1": f"{y1:g}", "y2": f"{y2:g}"})
