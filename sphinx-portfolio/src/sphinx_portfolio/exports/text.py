"""The CV as plain text, for forms and terminals, in lines of at most 80 columns.

Lines break at white space. An address is never broken: one that is wider than a line has a
line of its own. A word that is wider than a line, as in scripts without spaces, is broken.
The addresses of links follow the text that has them, so that they don't interrupt sentences.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from docutils.utils import column_width

from sphinx_portfolio.exports import outline
from sphinx_portfolio.exports.outline import Entry, folded, uri
from sphinx_portfolio.model import Person, Portfolio, RichText, Skill, Translator, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH = 80
# An address in a word: in a script without spaces, text may follow it directly.
ADDRESS = re.compile(r"([a-z][a-z0-9+.-]*://[!-~]+)")


def cv(portfolio: Portfolio) -> bytes:
    """Return the CV as plain text (UTF-8)."""
    blocks = ["\n".join(_person(portfolio.person, portfolio.translator))]
    for title, records in outline.sections(portfolio):
        blocks.append(f"\n{title.upper()}")
        if records[0].kind == Skill.kind:
            blocks.append("\n".join(_skills(portfolio)))
        else:
            blocks += ("\n".join(_entry(outline.entry_of(record, portfolio))) for record in records)
    return ("\n\n".join(blocks) + "\n").encode()


def fill(text: str, first: str = "", rest: str = "  ") -> Iterator[str]:
    """Yield lines of at most 80 columns; *first* and *rest* are put before the lines."""
    if not folded(text):
        return
    line, is_empty = first, True
    for word in folded(text).split(" "):
        for number, part in enumerate(_parts(word, WIDTH - _width(rest))):
            joined = line + part if is_empty else f"{line} {part}"
            if is_empty or (number == 0 and _width(joined) <= WIDTH):
                line = joined
            else:
                yield line
                line = rest + part
            is_empty = False
    yield line


def _width(text: str) -> int:
    """Count the columns of a text; docutils' function is slow for long ones."""
    return len(text) if text.isascii() else column_width(text)


def _parts(word: str, width: int) -> Iterator[str]:
    """Yield the parts of a word that fit into a line; an address is one part."""
    if _width(word) <= width:
        yield word
        return
    for number, text in enumerate(ADDRESS.split(word)):
        if number % 2:
            yield text
            continue
        start = 0
        for end in range(1, len(text) + 1):
            if _width(text[start : end + 1]) > width or end == len(text):
                yield text[start:end]
                start = end


def _person(person: Person, translator: Translator) -> Iterator[str]:
    for line in (person.name, person.label, person.street, person.location):
        yield from fill(line)
    labeled = (
        (translator.gettext("Email"), person.email),
        (translator.gettext("Phone"), person.phone),
        (translator.gettext("Website"), uri(person.url)),
        *((profile.network, uri(profile.url)) for profile in person.profiles),
    )
    for label, value in labeled:
        if value:
            yield from fill(f"{label}: {value}")
    if person.summary:
        yield ""
        yield from fill(person.summary, rest="")


def _skills(portfolio: Portfolio) -> Iterator[str]:
    for group, skills in portfolio.skills_by_group.items():
        label = f"{group}: " if group else ""
        yield from fill(label + ", ".join(skill.label for skill in skills))


def _entry(entry: Entry) -> Iterator[str]:
    facts = [folded(plain(fact)) for fact in entry.facts]
    line = " | ".join(facts)
    yield from fill(folded(plain(entry.title)), rest="")
    for part in [line] if _width(line) <= WIDTH else facts:
        yield from fill(part)
    yield from _text(entry.summary)
    for address in (run.target for fact in entry.facts for run in fact):
        yield from fill(address)
    for label, address in entry.links:
        yield from fill(f"{label}: {address}")
    for indent, words in outline.bullets(entry.highlights, entry.evidence):
        yield from _text(words, f"{indent}- ", f"{indent}  ")
    for detail in entry.details:
        yield from _text(outline.detail_text(detail), rest="  ")


def _text(text: RichText, first: str = "", rest: str = "") -> Iterator[str]:
    """Yield the lines of a text, then its addresses, each after the words that it is the link of.

    An address is alone if the text begins with its words, and left out if it is these words.
    """
    yield from fill(plain(text), first, rest)
    begins = True
    for target, runs in groupby(text, key=lambda run: run.target):
        words = folded(plain(tuple(runs)))
        if target and words != target:
            yield from fill(
                target if begins or not words else f"{words}: {target}", rest, f"{rest}  "
            )
        begins = begins and not words
