"""The CV as a PDF that machines read as well as people do: PDF/UA-1, PDF/A-3a, typeset by typst.

The records go to the template as JSON; nothing of them becomes source. Typst
brings the fonts along, so the same records give the same bytes everywhere.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sphinx_portfolio.exports import outline, pdf_data, resume_json
from sphinx_portfolio.exports.outline import ExportError
from sphinx_portfolio.model.axis import Axis

if TYPE_CHECKING:
    import typst

    from sphinx_portfolio.exports.pdf_data import Data, Entry
    from sphinx_portfolio.model import Date, Portfolio

TEMPLATE = Path(__file__).with_name("cv.typ")
STANDARDS: list[typst.PDFStandard] = ["ua-1", "a-3a"]
NO_LIMIT = 10_000  # pages
PICTURE = 400  # px, its width
COMBINING = {"Mn", "Mc", "Me"}


class Paper(NamedTuple):
    """A size of paper: its name, and its width in inches."""

    title: str
    width: float


PAPERS = {"a4": Paper("A4", 210 / 25.4), "us-letter": Paper("US Letter", 8.5)}


@dataclass(frozen=True, slots=True)
class Looks:
    """A layout: size of the type in pt, margin in mm.

    Entries and sections of at most so many lines are kept on one page. `air` is the part of the
    space above entries and sections that is left.
    """

    size: float
    margin: float
    entry: int = 20
    section: int = 30
    air: float = 1


# The first that fits is taken; the last is the tightest.
ALL_LOOKS = (
    Looks(9.7, 15),
    Looks(9.5, 14),
    Looks(9.3, 13, air=0.8),
    Looks(9.1, 12, air=0.8),
    Looks(8.8, 12, entry=0, section=0, air=0.7),
)


def cv(portfolio: Portfolio) -> bytes:
    """Return the CV."""
    return _pdf(portfolio, portfolio.cv_pages or NO_LIMIT)


def short(portfolio: Portfolio) -> bytes:
    """Return the CV of the selected records, on one page."""
    return _pdf(outline.selected(portfolio), 1)


def picture(portfolio: Portfolio) -> bytes:
    """Return the first page of the CV as PNG."""
    return _typeset(
        portfolio,
        portfolio.cv_pages or NO_LIMIT,
        "png",
        ppi=PICTURE / PAPERS[portfolio.paper].width,
    )[0]


# -- Typesetting --------------------------------------------------------------


class _TooLong(Exception):  # noqa: N818  (never leaves this file)
    def __init__(self, pages: int) -> None:
        super().__init__(pages)
        self.pages = pages


def _pdf(portfolio: Portfolio, limit: int) -> bytes:
    resume = resume_json.resume(portfolio).decode()
    [made] = _typeset(portfolio, limit, "pdf", resume=resume)
    return made


def _typeset(
    portfolio: Portfolio,
    limit: int,
    format: Literal["pdf", "png"],
    *,
    ppi: float | None = None,
    **inputs: str,
) -> list[bytes]:
    """Return a PDF, or a picture of each page, set as wide as fits.

    Raises ExportError where it doesn't fit at all, or the fonts lack a sign.
    """
    outline.refuse_unshowable(portfolio)
    axis = Axis.of_records(portfolio.records)
    sections = pdf_data.sections(portfolio)
    entries = [entry for section in sections for entry in section.entries]
    data: Data = {
        "name": outline.folded(portfolio.person.name),
        "label": outline.folded(portfolio.person.label),
        "paper": portfolio.paper,
        "limit": limit,
        "contact": pdf_data.contact(portfolio.person),
        "years": axis.years if axis else 0,
        "sections": [section.data for section in sections],
    }
    pages = 0
    for looks in ALL_LOOKS:
        said = inputs | {"cv": json.dumps(data | {"looks": asdict(looks)})}
        try:
            made = _compiled(said, portfolio.today, format, ppi)
        except _TooLong as error:
            pages = error.pages
        except _typst().TypstError as error:
            raise _explained(error, entries) from error
        else:
            return made if isinstance(made, list) else [made]
    raise _too_long(pages, limit, portfolio, entries)


def _compiled(
    inputs: dict[str, str], today: Date, format: Literal["pdf", "png"], ppi: float | None
) -> bytes | list[bytes]:
    try:
        made = _compiler().compile(
            format=format,
            ppi=ppi,
            sys_inputs=inputs,
            pdf_standards=STANDARDS if format == "pdf" else [],
            timestamp=datetime.combine(today.first, time(), UTC),
        )
    except _typst().TypstError as error:
        if too_long := re.fullmatch(r".*\bpages: ([0-9]+)", error.message):
            raise _TooLong(int(too_long[1])) from error
        raise
    assert made is not None  # noqa: S101  (that is, no file was written)
    return made


def _typst() -> Any:
    import typst  # noqa: PLC0415  (heavy, and of use for PDFs alone)

    return typst


@cache
def _compiler() -> typst.Compiler:
    """Load the fonts, once."""
    compiler: typst.Compiler = _typst().Compiler(
        str(TEMPLATE), root=str(TEMPLATE.parent), ignore_system_fonts=True
    )
    return compiler


# -- What went wrong ----------------------------------------------------------


def _too_long(pages: int, limit: int, portfolio: Portfolio, entries: list[Entry]) -> ExportError:
    """Say how many pages it takes, which entry is the longest, and what to do."""
    longest = max(entries, key=lambda entry: entry.data["lines"], default=None)
    place = longest.name if longest else "conf.py: the person"
    allowed = "1 is" if limit == 1 else f"{limit} are"
    which = "the short CV" if limit == 1 else "the CV"
    remedy = (
        "remove the mark `selected` from some entries"
        if limit == 1
        else "shorten the longest entry, or raise portfolio_cv_pages in conf.py"
    )
    message = (
        f"{place}: {which} takes {pages} pages of {PAPERS[portfolio.paper].title}, of which "
        f"{allowed} allowed: {remedy} (this is the longest entry)"
    )
    return ExportError(message)


def _explained(error: Exception, entries: list[Entry]) -> ExportError:
    """Say which record has a sign that no font has, or that no archive may hold."""
    message = str(getattr(error, "message", error))
    quoted = re.search(r'(?:text|PDF|codepoint) .*?`"(.+?)"`', message)
    if quoted is None:
        return ExportError(f"typst can't typeset the CV: {message}")
    sign = _unquoted(quoted[1])
    holders = (
        (name, whole)
        for entry in entries
        for name, text in entry.texts
        if (whole := _whole(sign, text))
    )
    name, sign = next(holders, ("conf.py: the person", sign))
    return ExportError(
        f"{name}: the fonts of the PDF have no {_named(sign)}: leave it out, or write it in "
        "Latin, Greek, Cyrillic, Hebrew or Arabic letters"
    )


def _unquoted(text: str) -> str:
    r"""Undo typst's way of writing signs: `\u{1}`."""
    text = re.sub(r"\\u\{([0-9a-fA-F]+)\}", lambda match: chr(int(match[1], 16)), text)
    return re.sub(r"\\(.)", r"\1", text)


def _whole(sign: str, text: str) -> str:
    """Return the sign with its marks as a text has it; an ASCII sign without marks is innocent."""
    for match in re.finditer(re.escape(sign), text):
        marks = takewhile(lambda each: unicodedata.category(each) in COMBINING, text[match.end() :])
        whole = sign + "".join(marks)
        if not whole.isascii():
            return whole
    return ""


def _named(sign: str) -> str:
    """Name a sign by its code points: `'漢' (U+6F22 CJK UNIFIED IDEOGRAPH-6F22)`."""
    codes = (f"U+{ord(each):04X} {unicodedata.name(each, '')}".strip() for each in sign)
    return f"{sign!r} ({', '.join(codes)})"
