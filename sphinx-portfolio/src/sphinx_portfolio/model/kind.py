"""The description of a kind of record, as data for directives, views and exports.

Labels and other words of a kind that readers see are ids of messages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from sphinx_portfolio.model.dates import Date, Period, RecordError
from sphinx_portfolio.model.richtext import RichText, Run
from sphinx_portfolio.model.validators import showable

if TYPE_CHECKING:
    from sphinx_portfolio.model.linked_data import Source
    from sphinx_portfolio.model.portfolio import Portfolio
    from sphinx_portfolio.model.records import Record

Options: TypeAlias = Mapping[str, str]
# A part of a JSON Resume entry: the name of an attribute, or a function of the record and the
# portfolio. The parts of a tuple are joined to one text, those of a list are a list.
JsonSource: TypeAlias = (
    "str | Callable[[Any, Portfolio], object] | tuple[JsonSource, ...] | list[JsonSource]"
)


@dataclass(frozen=True, slots=True)
class Option:
    """An option of the kind's directive.

    `read` returns the value of the record's attribute `field`, by default the option's name, or
    raises RecordError; it is None if the kind's `read` does so. A required option has an `example`.
    """

    name: str
    description: str
    read: Callable[[str], object] | None = showable
    field: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A labeled fact of a record; it is left out if its value is empty.

    `value` is an attribute with text or a tuple of texts, or a function that returns one run of
    text for each value. `target` is the attribute with the address that the text links to. A pair
    of labels is singular and plural; a fact without label is shown in CVs only.
    """

    name: str
    label: str | tuple[str, str]
    value: str | Callable[[Any, Portfolio], RichText]
    target: str = ""
    emphasis: bool = False

    def of(self, record: Record, portfolio: Portfolio) -> RichText:
        """Return one run of text for each value."""
        if callable(self.value):
            return self.value(record, portfolio)
        value = getattr(record, self.value)
        text = value if isinstance(value, str) else ", ".join(value)
        target = getattr(record, self.target) if self.target else ""
        return (Run(text, emphasis=self.emphasis, target=target),) if text else ()


@dataclass(frozen=True, slots=True)
class Verbs:
    """The changelog's words for an event (`once`), and for the start and end of a period."""

    once: str = ""
    start: str = ""
    end: str = ""


class Link(NamedTuple):
    """A link of a record: the attribute with its address, its label, and the address."""

    name: str
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane of the timeline, which has rows of labeled bars, or marks."""

    name: str
    looks: Literal["bar", "mark", "ink mark"]


STUDY = Lane("study", "bar")
WORK = Lane("work", "bar")
PROJECTS = Lane("projects", "bar")
TALKS = Lane("talks", "ink mark")
PUBLICATIONS = Lane("publications", "ink mark")
AWARDS = Lane("awards, volunteering", "mark")
CERTIFICATES = Lane("certificates", "mark")
LANES = (STUDY, WORK, PROJECTS, TALKS, PUBLICATIONS, AWARDS, CERTIFICATES)  # from top to bottom


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of record.

    - `plural` is the name for several. `numbered` are the messages for a number of them, one and
      several; by default they have name and plural, such as "2 jobs".
    - `options` are those of its directive; None if it is written in BibTeX. `read` returns the
      fields that depend on several options; `finish` validates the whole record.
    - `facts` are shown below its heading, in this order; `line` names those that a CV shows, each
      group joined by commas.
    - `links` are the attributes with addresses that a CV spells out, and their labels.
    - `section` is its heading in a CV; `shape` says how the typeset CV shows a record: with a
      heading of its own, as a creative work, inline after its title, or in a list of skills.
    - `lane` is its lane of the timeline, `verbs` are its words in the changelog.
    - `feed` is the title of its entries in the feed, with `{title}` and `{dates}`; those of a kind
      without are not in it.
    - `cited_as` are the labels, by kind, that its records have on pages of records they cite.
    - `json_section` and `json` map it to JSON Resume.
    - `thing` is the source of its node in linked data, `of_person` are those of properties of the
      person, by the name of the property. `microformat` are the classes of an entry in HTML.
    """

    record: type[Record]
    plural: str
    numbered: tuple[str, str] | None = None
    options: tuple[Option, ...] | None = None
    read: Callable[[Options], dict[str, Any]] = lambda options: {}
    finish: Callable[[Any], Record] = lambda record: record
    facts: tuple[Fact, ...] = ()
    line: tuple[tuple[str, ...], ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    section: str
    shape: Literal["headed", "work", "inline", "skills"]
    lane: Lane | None = None
    verbs: Verbs = Verbs()
    feed: str = ""
    cited_as: Mapping[str, str] = field(default_factory=dict)
    json_section: str
    json: Mapping[str, JsonSource] = field(default_factory=dict)
    thing: Source | None = None
    of_person: Mapping[str, Source] = field(default_factory=dict)
    microformat: str = ""

    @property
    def name(self) -> str:
        """The name, also of its directive and role."""
        return self.record.kind

    @property
    def count(self) -> tuple[str, str]:
        """The messages for a number of records, one and several."""
        return self.numbered or (f"{{count}} {self.name}", f"{{count}} {self.plural}")

    @property
    def is_in_bibtex(self) -> bool:
        """Whether its records are entries of BibTeX files, and not on pages."""
        return self.options is None

    def links_of(self, record: Record) -> tuple[Link, ...]:
        """Return the links of a record that have an address."""
        found = (Link(name, label, getattr(record, name)) for name, label in self.links.items())
        return tuple(link for link in found if link.address)

    def fields(self, options: Options) -> dict[str, Any]:
        """Return the fields that the options of a directive set; RecordError if one is invalid."""
        return read_fields(self.options or (), options) | self.read(options)


def read_fields(known: Iterable[Option], options: Options) -> dict[str, Any]:
    """Return the fields that options set; RecordError if one is missing or invalid."""
    fields: dict[str, Any] = {}
    for option in known:
        if option.example and not options.get(option.name):
            raise missing(option.name, option.example)
        if option.read and option.name in options:
            fields[option.field or option.name] = option.read(options[option.name])
    return fields


def missing(name: str, example: str) -> RecordError:
    """Return the error for a missing option."""
    return RecordError(f"the option :{name}: is missing: add a line such as `:{name}: {example}`")


# -- Dates of several kinds -----------------------------------------------------


def read_period(options: Options) -> dict[str, Any]:
    """Read `start` and `end`; RecordError if `start` is missing or a date is invalid."""
    if not options.get("start"):
        raise missing("start", "2021-08")
    return {"period": Period.parse(options["start"], options.get("end", ""))}


def read_date(text: str) -> Period:
    """Read a date as a period; RecordError if it is invalid."""
    date = Date.parse(text)
    return Period(date, date)


START = Option("start", "First date: YYYY, YYYY-MM or YYYY-MM-DD", read=None, example="2021-08")
END = Option("end", "Last date; empty or `present` means ongoing", read=None)
DATE = Option("date", "Date: YYYY, YYYY-MM or YYYY-MM-DD", read_date, "period", example="2021")


def dates(record: Record, portfolio: Portfolio) -> RichText:
    """Return the dates."""
    text = record.when(portfolio.translator)
    return (Run(text),) if text else ()


DATES_FACT = Fact("dates", "Dates", dates)
DATE_FACT = Fact("dates", "Date", dates)
