"""Directives that say what a heading is, and the reading of its record from the page.

The directive stands under a heading and leaves a node there. Text below it is
not parsed yet by then, so a transform reads title, paragraphs and bullets once
the page is whole, turns them into text runs, and notes the record.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.parsers.rst import directives as rst
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from sphinx_portfolio.model.dates import Date, Period, RecordError, ending_year
from sphinx_portfolio.domain import claim, portfolio_domain, portfolio_record
from sphinx_portfolio.model.validators import address, identifier, run_of, straight, words
from sphinx_portfolio.sources.reader import (
    cites,
    details,
    evidence,
    heading,
    highlights,
    references,
    summary,
)
from sphinx_portfolio.model.records import Award, Degree, Job, Project, Record, Service, Skill
from sphinx_portfolio.model.richtext import plain

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)

QUOTES = ("area", "study", "score")  # options of a degree that quote its title


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record that is marked on a page: its options, and how they become fields.

    `finish` checks those that quote the record's own text.
    """

    record: type[Record]
    options: tuple[str, ...]
    fields: Callable[[dict[str, str]], dict[str, Any]]
    finish: Callable[[Any], Record] = lambda record: record


def required(options: dict[str, str], name: str, example: str) -> str:
    """Return an option that has to be there; RecordError with an example if it is not."""
    if value := options.get(name, ""):
        return value
    message = f"the option :{name}: is missing: add a line such as `:{name}: {example}`"
    raise RecordError(message)


def period(options: dict[str, str]) -> Period:
    """Read `:start:` and `:end:`."""
    return Period.parse(required(options, "start", "2021-08"), options.get("end", ""))


def part(text: str, whole: str) -> str:
    """Check a short name; RecordError unless it is a run of the whole name's own words."""
    if text and f" {text} " not in f" {whole} ":
        message = f"the short name {text!r} is no run of the words of {whole!r}"
        raise RecordError(message)
    return text


def position(options: dict[str, str]) -> dict[str, Any]:
    """Read what a job and a degree say."""
    organization = required(options, "organization", "Its name")
    return {
        "organization": organization,
        "shortname": part(options.get("short", ""), organization),
        "location": options.get("location", ""),
        "url": address(options.get("url", "")),
        "period": period(options),
    }


def job(options: dict[str, str]) -> dict[str, Any]:
    """Read what a job says, and when its entry was last known to be true."""
    reviewed = options.get("reviewed")
    return {
        **position(options),
        "reviewed": None if reviewed is None else Date.parse(reviewed),
    }


def degree(options: dict[str, str]) -> dict[str, Any]:
    """Read what a degree says, and which of its own words say what."""
    return {
        **position(options),
        **{name: options.get(name, "") for name in QUOTES},
        "coursework": options.get("courses", ""),
    }


def quoted(record: Degree) -> Degree:
    """Take its title's and a term's own words as they stand there; RecordError if they don't."""
    terms = [plain(each.term) for each in record.details]
    found = [term for term in terms if straight(term) == straight(record.coursework)]
    if record.coursework and not found:
        known = f": write one of {', '.join(map(repr, terms))}" if terms else ": write it below"
        message = f":courses: names no definition here, {record.coursework!r}{known}"
        raise RecordError(message)
    quotes: dict[str, Any] = {
        name: _run(record.title, getattr(record, name), name) for name in QUOTES
    }
    return replace(record, coursework=found[0] if found else "", **quotes)


def _run(title: str, words: str, name: str) -> str:
    if words and not run_of(title, words):
        message = f":{name}: {words!r} is no run of the words of the title, {title!r}"
        raise RecordError(message)
    return run_of(title, words)


def project(options: dict[str, str]) -> dict[str, Any]:
    """Read what a project says."""
    return {
        "code": address(options.get("code", "")),
        "license": options.get("license", ""),
        "period": period(options),
    }


def award(options: dict[str, str]) -> dict[str, Any]:
    """Read what an award says."""
    received = Date.parse(required(options, "date", "2021"))
    return {"period": Period(received, received)}


def service(options: dict[str, str]) -> dict[str, Any]:
    """Read what volunteering says: occasions, each with its year, or a period."""
    events = words(options.get("events", ""))
    years = [ending_year(event) for event in events]
    if events and not options.get("start"):
        dates = sorted(Date.parse(year) for year in years if year)
        if len(dates) < len(events):
            message = f"each of the :events: ends in its year, or :start: says when: {events}"
            raise RecordError(message)
        when = Period(dates[0], dates[-1])
    else:
        when = period(options)
    return {"events": events, "organization": options.get("organization", ""), "period": when}


