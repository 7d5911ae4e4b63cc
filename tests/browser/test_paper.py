"""Every page on paper: its addresses spelled out, no line on another, no page left empty."""

from __future__ import annotations

import io
import re
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import pytest
from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTTextLine
from pypdf import PdfReader

from browser.visit import PAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdfminer.layout import LTPage

    from browser.conftest import Visitor
    from browser.visit import Visit

MARGIN = {"top": "15mm", "bottom": "15mm", "left": "15mm", "right": "15mm"}
A4 = 842  # pt high


class Line(NamedTuple):
    """A line of text, and where it stands: pt from the left and from the bottom."""

    text: str
    left: float
    bottom: float
    right: float
    top: float


def lines(page: LTPage) -> Iterator[Line]:
    boxes = list(page)
    while boxes:
        box = boxes.pop()
        if isinstance(box, LTTextLine):
            if text := box.get_text().strip():
                yield Line(text, *box.bbox)
        elif hasattr(box, "__iter__"):
            boxes += box


def characters(pdf: bytes) -> str:
    """Return all that is written, in the order in which it was: an address may be on two lines."""
    written = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s", "", written)


def overlaps(a: Line, b: Line) -> bool:
    """Tell whether a third of one line's height lies on the other.

    The timeline's words are drawn twice, with a rim of paper.
    """
    height = min(a.top, b.top) - max(a.bottom, b.bottom)
    width = min(a.right, b.right) - max(a.left, b.left)
    return a.text != b.text and width > 2 and height > min(a.top - a.bottom, b.top - b.bottom) / 3


def test_paper_has_margins(visit: Visitor) -> None:
    margins = visit("index").page.evaluate(
        """() => [...document.styleSheets].filter((sheet) => sheet.media.mediaText === "print")
            .flatMap((sheet) => [...sheet.cssRules])
            .filter((rule) => rule instanceof CSSPageRule).map((rule) => rule.style.margin)"""
    )
    assert margins
    assert all(float(size.removesuffix("mm")) >= 10 for it in margins for size in it.split())


@pytest.mark.parametrize("opened", PAGES, indirect=True)
def test_a_page_prints_cleanly(opened: Visit) -> None:
    opened.look("print")
    # Furo offers a link to the top to who scrolls up.
    opened.page.evaluate("document.documentElement.classList.add('show-back-to-top')")
    pdf = opened.page.pdf(format="A4", margin=MARGIN)  # type: ignore[arg-type]
    # Columns are no lines of each other.
    sheets = [
        list(lines(sheet))
        for sheet in extract_pages(io.BytesIO(pdf), laparams=LAParams(char_margin=1.0))
    ]
    clashes = [
        (number, a.text, b.text)
        for number, sheet in enumerate(sheets, start=1)
        for a, b in combinations(sheet, 2)
        if overlaps(a, b)
    ]
    assert clashes == []
    shown = "(links) => links.filter((a) => a.checkVisibility()).map((a) => a.getAttribute('href'))"
    addresses = opened.page.eval_on_selector_all("article a[href^=http]", shown)
    said = characters(pdf)
    assert [each for each in addresses if each not in said] == []
    words = {line.text for sheet in sheets for line in sheet}
    assert words.isdisjoint(
        {"Skip to content", "Previous", "Next", "Back to top", "Copy", "BibTeX", "¶"}
    )
    # No list that could be broken is pushed to the next sheet as a whole.
    assert all(min(line.bottom for line in sheet) < A4 / 2 for sheet in sheets[:-1])
