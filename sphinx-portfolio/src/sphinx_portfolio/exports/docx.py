"""The CV as a Word document (Office Open XML), for recruiters and the software that they use.

Such software reads paragraphs in their order and knows Word's own styles. So there are headings,
lists and links, and no tables, columns, text boxes, headers or footers.
"""

from __future__ import annotations

import io
import re
from itertools import groupby
from typing import TYPE_CHECKING
from unicodedata import bidirectional
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sphinx_portfolio.exports import docx_styles, outline
from sphinx_portfolio.exports.outline import error_in, folded
from sphinx_portfolio.model import KINDS, CreativeWork, Run, plain
from sphinx_portfolio.model.markdown import SPACE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from docx.document import Document
    from docx.text.paragraph import Paragraph

    from sphinx_portfolio.model import Highlight, Person, Portfolio, Record, RichText, Skill

# Text of right-to-left scripts, from its first letter to its last.
LEFTWARD = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc](?:[^A-Za-z]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc])?"
)
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SEPARATOR = Run(" | ")
INDENT = 6  # mm, of bullets that are deeper than the styles of Word
FIRST_TIME = (1980, 1, 1, 0, 0, 0)  # of a file in a ZIP archive


def cv(portfolio: Portfolio) -> bytes:
    """Return the CV as DOCX; raises ExportError for text that XML can't hold."""
    import docx  # noqa: PLC0415 (an optional library)

    document = docx.Document()
    record: Record | None = None
    try:
        docx_styles.prepare(document, portfolio)
        _person(document, portfolio.person)
        for title, records in outline.sections(portfolio):
            _add(document, (Run(title),), "Heading 1")
            if KINDS[records[0].kind].shape == "skills":
                for group, skills in portfolio.skills_by_group.items():
                    record = skills[0]
                    _skills(document, group, skills)
                continue
            for record in records:
                _entry(document, record, portfolio)
    except ValueError as error:
        raise error_in(record, f"cv.docx can't hold a text: {error}") from error
    content = io.BytesIO()
    document.save(content)
    return _without_clock(content)


def _without_clock(made: io.BytesIO) -> bytes:
    """Return a copy of a ZIP archive in which all files have the same time and system."""
    content = io.BytesIO()
    with ZipFile(made) as source, ZipFile(content, "w") as archive:
        for name in source.namelist():
            info = ZipInfo(name, FIRST_TIME)
            info.compress_type, info.create_system = ZIP_DEFLATED, 3
            archive.writestr(info, source.read(name))
    return content.getvalue()


# -- Content ------------------------------------------------------------------


def _person(document: Document, person: Person) -> None:
    _add(document, (Run(folded(person.name)),), "Title")
    _add(document, (Run(person.label),), "Subtitle")
    for line in outline.contact(person):
        _add(document, _line((Run(text, target=address),) for text, address in line), "Facts")
    _add(document, (Run(person.summary),))


def _skills(document: Document, group: str, skills: Sequence[Skill]) -> None:
    titles = Run(", ".join(skill.label for skill in skills))
    _add(
        document, (Run(f"{group}:", strong=True), Run(" "), titles) if group.strip() else (titles,)
    )


def _entry(document: Document, record: Record, portfolio: Portfolio) -> None:
    entry = outline.entry_of(record, portfolio)
    # The abstract of a work is on its page.
    summary = () if isinstance(record, CreativeWork) else entry.summary
    links = [(Run(label, target=address),) for label, address in entry.links]
    if KINDS[record.kind].shape == "inline":
        title = tuple(Run(run.text, strong=True, target=run.target) for run in entry.title)
        head = _add(document, _line((title, *entry.facts, *links)), "Entry")
    else:
        _add(document, entry.title, "Heading 2")
        head = _add(document, _line((*entry.facts, *links)), "Facts")
    _keep(head, bool(summary or entry.highlights or entry.details))
    _keep(_add(document, summary), bool(entry.highlights))
    if outline.is_grouped(record):
        for group in entry.highlights:
            _add(document, group.text, "Heading 3")
            _bullets(document, group.highlights)
    else:
        _bullets(document, entry.highlights)
    for detail in entry.details:
        _add(document, outline.detail_text(detail))


def _keep(paragraph: Paragraph | None, with_next: bool) -> None:
    """Keep a paragraph on the page of the next one, if it has one of its entry."""
    if paragraph and with_next:
        paragraph.paragraph_format.keep_with_next = True


def _line(parts: Iterable[RichText]) -> RichText:
    """Join the parts that have words."""
    line: list[Run] = []
    for part in parts:
        if plain(part).strip():
            line += [SEPARATOR, *part] if line else part
    return tuple(line)


def _bullets(document: Document, highlights: Iterable[Highlight], level: int = 0) -> None:
    from docx.shared import Mm  # noqa: PLC0415

    for each in highlights:
        style = docx_styles.BULLETS[min(level, len(docx_styles.BULLETS) - 1)]
        paragraph = _add(document, each.text, style)
        if paragraph and level >= len(docx_styles.BULLETS):
            paragraph.paragraph_format.left_indent = Mm(INDENT * (level + 1))
        _bullets(document, each.highlights, level + 1 if paragraph else level)


# -- Text ---------------------------------------------------------------------


def _add(document: Document, text: RichText, style: str = "Normal") -> Paragraph | None:
    """Add a paragraph; None if the text has no words."""
    words = folded(plain(text))
    if not words:
        return None
    paragraph = document.add_paragraph(style=style)
    is_leftward = _is_leftward(words)
    if is_leftward:
        docx_styles.set_leftward(paragraph)
    runs = _without_edge_space(text)
    for target, linked in groupby(runs, key=lambda run: run.target):
        link = docx_styles.add_link(paragraph, target) if target else None
        for run in linked:
            for words, leftward in _directions(run.text, is_leftward=is_leftward):
                docx_styles.add_run(paragraph, run, words, link, leftward=leftward)
    return paragraph


def _without_edge_space(text: RichText) -> list[Run]:
    """Replace white space by single spaces, also between runs, and remove it at both ends."""
    runs: list[Run] = []
    before = " "
    for run in text:
        words = SPACE.sub(" ", run.text)
        words = words[1:] if before == " " and words.startswith(" ") else words
        if words:
            runs.append(Run(words, run.strong, run.emphasis, run.code, run.target))
            before = words[-1]
    while runs and not (words := runs[-1].text.rstrip(" ")):
        runs.pop()
    if runs:
        last = runs[-1]
        runs[-1] = Run(words, last.strong, last.emphasis, last.code, last.target)
    return runs


def _is_leftward(text: str) -> bool:
    """Return whether a paragraph is written from right to left: its first letter decides."""
    directions = map(bidirectional, text)
    return next((each != "L" for each in directions if each in {"L", "R", "AL"}), False)


def _directions(text: str, *, is_leftward: bool) -> list[tuple[str, bool]]:
    """Return the parts of a text, and whether each is written from right to left."""
    if is_leftward and not re.search("[A-Za-z]", text):
        return [(text, True)]
    parts, end = [], 0
    for match in LEFTWARD.finditer(text):
        parts += [(text[end : match.start()], False), (match[0], True)]
        end = match.end()
    return [part for part in (*parts, (text[end:], False)) if part[0]]