def skill(options: dict[str, str]) -> dict[str, Any]:
    """Read what a skill says."""
    return {"aliases": words(options.get("aliases", ""))}


KINDS = {
    "job": Kind(Job, ("organization", "short", "location", "url", "start", "end", "reviewed"), job),
    "degree": Kind(
        Degree,
        (
            *("organization", "short", "location", "url", "start", "end"),
            *("area", "study", "score", "courses"),
        ),
        degree,
        quoted,
    ),
    "project": Kind(Project, ("code", "license", "start", "end"), project),
    "award": Kind(Award, ("date",), award),
    "service": Kind(Service, ("events", "organization", "start", "end"), service),
    "skill": Kind(Skill, ("aliases",), skill),
}


class RecordDirective(SphinxDirective):
    """Mark the heading above as a record; the directive's name is the record's kind."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Leave a node, to be read once the page is whole."""
        kind = self.name.rpartition(":")[2]
        node = portfolio_record("", kind=kind, options=dict(self.options))
        self.set_source_info(node)
        return [node]


def directive(kind: Kind) -> type[RecordDirective]:
    """Return the directive of a kind: docutils asks its class for the options."""
    names = ("id", "skills", "audience", *kind.options)
    spec = dict.fromkeys((*names, "selected"), rst.unchanged)
    return type(kind.record.__name__, (RecordDirective,), {"option_spec": spec})


def marked(options: dict[str, str], name: str) -> bool:
    """Tell whether an option is there; RecordError where it says anything, such as `no`."""
    # MyST drops what a `flag` of docutils says, and so takes `no` for yes.
    if value := options.get(name):
        message = f":{name}: {value} says nothing: write `:{name}:` alone, or take it away"
        raise RecordError(message)
    return name in options


def audience(options: dict[str, str]) -> tuple[str, ...]:
    """Read whose CV it belongs to; RecordError where it says nobody's."""
    names = tuple(identifier(name) for name in words(options.get("audience", "")))
    if "audience" in options and not names:
        message = ":audience: names nobody: write `:audience: go`, or take it away"
        raise RecordError(message)
    return names


class ReadRecords(SphinxTransform):
    """Read the records of a page."""

    # After typographic quotes are set (750), before domains look at the page (850).
    default_priority = 840

    def apply(self, **kwargs: Any) -> None:
        """Note records and references; report what is wrong with a record and leave it out."""
        domain = portfolio_domain(self.env)
        for node in list(self.document.findall(portfolio_record)):
            try:
                record = self._read(node)
            except RecordError as error:
                logger.warning(
                    "%s: %s", node["kind"], error, location=node, type="portfolio", subtype="record"
                )
                node.parent.remove(node)
                continue
            node["record"] = record
            domain.note_record(record)
        domain.note_references(
            self.env.current_document.docname, frozenset(references(self.document))
        )

    def _read(self, node: portfolio_record) -> Record:
        section = node.parent
        if not isinstance(section, nodes.section):
            message = (
                "it says what a heading is: write it under a heading, outside of anything else"
            )
            raise RecordError(message)
        if section.next_node(portfolio_record) is not node:
            message = "the heading above is a record already: give this one a heading of its own"
            raise RecordError(message)
        options = node["options"]
        kind = KINDS[node["kind"]]
        id_ = identifier(required(options, "id", "a-name"))
        claim(self.document, section, id_)
        fields: dict[str, Any] = {
            "id": id_,
            "title": heading(section),
            "docname": self.env.current_document.docname,
            "source": str(node.source),
            "line": node.line or 0,
            "summary": summary(section),
            "highlights": highlights(section),
            "evidence": evidence(section),
            "details": details(section),
            "skills": words(options.get("skills", "")),
            "cites": tuple(dict.fromkeys(cites(section))),
            "audience": audience(options),
            "selected": marked(options, "selected"),
        }
        if kind.record is Skill:
            fields["group"] = heading(section.parent)
        record = kind.finish(kind.record(**fields, **kind.fields(options)))
        self._index(node, record)
        return record

    def _index(self, node: portfolio_record, record: Record) -> None:
        title = record.title.replace(";", ",")  # in an index it would begin a subentry
        entries = [("single", f"{title} ({record.kind})", record.id, "", None)]
        node.parent.insert(node.parent.index(node), addnodes.index(entries=entries))
