"""The CV as Markdown (CommonMark 0.31), readable as source and rendered.

A paragraph is one line, so that characters with a meaning at the start of a line occur once.
"""

from __future__ import annotations

import re
import string
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

from sphinx_portfolio.exports import outline
from sphinx_portfolio.exports.outline import Entry, uri
from sphinx_portfolio.model import Person, Portfolio, RichText, Run, Skill, Translator, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

# Characters that are markup anywhere; `~` and `$` on GitHub.
MARKUP = re.compile(
    r"[\\`*\[\]<~$]"
    r"|(?<![^\W_])_|_(?![^\W_])"  # not between letters or digits
    r"|&(?=#?\w+;)"
    r"|!(?=\[|$)"  # an image, before a link
    r"|(?<!\S)#"  # the end of a heading
)
# The start of a list, a quote, or the underline of a heading.
BLOCK_START = re.compile(r"(?=[-+=>])|[0-9]{1,9}(?=[.)](?:\s|$))")

# Markup, and whether it starts (1) or ends (-1) emphasis, or does neither (0).
Piece: TypeAlias = tuple[str, int]


def cv(portfolio: Portfolio) -> bytes:
    """Return the CV as Markdown (UTF-8)."""
    blocks = [*_person(portfolio.person, portfolio.translator)]
    for title, records in outline.sections(portfolio):
        blocks.append(f"## {title}")
        if records[0].kind == Skill.kind:
            blocks.append("\n".join(_skills(portfolio)))
        else:
            blocks += (
                block for each in records for block in _entry(outline.entry_of(each, portfolio))
            )
    return ("\n\n".join(filter(None, blocks)) + "\n").encode()


def paragraph(text: RichText) -> str:
    """Return a text as a paragraph."""
    return _block(inline(text))


def link(words: str, address: str) -> str:
    """Return a link; without an address the words alone."""
    return inline((Run(words, target=address),))


def inline(text: RichText) -> str:
    """Return a text as inline markup, in which all its characters are literal."""
    pieces = [piece for piece in _pieces(_without_edge_space(text)) if piece[0]]
    for number, (_, side) in enumerate(pieces):
        if side:
            _separate(pieces, number)
    return "".join(markup for markup, _ in pieces).strip(" ")


def _block(markup: str) -> str:
    """Escape the start of a paragraph, where it would start another block."""
    match = BLOCK_START.match(markup)
    return f"{match[0]}\\{markup[match.end() :]}" if match else markup


def _person(person: Person, translator: Translator) -> Iterator[str]:
    yield f"# {inline((Run(person.name),))}"
    yield paragraph((Run(person.label),))
    mail = link(person.email, uri(f"mailto:{person.email}"))
    parts = (
        inline((Run(person.street),)),
        inline((Run(person.location),)),
        mail and f"{translator.gettext('Email')}: {mail}",
        inline((Run(person.phone and f"{translator.gettext('Phone')}: {person.phone}"),)),
        person.url and link(translator.gettext("Website"), uri(person.url)),
        *(link(profile.network, uri(profile.url)) for profile in person.profiles),
    )
    yield _block(" · ".join(filter(None, parts)))


def _skills(portfolio: Portfolio) -> Iterator[str]:
    for group, skills in portfolio.skills_by_group.items():
        titles = Run(", ".join(skill.title for skill in skills))
        label = (Run(f"{group}:", strong=True), Run(" ")) if group.strip() else ()
        yield f"- {paragraph((*label, titles))}"


def _entry(entry: Entry) -> Iterator[str]:
    title = inline(entry.title)
    yield f"### {title}" if title else ""
    links = ", ".join(link(label, address) for label, address in entry.links)
    yield _block(" · ".join(filter(None, (*map(inline, entry.facts), links))))
    yield paragraph(entry.summary)
    bullets = outline.bullets(entry.highlights, entry.evidence)
    written = ((indent, paragraph(words)) for indent, words in bullets)
    yield "\n".join(f"{indent}- {words}" for indent, words in written if words)
    for detail in entry.details:
        yield paragraph(outline.detail_text(detail))


def _without_edge_space(text: RichText) -> RichText:
    """Move white space out of the ends of emphasis and links, where markup can't have it."""
    parts = [
        replace(run, text=part)
        for run in text
        for part in ([run.text] if run.code else re.split(r"(^\s+|\s+$)", run.text))
        if part
    ]
    moved: list[Run] = []
    for number, run in enumerate(parts):
        if not _is_space(run):
            moved.append(run)
            continue
        # What the text on both sides has in common, the space has, too.
        before = moved[-1] if moved else Run("")
        after = next((each for each in parts[number:] if not _is_space(each)), Run(""))
        linked = before.target == after.target
        strong = linked and before.strong and after.strong
        nested = linked and before.strong == after.strong
        emphasis = nested and before.emphasis and after.emphasis
        target = before.target if linked else ""
        moved.append(Run(run.text, strong, emphasis, target=target))
    return tuple(moved)


def _is_space(run: Run) -> bool:
    return run.text.isspace() and not run.code


def _pieces(text: RichText) -> Iterator[Piece]:
    """Yield markup: links around strong text around emphasis around code."""
    for target, linked in groupby(text, key=lambda run: run.target):
        yield "[" if target else "", 0
        for strong, runs in groupby(linked, key=lambda run: run.strong):
            yield "**" if strong else "", 1
            for emphasis, alike in groupby(runs, key=lambda run: run.emphasis):
                yield "_" if emphasis else "", 1
                for code, same in groupby(alike, key=lambda run: run.code):
                    words = outline.SPACE.sub(" ", plain(tuple(same)))
                    yield _code(words) if code else MARKUP.sub(r"\\\g<0>", words), 0
                yield "_" if emphasis else "", -1
            yield "**" if strong else "", -1
        yield f"]({_destination(target)})" if target else "", 0


def _separate(pieces: list[Piece], number: int) -> None:
    """Write the character outside of emphasis as a reference where the two would merge.

    Emphasis starts and ends beside white space or punctuation, or between letters
    (CommonMark 0.31, section 6.2): the `;` and `&` of a reference are punctuation.
    """
    delimiter, side = pieces[number]
    if not 0 <= number - side < len(pieces):
        return
    inside, outside = pieces[number + side][0], pieces[number - side][0]
    inner = inside[0 if side > 0 else -1]
    outer = outside[-1 if side > 0 else 0]
    if outer.isspace() or outer in string.punctuation or (delimiter == "**" and inner.isalnum()):
        return
    reference = f"&#{ord(outer)};"
    # An underscore beside the letter needs an escape now.
    if side > 0:
        outside = re.sub(r"(?<!\\)_$", r"\\_", outside[:-1]) + reference
    else:
        outside = reference + re.sub(r"^_", r"\\_", outside[1:])
    pieces[number - side] = (outside, 0)


def _code(words: str) -> str:
    """Return code with enough backticks, padded where its ends would be lost (section 6.1)."""
    fence = "`" * (max(map(len, re.findall("`+", words)), default=0) + 1)
    ends = words[:1] + words[-1:]
    pad = " " if "`" in ends or (ends == "  " and words.strip(" ")) else ""
    return f"{fence}{pad}{words}{pad}{fence}"


def _destination(address: str) -> str:
    escaped = re.sub(r"&(?=#?\w+;)", "&amp;", address)
    return f"<{escaped}>" if re.search("[()]", escaped) else escaped
