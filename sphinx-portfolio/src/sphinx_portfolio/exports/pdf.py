"""The CV as an accessible and archivable PDF (PDF/UA-1, PDF/A-3a), typeset by typst.

The records reach the template as JSON, so no text is parsed as typst's markup. Typst includes
the fonts, so the same records give the same bytes on every system.
"""

from __future__ import annotations

import io
import json
import re
import unicodedata
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, time
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sphinx_portfolio.exports import pdf_data, resume_json
from sphinx_portfolio.exports.outline import ExportError, MissingGlyphError, error_in, folded
from sphinx_portfolio.model import Portfolio, Record, Skill
from sphinx_portfolio.model.axis import Axis

if TYPE_CHECKING:
    from collections.abc import Iterator

    import typst

    from sphinx_portfolio.exports.pdf_data import Data

TEMPLATE = Path(__file__).with_name("cv.typ")
STANDARDS: list[typst.PDFStandard] = ["ua-1", "a-3a"]
# The sizes of paper with their widths in inches.
PAPERS = {"a4": 210 / 25.4, "us-letter": 8.5}
PICTURE_WIDTH = 1152  # px: twice the width at which pages show it
COLORS = 16  # of the picture

CV_TOO_LONG = (
    "the CV takes {pages} pages of {paper}, but portfolio_cv_pages allows {limit}: shorten the "
    "longest entries, such as this one, or raise portfolio_cv_pages in conf.py"
)
SHORT_CV_TOO_LONG = (
    "the short CV takes {pages} pages of {paper}, but may have only one: remove `selected` from "
    "some entries; the longest is this one"
)


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout: type size in pt, margin in mm.

    Entries and sections of at most so many lines are kept on one page. `air` is a factor of the
    space above entries and sections.
    """

    size: float
    margin: float
    entry: int = 20
    section: int = 30
    air: float = 1


# From loose to tight; the first in which the CV fits is used.
LAYOUTS = (
    Layout(9.7, 15),
    Layout(9.5, 14),
    Layout(9.3, 13, air=0.8),
    Layout(9.1, 12, air=0.8),
    Layout(8.8, 12, entry=0, section=0, air=0.7),
)


def cv(portfolio: Portfolio) -> bytes:
    """Return the CV as PDF."""
    return _pdf(portfolio, portfolio.cv_pages, CV_TOO_LONG)


def short(portfolio: Portfolio) -> bytes:
    """Return the CV of the selected records as PDF, on one page."""
    records = tuple(record for record in portfolio.records if record.selected)
    return _pdf(replace(portfolio, records=records), 1, SHORT_CV_TOO_LONG)


def picture(portfolio: Portfolio) -> bytes:
    """Return the first page of the CV as PNG with few colors."""
    from PIL import Image  # noqa: PLC0415 (an optional library)

    ppi = PICTURE_WIDTH / PAPERS[portfolio.paper]
    page = _typeset(portfolio, portfolio.cv_pages, CV_TOO_LONG, "png", ppi)[0]
    content = io.BytesIO()
    with Image.open(io.BytesIO(page)) as picture:
        reduced = picture.convert("RGB").quantize(COLORS, Image.Quantize.FASTOCTREE)
        reduced.save(content, "PNG")
    return content.getvalue()


def _pdf(portfolio: Portfolio, limit: int, too_long: str) -> bytes:
    resume = resume_json.resume(portfolio).decode()
    return _typeset(portfolio, limit, too_long, "pdf", resume=resume)[0]


def _typeset(
    portfolio: Portfolio,
    limit: int,
    too_long: str,
    format: Literal["pdf", "png"],
    ppi: float | None = None,
    **inputs: str,
) -> list[bytes]:
    """Return a PDF, or a picture of each page; a limit of 0 pages is none.

    Raises ExportError if there are too many pages, or a character is in none of the fonts.
    """
    from typst import TypstError  # noqa: PLC0415 (an optional library)

    axis = Axis.of_records(portfolio.records)
    sections = pdf_data.sections(portfolio)
    entries = [entry for section in sections for entry in section["entries"]]
    translator = portfolio.translator
    data: Data = {
        "language": translator.main_language,
        "title": f"{folded(portfolio.person.name)}: {translator.gettext('CV')}",
        "attached": translator.gettext("The same as JSON Resume"),
        "name": folded(portfolio.person.name),
        "label": folded(portfolio.person.label),
        "paper": portfolio.paper,
        "limit": limit,
        "summary": folded(portfolio.person.summary),
        "contact": pdf_data.contact(portfolio.person),
        "years": axis.years if axis else 0,
        "sections": sections,
    }
    typesetter, data["fonts"] = compiler(TEMPLATE, portfolio.fonts)
    pages = 0
    for layout in LAYOUTS:
        try:
            made = typesetter.compile(
                format=format,
                ppi=ppi,
                sys_inputs=inputs | {"cv": json.dumps(data | {"layout": asdict(layout)})},
                pdf_standards=STANDARDS if format == "pdf" else [],
                timestamp=datetime.combine(portfolio.today.first, time(), UTC),
            )
        except TypstError as error:
            counted = re.fullmatch(r".*\bpages: ([0-9]+)", error.message)
            if counted is None:
                raise _explained(error.message, portfolio, entries) from error
            pages = int(counted[1])
        else:
            assert made is not None  # noqa: S101 (without an output path)
            return made if isinstance(made, list) else [made]
    longest = max(entries, key=lambda entry: entry["lines"], default=None)
    record = portfolio.by_id[longest["id"]] if longest else None
    raise error_in(record, too_long.format(pages=pages, paper=portfolio.paper, limit=limit))


@cache
def compiler(template: Path, files: tuple[str, ...]) -> tuple[typst.Compiler, list[str]]:
    """Return a compiler, which loads the fonts once, and the families of the font files.

    Typst reads whole folders: other fonts in them are found, but not used.
    """
    from typst import Compiler, Fonts  # noqa: PLC0415 (an optional library)

    folders = sorted({str(Path(file).parent) for file in files})
    fonts = Fonts(include_system_fonts=False, font_paths=folders)
    families: dict[str, None] = {}
    for file in files:
        named = [font.family for font in fonts.fonts() if font.path == file]
        if not named:
            raise ExportError(f"portfolio_fonts: {file} is no font that typst can read", "conf.py")
        families |= dict.fromkeys(named)
    found = Compiler(str(template), root=str(template.parent), font_paths=fonts)
    return found, list(families)


# -- Missing characters ---------------------------------------------------------


def missing_character(message: str) -> str:
    """Return the character that no font has, of typst's message; empty if it says another error."""
    quoted = re.search(r'(?:text|PDF|codepoint) .*?`"(.+?)"`', message)
    if quoted is None:
        return ""
    # Typst quotes as in `\u{1}` and `\"`.
    character = re.sub(r"\\u\{([0-9a-fA-F]+)\}", lambda it: chr(int(it[1], 16)), quoted[1])
    return re.sub(r"\\(.)", r"\1", character)


