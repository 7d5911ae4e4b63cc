"""What an importer makes of a source: entries, a person, texts, and what has no place.

Plain data that the importers of all formats share, and that `pages` writes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING

from sphinx_portfolio.model import RichText, Run

if TYPE_CHECKING:
    from sphinx_portfolio.model import Detail, Highlight


class SourceError(ValueError):
    """A source can't be imported; the message has the file, what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Leftover:
    """A value that has no place in a portfolio, and its path in the source."""

    source: str
    path: str
    value: str


@dataclass(frozen=True, slots=True)
class Body:
    """A text: paragraphs, and the bullets below them."""

    paragraphs: tuple[RichText, ...] = ()
    highlights: tuple[Highlight, ...] = ()

    def __add__(self, other: Body) -> Body:
        """Return both texts, the paragraphs of both before the bullets."""
        return Body(self.paragraphs + other.paragraphs, self.highlights + other.highlights)


@dataclass(slots=True, kw_only=True)
class Entry:
    """An entry that becomes a record on a page.

    `options` have the names that the kind's directive gives them, and unchecked values; `keys` are
    the keys of values in the source. `links` are labels and addresses that no option has. `group`
    is that of a skill, `keywords` are words for what the entry is about. `id` is the wanted id;
    empty means one made of the title.
    """

    kind: str
    title: str
    id: str = ""
    options: dict[str, str] = field(default_factory=dict)
    body: Body = Body()
    details: list[Detail] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    keywords: tuple[str, ...] = ()
    group: str = ""
    keys: dict[str, str] = field(default_factory=dict, compare=False)
    source: str = field(default="", compare=False)
    path: str = field(default="", compare=False)


@dataclass(slots=True, kw_only=True)
class Reference:
    """A talk or publication in BibTeX; its key is between `head` and `tail`.

    `date` is its first date; `strings` are those that the entry needs, such as names of journals,
    `parents` are the entries that it takes fields over from, with their keys.
    """

    kind: str
    key: str
    title: str
    head: str
    tail: str
    date: str = ""
    strings: tuple[str, ...] = ()
    parents: tuple[tuple[str, str], ...] = ()
    source: str = ""
    path: str = ""


@dataclass(slots=True, kw_only=True)
class Section:
    """A part of the page about the person, such as interests."""

    title: str
    body: Body = Body()
    details: list[Detail] = field(default_factory=list)


@dataclass(slots=True)
class Draft:
    """All that a source has. `person` has the keys of `portfolio_person`, `phone` and `street`.

    `origins` are the source and the path of each text in it.
    """

    source: str = ""
    person: dict[str, str] = field(default_factory=dict)
    profiles: dict[str, str] = field(default_factory=dict)
    site: str = ""
    summary: Body = Body()
    entries: list[Entry] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    leftovers: list[Leftover] = field(default_factory=list)
    origins: dict[str, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Where the file was is nothing for a report that may be published.
        self.source = PurePath(self.source).name

    def leave(self, path: str, value: str) -> None:
        """Note a value that has no place."""
        self.leftovers.append(Leftover(self.source, path, value))

    def of_person(self, name: str, value: str) -> Leftover:
        """Return what the source says of the person; *name* replaces an unknown path."""
        containing = (place for text, place in self.origins.items() if value in text)
        place = self.origins.get(value) or next(containing, (self.source, name))
        return Leftover(*place, value)

    def add(self, other: Draft) -> None:
        """Add all of another source; of the person what this one lacks."""
        for key, value in other.person.items():
            if self.person.setdefault(key, value) != value:
                other.leftovers.append(other.of_person(key, value))
        for network, address in other.profiles.items():
            if self.profiles.setdefault(network, address) != address:
                other.leftovers.append(other.of_person(f"profiles: {network}", address))
        self.site = self.site or other.site
        if self.summary == Body():
            self.summary = other.summary
        elif other.summary not in (Body(), self.summary):
            self.sections.append(Section(title=other.source, body=other.summary))
        self.entries += other.entries
        self.references += other.references
        for section in other.sections:
            same = next((it for it in self.sections if it.title == section.title), None)
            if same:
                same.body += section.body
                same.details += section.details
            else:
                self.sections.append(section)
        self.leftovers += other.leftovers
        self.origins = other.origins | self.origins


def run(text: str) -> RichText:
    """Return a text without styles."""
    return (Run(text),) if text else ()
