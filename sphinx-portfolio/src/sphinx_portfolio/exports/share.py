"""Share pictures: what messengers and social networks show beside a link to a page.

One is of the site, one of each kind of record, and one of each project. They are the pages of
one document, set by typst, as PNG with few colors.
"""

from __future__ import annotations

import io
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_portfolio.exports import outline, pdf_data
from sphinx_portfolio.exports.outline import error_in, folded
from sphinx_portfolio.exports.pdf import compiler, missing_character
from sphinx_portfolio.model import KINDS, CreativeWork, Date, Period, Project, Skill, plain
from sphinx_portfolio.model.axis import Axis
from sphinx_portfolio.model.files import File
from sphinx_portfolio.model.kind import LANES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sphinx_portfolio.exports.pdf_data import Data
    from sphinx_portfolio.model import Portfolio, Record
    from sphinx_portfolio.model.axis import Span

TEMPLATE = Path(__file__).with_name("share.typ")
NAME = "share/*.png"
SITE = "share/site.png"
WIDTH, HEIGHT = 1200, 630  # px
PPI = 144  # two pixels in a point
LIMIT = 25_000  # bytes
# Those of the template and mixtures of them with the color of the paper. The first palette with
# which a picture keeps to the limit is used.
PALETTES = (
    "fcfdfc d9e0dc b9c4be 9ba6a1 7e8a84 5a6761 46524c 17201c b7d0c6 6da38e 0a6a4c",
    "fcfdfc d9e0dc b9c4be 7e8a84 46524c 17201c 6da38e 0a6a4c",
    "fcfdfc b9c4be 7e8a84 46524c 17201c 0a6a4c",
    "fcfdfc b9c4be 17201c 0a6a4c",
)
LONGEST = 300  # characters of a text, of which the template cuts what has no room
ROWS = 9  # of bars and marks in the picture of the site


