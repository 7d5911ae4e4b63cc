"""The CV as Markdown (CommonMark 0.31), to read as it is or rendered.

A paragraph is one line, so that signs have a meaning at its beginning alone.
"""

from __future__ import annotations

import re
import string
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

from sphinx_portfolio.exports.outline import (
    SPACE,
    detail_text,
    entry,
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

# Signs that mean something wherever they stand; `~` and `$` to GitHub.
SIGNS = re.compile(
    r"[\\`*\[\]<~$]"
    r"|(?<![^\W_])_|_(?![^\W_])"  # between letters and digits it means nothing
    r"|&(?=#?\w+;)"
    r"|!(?=\[|$)"  # before a link it would make it a picture
    r"|(?<!\S)#"  # at the end of a heading it would be taken away
)
# What makes a paragraph something else where it begins with it: lists, quotes, underlines.
BEGINNING = re.compile(r"(?=[-+=>])|[0-9]{1,9}(?=[.)](?:\s|$))")

# A piece of markup, and whether it opens (1) or closes (-1) a look, or neither (0).
Piece: TypeAlias = tuple[str, int]


def cv(portfolio: Portfolio) -> bytes:
    """Return the CV as Markdown (UTF-8)."""
    refuse_unshowable(portfolio)
    blocks = [*_person(portfolio.person)]
    for title, records in sections(portfolio):
        blocks.append(f"## {title}")
        if records[0].kind == Skill.kind:
            blocks.append("\n".join(_skills(portfolio)))
        else:
            blocks += (block for each in records for block in _entry(entry(each, portfolio)))
    return ("\n\n".join(filter(None, blocks)) + "\n").encode()


def inline(text: RichText) -> str:
    """Return a text as markup in which each sign stands for itself, and looks and links work."""
    pieces = list(_pieces(_spaced(text)))
    for number, (sign, side) in enumerate(pieces):
        if side:
            _detach(pieces, number, sign, side)
    return "".join(piece for piece, _ in pieces).strip(" ")


def paragraph(text: RichText) -> str:
    """Return a text as a paragraph, which nothing that it begins with makes something else."""
    return _begun(inline(text))


def link(words: str, address: str) -> str:
    """Return a link; the words alone where there is no address."""
    return inline((Run(words, target=address),))


def _person(person: Person) -> Iterator[str]:
    yield f"# {inline((Run(person.name),))}"
    if person.label:
        yield paragraph((Run(person.label),))
    mail = link(person.email, uri(f"mailto:{person.email}"))
    parts = (
        inline((Run(person.street),)),
        inline((Run(person.location),)),
        mail and f"Email: {mail}",
        inline((Run(person.phone and f"Phone: {person.phone}"),)),
        person.url and link("Website", uri(person.url)),
        *(link(profile.network, uri(profile.url)) for profile in person.profiles),
    )
    yield _begun(" · ".join(filter(None, parts)))


def _skills(portfolio: Portfolio) -> Iterator[str]:
    for group, skills in portfolio.skills_by_group.items():
        titles = Run(", ".join(skill.title for skill in skills))
        label = (Run(f"{group}:", strong=True), Run(" ")) if group.strip() else ()
        yield f"- {paragraph((*label, titles))}"


def _entry(said: Entry) -> Iterator[str]:
    yield f"### {inline((Run(said.title),))}" if said.title else ""
    links = ", ".join(link(label, address) for label, address in said.links)
    yield _begun(" · ".join(filter(None, (*map(inline, said.facts), links))))
    yield paragraph(said.summary)
    yield "\n".join((*_highlights(said.highlights, ""), *_proofs(said.evidence, "")))
    for detail in said.details:
        yield paragraph(detail_text(detail))


def _highlights(highlights: Iterable[Highlight], indent: str) -> Iterator[str]:
    for each in highlights:
        words = paragraph(each.text)
        if words:
            yield f"{indent}- {words}"
        below = f"{indent}  " if words else indent
        yield from _highlights(each.highlights, below)
        yield from _proofs(each.evidence, below)


def _proofs(evidence: RichText, indent: str) -> Iterator[str]:
    for proof in proofs(evidence):
        if words := paragraph(proof):
            yield f"{indent}- {words}"


def _spaced(text: RichText) -> RichText:
    """Take white space out of looks and links at their ends, where no markup can hold it."""
    parts = [
        replace(run, text=part)
        for run in text
        for part in ([run.text] if run.code else re.split(r"(^\s+|\s+$)", run.text))
        if part
    ]
    spaced: list[Run] = []
    for number, run in enumerate(parts):
        if not _is_space(run):
            spaced.append(run)
            continue
        before = spaced[-1] if spaced else Run("")
        after = next((each for each in parts[number:] if not _is_space(each)), Run(""))
        # It belongs to what is around it on both sides, and so is at no end.
        linked = before.target == after.target
        alike = linked and before.strong == after.strong
        strong = linked and before.strong and after.strong
        emphasis = alike and before.emphasis and after.emphasis
        target = before.target if linked else ""
        spaced.append(Run(run.text, strong, emphasis, target=target))
    return tuple(spaced)


def _is_space(run: Run) -> bool:
    return run.text.isspace() and not run.code


def _pieces(text: RichText) -> Iterator[Piece]:
    """Yield markup with a link around its looks, and strong words around emphasis."""
    for target, linked in groupby(text, key=lambda run: run.target):
        yield ("[", 0) if target else ("", 0)
        for strong, runs in groupby(linked, key=lambda run: run.strong):
            yield ("**", 1) if strong else ("", 0)
            for emphasis, alike in groupby(runs, key=lambda run: run.emphasis):
                yield ("_", 1) if emphasis else ("", 0)
                for code, same in groupby(alike, key=lambda run: run.code):
                    words = SPACE.sub(" ", plain(tuple(same)))
                    yield (_code(words) if code else SIGNS.sub(r"\\\g<0>", words)), 0
                yield ("_", -1) if emphasis else ("", 0)
            yield ("**", -1) if strong else ("", 0)
        yield (f"]({_destination(target)})", 0) if target else ("", 0)


def _detach(pieces: list[Piece], number: int, sign: str, side: int) -> None:
    """Write the letter before or after a look as a reference, where they would run together.

    A look begins and ends beside white space or punctuation, or between letters
    (CommonMark 0.31, section 6.2): `;` and `&` are punctuation.
    """
    inside = _next(pieces, number, side)
    outside = _next(pieces, number, -side)
    if inside is None or outside is None:
        return
    inner = pieces[inside][0][0 if side > 0 else -1]
    markup = pieces[outside][0]
    outer = markup[-1 if side > 0 else 0]
    if outer.isspace() or outer in string.punctuation or (sign != "_" and inner.isalnum()):
        return
    written = f"&#{ord(outer)};"
    if side > 0:  # an underscore beside it is between letters no longer
        markup = re.sub(r"(?<!\\)_$", r"\\_", markup[:-1]) + written
    else:
        markup = written + re.sub(r"^_", r"\\_", markup[1:])
    pieces[outside] = (markup, 0)


def _next(pieces: list[Piece], number: int, step: int) -> int | None:
    """Return where the next piece is that is not empty."""
    number += step
    while 0 <= number < len(pieces):
        if pieces[number][0]:
            return number
        number += step
    return None


def _code(words: str) -> str:
    fence = "`" * (max(map(len, re.findall("`+", words)), default=0) + 1)
    padded = words[:1] + words[-1:]
    pad = " " if "`" in padded or (padded == "  " and words.strip(" ")) else ""
    return f"{fence}{pad}{words}{pad}{fence}"


def _destination(address: str) -> str:
    written = re.sub(r"&(?=#?\w+;)", "&amp;", address)
    return f"<{written}>" if re.search("[()]", written) else written


def _begun(markup: str) -> str:
    match = BEGINNING.match(markup)
    return f"{match[0]}\\{markup[match.end() :]}" if match else markup
