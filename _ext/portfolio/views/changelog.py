"""`{changelog}`: the career as a changelog, newest first, in the manner of Keep a Changelog.

https://keepachangelog.com/en/1.1.0/
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docutils import nodes

from portfolio.dates import Date
from portfolio.domain import reference
from portfolio.records import Award, Record, Service, Talk
from portfolio.views.view import nothing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from portfolio.records import Portfolio

# The order of a year's groups.
VERBS = ("Upcoming", "Started", "Spoke", "Awarded", "Served", "Finished")


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened on a date, and the record that says so."""

    date: Date
    verb: str
    record: Record


def changes(portfolio: Portfolio) -> Iterator[Change]:
    """Yield all that happened, record by record."""
    for record in portfolio.records:
        if record.period is None:
            continue
        start, end = record.period.start, record.period.end
        match record:
            case Talk():
                verb = "Upcoming" if portfolio.is_upcoming(record) else "Spoke"
                yield Change(start, verb, record)
            case Award():
                yield Change(start, "Awarded", record)
            case Service(events=[_, *_]):
                for event in record.events:
                    year = re.search(r"\b([0-9]{4})$", event)
                    yield Change(Date(int(year[1])) if year else start, "Served", record)
            case _:
                yield Change(start, "Started", record)
                if end is not None:
                    yield Change(end, "Finished", record)


def draw(portfolio: Portfolio, docname: str, options: Mapping[str, str]) -> list[nodes.Node]:
    """Draw a section a year, in it a list for each verb."""
    years: dict[int, dict[str, list[Change]]] = defaultdict(lambda: defaultdict(list))
    for change in sorted(changes(portfolio), key=lambda each: each.date, reverse=True):
        years[change.date.year][change.verb].append(change)
    if not years:
        return nothing("Nothing has happened yet.")
    return [_year(year, groups, docname) for year, groups in years.items()]


def _year(year: int, groups: Mapping[str, list[Change]], docname: str) -> nodes.section:
    section = nodes.section("", nodes.title("", str(year)), ids=[f"year-{year}"], classes=["year"])
    listing = nodes.definition_list(classes=["changelog"])
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
    if isinstance(record, Talk):
        paragraph += nodes.Text(f", {record.event}")
    if change.date.month:
        paragraph += nodes.inline("", f" ({change.date.text})", classes=["date"])
    return nodes.list_item("", paragraph)
