"""Text with its looks and links, as plain data: no markup, no node. Standard library alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text of one look; `target` is an address (it has a colon) or a record's id."""

    text: str
    strong: bool = False
    emphasis: bool = False
    code: bool = False
    target: str = ""


RichText: TypeAlias = tuple[Run, ...]


def plain(text: RichText) -> str:
    """Return the words without their looks."""
    return "".join(run.text for run in text)


@dataclass(frozen=True, slots=True)
class Highlight:
    """A bullet: what was done, what proves it (each a link), and the bullets under it."""

    text: RichText
    evidence: RichText = ()
    highlights: tuple[Highlight, ...] = ()

    def mapped(self, change: Callable[[RichText], RichText]) -> Highlight:
        """Return it with each of its texts changed, and those of the bullets under it."""
        below = tuple(each.mapped(change) for each in self.highlights)
        return Highlight(change(self.text), change(self.evidence), below)


@dataclass(frozen=True, slots=True)
class Detail:
    """A term and what it says, such as "Relevant Coursework" and the courses."""

    term: RichText
    text: RichText

    def mapped(self, change: Callable[[RichText], RichText]) -> Detail:
        """Return it with both of its texts changed."""
        return Detail(change(self.term), change(self.text))


def flatten(highlights: Iterable[Highlight]) -> Iterator[Highlight]:
    """Yield bullets, each with those under it after it."""
    for highlight in highlights:
        yield highlight
        yield from flatten(highlight.highlights)
