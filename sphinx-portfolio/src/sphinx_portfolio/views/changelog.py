"""`{changelog}`: the career as a changelog, newest first, in the style of Keep a Changelog.

https://keepachangelog.com/en/1.1.0/
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_portfolio.domain import reference
from sphinx_portfolio.model import KINDS
from sphinx_portfolio.views import formats
from sphinx_portfolio.views.elements import time
from sphinx_portfolio.views.view import Context, nothing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx_portfolio.model import Date, Portfolio, Record

UPCOMING = "Upcoming"


@dataclass(frozen=True, slots=True)
class Change:
    """An event of a record; `where` is the organization or event, if the name does not say it."""

    date: Date
    verb: str
    record: Record
    where: str = ""


def changes(portfolio: Portfolio) -> Iterator[Change]:
    """Yield all past and upcoming events, record by record.

    An end in the future is left out: it is only a plan, which the entry itself shows.
    """
    for record in portfolio.records:
        for change in _changes(record):
            if change.date.first <= portfolio.today.last:
                yield change
            elif change.date == record.start or record.occurrences:
                yield replace(change, verb=UPCOMING)


def _changes(record: Record) -> Iterator[Change]:
    """Yield the events of a record, past or not; none without a date."""
    if record.period is None:
        return
    verbs, start, end = KINDS[record.kind].verbs, record.period.start, record.period.end
    where = record.where if record.name == record.title else ""
    if record.occurrences:
        for date, event in record.occurrences:
            yield Change(date, verbs.once, record, event)
    elif not verbs.start or start == end:
        yield Change(start, verbs.once or verbs.end, record, where)
    else:
        yield Change(start, verbs.start, record, where)
        if end:
            yield Change(end, verbs.end, record, where)


def verbs() -> list[str]:
    """Return the groups of a year in their order."""
    of_kinds = [kind.verbs for kind in KINDS.values()]
    words = [UPCOMING]
    for group in ("start", "once", "end"):
        words += [getattr(each, group) for each in of_kinds]
    return list(dict.fromkeys(filter(None, words)))


def draw(context: Context) -> list[nodes.Node]:
    """Draw a section for each year, in it a list for each verb."""
    translator = context.portfolio.translator
    years: dict[int, dict[str, list[Change]]] = defaultdict(lambda: defaultdict(list))
    for change in sorted(changes(context.portfolio), key=lambda each: each.date, reverse=True):
        years[change.date.year][change.verb].append(change)
    if not years:
        return nothing(translator.gettext("Nothing has happened yet."))
    return [
        *formats.line(formats.OF_CHANGES, context.files, context.portfolio),
        *(_year(year, groups, context) for year, groups in years.items()),
    ]


def _year(year: int, groups: Mapping[str, list[Change]], context: Context) -> nodes.section:
    listing = nodes.definition_list(classes=["portfolio-changelog"])
    for verb in verbs():
        if verb in groups:
            items = nodes.bullet_list("", *(_item(each, context) for each in groups[verb]))
            term = nodes.term("", context.portfolio.translator.gettext(verb))
            listing += nodes.definition_list_item("", term, nodes.definition("", items))
    title = nodes.title("", str(year))
    return nodes.section("", title, listing, ids=[f"changelog-{year}"], classes=["portfolio-year"])


def _item(change: Change, context: Context) -> nodes.list_item:
    record = change.record
    # The name of a job is only that of the employer.
    title = record.title if record.title == record.name else f"{record.title}, {record.name}"
    paragraph = nodes.paragraph("", "", reference(record, context.docname, title))
    if change.where:
        paragraph += nodes.Text(f", {change.where}")
    if change.date.month:
        shown = time(change.date, change.date.text(context.portfolio.translator))
        when = (nodes.Text(" ("), shown, nodes.Text(")"))
        paragraph += nodes.inline("", "", *when, classes=["portfolio-date"])
    return nodes.list_item("", paragraph)
