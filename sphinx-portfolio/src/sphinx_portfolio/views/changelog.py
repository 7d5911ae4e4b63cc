"""`{changelog}`: the career as a changelog, newest first, in the manner of Keep a Changelog.

https://keepachangelog.com/en/1.1.0/
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_portfolio.model.dates import Date, Period, ending_year
from sphinx_portfolio.domain import reference
from sphinx_portfolio.model.records import Award, Record, Service, Talk
from sphinx_portfolio.views.view import Context, nothing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx_portfolio.model.records import Portfolio

# The order of a year's groups.
VERBS = ("Upcoming", "Started", "Spoke", "Awarded", "Served", "Finished")


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happens on a date, the record that says so, and what else to say of it."""

    date: Date
    verb: str
    record: Record
    said: str = ""


def changes(portfolio: Portfolio) -> Iterator[Change]:
    """Yield all that happened and what is to come, record by record.

    An end to come is a plan: the entry itself tells of it.
    """
    for record in portfolio.records:
        for change in _changes(record):
            if change.date.first <= portfolio.today.last:
                yield change
            elif change.verb != "Finished" or record.period == Period(change.date, change.date):
                yield replace(change, verb="Upcoming")


def _changes(record: Record) -> Iterator[Change]:
    """Yield what a record tells of, as if all of it were past; nothing where it has no date."""
    match record:
        case Record(period=None):
            return
        case Talk(period=Period(start=start)):
            yield Change(start, "Spoke", record, record.event)
        case Award(period=Period(start=start)):
            yield Change(start, "Awarded", record)
        case Service(period=Period(start=start), events=[_, *_]):
            for event in record.events:
                year = ending_year(event)
                yield Change(Date(int(year)) if year else start, "Served", record, event)
        case Record(period=Period(start=start, end=end)):
            said = record.organization if isinstance(record, Service) else ""
            if start != end:
                yield Change(start, "Started", record, said)
            if end:
                at_once = start == end and isinstance(record, Service)
                yield Change(end, "Served" if at_once else "Finished", record, said)


def draw(context: Context) -> list[nodes.Node]:
    """Draw a section a year, in it a list for each verb."""
    portfolio = context.portfolio
    years: dict[int, dict[str, list[Change]]] = defaultdict(lambda: defaultdict(list))
    for change in sorted(changes(portfolio), key=lambda each: each.date, reverse=True):
        years[change.date.year][change.verb].append(change)
    if not years:
        return nothing("Nothing has happened yet.")
    return [_year(year, groups, context.docname) for year, groups in years.items()]


def _year(year: int, groups: Mapping[str, list[Change]], docname: str) -> nodes.section:
    section = nodes.section(
        "", nodes.title("", str(year)), ids=[f"changelog-{year}"], classes=["portfolio-year"]
    )
    listing = nodes.definition_list(classes=["portfolio-changelog"])
    for verb in VERBS:
        if verb in groups:
            items = nodes.bullet_list("", *(_item(each, docname) for each in groups[verb]))
            listing += nodes.definition_list_item(
                "", nodes.term("", verb), nodes.definition("", items)
            )
    section += listing
    return section


def _item(change: Change, docname: str) -> nodes.list_item:
    record = change.record
    # A job is told by its title, too: its name is the employer's alone.
    title = record.title if record.title == record.name else f"{record.title}, {record.name}"
    paragraph = nodes.paragraph("", "", reference(record, docname, title))
    if change.said:
        paragraph += nodes.Text(f", {change.said}")
    if change.date.month:
        paragraph += nodes.inline("", f" ({change.date.text})", classes=["portfolio-date"])
    return nodes.list_item("", paragraph)
