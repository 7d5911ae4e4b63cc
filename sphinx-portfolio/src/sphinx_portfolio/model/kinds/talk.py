"""A talk, which is written in BibTeX."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sphinx_portfolio.model.kind import TALKS, Fact, Kind, Verbs
from sphinx_portfolio.model.kinds.creative_work import (
    JSON_OF_WORKS,
    CreativeWork,
    is_name_of,
    keywords,
    occasion,
    persons,
    topics,
    video,
)
from sphinx_portfolio.model.linked_data import Thing
from sphinx_portfolio.model.messages import capitalized
from sphinx_portfolio.model.richtext import RichText, Run, plain

if TYPE_CHECKING:
    from datetime import datetime

    from sphinx_portfolio.model.dates import Date
    from sphinx_portfolio.model.portfolio import Portfolio


FORMATS = ("keynote", "lightning talk", "workshop", "panel", "podcast", "poster")


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk(CreativeWork):
    """A talk: `url` is the event's page, `format` one of `FORMATS` or empty for a plain talk.

    `times` are the moments when it begins and ends, with their zones: two, one or none, as far as
    they are known. `duration` is that of the video.
    """

    kind: ClassVar[str] = "talk"

    speakers: tuple[str, ...]
    event: str = ""
    venue: str = ""
    times: tuple[datetime, ...] = ()
    paper: str = ""
    duration: str = ""

    @property
    def people(self) -> tuple[str, ...]:
        """The speakers."""
        return self.speakers

    @property
    def where(self) -> str:
        """The event."""
        return self.event

    @property
    def separator(self) -> str:
        """What is between event and date."""
        return self.period.start.separator if self.period else ""


def speakers(talk: Talk, portfolio: Portfolio) -> RichText:
    """Return the speakers; nothing if the person of the portfolio is the only one."""
    *others, last = talk.speakers or ("",)
    alone = not others and is_name_of(last, portfolio.person.name)
    return () if alone else tuple(Run(name) for name in talk.speakers)


def credits(talk: Talk, portfolio: Portfolio) -> RichText:
    """Return the other speakers: `with Ada and Bob`, or `by …` if the person is not a speaker."""
    person = portfolio.person.name
    names = tuple(name for name in talk.speakers if not is_name_of(name, person))
    if not names:
        return ()
    gettext, listed = portfolio.translator.gettext, portfolio.translator.listed(names)
    if len(names) < len(talk.speakers):
        return (Run(gettext("with {names}", names=listed)),)
    return (Run(gettext("by {names}", names=listed)),)


def first_link(talk: Talk, portfolio: Portfolio) -> str:
    """Return the address of the first link; empty if there is none."""
    return next((link.address for link in KIND.links_of(talk)), "")


def with_whom(talk: Talk, portfolio: Portfolio) -> str:
    """Return the other speakers as a sentence begins."""
    return capitalized(plain(credits(talk, portfolio)))


SLIDES = Thing("PresentationDigitalDocument", {"name": "title", "url": "slides"})
PAPER = Thing("CreativeWork", {"url": "paper"})
CODE = Thing("SoftwareSourceCode", {"codeRepository": "code"})
PLACE = Thing("Place", {"name": "venue"})
ONLINE = Thing("VirtualLocation", {"name": "venue"})
PAGE = Thing("WebPage", {"url": "url"})


def featured(talk: Talk, portfolio: Portfolio) -> tuple[Thing, ...]:
    """Return slides, paper and code, those that there are."""
    works = ((talk.slides, SLIDES), (talk.paper, PAPER), (talk.code, CODE))
    return tuple(thing for address, thing in works if address)


def location(talk: Talk, portfolio: Portfolio) -> Thing:
    """Return the venue, which is no place if the talk is online."""
    return ONLINE if talk.venue.lower() in {"online", "virtual"} else PLACE


def start(talk: Talk, portfolio: Portfolio) -> Date | str | None:
    """Return the time at which the talk begins, by default the date."""
    return talk.times[0].isoformat() if talk.times else talk.start


def end(talk: Talk, portfolio: Portfolio) -> Date | str | None:
    """Return the time at which the talk ends, by default the date."""
    return talk.times[1].isoformat() if talk.times[1:] else talk.end


EVENT = Thing(
    "Event",
    {
        "name": "title",
        "description": "summary",
        "startDate": start,
        "endDate": end,
        "location": location,
        "performer": persons,
        "superEvent": Thing("Event", {"name": "event"}),
        "subjectOf": PAGE,
        "recordedIn": video,
        "workFeatured": featured,
        "keywords": keywords,
    },
)
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
    shape="work",
    lane=TALKS,
    verbs=Verbs(once="Talks"),
    feed="Talk: {title} ({dates})",
    cited_as=dict.fromkeys(("project", "job", "publication"), "Talks"),
    json_section="publications",
    json={
        "name": "title",
        "publisher": "event",
        "releaseDate": "start",
        "url": first_link,
        "summary": (with_whom, "summary"),
        **JSON_OF_WORKS,
        "x_venue": "venue",
        "x_paper": "paper",
        "x_duration": "duration",
    },
    thing=EVENT,
    microformat="h-event",
)
