"""The CV as plain text, for forms and terminals: 80 columns, and nothing that needs a program.

An address is never broken: one that does not fit into a line stands on a line
of its own, and is all that may be wider. White space is where lines may end;
of words that are wider than a line, as scripts without spaces have them, each
line holds what fits.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from sphinx_portfolio.exports.outline import (
    detail_text,
    entry,
    folded,
    proofs,
    refuse_unshowable,
    sections,
    uri,
)
from sphinx_portfolio.model import Run, Skill, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx_portfolio.exports.outline import Entry
    from sphinx_portfolio.model import Highlight, Person, Portfolio, RichText

WIDTH = 80
# In a script without spaces the next word may stand right behind it.
ADDRESS = re.compile(r"(<?[a-z][a-z0-9+.-]*://[!-~]+)")


def cv(portfolio: Portfolio) -> bytes:
    """Return the CV as plain text (UTF-8)."""
    refuse_unshowable(portfolio)
    blocks = ["\n".join(_person(portfolio.person))]
    for title, records in sections(portfolio):
        blocks.append(f"\n{title.upper()}")
        if records[0].kind == Skill.kind:
            blocks.append("\n".join(_skills(portfolio)))
        else:
            blocks += ("\n".join(_entry(entry(record, portfolio))) for record in records)
    return ("\n\n".join(blocks) + "\n").encode()


def columns(text: str) -> int:
    """Count the columns of a terminal that a text takes: Unicode's wide characters take two."""
    return sum(map(_columns, text))


def fill(text: str, first: str = "", rest: str = "  ") -> Iterator[str]:
    """Yield lines of at most 80 columns, with what the first and the others begin with."""
    if not folded(text):
        return
    line, begun = first, False
    for word in folded(text).split(" "):
        for number, part in enumerate(_parts(word, WIDTH - columns(rest))):
            fits = number == 0 and columns(line) + begun + columns(part) <= WIDTH
            if begun and not fits:
                yield line
                line, begun = rest, False
            line += f" {part}" if begun else part
            begun = True
    yield line


def _columns(character: str) -> int:
    # U+FE0F widens the sign before it to an emoji. What is invisible or joined with others counts
    # as it would alone: a line is rather too short than too wide.
    if unicodedata.category(character) in {"Mn", "Me"} and character != "\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def _parts(word: str, width: int) -> Iterator[str]:
    """Break a word that is wider than a line; an address in it is not broken."""
    if columns(word) <= width:
        yield word
        return
    for number, part in enumerate(ADDRESS.split(word)):
        if number % 2:
            yield part
        elif part:
            yield from _broken(part, width)


def _broken(word: str, width: int) -> Iterator[str]:
    part, taken = "", 0
    for character in word:
        if taken + _columns(character) > width:
            yield part
            part, taken = "", 0
        part += character
        taken += _columns(character)
    yield part


def _person(person: Person) -> Iterator[str]:
    yield from fill(person.name)
    for line in (person.label, person.street, person.location):
        yield from fill(line)
    labelled = (
        ("Email", person.email),
        ("Phone", person.phone),
        ("Website", uri(person.url)),
        *((profile.network, uri(profile.url)) for profile in person.profiles),
    )
    for label, value in labelled:
        if value:
            yield from fill(f"{label}: {value}")


def _skills(portfolio: Portfolio) -> Iterator[str]:
    for group, skills in portfolio.skills_by_group.items():
        label = f"{group}: " if group else ""
        yield from fill(label + ", ".join(skill.title for skill in skills))


def _entry(said: Entry) -> Iterator[str]:
    facts = [folded(plain(fact)) for fact in said.facts]
    line = " | ".join(facts)
    yield from fill(said.title, rest="")
    for part in [line] if columns(line) <= WIDTH else facts:
        yield from fill(part)
    yield from fill(_words(said.summary), rest="")
    for address in (run.target for fact in said.facts for run in fact):
        yield from fill(address)
    for label, address in said.links:
        yield from fill(f"{label}: {address}")
    yield from _highlights(said.highlights, "")
    yield from _proofs(said.evidence, "")
    for detail in said.details:
        yield from fill(_words(detail_text(detail)))


def _highlights(highlights: Iterable[Highlight], indent: str) -> Iterator[str]:
    for each in highlights:
        yield from _bullet(each.text, indent)
        yield from _highlights(each.highlights, f"{indent}  ")
        yield from _proofs(each.evidence, f"{indent}  ")


def _proofs(evidence: RichText, indent: str) -> Iterator[str]:
    for link in proofs(evidence):
        yield from _bullet(link, indent)


def _bullet(text: RichText, indent: str) -> Iterator[str]:
    return fill(_words(text), f"{indent}- ", f"{indent}  ")


def _words(text: RichText) -> str:
    """Spell out links: the words, and the address where they are not it."""
    words = ""
    for number, run in enumerate(text):
        words += run.text
        following = text[number + 1] if number + 1 < len(text) else Run("")
        if run.target and run.target != following.target and plain((run,)) != run.target:
            words += f" <{run.target}>"
    return folded(words)
