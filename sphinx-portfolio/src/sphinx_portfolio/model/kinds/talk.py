"""A talk, which is written in BibTeX."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sphinx_portfolio.model.kind import TALKS, Fact, Kind, Verbs
from sphinx_portfolio.model.messages import capitalized
from sphinx_portfolio.model.records import Record
from sphinx_portfolio.model.richtext import RichText, Run, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_portfolio.model.messages import Translator
    from sphinx_portfolio.model.portfolio import Portfolio


FORMATS = ("talk", "keynote", "lightning talk", "workshop", "panel", "podcast", "poster")


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk(Record):
    """A talk: `url` is the event's page, `topics` are what it is about besides skills.

    `key` is that of its BibTeX entry, the summary is its abstract, `note` a remark on it, `format`
    one of `FORMATS`, `duration` that of the video.
    """

    kind: ClassVar[str] = "talk"

    key: str = ""
    speakers: tuple[str, ...]
    event: str = ""
    format: str = FORMATS[0]
    venue: str = ""
    url: str = ""
    video: str = ""
    slides: str = ""
    code: str = ""
    paper: str = ""
    note: RichText = ()
    duration: str = ""
    shorttitle: str = ""
    topics: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """The short title, by default the title."""
        return self.shorttitle or self.title

    @property
    def where(self) -> str:
        """The event."""
        return self.event

    def occasion(self, translator: Translator) -> str:
        """Return event, date, format: `Go Bangalore, July 2023`, or `GopherCon 2022 (keynote)`."""
        when = self.when(translator)
        when = f"{self.separator}{when}" if self.event else when
        return f"{self.event}{when}{self.aside(translator)}".strip()

    @property
    def texts(self) -> Iterator[str]:
        """Title, abstract and note."""
        yield self.title
        yield plain(self.summary)
        yield plain(self.note)

    @property
    def separator(self) -> str:
        """What is between event and date."""
        return self.period.start.separator if self.period else ""

    def aside(self, translator: Translator) -> str:
        """Return the format in parentheses, after a space; empty for a plain talk."""
        return f" ({translator.gettext(self.format)})" if self.format != FORMATS[0] else ""


def occasion(talk: Talk, portfolio: Portfolio) -> RichText:
    """Return event, date and format."""
    text = talk.occasion(portfolio.translator)
    return (Run(text, emphasis=True),) if text else ()


def speakers(talk: Talk, portfolio: Portfolio) -> RichText:
    """Return the speakers; nothing if the person of the portfolio is the only one."""
    alone = talk.speakers == (portfolio.person.name,)
    return () if alone else tuple(Run(name) for name in talk.speakers)


def credits(talk: Talk, portfolio: Portfolio) -> RichText:
    """Return the other speakers: `with Ada and Bob`, or `by …` if the person is not a speaker."""
    names = tuple(name for name in talk.speakers if name != portfolio.person.name)
    if not names:
        return ()
    gettext, listed = portfolio.translator.gettext, portfolio.translator.listed(names)
    if len(names) < len(talk.speakers):
        return (Run(gettext("with {names}", names=listed)),)
    return (Run(gettext("by {names}", names=listed)),)


def topics(talk: Talk, portfolio: Portfolio) -> RichText:
    """Return the titles of the topics."""
    titles = dict(portfolio.topics)
    return tuple(Run(titles[name]) for name in talk.topics if name in titles)


def first_link(talk: Talk, portfolio: Portfolio) -> str:
    """Return the address of the first link; empty if there is none."""
    return next((link.address for link in KIND.links_of(talk)), "")


def with_whom(talk: Talk, portfolio: Portfolio) -> str:
    """Return the other speakers as a sentence begins."""
    return capitalized(plain(credits(talk, portfolio)))


KIND = Kind(
    record=Talk,
    plural="talks",
    facts=(
        Fact("occasion", "", occasion),
        Fact("location", "", "venue"),
        Fact("speakers", ("Speaker", "Speakers"), speakers),
        Fact("credits", "", credits),
        Fact("topics", "Topics", topics),
    ),
    line=(("occasion",), ("location",), ("credits",)),
    links={name: name for name in ("video", "slides", "code", "paper")} | {"url": "event page"},
    section="Talks",
    shape="talk",
    lane=TALKS,
    verbs=Verbs(once="Talks"),
    cited_as={"project": "Talks", "job": "Talks"},
    json_section="publications",
    json={
        "name": "title",
        "publisher": "event",
        "releaseDate": "start",
        "url": first_link,
        "summary": (with_whom, "summary"),
    },
)
