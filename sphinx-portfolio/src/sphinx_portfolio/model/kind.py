"""The description of a kind of record, as data for directives, views and exports."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from sphinx_portfolio.model.dates import Date, Period, RecordError
from sphinx_portfolio.model.richtext import RichText, Run
from sphinx_portfolio.model.validators import showable

if TYPE_CHECKING:
    from sphinx_portfolio.model.portfolio import Portfolio
    from sphinx_portfolio.model.records import Record

Options: TypeAlias = Mapping[str, str]
# A part of a JSON Resume entry: the name of an attribute of the record or of a value that the
# exporter derives; a tuple is joined to one text, a list stays a list.
JsonSource: TypeAlias = "str | tuple[str, ...] | Sequence[str]"


@dataclass(frozen=True, slots=True)
class Option:
    """An option of the kind's directive.

    `read` turns its text into the value of `field` (default: the option's name) or raises
    RecordError; None leaves that to the kind's `read`. A required option has an `example`.
    """

    name: str
    description: str
    read: Callable[[str], object] | None = showable
    field: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A labeled fact of a record.

    `value` is an attribute with text or a tuple of texts, or a function that returns one run of
    text for each value. `target` is the attribute with the address that the text links to. The
    fact is left out if it is empty or the attribute `unless` is not. A pair of labels is singular
    and plural; without a label it is a fact of CVs only.
    """

    name: str
    label: str | tuple[str, str]
    value: str | Callable[[Any, Portfolio], RichText]
    target: str = ""
    emphasis: bool = False
    unless: str = ""

    def of(self, record: Record, portfolio: Portfolio) -> RichText:
        """Return the fact of a record, one run of text for each value."""
        if self.unless and getattr(record, self.unless):
            return ()
        if callable(self.value):
            return self.value(record, portfolio)
        value = getattr(record, self.value)
        text = value if isinstance(value, str) else ", ".join(value)
        target = getattr(record, self.target) if self.target else ""
        return (Run(text, emphasis=self.emphasis, target=target),) if text else ()


@dataclass(frozen=True, slots=True)
class Verbs:
    """The changelog's words: for what happens once, or for a start and an end."""

    once: str = ""
    start: str = ""
    end: str = ""


class Link(NamedTuple):
    """A link of a record: the attribute with its address, and what it is called."""

    name: str
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane of the timeline: rows of labeled bars, or marks."""

    name: str
    looks: Literal["bar", "mark", "ink mark"]


STUDY = Lane("study", "bar")
WORK = Lane("work", "bar")
PROJECTS = Lane("projects", "bar")
TALKS = Lane("talks", "ink mark")
AWARDS = Lane("awards, service", "mark")
LANES = (STUDY, WORK, PROJECTS, TALKS, AWARDS)  # from top to bottom


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of record.

    - `plural` counts several, such as "2 jobs".
    - `options` are those of its directive; None if pages have no such directive. `read` makes
      fields of options that depend on each other, `finish` validates the whole record.
    - `facts` are shown below its heading, in this order; `line` are the names of those in a CV,
      each group joined by commas.
    - `links` are the attributes with addresses that a CV spells out, and what they are called.
    - `section` is its heading in a CV, and `shape` how the typeset CV sets it: with a heading of
      its own, as a talk, or in a line after its title; skills are grouped.
    - `lane` is its lane of the timeline.
    - `verbs` are the changelog's words for it.
    - `cited_as` says how a page of another kind calls the records of this kind that cite it.
    - `json_section` and `json` map it to JSON Resume.
    """

    record: type[Record]
    plural: str
    options: tuple[Option, ...] | None = None
    read: Callable[[Options], dict[str, Any]] = lambda options: {}
    finish: Callable[[Any], Record] = lambda record: record
    facts: tuple[Fact, ...] = ()
    line: tuple[tuple[str, ...], ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    section: str
    shape: Literal["headed", "talk", "run-in", "group"]
    lane: Lane | None = None
    verbs: Verbs = Verbs()
    cited_as: Mapping[str, str] = field(default_factory=dict)
    json_section: str
    json: Mapping[str, JsonSource] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name, which is also that of its directive and role."""
        return self.record.kind

    def links_of(self, record: Record) -> tuple[Link, ...]:
        """Return the links of a record that are known."""
        found = (Link(name, label, getattr(record, name)) for name, label in self.links.items())
        return tuple(link for link in found if link.address)

    def fields(self, options: Options) -> dict[str, Any]:
        """Return the fields that the options of a directive set; RecordError if one is invalid."""
        for option in self.options or ():
            if option.example and not options.get(option.name):
                message = (
                    f"the option :{option.name}: is missing: add a line such as "
                    f"`:{option.name}: {option.example}`"
                )
                raise RecordError(message)
        simple = {
            option.field or option.name: option.read(options[option.name])
            for option in self.options or ()
            if option.read and option.name in options
        }
        return simple | self.read(options)


# -- Dates of several kinds -----------------------------------------------------

PERIOD = (
    Option("start", "First date: YYYY, YYYY-MM or YYYY-MM-DD", read=None, example="2021-08"),
    Option("end", "Last date; empty or `present` means ongoing", read=None),
)
DATE = Option("date", "Date: YYYY, YYYY-MM or YYYY-MM-DD", read=None, example="2021")
DATES_FACT = Fact("dates", "Dates", "when")
DATE_FACT = Fact("dates", "Date", "when")


def read_period(options: Options) -> dict[str, Any]:
    """Read `start` and `end`."""
    return {"period": Period.parse(options["start"], options.get("end", ""))}


def read_date(options: Options) -> dict[str, Any]:
    """Read `date`."""
    date = Date.parse(options["date"])
    return {"period": Period(date, date)}
