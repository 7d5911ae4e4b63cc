"""Rich text as plain data: styles and links, without markup or nodes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one style; `target` is a URL (it has a colon) or the id of a record."""

    text: str
    strong: bool = False
    emphasis: bool = False
    code: bool = False
    target: str = ""


RichText: TypeAlias = tuple[Run, ...]


def plain(text: RichText) -> str:
    """Return the text without styles and links."""
    return "".join(run.text for run in text)


@dataclass(frozen=True, slots=True)
class Highlight:
    """A bullet: its text, links to evidence for it, and the bullets below it."""

    text: RichText
    evidence: tuple[RichText, ...] = ()
    highlights: tuple[Highlight, ...] = ()

    def mapped(self, change: Callable[[RichText], RichText]) -> Highlight:
        """Return a copy with all texts changed, including those of the bullets below it."""
        below = tuple(each.mapped(change) for each in self.highlights)
        return Highlight(change(self.text), tuple(map(change, self.evidence)), below)


@dataclass(frozen=True, slots=True)
class Detail:
    """A term and its definition, such as "Relevant Coursework" and the courses."""

    term: RichText
    text: RichText

    def mapped(self, change: Callable[[RichText], RichText]) -> Detail:
        """Return a copy with both texts changed."""
        return Detail(change(self.term), change(self.text))


def flatten(highlights: Iterable[Highlight]) -> Iterator[Highlight]:
    """Yield bullets, each followed by those below it."""
    for highlight in highlights:
        yield highlight
        yield from flatten(highlight.highlights)