@dataclass(frozen=True, slots=True)
class Card:
    """What a picture shows: `rows` are those of its records on the axis.

    `record` is whose picture it is; None for that of the site or a kind.
    """

    name: str
    title: str
    line: str = ""
    facts: tuple[str, ...] = ()
    rows: tuple[tuple[Record, ...], ...] = ()
    record: Record | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts without which there is no picture."""
        return (self.title, *((self.line,) if self.record else ()), *self.facts)

    def alt(self, person: str) -> str:
        """Return the text alternative."""
        whose = "" if self.title == person else f"{person}: "
        return folded(f"{whose}{'. '.join(filter(None, (self.title, self.line, *self.facts)))}")


def of_kind(kind: str) -> str:
    """Return the name of the picture of a kind of record."""
    return f"share/{KINDS[kind].plural}.png"


def of_project(id_: str) -> str:
    """Return the name of the picture of a project."""
    return f"share/project-{id_}.png"


def cards(portfolio: Portfolio) -> Iterator[Card]:
    """Yield what the pictures show: of the site, of each kind with records, of each project."""
    person, translator = portfolio.person, portfolio.translator
    site = person.url.partition("://")[2].rstrip("/")
    facts = tuple(filter(None, map(folded, (person.location, site))))
    rows = tuple(_rows(portfolio))
    yield Card(SITE, folded(person.name), folded(outline.label(portfolio)), facts, rows)
    for name, kind in KINDS.items():
        if records := portfolio.of(kind.record):
            counted = translator.ngettext(*kind.count, len(records))
            shown: Iterable[Record] = records
            if kind.record is Skill:
                proofs = (proof for skill in records for proof in portfolio.with_skill(skill.id))
                shown = dict.fromkeys(proofs)
            row = tuple(record for record in shown if record.period)
            title = translator.gettext(kind.section)
            names = dict.fromkeys(folded(_listed(record)) for record in records)
            line = translator.gettext(", ").join(names)
            facts = (counted, _span(row).text(translator)) if row else (counted,)
            yield Card(of_kind(name), title, line, facts, (row,) if row else ())
    for project in portfolio.of(Project):
        row = (project,) if project.period else ()
        yield Card(
            of_project(project.id),
            folded(project.title),
            folded(plain(project.summary)),
            tuple(filter(None, (project.when(translator), folded(project.license)))),
            (row,) if row else (),
            project,
        )


def _span(records: Iterable[Record]) -> Period:
    """Return the years of records, which have dates."""
    periods = [record.period for record in records if record.period]
    first = Date(min(period.start.year for period in periods))
    ends = [period.end for period in periods if period.end]
    is_ongoing = len(ends) < len(periods)
    return Period(first, None if is_ongoing else Date(max(end.year for end in ends)))


def _listed(record: Record) -> str:
    """Return the name of a record in a list; of a talk and the like it is the event."""
    return record.where if isinstance(record, CreativeWork) and record.where else record.short


def _rows(portfolio: Portfolio) -> Iterator[tuple[Record, ...]]:
    """Yield the rows of a picture of all records: lane by lane, bars beside one another."""
    found: list[list[list[Record]]] = []
    for lane in LANES:
        records = [it for it in portfolio.records if it.period and KINDS[it.kind].lane is lane]
        records.sort(key=lambda it: it.period.start.first if it.period else portfolio.today.first)
        if records:
            found.append(_packed(records, portfolio) if lane.looks == "bar" else [records])
    if sum(map(len, found)) > ROWS:
        found = [[[record for row in rows for record in row]] for rows in found]
    for rows in found:
        yield from map(tuple, rows)


def _packed(records: Sequence[Record], portfolio: Portfolio) -> list[list[Record]]:
    """Return rows in which no bar hides another."""
    axis = Axis.of_records(portfolio.records)
    rows: list[tuple[list[Record], list[Span]]] = []
    for record in records:
        span = pdf_data.span(record, axis)
        if span is None:
            continue
        row = next((row for row in rows if all(it.end < span.start for it in row[1])), None)
        if row is None:
            row = ([], [])
            rows.append(row)
        row[0].append(record)
        row[1].append(span)
    return [records for records, _ in rows]


def pictures(portfolio: Portfolio) -> tuple[dict[File, bytes], list[str]]:
    """Return the pictures, and notes about those that are left out: no font has a character.

    Raises ExportError after other errors.
    """
    person = folded(portfolio.person.name)
    left = list(cards(portfolio))
    notes = []
    while left:
        try:
            pages = _typeset(left, portfolio)
        except _MissingError as error:
            # The picture of a kind is kept without the names of its records.
            kept = [
                replace(card, line="") if card.record is None and error.character in card.line
                else card
                for card in left
                if not any(error.character in text for text in (person, *card.texts))
            ]  # fmt: skip
            names = [card.name for card in left if card.name not in {it.name for it in kept}]
            if names:
                record = next((card.record for card in left if card.name == names[0]), None)
                what = ", ".join(names if kept else [NAME])
                notes.append(f"Not exported: {what}: {error_in(record, str(error))}")
            left = kept if kept != left else []
            continue
        with ThreadPoolExecutor() as pool:  # Pillow computes without Python's lock
            contents = list(pool.map(_reduced, pages))
        made = {}
        for card, content in zip(left, contents, strict=True):
            about = (card.name, card.alt(person), "image/png", len(content))
            made[File(*about, width=WIDTH, height=HEIGHT)] = content
        return made, notes
    return {}, notes


def content(portfolio: Portfolio) -> str:
    """Return all that the pictures and their texts depend on, beside fonts and template."""
    shown = list(cards(portfolio))
    person = folded(portfolio.person.name)
    about = [(card.name, card.alt(person)) for card in shown]
    return json.dumps((_content(shown, portfolio), about))


class _MissingError(Exception):
    """No font has a character."""

    def __init__(self, character: str) -> None:
        super().__init__(f"the fonts of the pictures lack the character {character!r}")
        self.character = character


def _typeset(shown: Sequence[Card], portfolio: Portfolio) -> list[bytes]:
    from typst import TypstError  # noqa: PLC0415 (an optional library)

    typesetter, families = compiler(TEMPLATE, portfolio.fonts)
    data = _content(shown, portfolio) | {"fonts": families}
    inputs = {"share": json.dumps(data)}
    try:
        # Only a PDF reports a character that no font has.
        typesetter.compile(format="pdf", sys_inputs=inputs, pdf_standards=["a-2b"])
        pages = typesetter.compile(format="png", ppi=PPI, sys_inputs=inputs)
    except TypstError as error:
        if character := missing_character(error.message):
            raise _MissingError(character) from error
        raise outline.ExportError(f"typst can't set the pictures: {error.message}") from error
    assert pages is not None  # noqa: S101 (without an output path)
    return pages if isinstance(pages, list) else [pages]


def _content(shown: Iterable[Card], portfolio: Portfolio) -> Data:
    axis = Axis.of_records(portfolio.records)
    return {
        "language": portfolio.translator.main_language,
        "name": folded(portfolio.person.name)[:LONGEST],
        "first": axis.first if axis else 0,
        "years": axis.years if axis else 0,
        "cards": [_data(card, axis) for card in shown],
    }


def _data(card: Card, axis: Axis | None) -> Data:
    rows = [[pdf_data.mark(record, axis) for record in row] for row in card.rows]
    # A mark is drawn over what is less exact or over.
    for row in rows:
        row.sort(key=lambda it: (it["month"], it["look"] != "over", it["arrow"]) if it else ())
    return {
        "title": card.title[:LONGEST],
        "line": card.line[:LONGEST],
        "facts": [fact[:LONGEST] for fact in card.facts],
        "rows": rows,
        "own": card.name == SITE,
    }


def _reduced(page: bytes) -> bytes:
    """Return a picture with few colors."""
    from PIL import Image  # noqa: PLC0415 (an optional library)

    with Image.open(io.BytesIO(page)) as picture:
        whole = picture.convert("RGB")
    for colors in PALETTES:
        palette = Image.new("P", (1, 1))
        palette.putpalette(bytes.fromhex(colors))
        reduced = whole.quantize(palette=palette, dither=Image.Dither.NONE)
        content = io.BytesIO()
        reduced.save(content, "PNG", bits=4)
        if content.tell() <= LIMIT:
            break
    return content.getvalue()