def _explained(message: str, portfolio: Portfolio, entries: list[Data]) -> ExportError:
    """Return an error that names the record with a character that is in none of the fonts."""
    character = missing_character(message)
    if "string is longer than" in message:  # PDF/A-3, 6.1.13
        longest = max(_texts(portfolio, entries), key=lambda each: len(each[1]), default=None)
        record = longest[0] if longest else None
        return error_in(record, "a text is too long for a PDF: shorten it")
    if not character:
        return ExportError(f"typst can't typeset the CV: {message}")
    record = None
    for holder, text in _texts(portfolio, entries):
        if marked := _with_marks(character, text):
            record, character = holder, marked
            break
    codes = (f"U+{ord(each):04X} {unicodedata.name(each, '')}".strip() for each in character)
    return error_in(
        record,
        f"the fonts of the PDF lack the character {character!r} ({', '.join(codes)}): name a font "
        "file that has it in portfolio_fonts, in conf.py",
        MissingGlyphError,
    )


def _texts(portfolio: Portfolio, entries: list[Data]) -> Iterator[tuple[Record, str]]:
    """Yield the texts of all entries, each with its record."""
    for skill in portfolio.of(Skill):  # an entry is a group of them
        yield skill, folded(skill.title)
    for entry in entries:
        for text in pdf_data.strings(entry):
            yield portfolio.by_id[entry["id"]], text


def _with_marks(character: str, text: str) -> str:
    """Return a character with its combining marks in a text; empty if not found.

    Typst names an ASCII character if the fonts lack the mark after it.
    """
    for match in re.finditer(re.escape(character), text):
        after = text[match.end() :]
        marks = takewhile(lambda each: unicodedata.category(each) in {"Mn", "Mc", "Me"}, after)
        marked = character + "".join(marks)
        if not marked.isascii():
            return marked
    return ""
