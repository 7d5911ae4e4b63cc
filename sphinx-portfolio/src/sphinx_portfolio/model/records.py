"""What a portfolio is made of: entries with their dates and text, and all of them together.

Standard library alone, so that records pickle, compare and hash, and whoever
draws or exports them needs no Sphinx. Names follow JSON Resume and schema.org.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, TypeVar

from sphinx_portfolio.model.dates import Date, Period, ending_year
from sphinx_portfolio.model.richtext import Detail, Highlight, RichText, flatten, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping



@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An entry of a portfolio. `docname` and `id` make its address, `skills` are ids."""

    kind: ClassVar[str]

    id: str
    title: str
    docname: str
    # Where it is written, for messages: it makes no other record of it.
    source: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)
    period: Period | None = None
    summary: RichText = ()
    highlights: tuple[Highlight, ...] = ()
    evidence: RichText = ()
    details: tuple[Detail, ...] = ()
    skills: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    # Whose CV it belongs to, all of them where it names none; whether to the one of a page, too.
    audience: tuple[str, ...] = ()
    selected: bool = False

    @property
    def name(self) -> str:
        """What others call it, in running text."""
        return self.title

    @property
    def short(self) -> str:
        """What others call it where there is little room."""
        return self.name

    @property
    def place(self) -> str:
        """Where it is written: `file:line`."""
        return f"{self.source}:{self.line}"

    @property
    def texts(self) -> Iterator[str]:
        """All that it says of itself, piece by piece."""
        yield self.title
        yield plain(self.summary)
        for highlight in flatten(self.highlights):
            yield plain(highlight.text)
        for detail in self.details:
            yield plain(detail.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position(Record):
    """What someone is at an organisation: `url` is the organisation's address."""

    organization: str
    shortname: str = ""
    location: str = ""
    url: str = ""

    @property
    def name(self) -> str:
        """The organisation."""
        return self.organization

    @property
    def short(self) -> str:
        """The organisation's short name, a run of its own words."""
        return self.shortname or self.organization


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Position):
    """Work for an employer; `reviewed` is when its entry was last known to be true."""

    kind: ClassVar[str] = "job"

    reviewed: Date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Degree(Position):
    """Study at an institution.

    `study`, `area` and `score` are runs of the title's own words: "Bachelor of
    Technology", "Computer Science", "9.36/10". `coursework` is the term of the
    detail that lists the courses.
    """

    kind: ClassVar[str] = "degree"

    area: str = ""
    study: str = ""
    score: str = ""
    coursework: str = ""

    @property
    def courses(self) -> tuple[str, ...]:
        """What the coursework lists, with commas between."""
        listed = (plain(each.text) for each in self.details if plain(each.term) == self.coursework)
        return tuple(
            course.strip() for text in listed for course in text.split(",") if course.strip()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Project(Record):
    """Something made: `code` is an address, `license` an SPDX identifier."""

    kind: ClassVar[str] = "project"

    code: str = ""
    license: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Award(Record):
    """Something received."""

    kind: ClassVar[str] = "award"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Record):
    """Volunteering: `events` are the occasions, each with its year; or for an organisation."""

    kind: ClassVar[str] = "service"

    organization: str = ""
    events: tuple[str, ...] = ()

    @property
    def occasions(self) -> tuple[tuple[Period, str], ...]:
        """Each event and its year; none where the dates say more than the events do."""
        years = [ending_year(event) for event in self.events]
        dates = [Date(int(year)) for year in years if year]
        if not dates or len(dates) < len(self.events):
            return ()
        if self.period != Period(min(dates), max(dates)):
            return ()
        return tuple((Period(date, date), it) for date, it in zip(dates, self.events, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill(Record):
    """Something someone can do: `aliases` are other words for it, `group` the heading above it."""

    kind: ClassVar[str] = "skill"

    group: str = ""
    aliases: tuple[str, ...] = ()


# What a talk's link is called, and the field that holds its address, in reading order.
TALK_LINKS = (
    ("talk", "video"),
    ("slides", "slides"),
    ("code", "code"),
    ("paper", "paper"),
    ("event", "url"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk(Record):
    """A talk: `url` is the event's page, `related` ids are among what it cites."""

    kind: ClassVar[str] = "talk"

    speakers: tuple[str, ...]
    event: str
    venue: str = ""
    url: str = ""
    video: str = ""
    slides: str = ""
    code: str = ""
    paper: str = ""
    abstract: str = ""
    shorttitle: str = ""
    topics: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """The short title, a run of the title's own words."""
        return self.shorttitle or self.title

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """What each link is called, and its address."""
        named = ((label, str(getattr(self, name))) for label, name in TALK_LINKS)
        return tuple((label, address) for label, address in named if address)

    @property
    def occasion(self) -> str:
        """Event and date: `GopherCon 2022`, or `Go Bangalore, July 2023`."""
        if self.period is None:
            return self.event
        date = self.period.start
        return f"{self.event}{date.separator}{date.text}"

    @property
    def texts(self) -> Iterator[str]:
        """Title and abstract."""
        yield self.title
        yield self.abstract


@dataclass(frozen=True, slots=True)
class Profile:
    """An account elsewhere: `network` is what it is called, such as GitHub."""

    network: str
    url: str


@dataclass(frozen=True, slots=True)
class Person:
    """Whose portfolio it is; `url` is the site's address, `label` what to call them in a line.

    `phone` and `street` are private: no build of the site ever knows them.
    """

    name: str
    label: str = ""
    email: str = ""
    location: str = ""
    url: str = ""
    profiles: tuple[Profile, ...] = ()
    phone: str = ""
    street: str = ""


R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Portfolio:
    """All records of a person, newest first; what has no date keeps the order it is written in.

    `topics` are what talks are about beside skills, each with its title. `today`
    is the one date that past, present and upcoming are told by. `paper` is what
    it is printed on: `a4` or `us-letter`.
    """

    person: Person
    today: Date
    records: tuple[Record, ...]
    topics: tuple[tuple[str, str], ...] = ()
    paper: str = "a4"

    @cached_property
    def by_id(self) -> Mapping[str, Record]:
        """Each record by its id."""
        return {record.id: record for record in self.records}

    def of(self, kind: type[R]) -> tuple[R, ...]:
        """Return the records of a kind, such as `of(Job)`."""
        return tuple(record for record in self.records if isinstance(record, kind))

    @cached_property
    def skills_by_group(self) -> Mapping[str, tuple[Skill, ...]]:
        """Skills by the heading that they stand under, in the order they are written in."""
        return _inverted(self.of(Skill), lambda skill: (skill.group,))

    @cached_property
    def years(self) -> tuple[int, int]:
        """The years of the oldest and the newest date of a record; ValueError where none has one.

        They come from what is written, never from the clock.
        """
        periods = [record.period for record in self.records if record.period]
        years = [date.year for each in periods for date in (each.start, each.end) if date]
        return min(years), max(years)

    def is_upcoming(self, record: Record) -> bool:
        """Tell whether it has not begun, for all that is known of its date."""
        return record.period is not None and record.period.start.first > self.today.last

    @cached_property
    def _evidence(self) -> Mapping[str, tuple[Record, ...]]:
        return _inverted(self.records, lambda record: record.skills)

    def evidence(self, skill: str) -> tuple[Record, ...]:
        """Return what proves a skill."""
        return self._evidence.get(skill, ())

    @cached_property
    def _citing(self) -> Mapping[str, tuple[Record, ...]]:
        return _inverted(self.records, lambda record: record.cites)

    def citing(self, id: str) -> tuple[Record, ...]:
        """Return what cites a record."""
        return self._citing.get(id, ())


def _inverted(
    records: Iterable[R], keys: Callable[[R], Iterable[str]]
) -> Mapping[str, tuple[R, ...]]:
    """Map each key to the records that have it, in their order."""
    found = defaultdict(list)
    for record in records:
        for key in dict.fromkeys(keys(record)):
            found[key].append(record)
    return {key: tuple(values) for key, values in found.items()}
