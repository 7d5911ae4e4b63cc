"""What talks and publications have in common: works, which are written in BibTeX."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sphinx_portfolio.model.linked_data import Node, Thing, people
from sphinx_portfolio.model.records import Record
from sphinx_portfolio.model.richtext import RichText, Run, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_portfolio.model.bibtex import BibtexEntry
    from sphinx_portfolio.model.kind import JsonSource
    from sphinx_portfolio.model.messages import Translator
    from sphinx_portfolio.model.portfolio import Portfolio


@dataclass(frozen=True, slots=True, kw_only=True)
class CreativeWork(Record):
    """A work of one or more people: `url` is its page, `topics` are its subjects besides skills.

    `key` is that of its BibTeX `entry`, the summary is its abstract, `note` a remark on it,
    `format` what it is if that is worth saying, such as "keynote" or "PhD thesis".
    """

    key: str = ""
    # The texts of the fields above, as they were written.
    entry: BibtexEntry | None = field(default=None, metadata={"is_source": True})
    format: str = ""
    url: str = ""
    video: str = ""
    slides: str = ""
    code: str = ""
    note: RichText = ()
    shorttitle: str = ""
    topics: tuple[str, ...] = ()

    @property
    def people(self) -> tuple[str, ...]:
        """The names of its authors or speakers."""
        return ()

    @property
    def short(self) -> str:
        """The short title, by default the title."""
        return self.shorttitle or self.title

    def occasion(self, translator: Translator) -> str:
        """Return where, when and what: `GopherCon 2022 (keynote)`, or `Nature, May 2023`."""
        when = self.when(translator)
        when = f"{self.separator}{when}" if self.where and when else when
        return f"{self.where}{when}{self.aside(translator)}".strip()

    @property
    def texts(self) -> Iterator[str]:
        """Title, abstract and note."""
        yield self.title
        yield plain(self.summary)
        yield plain(self.note)

    @property
    def separator(self) -> str:
        """What is between where and when."""
        return ", "

    def aside(self, translator: Translator) -> str:
        """Return the format in parentheses, after a space; empty if there is none."""
        return f" ({translator.gettext(self.format)})" if self.format else ""


def occasion(work: CreativeWork, portfolio: Portfolio) -> RichText:
    """Return where, when and what."""
    text = work.occasion(portfolio.translator)
    return (Run(text, emphasis=True),) if text else ()


def last_date(work: CreativeWork, portfolio: Portfolio) -> str:
    """Return the last date of several, `present` if it is unknown; empty for a single date."""
    if work.period is None or work.start == work.end:
        return ""
    return str(work.end) if work.end else "present"


# What the section `publications` of JSON Resume has no field for.
JSON_OF_WORKS: dict[str, JsonSource] = {
    "x_kind": "kind",
    "x_people": ["people"],
    "x_endDate": last_date,
    "x_format": "format",
    "x_shorttitle": "shorttitle",
    "x_note": "note",
    **{f"x_{name}": name for name in ("video", "slides", "code", "url")},
}


def topics(work: CreativeWork, portfolio: Portfolio) -> RichText:
    """Return the titles of the topics."""
    titles = dict(portfolio.topics)
    return tuple(Run(titles[name]) for name in work.topics if name in titles)


def keywords(work: CreativeWork, portfolio: Portfolio) -> tuple[str, ...]:
    """Return the titles of skills and topics."""
    titles = dict(portfolio.topics)
    skills = (portfolio.by_id[skill].title for skill in work.skills if skill in portfolio.by_id)
    return (*skills, *(titles[topic] for topic in work.topics if topic in titles))


def persons(work: CreativeWork, portfolio: Portfolio) -> tuple[Node, ...]:
    """Return the authors or speakers as nodes."""
    return people(work.people)


VIDEO = Thing("VideoObject", {"name": "title", "url": "video"})


def video(work: CreativeWork, portfolio: Portfolio) -> Thing | None:
    """Return the video; nothing if there is none."""
    return VIDEO if work.video else None


def is_name_of(name: str, person: str) -> bool:
    """Return whether a name is a person's, perhaps with initials: `A. M. Example`."""
    if name == person:
        return True
    given, family = _parts(name)
    whole, last = _parts(person)
    return (
        bool(given and whole)
        and family == last
        and all(
            short == full or (len(short) == 1 and full.startswith(short))
            for short, full in zip(given, whole, strict=False)
        )
    )


def _parts(name: str) -> tuple[list[str], str]:
    """Return the given names, or their initials, and the family name."""
    *given, family = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", name) or [""]
    return given, family
