"""`{timeline}`: all dated records on one axis, as a drawing in HTML, and as a list."""

from __future__ import annotations

import html
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from sphinx import addnodes

from sphinx_portfolio.domain import portfolio_domain, reference
from sphinx_portfolio.model import KINDS
from sphinx_portfolio.model.axis import Axis
from sphinx_portfolio.model.kind import LANES
from sphinx_portfolio.model.messages import capitalized
from sphinx_portfolio.views import timeline_svg
from sphinx_portfolio.views.elements import portfolio_details, when
from sphinx_portfolio.views.timeline_svg import TimelineItem
from sphinx_portfolio.views.view import Context, nothing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sphinx.writers.html5 import HTML5Translator

    from sphinx_portfolio.model import Portfolio, Record, Translator
    from sphinx_portfolio.model.kind import Lane


class portfolio_timeline(nodes.General, nodes.Element):  # noqa: N801 (docutils' naming)
    """The drawing. Its links are those of the list beside it."""


def draw(context: Context) -> list[nodes.Node]:
    """Return a figure for HTML, and a list, which HTML hides until it is opened."""
    translator = context.portfolio.translator
    gettext = translator.gettext
    lanes = [
        _listed(lane, records, context.docname, translator)
        for lane, records in _lanes(context.portfolio)
    ]
    if not lanes:
        return nothing(gettext("Nothing dated yet."))
    figure = addnodes.only("", portfolio_timeline(), expr="format_html and not builder_epub")
    listing = portfolio_details("", nodes.bullet_list("", *lanes), summary=gettext("As a list"))
    return [nodes.container("", figure, listing, classes=["portfolio-timeline"])]


def svg(portfolio: Portfolio, addresses: Mapping[str, str]) -> str:
    """Draw the dated records, of which there is at least one; addresses are by id."""
    axis = Axis.of_records(portfolio.records)
    assert axis  # noqa: S101 (there is a date)
    translator = portfolio.translator
    lanes = (
        (
            replace(lane, name=translator.gettext(lane.name)),
            [entry for it in records for entry in _entries(lane, it, addresses, translator)],
        )
        for lane, records in _lanes(portfolio)
    )
    return timeline_svg.draw(axis, lanes, _label(axis, translator))


def _label(axis: Axis, translator: Translator) -> str:
    if axis.first == axis.last:
        return translator.gettext("Timeline, {year}", year=axis.first)
    return translator.gettext("Timeline, {first} to {last}", first=axis.first, last=axis.last)


def caption(portfolio: Portfolio) -> str:
    """Explain the marks that are in the drawing."""
    lanes = list(_lanes(portfolio))
    records = [record for _, records in lanes for record in records]
    dates = [date for record in records for date in (record.start, record.end) if date]
    words = []
    gettext = portfolio.translator.gettext
    if not all(date.month for date in dates):
        words.append(gettext("Thin: only the year is known."))
    if any(record.end is None for record in records):
        words.append(gettext("Arrow: ongoing."))
    return " ".join(words)


def _lanes(portfolio: Portfolio) -> Iterator[tuple[Lane, Sequence[Record]]]:
    """Yield the dated records by lane, newest first, without empty lanes."""
    for lane in LANES:
        records = [
            record
            for record in portfolio.records
            if record.period and KINDS[record.kind].lane is lane
        ]
        if records:
            yield lane, records


def _other(record: Record) -> str:
    """Return what a record's name does not say: its title or place."""
    return record.title if record.title != record.name else record.where


def _entries(
    lane: Lane, record: Record, addresses: Mapping[str, str], translator: Translator
) -> Iterator[TimelineItem]:
    """Yield a bar with a link, or a mark for each occasion, or a mark."""
    title = ", ".join(filter(None, (record.name, _other(record), record.when(translator))))
    if lane.looks != "bar" and record.occasions:
        for period, event in record.occasions:
            title = f"{record.name}, {event}"
            yield TimelineItem(period, title, href=addresses[record.id])
    elif record.period:
        yield TimelineItem(record.period, title, record.short, addresses[record.id])


def _listed(
    lane: Lane, records: Sequence[Record], docname: str, translator: Translator
) -> nodes.list_item:
    items = nodes.bullet_list()
    for record in records:
        paragraph = nodes.paragraph("", "", reference(record, docname))
        if other := _other(record):
            paragraph += nodes.Text(f", {other}")
        if dates := when(record, translator):
            paragraph += [nodes.Text(", "), *dates]
        items += nodes.list_item("", paragraph)
    name = capitalized(translator.gettext(lane.name))
    return nodes.list_item("", nodes.paragraph("", name), items)


def visit_html(self: HTML5Translator, node: portfolio_timeline) -> None:
    """Write the figure; the addresses of its links are those that Sphinx resolved in the list."""
    portfolio = portfolio_domain(self.builder.env).portfolio
    addresses = {}
    assert node.parent  # noqa: S101 (the container)
    for link in node.parent.findall(nodes.reference):
        address = link["refuri"] if "refuri" in link else f"#{link['refid']}"
        addresses[address.rpartition("#")[2]] = address
    words = caption(portfolio)
    explained = f"<figcaption>{html.escape(words)}</figcaption>\n" if words else ""
    self.body.append(f"<figure>\n{svg(portfolio, addresses)}\n{explained}</figure>\n")


def depart_html(self: HTML5Translator, node: portfolio_timeline) -> None:
    """Write nothing: it has no children."""


# Other builders, and EPUB, never meet the node.
NODE_VISITORS: Final[dict[str, Any]] = {"html": (visit_html, depart_html)}
